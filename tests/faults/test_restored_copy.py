"""Promise A3: a copy restored elsewhere, as docs/how-to/back-up.md says, is no tampering; one byte changed in it is."""
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from casework.documents.models import Document
from tests.faults import rows
from tests.faults.test_tamper_records import MORNING, furnish, settings_in
from tests.office import Office
from tests.stories.town import address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("A3")]
ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def restored(folder: Path) -> Iterator[str]:
    """The database saved and restored under another name; its address."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "casework.sqlite3")])
        yield f"sqlite:///{folder / 'casework.sqlite3'}"
        return
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed here")
    name, dump = f"casework_restored_{os.getpid()}", str(folder / "casework.dump")
    _run("pg_dump", "--format=custom", f"--file={dump}", address(str(connection.settings_dict["NAME"])))
    with psycopg.connect(address("postgres"), autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            _run("pg_restore", f"--dbname={address(name)}", dump)
            yield address(name)
        finally:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def verify(folder: Path, database: str) -> tuple[int, str]:
    """manage.py audit_verify on the restored copy, as whoever restored it runs it."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "casework.settings", "DATABASE_URL": database,
        "CASEWORK_VAR": str(folder), "CHECKPOINT_DIR": str(folder / "outside"),
        "CHECKPOINT_KEY_FILE": str(folder / "key.pem"),
    }
    command = [sys.executable, "manage.py", "audit_verify"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_restored_copy_is_no_tampering_and_one_byte_of_it_is(tmp_path: Path) -> None:
    house, copy = tmp_path / "house", tmp_path / "copy"
    with settings_in(house):
        furnish(Office(MORNING))
    shutil.copytree(house, copy)
    for name in ("field_keys", "secret_key"):
        shutil.copy(settings.VAR_DIR / name, copy)
    document = Document.objects.filter(made=False).order_by("?")[0]
    with restored(copy) as database:
        code, said = verify(copy, database)
        assert (code, "All is as it was written" in said) == (0, True), said
        with settings_in(copy):
            path = rows.store.path_of(document.sha256)
        path.chmod(0o640)
        path.write_bytes(rows.flipped(path.read_bytes(), random.Random(document.sha256)))
        code, said = verify(copy, database)
        assert (code, f"document {document.public_id}" in said) == (1, True), said
