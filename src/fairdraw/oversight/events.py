"""What oversight writes into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("summary.sent", keys={"task", "file"}, about="task", sentence=_("报送工作总结 {task}"))
