"""
The two commands on any machine: ``sh run.sh`` and ``sh test.sh`` end here (on Windows ``py tools\\boot.py``).

    boot.py setup [--test]   make .venv and install requirements/run.lock (or test.lock)
    boot.py run              set up, then `fairdraw start`: the practice installation, served on loopback
    boot.py run COMMAND …    set up, then `fairdraw COMMAND …`
    boot.py test [ARGS …]    set up, then every check and test; ARGS go to pytest
    boot.py wheelhouse [pip options]
                             fetch every package of `run` into wheelhouse/, for machines without a network
    boot.py COMMAND …        the same as `boot.py run COMMAND …`

Standard library only. Set-up speaks on stderr; the standard output is the program's.
A second start finds the stamp of the first one and needs no network.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import boot_packages as packages
from boot_system import WINDOWS, SetUpError, say

STAGES = Path(__file__).resolve().parent / "boot_stages.py"


def become(command: list[str]) -> int:
    """Turn this process into *command*, so that signals and the exit status are the program's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    try:
        return subprocess.run(command).returncode
    except KeyboardInterrupt:
        return 130


def product(arguments: list[str]) -> list[str]:
    """Return the command line of the product; options alone belong to ``start``."""
    if not arguments:
        arguments = ["start"]
    elif arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version"):
        arguments = ["start", *arguments]
    return [str(packages.PYTHON), "-P", "-c", packages.ENTRY, *arguments]


def main(arguments: list[str]) -> int:
    """Carry out one verb; returns the exit status where this process does not become another."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if sys.version_info < (3, 11):  # noqa: UP036 -- on Windows nothing has looked before
        say("需要 Python 3.11 或更新版本")
        return 2
    try:
        if verb == "setup":
            packages.set_up(test="--test" in rest)
            return 0
        if verb == "wheelhouse":
            packages.make_environment()
            return 0 if packages.fetch_wheels(rest) else 1
        if verb == "test":
            packages.set_up(test=True)
            return become([str(packages.PYTHON), str(STAGES), *rest])
        packages.set_up(test=False)
        return become(product(rest if verb == "run" else arguments))
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
