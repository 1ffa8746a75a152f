"""The real web server of the product in processes of its own, on the database and the folder of the test, to be killed
with kill -9; and a browser that does not give up."""
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from casework.access.models import User
from tools.serve import children

READY, PATIENCE = 60.0, 120.0  # seconds
SECRET = "s" * 32


def database_url() -> str:
    """The database of the test as DATABASE_URL names it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    who = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    return f"postgres://{who}@{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}/{known['NAME']}"


class WebServer:
    """What `make run` starts for the web, without the worker. kills: how often it died."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.kills = 0
        self.up = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait for the first answer."""
        surroundings = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "casework.settings", "CASEWORK_VAR": str(settings.VAR_DIR),
            "DATABASE_URL": database_url(), "SITE_HOST": f"http://127.0.0.1:{self.port}", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        web = children("127.0.0.1", self.port)[0]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [sys.executable, *web.command[1:]], cwd=settings.BASE_DIR, env=surroundings, start_new_session=True,
            stdout=quiet, stderr=quiet,
        )  # fmt: skip
        deadline = time.monotonic() + READY
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    self.up.set()
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the web server does not come up")

    def kill(self) -> None:
        """kill -9 the server with all its workers, whatever they are doing."""
        if self.process is not None:
            self.up.clear()
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process, self.kills = None, self.kills + 1


@contextmanager
def web_server(moment: datetime) -> Iterator[WebServer]:
    """A server that lives at this moment, gone at the end."""
    ahead = settings.VAR_DIR / "clock_ahead"
    ahead.write_text(str(int((moment - datetime.now(UTC)).total_seconds())), encoding="ascii")
    server = WebServer()
    try:
        server.start()
        yield server
    finally:
        server.kill()
        ahead.unlink()


class Browser:
    """One login's browser: it sends until it has read an answer. lost: answers that never came."""

    def __init__(self, server: WebServer, user: User, session: str) -> None:
        self.server, self.user, self.lost = server, user, 0
        self.cookies = f"sessionid={session}; csrftoken={SECRET}"

    def click(self, times: int, path: str) -> set[tuple[int, str]]:
        """Press a button so often at once, each time until there is an answer: the (status, Location) that came."""
        with ThreadPoolExecutor(times) as hands:
            return {answer[:2] for answer in hands.map(lambda _: self.ask("POST", path), range(times))}

    def ask(self, method: str, path: str) -> tuple[int, str, str]:
        """(status, Location, page); after a broken connection or a 5xx it tries again when the server is there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.server.up.wait(READY)
            link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            try:
                link.request(method, path, headers={"Cookie": self.cookies, "X-CSRFToken": SECRET})
                answer = link.getresponse()
                page = answer.read().decode()
                if answer.status < 500:
                    return answer.status, re.sub(r"^https?://[^/]+", "", answer.getheader("Location", "")), page
            except (OSError, http.client.HTTPException):
                pass
            finally:
                link.close()
            self.lost += 1
            time.sleep(0.05)
        raise AssertionError(f"no answer to {method} {path}")
