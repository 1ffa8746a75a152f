"""Casework as a city runs it: gunicorn, a worker and a beat as processes of their own, on a PostgreSQL database and a
Redis queue of their own. For tests only."""
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.conf import settings

from tests.conftest import redis_url
from tests.stories import steps

ROOT = Path(__file__).resolve().parent.parent.parent
CELERY = "-m celery --quiet -A casework"
COMMANDS = {
    "worker": f"{CELERY} worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle",
    "beat": f"{CELERY} beat --loglevel INFO",
    "second beat": f"{CELERY} beat --loglevel INFO --schedule VAR/second-beat",
}


def free_port() -> int:
    """A port that nothing uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(question: Callable[[], Any], seconds: float, what: str) -> Any:
    """Ask until the answer is true. Fails when that takes longer."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)
    return answer


def address(name: str) -> str:
    """The address of another database on the server that the tests use."""
    server = settings.DATABASES["default"]
    secret = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
    who = f"{server['USER']}{secret}@" if server["USER"] else ""
    return f"postgres://{who}{server['HOST'] or '127.0.0.1'}:{server['PORT'] or 5432}/{name}"


@contextmanager
def alone() -> Iterator[None]:
    """One town at a time: they would share the queue. A second process of the test run waits."""
    name = "casework-city-" + "".join(sign for sign in redis_url() if sign.isalnum())
    with (Path(tempfile.gettempdir()) / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Town:
    """One installation. folder: its CASEWORK_VAR and the logs of its processes."""

    def __init__(self, folder: Path) -> None:
        self.var, self.logs = folder / "var", folder
        self.var.mkdir()
        (self.var / "vendor").symlink_to((settings.VAR_DIR / "vendor").resolve(), target_is_directory=True)
        self.name = f"casework_city_{os.getpid()}"
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **{key: value for key, value in os.environ.items() if key not in ("SITE_HOST", "FIELD_KEYS", "SECRET_KEY")},
            "DJANGO_SETTINGS_MODULE": "casework.settings", "CASEWORK_EMBEDDED": "1", "CASEWORK_VAR": str(self.var),
            "DATABASE_URL": address(self.name), "BROKER_URL": redis_url(), "SITE_HOST": self.base,
        }

    def build(self) -> None:
        """A fresh database with the demonstration, and an empty queue."""
        self._server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', f'CREATE DATABASE "{self.name}"')
        self.empty_queue()
        (self.var / "clock_ahead").write_text(str(steps.until_spring()), encoding="ascii")
        for command in ("migrate --verbosity 0", "load_demo"):
            assert self.manage(*command.split())[0] == 0

    def _server(self, *commands: str) -> None:
        with psycopg.connect(address("postgres"), autocommit=True) as link:
            for command in commands:
                link.execute(command)  # type: ignore[arg-type]

    def close(self) -> None:
        """End everything and remove the database."""
        for name in list(self.processes):
            self.kill(name)
        self.empty_queue()
        self._server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def manage(self, *words: str) -> tuple[int, str]:
        """Run a command of manage.py: its exit code and what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            timeout=120,
        )
        return done.returncode, done.stdout + done.stderr

    def start(self, name: str) -> None:
        """Start "web", "worker" or "beat" in a session of its own."""
        words = COMMANDS.get(name) or (
            f"-m gunicorn casework.wsgi:application --bind 127.0.0.1:{self.port} --workers 2 --no-control-socket"
        )
        command = [sys.executable, *words.replace("VAR", str(self.var)).split()]
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """kill -9, with everything it started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def answers(self) -> bool:
        """Whether the first page is served."""
        try:
            with urllib.request.urlopen(f"{self.base}/services/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def empty_queue(self) -> None:
        """FLUSHDB: everything the broker held is lost."""
        with closing(redis.Redis.from_url(redis_url())) as broker:
            broker.flushdb()

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as link:
            return link.execute(sql, values).fetchall()  # type: ignore[arg-type]

    def waiting(self) -> list[tuple[str, int]]:
        """What is not done yet, by kind: papers, messages, (queued) commands, chains that are unsealed."""
        found = self.ask(
            "SELECT 'papers', count(*) FROM papers_paper WHERE state <> 'made' UNION ALL"
            " SELECT 'messages', count(*) FROM notifications_message WHERE state <> 'sent' UNION ALL"
            " SELECT 'commands', count(*) FROM workflows_queuedcommand WHERE state <> 'done' UNION ALL"
            " SELECT 'unsealed', count(*) FROM audit_chainhead WHERE sealed_n < n"
        )
        return [(kind, count) for kind, count in found if count]

    def done(self, seconds: float, kinds: Collection[str]) -> None:
        """Wait until nothing of these kinds is left to be done."""
        try:
            until(lambda: not any(kind in kinds for kind, _count in self.waiting()), seconds, "everything due")
        except AssertionError:
            raise AssertionError(f"after {seconds:.0f} s still {self.waiting()}\n{self.tail()}") from None

    def tail(self) -> str:
        """The last lines of every log."""
        return "\n".join(f"── {log.name}\n{log.read_text()[-1500:]}" for log in sorted(self.logs.glob("*.log")))
