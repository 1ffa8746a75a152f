"""Publishing: the same content once, another content as the next version, and nothing published is ever changed."""
import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from casework.audit.models import Event
from casework.programmes import loader, versions
from casework.programmes.loader import CATALOGUE, ProgrammeFault, programme_of
from casework.programmes.models import ProgrammeVersion
from tests.papers.conftest import STAMP

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of living aid alone, whose files a test may change."""
    shutil.copytree(CATALOGUE / "living_aid", tmp_path / "living_aid")
    monkeypatch.setattr(loader, "CATALOGUE", tmp_path)
    monkeypatch.setattr(versions, "CATALOGUE", tmp_path)
    return tmp_path


def change(catalogue: Path, old: str, new: str, name: str = "programme.yaml") -> None:
    """Edit one of the files."""
    path = catalogue / "living_aid" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def publish(moment: dt.datetime, start: str = "2026-01-01") -> ProgrammeVersion:
    """Publish living aid as it lies in its folder."""
    return versions.publish("living_aid", moment, dt.date.fromisoformat(start), STAMP)


def test_the_same_content_is_published_once(catalogue: Path, moment: dt.datetime) -> None:
    first = publish(moment)
    again = publish(moment + dt.timedelta(days=1), "2027-01-01")
    assert (again.pk, again.effective_from, again.published_at) == (first.pk, dt.date(2026, 1, 1), moment)
    assert ProgrammeVersion.objects.count() == 1
    # A comment is no content.
    change(catalogue, "family: aid\n", "# The family it belongs to.\nfamily:   aid\n")
    assert publish(moment).pk == first.pk
    assert Event.objects.filter(subject_kind="programme", subject_id="living_aid").count() == 1


def test_publishing_is_an_event_that_names_the_content(catalogue: Path, moment: dt.datetime) -> None:
    row = publish(moment)
    event = Event.objects.get(subject_kind="programme", subject_id="living_aid")
    assert (event.action, event.actor["name"]) == ("publish", STAMP["name"])
    assert event.data == {"version": 1, "content_hash": row.content_hash, "effective_from": "2026-01-01"}


@pytest.mark.parametrize(("name", "old", "new"), [
    ("programme.yaml", "promise: 15wd", "promise: 12wd"), ("programme.yaml", "生活救助", "生活困难救助"),
    ("form.yaml", "max: 12,", "max: 6,"), ("form.yaml", "required: true", "required: false"),
])
def test_any_change_is_the_next_version(catalogue: Path, moment: dt.datetime, name: str, old: str, new: str) -> None:
    first = publish(moment)
    change(catalogue, old, new, name)
    second = publish(moment)
    assert (first.version, second.version) == (1, 2) and first.content_hash != second.content_hash
    assert programme_of(ProgrammeVersion.objects.get(pk=first.pk)) != programme_of(second)
    # Back to what it was is a version of its own: which one is in force must never be a guess.
    change(catalogue, new, old, name)
    third = publish(moment)
    assert (third.version, third.content_hash) == (3, first.content_hash)


def test_the_version_of_the_day_counts(catalogue: Path, moment: dt.datetime) -> None:
    publish(moment, "2026-01-01")
    change(catalogue, "promise: 15wd", "promise: 12wd")
    publish(moment, "2026-07-01")
    for day, version in (("2026-01-01", 1), ("2026-06-30", 1), ("2026-07-01", 2), ("2030-01-01", 2)):
        on = dt.date.fromisoformat(day)
        assert versions.current("living_aid", on).version == version
        assert [row.version for row in versions.all_current(on)] == [version]
    with pytest.raises(ProgrammeVersion.DoesNotExist):
        versions.current("living_aid", dt.date(2025, 12, 31))
    with pytest.raises(ProgrammeVersion.DoesNotExist):
        versions.current("hardship_dossier", dt.date(2026, 7, 1))
    assert versions.all_current(dt.date(2025, 12, 31)) == []


def test_a_programme_that_is_wrong_is_not_published(catalogue: Path, moment: dt.datetime) -> None:
    change(catalogue, "reviewer@county", "reviewer@contry")
    with pytest.raises(ProgrammeFault, match="contry is not a level"):
        publish(moment)
    assert not ProgrammeVersion.objects.exists() and not Event.objects.filter(subject_kind="programme").exists()


def test_the_published_content_is_used_not_the_folder(catalogue: Path, moment: dt.datetime) -> None:
    row = publish(moment)
    shutil.rmtree(catalogue / "living_aid")
    loader._BUILT.clear()
    assert programme_of(ProgrammeVersion.objects.get(pk=row.pk)).clock.promise_wd == 15


# Frozen. To see it fail: DROP TRIGGER version_no_update (SQLite), version_frozen (PostgreSQL).

TABLE = ProgrammeVersion._meta.db_table
CHANGES = [
    f"UPDATE {TABLE} SET content = '{{}}'", f"UPDATE {TABLE} SET content_hash = 'x'", f"UPDATE {TABLE} SET version = 9",
    f"UPDATE {TABLE} SET effective_from = '2020-01-01'", f"UPDATE {TABLE} SET version = version",
    f"DELETE FROM {TABLE}", f"DELETE FROM {TABLE} WHERE version = 1",
]


def refused(sql: str) -> None:
    """The engine itself says no, and says why."""
    frozen = pytest.raises(DatabaseError, match="published versions are frozen")
    with frozen, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_no_statement_changes_a_published_version(moment: dt.datetime, sql: str) -> None:
    row = publish(moment)
    refused(sql)
    kept = ProgrammeVersion.objects.get(pk=row.pk)
    assert (kept.content, kept.content_hash, kept.version) == (row.content, row.content_hash, 1)


@pytest.mark.sqlite
def test_no_replacing_either(moment: dt.datetime) -> None:
    """INSERT OR REPLACE deletes the row it meets; SQLite fires the trigger only with recursive triggers on."""
    row = publish(moment)
    refused(
        f"INSERT OR REPLACE INTO {TABLE} (id, key, version, content, content_hash, published_at, effective_from) "
        f"SELECT id, key, version, '{{}}', 'x', published_at, effective_from FROM {TABLE}"
    )
    assert ProgrammeVersion.objects.get(pk=row.pk).content_hash == row.content_hash


def test_the_product_itself_runs_sqlite_so() -> None:
    """The tests have an init_command of their own: the guards must stand in both."""
    source = (settings.BASE_DIR / "casework" / "settings.py").read_text()
    assert "PRAGMA recursive_triggers=ON" in source and "PRAGMA foreign_keys=ON" in source


@pytest.mark.postgres
@pytest.mark.parametrize("sql", [f"TRUNCATE {TABLE}", f"TRUNCATE {TABLE} CASCADE"])
def test_no_emptying_of_the_table(moment: dt.datetime, sql: str) -> None:
    row = publish(moment)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ProgrammeVersion.objects.filter(pk=row.pk).exists()


def test_the_objects_of_the_product_cannot_either(moment: dt.datetime) -> None:
    row = publish(moment)
    row.content_hash = "x"
    for act in (row.save, row.delete, ProgrammeVersion.objects.all().delete):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            act()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        ProgrammeVersion.objects.update(content_hash="x")
    assert ProgrammeVersion.objects.exclude(content_hash="x").count() == 1


def test_one_row_a_version(moment: dt.datetime) -> None:
    row = publish(moment)
    row.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
