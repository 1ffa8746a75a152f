"""The demonstration tells of days before; the sealer must not ring for that, and must ring for everything else (A4)."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from casework.audit import checkpoints, tasks
from casework.core import clock
from casework.demo.cases import aid, telling
from tests.audit.conftest import Write, outside, write  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A4")]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, outside: Path) -> None:  # noqa: F811
    """The demonstration, with one story of some days ago."""
    monkeypatch.setattr(telling, "STORIES", (max(telling.STORIES, key=lambda story: story.day),))
    monkeypatch.setattr(aid, "RUNS", ())
    call_command("load_demo", "--cases")


def test_the_first_start_raises_no_false_alarm(loaded: None, caplog: pytest.LogCaptureFixture) -> None:
    assert checkpoints.waiting() == checkpoints.Waiting(0, None)
    tasks.seal_checkpoint()
    assert "waited for the sealer" not in caplog.text


def test_loading_again_does_not_hush_a_true_alarm(
    loaded: None, write: Write, caplog: pytest.LogCaptureFixture, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    late = clock.now() + dt.timedelta(minutes=5)
    write("somebody's case")
    call_command("load_demo", "--cases")
    assert checkpoints.waiting().chains == 1
    monkeypatch.setattr("casework.core.clock.now", lambda: late)
    tasks.seal_checkpoint()
    assert "waited for the sealer" in caplog.text


def test_outside_copies_of_another_database_do_not_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, outside: Path, write: Write, capsys: Any  # noqa: F811
) -> None:
    """Somebody deleted the database and kept its checkpoints: told at once, and then by every round of the sealer."""
    outside.mkdir(parents=True)
    (outside / "checkpoint-000000003.json").write_text("{}")
    monkeypatch.setattr(telling, "load", lambda now: write("told") and 1)
    call_command("load_demo", "--cases")
    assert "Not sealed" in capsys.readouterr().err
