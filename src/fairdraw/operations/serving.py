"""
Serving an installation (启动服务): web server, worker and clock work as children of one supervisor.

Before anything is served the database is brought to this version, and what must hold is read back
(:mod:`fairdraw.operations.startup`). One installation is served once; a busy port is told before any work.
"""

from __future__ import annotations

import datetime as dt
import errno
import http.client
import ipaddress
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils.translation import gettext as _

from fairdraw.jobs import services as jobs
from fairdraw.kernel import clock
from fairdraw.kernel.errors import FairdrawError
from fairdraw.operations import command, holding, logs, practice_clock, startup
from fairdraw.operations.supervisor import Child, Supervisor
from fairdraw.rulebook import services as rulebook

HOST, PORT, WORKERS = "127.0.0.1", 8000, 2
THREADS = 4
LOCK = "serving.lock"
SECONDS_TO_ANSWER = 120
PYTHON = (sys.executable, "-P")
COMMAND = (*PYTHON, "-m", "fairdraw.operations")


class PortBusy(FairdrawError):
    """Another program has the port."""

    code = "operations.port-busy"
    exit_status = command.BAD_USE


class ServedAlready(FairdrawError):
    """The installation is being served by another supervisor."""

    code = "operations.served-already"
    exit_status = command.BAD_USE


class NotFit(FairdrawError):
    """Something that must hold does not; serving would risk what has been confirmed."""

    code = "operations.not-fit"


class DoesNotAnswer(FairdrawError):
    """The web server did not come up."""

    code = "operations.does-not-answer"


def serve(host: str = HOST, port: int = PORT, workers: int = WORKERS) -> int:
    """
    Serve this installation until a signal ends it; prints one line with its address.

    Args:
        host: Address to bind to; other than loopback wants ``FAIRDRAW_HOSTS``.
        port: Port to bind to.
        workers: Web processes.

    Returns:
        The exit status: 0 where it was asked to stop.

    Raises:
        PortBusy, NoInstallation, ServedAlready, NotFit, DoesNotAnswer: Nothing is left running.
    """
    require_port(host, port)
    command.require_founded()
    with alone():
        prepare()
        practice_clock.start()
        supervisor = Supervisor(children(host, port, workers), before_restart=_before_restart)
        try:
            with supervisor.running():
                if _wait_until_answering(host, port, supervisor):
                    print(_("已启动：%(url)s") % {"url": url(host, port)}, flush=True)
                return supervisor.watch()
        finally:
            practice_clock.stop()


def require_port(host: str, port: int) -> None:
    """
    Refuse a port that another program has.

    Raises:
        PortBusy: It is taken, or may not be bound to.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reasons = {errno.EADDRINUSE: _("已被其他程序占用"), errno.EACCES: _("没有权限")}
        reason = reasons.get(error.errno or 0, error.strerror)
        words = {"host": host, "port": port, "reason": reason}
        raise PortBusy(
            _("%(host)s 的端口 %(port)s 不能用：%(reason)s。请先停下占用它的程序，或用 --port 换一个端口")
            % words
        ) from error


def url(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound to
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach *host*."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def alone() -> Iterator[None]:
    """
    Hold the installation: one supervisor at a time serves it or replaces its files.

    Raises:
        ServedAlready: Another one holds it.
    """
    refusal = ServedAlready(
        _("这个安装正在运行，请先停下再操作（%(path)s）") % {"path": Path(settings.VAR_DIR) / LOCK}
    )
    with holding.held(LOCK, refusal):
        yield


def prepare() -> None:
    """
    Bring the database and the static files to this version, and read back what must hold.

    Raises:
        NotFit: Something does not hold.
        NoInstallation: There is nothing to serve.
    """
    logs.turn_over()
    call_command("migrate", verbosity=0)
    command.installation()
    rulebook.load_defaults(clock.now())
    faults = startup.faults()
    if faults:
        raise NotFit("\n".join([_("不能启动："), *faults]))
    call_command("collectstatic", interactive=False, verbosity=0)
    _before_restart("worker")
    connections.close_all()


def children(host: str, port: int, workers: int) -> list[Child]:
    """What the supervisor runs: the web server, the worker of jobs, the work of the clock."""
    web = [
        *(*PYTHON, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--no-ws"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"),
        "fairdraw.config.wsgi:application",
    ]
    environment = {"FAIRDRAW_VAR": str(settings.VAR_DIR)}
    return [
        Child("web", web, environment),
        Child("worker", [*COMMAND, "worker"], environment),
        Child("tick", [*COMMAND, "tick", "--every", "60"], environment),
    ]


def _before_restart(name: str) -> None:
    """The only worker of a SQLite installation is gone: what it was doing is queued again at once."""
    if name == "worker" and connection.vendor == "sqlite":
        jobs.recover(silent_since=dt.datetime.now(dt.UTC), now=clock.now())


def _wait_until_answering(host: str, port: int, supervisor: Supervisor) -> bool:
    """Whether the web server answers; false where a signal came first."""
    until = time.monotonic() + SECONDS_TO_ANSWER
    name = next((h for h in settings.ALLOWED_HOSTS if "*" not in h), host)
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while time.monotonic() < until and not supervisor.has_lost_one():
        if supervisor.is_stopping():
            return False
        try:
            asked = http.client.HTTPConnection(address, port, timeout=30)
            asked.request("GET", "/", headers={"Host": name, "Connection": "close"})
            asked.getresponse().read()
            asked.close()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return True
    raise DoesNotAnswer(_("服务没有启动，详情见 %(path)s") % {"path": logs.servers()})
