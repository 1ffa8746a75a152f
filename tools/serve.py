"""Runs the web server and the worker under one roof until Ctrl-C, and restarts the one that dies.

    python -m tools.serve [--host 127.0.0.1] [--port 8000]
"""
import argparse
import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from tools.machine import PYTHON, Trouble, tell_trouble, var_dir
from tools.stamps import ROOT

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before a restart, doubled each time
QUICK_DEATH, MOST_QUICK_DEATHS = 20.0, 5  # a child that lives shorter, so often in a row, ends everything
GRACE = 10.0  # seconds a child has to stop
COLOURS = {"web": "\033[36m", "jobs": "\033[35m", "casework": "\033[1;32m"}
NOISE = ("No hostname was supplied",)  # the file-system broker has none
DIES_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def say(name: str, text: str) -> None:
    """Print one line under its speaker's name, coloured on a terminal."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    mark = f"{COLOURS[name]}{name:>8}\033[0m" if coloured else f"{name:>8}"
    sys.stdout.write(f"{mark} │ {text}\n")  # in one piece, since several threads speak
    sys.stdout.flush()


def _follow_parent() -> Callable[[], None] | None:
    """Return what makes a child stop with us even when we are killed (Linux), or None."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(DIES_WITH_PARENT, signal.SIGTERM)


class Child:
    """One process that we keep alive."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self.process: subprocess.Popen[str] | None = None
        self.relay: threading.Thread | None = None
        self.started = self.restart_at = 0.0
        self.wait = FIRST_WAIT
        self.quick_deaths = 0

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only us."""
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, text=True, errors="replace", start_new_session=True, preexec_fn=_follow_parent(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.started, self.restart_at = time.monotonic(), 0.0
        self.relay = threading.Thread(target=self._relay, args=(self.process,), daemon=True)
        self.relay.start()

    def _relay(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            if line.strip() and not any(noise in line for noise in NOISE):
                say(self.name, line.rstrip())

    def tend(self, now: float) -> None:
        """Report a death and plan the restart, or carry it out. Raises Trouble when the child never comes up."""
        if self.restart_at:
            if now >= self.restart_at:
                self.start()
            return
        if self.process is None or self.process.poll() is None:
            return
        self.signal(signal.SIGKILL)  # what it started itself would keep the port
        quick = now - self.started < QUICK_DEATH
        self.quick_deaths = self.quick_deaths + 1 if quick else 1
        self.wait = min(self.wait * 2, LONGEST_WAIT) if quick and self.quick_deaths > 1 else FIRST_WAIT
        if self.quick_deaths >= MOST_QUICK_DEATHS:
            raise Trouble(f"'{self.name}' ended {self.quick_deaths} times in a row. Its last lines above say why.")
        say("casework", f"{self.name} ended with code {self.process.returncode}; starting again in {self.wait:.0f} s")
        self.restart_at = now + self.wait

    def signal(self, number: int) -> None:
        """Send a signal to the process and all that it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def check_port(host: str, port: int) -> None:
    """Raise Trouble when something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Trouble(f"Port {port} is only for the administrator. Try: make run PORT=8001") from None
        except OSError as reason:
            raise Trouble(
                f"Port {port} on {host} cannot be used ({reason.strerror}). Try: make run PORT={port % 65000 + 1}"
            ) from None


def children(host: str, port: int) -> list[Child]:
    """Return the web server and the worker (with the beat that wakes timers)."""
    at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    # The log shows no query string: it could hold personal data.
    web = (
        f"-m gunicorn casework.wsgi:application --bind {at} --workers 2 --worker-class sync --no-control-socket"
        " --max-requests 2000 --max-requests-jitter 200 --timeout 60 --log-level warning --access-logfile -"
    ).split()
    log = ["--access-logformat", "%(m)s %(U)s %(s)s %(M)s ms"]
    jobs = "-m celery --quiet -A casework worker -B -P threads --concurrency 2 --loglevel WARNING".split()
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [Child("web", [str(PYTHON), *web, *log]), Child("jobs", [str(PYTHON), *jobs, *alone])]


def _answer(host: str, port: int) -> int | None:
    """Return the status with which the first page answers, or None while nothing does."""
    link = http.client.HTTPConnection(host, port, timeout=5)
    try:
        link.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
        return link.getresponse().status
    except OSError:
        return None
    except http.client.HTTPException:
        return None
    finally:
        link.close()


def _announce(host: str, port: int, stop: threading.Event) -> None:
    """Say where to click once the first page answers."""
    local = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - a comparison, nothing is bound
    shown = f"[{local}]" if ":" in local else local
    while not stop.wait(0.1):
        status = _answer(local, port)
        if status is None:
            continue
        if status >= 500:
            say("casework", f"The first page answers with error {status}: see the lines of 'web' above.")
        say("casework", f"Casework is ready: http://{shown}:{port}   (Ctrl-C stops it)")
        return


def _stop_all(running: list[Child]) -> None:
    """Ask the children to stop, wait, and kill what is left."""
    for child in running:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for child in running:
        if child.process is None:
            continue
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            say("casework", f"{child.name} did not stop by itself: killed")
            child.signal(signal.SIGKILL)


def serve(host: str = "127.0.0.1", port: int = 8000) -> None:
    """Run until SIGINT or SIGTERM. Raises Trouble when the port is taken or a child never comes up."""
    check_port(host, port)
    os.environ.setdefault("SITE_HOST", f"http://127.0.0.1:{port}")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    os.environ["CASEWORK_VAR"] = str(var_dir())
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    running = children(host, port)
    try:
        for child in running:
            child.start()
        threading.Thread(target=_announce, args=(host, port, stop), daemon=True).start()
        while not stop.wait(0.3):
            for child in running:
                child.tend(time.monotonic())
    finally:
        stop.set()
        say("casework", "Stopping")
        _stop_all(running)


def main() -> int:
    """Serve from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    try:
        serve(options.host, options.port)
    except Trouble as trouble:
        return tell_trouble(trouble)
    return 0


if __name__ == "__main__":
    sys.exit(main())
