"""The supervisor with small children: they live and die together, and are started again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests.service.operations.conftest import Place
from tests.service.operations.test_serve import all_gone, is_alive

pytestmark = pytest.mark.only_sqlite
SCRIPT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "fairdraw.config.settings.base"
import django
django.setup()
from fairdraw.operations import supervisor
supervisor.SECONDS_TO_STOP = 1.0
held = [supervisor.Child(str(n), [sys.executable, "-c", text]) for n, text in enumerate(sys.argv[1:])]
watch = supervisor.Supervisor(held, before_restart=lambda name: print("again", name, flush=True))
with watch.running():
    print(*(child.process.pid for child in held), flush=True)
    code = watch.watch()
sys.exit(code)
"""
SLEEPS = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
PARENT = (
    f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); time.sleep(600)"
)
ENDS = "raise SystemExit(3)"


@pytest.fixture
def started(place: Place):
    """Starts a supervisor over the given programs; gives it and the process ids of its children."""
    running: list[subprocess.Popen[str]] = []

    def start(*programs: str) -> tuple[subprocess.Popen[str], list[int]]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", SCRIPT, *programs],
            env=place.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        return process, [int(word) for word in process.stdout.readline().split()]

    yield start
    for process in running:
        process.kill()
        process.communicate(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_and_is_no_failure(started, number: int):
    process, children = started(SLEEPS, SLEEPS)

    process.send_signal(number)

    assert process.wait(30) == 0
    assert not any(map(is_alive, children))


def test_one_that_does_not_listen_is_killed(started):
    process, children = started(DEAF)
    time.sleep(1)

    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0
    assert not any(map(is_alive, children))


def test_what_a_child_has_started_ends_with_it(started, place: Place):
    from tests.service.operations.test_serve import below

    process, children = started(PARENT)
    until = time.monotonic() + 20
    while not list(below(children[0])) and time.monotonic() < until:
        time.sleep(0.1)
    grandchildren = [pid for pid, _words in below(children[0])]

    process.send_signal(signal.SIGTERM)

    assert grandchildren
    assert process.wait(30) == 0
    assert all_gone(grandchildren)


def test_a_killed_child_is_started_again(started):
    process, children = started(SLEEPS)

    subprocess.run(["kill", "-9", str(children[0])], check=True)

    assert process.stdout is not None
    assert process.stdout.readline() == "again 0\n"
    assert process.poll() is None


def test_one_that_ends_again_and_again_stops_everything(started):
    process, children = started(SLEEPS, ENDS)

    assert process.wait(60) == 1
    assert process.stderr is not None
    assert "反复退出" in process.stderr.read()
    assert not is_alive(children[0])


def test_children_end_when_the_supervisor_is_killed(started):
    process, children = started(SLEEPS)

    process.kill()

    assert all_gone(children)
