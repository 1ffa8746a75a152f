"""The PostgreSQL, the Redis and the browser that the tests use: found, started for the run, or installed.

Each finder is a context manager that gives an address, or None when there is nothing to be had on this machine. What is
started here listens on a free local port, keeps its data in a throw-away folder and ends with the run.
"""
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tools.machine import PYTHON, answers, install, say
from tools.stamps import ROOT, digest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_HOMES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
CAN_CREATE = (
    "import sys, psycopg; c = psycopg.connect(sys.argv[1], connect_timeout=3);"
    "print(c.execute('select rolcreatedb or rolsuper from pg_roles where rolname = current_user').fetchone()[0])"
)


def free_port() -> int:
    """Return a local port that nothing uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _may_make_databases(server: str) -> bool:
    return answers([PYTHON, "-c", CAN_CREATE, f"{server}/postgres"]) == "True"


def _wait(question: Sequence[str | Path], seconds: float = 30) -> bool:
    """Ask until the command succeeds, for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(question) is not None:
            return True
        time.sleep(0.2)
    return False


def _postgres_programs() -> Path | None:
    """Return the folder of the PostgreSQL server programs installed here, the newest if there are several."""
    found = [path for home in POSTGRES_HOMES for path in Path("/").glob(home[1:]) if (path / "initdb").exists()]
    return max(found, key=lambda path: str(path).rjust(80), default=None)


def _server_account() -> dict[str, Any]:
    """Return the account for the server as options of subprocess: it refuses to run as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def _own_postgres(programs: Path) -> Iterator[str | None]:
    """Run a server of our own for the time of the tests; it need not survive a power cut."""
    account, port = _server_account(), free_port()
    with tempfile.TemporaryDirectory(prefix="casework-pg-") as folder:
        data, log = Path(folder) / "data", Path(folder) / "log"
        data.mkdir()
        if account:
            os.chmod(folder, 0o711)  # noqa: S103 - the other account must pass through
            shutil.chown(data, "postgres")
        settings = (
            f"fsync=off full_page_writes=off listen_addresses=127.0.0.1 port={port} unix_socket_directories={data}"
        ).split()
        make: list[str | Path] = [programs / "initdb", "-D", data, "-U", "casework", "-A", "trust"]
        make += ["-E", "UTF8", "--no-locale"]
        start: list[str | Path] = [programs / "postgres", "-D", data]
        start += (word for setting in settings for word in ("-c", setting))
        with log.open("w") as lines:
            subprocess.run(make, check=True, stdout=lines, stderr=lines, cwd=data, **account)
            server = subprocess.Popen(start, stdout=lines, stderr=lines, cwd=data, **account)
        try:
            ready = _wait([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
            yield f"postgres://casework@127.0.0.1:{port}" if ready else None
        finally:
            server.send_signal(signal.SIGINT)  # ends now, politely
            server.wait(30)


@contextmanager
def postgres() -> Iterator[str | None]:
    """Give the address of a database on a server where test databases may be made."""
    named = os.environ.get("DATABASE_URL_PG")
    if named:
        yield named
        return
    name = f"casework_{digest([], str(ROOT))[:8]}"  # two work trees may test at once
    for user in dict.fromkeys((getpass.getuser(), "postgres")):
        server = f"postgres://{user}@127.0.0.1:5432"
        if _may_make_databases(server):
            yield f"{server}/{name}"
            return
    if _postgres_programs() is None:
        install("postgresql")
    programs = _postgres_programs()
    if programs is None:
        yield None
        return
    say("Starting a PostgreSQL of our own for the tests")
    with _own_postgres(programs) as server_address:
        yield server_address and f"{server_address}/{name}"


@contextmanager
def redis() -> Iterator[str | None]:
    """Give the address of a Redis database that tests may empty."""
    named = os.environ.get("REDIS_URL")
    if named:
        yield named
        return
    program = shutil.which("redis-server") or (install("redis-server") and shutil.which("redis-server")) or None
    if not program:
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="casework-redis-") as folder:
        words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            ask = f"import redis; redis.Redis(port={port}).ping()"
            yield f"redis://127.0.0.1:{port}/0" if _wait([PYTHON, "-c", ask], 10) else None
        finally:
            server.terminate()
            server.wait(10)


def browser() -> str | None:
    """Return the program of a browser to drive, installing Chromium where that is allowed."""
    def find() -> str | None:
        return os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)

    return find() or (find() if install("chromium") else None)


