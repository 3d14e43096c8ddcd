"""
The product as a WSGI application; it does not start while an address has no door.

In a practice installation its process tells the practice time, like every other one.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairdraw.config.settings.base")
application = get_wsgi_application()

from fairdraw.accounts.doors import require_doors  # noqa: E402 - known once the product is set up
from fairdraw.operations import logs, practice_clock  # noqa: E402

require_doors()
logs.begin(process="web")
practice_clock.follow()
