"""``python -m fairdraw.operations COMMAND …``: the command line, as the supervisor calls it."""

from __future__ import annotations

import sys

from fairdraw.operations.cli import main

if __name__ == "__main__":
    sys.exit(main())
