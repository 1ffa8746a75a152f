"""The supervisor: a taken port is named, a dead child comes back, one that never lives ends everything."""
import socket
import sys
import time

import pytest

from tools import serve
from tools.machine import Trouble


def test_a_taken_port_is_said_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} .*make run PORT="):
            serve.check_port("127.0.0.1", port)


def test_a_dead_child_is_reported_and_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    child = serve.Child("jobs", [sys.executable, "-c", "print('hello'); raise SystemExit(3)"])
    child.start()
    assert child.process is not None
    first = child.process
    first.wait(10)
    now = time.monotonic()
    child.tend(now)
    child.tend(now + serve.FIRST_WAIT / 2)
    assert child.process is first, "it waits before it starts again"
    child.tend(now + serve.FIRST_WAIT + 0.1)
    assert child.process is not first
    child.process.wait(10)
    assert child.relay is not None
    child.relay.join(10)
    said = capsys.readouterr().out
    assert "jobs ended with code 3; starting again in 1 s" in said
    assert "jobs │ hello" in said


def test_a_child_that_never_lives_ends_everything() -> None:
    child, now = serve.Child("web", [sys.executable, "-c", "raise SystemExit(1)"]), time.monotonic()
    child.start()
    waits = []
    with pytest.raises(Trouble, match="ended 5 times in a row"):
        for _ in range(20):
            assert child.process is not None
            child.process.wait(10)
            now = max(now, time.monotonic())
            child.tend(now)
            if child.restart_at:
                waits.append(child.wait)
                child.tend(child.restart_at)
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]


def test_stopping_reaches_what_a_child_started() -> None:
    script = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"
    child = serve.Child("web", [sys.executable, "-c", script])
    child.start()
    time.sleep(0.5)
    began = time.monotonic()
    serve._stop_all([child])
    assert time.monotonic() - began < serve.GRACE
    assert child.process is not None
    assert child.process.returncode is not None
