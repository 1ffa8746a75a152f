"""The worker: made once, kept under its hash, told in the log, tried again, held when a person must look."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.db import transaction

from casework.audit.models import Event
from casework.core.problems import Refused
from casework.documents import store
from casework.documents.models import Document
from casework.oversight.files import check_stored
from casework.papers import making, pdf, render, tasks
from casework.papers.models import Paper
from casework.papers.pdf import CannotMake
from casework.papers.troubles import words_of
from tests.papers.conftest import Ordering

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
BYTES = b"%PDF-1.7 one letter"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A layout engine that takes no time; returns the papers it was asked for."""
    asked: list[int] = []

    def lay_out(paper: Paper) -> bytes:
        asked.append(paper.pk)
        return BYTES + str(paper.pk).encode()

    monkeypatch.setattr(making, "render", lay_out)
    monkeypatch.setattr(making, "pages_of", lambda data: 1)
    return asked


def failing(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    """A layout engine that cannot."""

    def lay_out(paper: Paper) -> bytes:
        raise trouble

    monkeypatch.setattr(making, "render", lay_out)


def test_a_made_paper_is_kept_and_told(ordering: Ordering, quick: list[int], moment: dt.datetime) -> None:
    paper = ordering()
    assert making.make(paper.pk, moment)
    paper.refresh_from_db()
    assert (paper.state, paper.trouble, paper.next_try) == ("made", "", None)
    document = paper.document
    assert document is not None
    assert document.made
    assert document.name == f"{paper.number}.pdf"
    with store.open_file(document) as file:
        assert hashlib.sha256(file.read()).hexdigest() == document.sha256
    event = Event.objects.get(subject_kind="paper", subject_id=str(paper.public_id))
    assert event.action == "paper_made"
    assert event.data["documents"] == [{"id": str(document.public_id), "sha256": document.sha256}]
    assert list(check_stored()) == []


def test_a_message_delivered_five_times_makes_one_file(
    ordering: Ordering, quick: list[int], moment: dt.datetime
) -> None:
    paper = ordering()
    assert [making.make(paper.pk, moment) for _ in range(5)] == [True, False, False, False, False]
    assert quick == [paper.pk]
    assert Document.objects.count() == 1


def test_a_killed_workers_paper_is_due_again_after_its_lease(
    ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    class Killed(BaseException):
        pass

    paper = ordering()

    def die(paper: Paper) -> bytes:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(making, "render", die)
        with pytest.raises(Killed):
            making.make(paper.pk, moment)
    monkeypatch.setattr(making, "render", lambda paper: BYTES)
    monkeypatch.setattr(making, "pages_of", lambda data: 1)
    assert making.sweep(moment + MINUTE) == 0, "somebody may still be at it"
    assert making.sweep(moment + making.LEASE) == 1


def test_a_rollback_at_the_end_leaves_nothing_behind(
    ordering: Ordering, quick: list[int], monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise RuntimeError("the log does not answer")

    paper = ordering()
    with monkeypatch.context() as patch:
        patch.setattr(making.record, "record", refuse)
        with transaction.atomic():
            assert not making.make(paper.pk, moment)
    paper.refresh_from_db()
    assert (paper.state, paper.document, paper.attempts) == ("due", None, 1)
    assert Document.objects.count() == 0
    assert making.make(paper.pk, moment + MINUTE)


def test_a_full_disk_is_tried_again_with_growing_pauses(
    ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    failing(monkeypatch, Refused([], 503))
    paper, now, pauses = ordering(), moment, []
    for _ in range(14):
        assert not making.make(paper.pk, now)
        paper.refresh_from_db()
        assert paper.next_try is not None
        pauses.append(paper.next_try - now)
        now = paper.next_try
    assert pauses[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(pauses) == dt.timedelta(hours=24)


@pytest.mark.promise("N3")
@pytest.mark.parametrize("trouble", [CannotMake("BROKEN", "IndexError"), CannotMake("SLOW"), OSError(28), KeyError()])
def test_what_fails_again_and_again_is_seen_by_a_person_and_still_tried(
    trouble: Exception, ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    paper, now, shown = ordering(), moment, []
    path = paper.organisation.path
    with monkeypatch.context() as patch:
        failing(patch, trouble)
        for _ in range(making.SHOWN_AFTER):
            making.make(paper.pk, now)
            shown.append(list(making.held([path])) == [paper])
            paper.refresh_from_db()
            assert paper.next_try is not None
            now = paper.next_try
    assert shown == [False, False, False, True]
    assert now - moment == 15 * MINUTE
    assert str(words_of(paper))
    monkeypatch.setattr(making, "render", lambda paper: BYTES)
    monkeypatch.setattr(making, "pages_of", lambda data: 1)
    assert making.sweep(now) == 1
    paper.refresh_from_db()
    assert (paper.state, paper.trouble) == ("made", "")


@pytest.mark.promise("N3")
def test_a_child_that_was_ended_is_simply_started_again_unless_that_goes_on(
    ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, CannotMake("STOPPED", "SIGINT"))
    paper = ordering()
    for minute in range(making.SHOWN_AFTER - 1):
        assert not making.make(paper.pk, moment + minute * MINUTE)
        paper.refresh_from_db()
        assert (paper.state, paper.trouble, paper.next_try) == ("due", "", moment + (minute + 1) * MINUTE)
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
    making.make(paper.pk, moment + minute * MINUTE + MINUTE)
    assert [held.trouble for held in making.held([paper.organisation.path])] == ["STOPPED SIGINT"]


@pytest.mark.parametrize("code", ["PANGO", "FONTS"])
def test_a_missing_library_holds_the_paper_and_mends_itself(
    code: str, ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, CannotMake(code, "cannot load library"))
        paper = ordering()
        assert not making.make(paper.pk, moment)
    paper.refresh_from_db()
    assert paper.state == "held"
    assert paper.trouble == f"{code} cannot load library"
    assert str(words_of(paper)) != str(words_of(Paper(trouble="BROKEN")))
    monkeypatch.setattr(making, "render", lambda paper: BYTES)
    monkeypatch.setattr(making, "pages_of", lambda data: 1)
    assert making.sweep(moment + 10 * MINUTE) == 0
    assert making.sweep(moment + making.MENDED_AFTER) == 1


def test_a_rare_sign_holds_the_paper_until_a_person_looks(
    ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    failing(monkeypatch, CannotMake("GLYPH", "U+2B387"))
    paper, later = ordering(), moment + dt.timedelta(days=30)
    making.make(paper.pk, moment)
    assert making.sweep(later) == 0
    paper.refresh_from_db()
    assert (paper.state, paper.attempts) == ("held", 1)
    monkeypatch.setattr(making, "render", lambda paper: BYTES)
    monkeypatch.setattr(making, "pages_of", lambda data: 1)
    making.try_again(paper, later)
    assert making.sweep(later) == 1


def test_one_bad_paper_does_not_stop_the_others(
    ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime
) -> None:
    papers = [ordering() for _ in range(3)]

    def lay_out(paper: Paper) -> bytes:
        if paper.pk == papers[1].pk:
            raise ZeroDivisionError
        return BYTES + str(paper.pk).encode()

    monkeypatch.setattr(making, "render", lay_out)
    monkeypatch.setattr(making, "pages_of", lambda data: 1)
    assert making.sweep(moment) == 2
    assert Paper.objects.get(state="due").trouble == "ZeroDivisionError"


def test_without_pango_only_the_letter_is_missing(
    ordering: Ordering, monkeypatch: pytest.MonkeyPatch, moment: dt.datetime, tmp_path: Any
) -> None:
    """The real child, in an environment where the library cannot be loaded."""
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libgobject-2.0-0'\")")
    child = tmp_path / "child.py"
    child.write_text(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n" + pdf.CHILD.read_text())
    monkeypatch.setattr(pdf, "CHILD", child)
    monkeypatch.setattr(pdf, "font_folder", lambda: tmp_path)
    paper = ordering()
    assert not making.make(paper.pk, moment)
    paper.refresh_from_db()
    assert paper.state == "held"
    assert paper.trouble.startswith("PANGO cannot load library")


@pytest.mark.pango
@pytest.mark.django_db(transaction=True)
def test_an_ordered_paper_is_made_by_itself(ordering: Ordering) -> None:
    """From the order to the file, through the task."""
    paper = ordering()
    paper.refresh_from_db()
    assert paper.state == "made"
    assert paper.document is not None
    assert paper.document.content_type == "application/pdf"
    assert paper.document.pages == 1
    with store.open_file(paper.document) as file:
        assert file.read() == render.render(paper)
    assert tasks.sweep_papers() == 0
