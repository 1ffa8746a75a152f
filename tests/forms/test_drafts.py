"""Drafts: sealed, saved by revision, never overwritten unseen."""

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.access.models import User
from casework.core import crypto
from casework.forms import drafts
from casework.forms.models import Draft
from casework.programmes.models import ProgrammeVersion
from tests.forms.samples import LONG

pytestmark = pytest.mark.django_db
TYPED = {
    "name": ["𠮷田㐂"],
    "story": ["<script>\r\n阿依古丽·买买提\x00\u202e"],
    "some": ["c1", "c2"],
    "members.0.name": [""],
}


@pytest.fixture
def draft(moment: dt.datetime) -> Draft:
    """An empty draft of one person."""
    user = User.objects.create(username="worker")
    version = ProgrammeVersion.objects.create(
        key="x", version=1, content={}, content_hash="x", published_at=moment, effective_from=moment.date()
    )
    return drafts.start(user, version, moment, {"name": ["张三"]})


@pytest.mark.promise("S3")
def test_every_character_comes_back(draft: Draft, moment: dt.datetime) -> None:
    assert drafts.load(draft) == {"name": ["张三"]}
    saved = drafts.save(draft, TYPED, "person", 0, moment)
    assert drafts.load(Draft.objects.get(pk=draft.pk)) == TYPED
    assert (saved.revision, saved.page, saved.saved_at) == (1, "person", moment)


@pytest.mark.promise("S3")
@given(raw=st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=30), max_size=3), max_size=5))
def test_any_text_comes_back(draft: Draft, moment: dt.datetime, raw: dict[str, list[str]]) -> None:
    saved = drafts.save(draft, raw, "p", Draft.objects.get(pk=draft.pk).revision, moment)
    assert drafts.load(saved) == raw


@pytest.mark.promise("S3")
def test_lone_surrogates_of_a_broken_phone_are_kept_too(draft: Draft, moment: dt.datetime) -> None:
    assert drafts.load(drafts.save(draft, {"x": ["a\ud83d"]}, "p", 0, moment)) == {"x": ["a\ud83d"]}


@pytest.mark.promise("S3")
@pytest.mark.parametrize("seen", [0, 2, -1])
def test_a_save_from_an_old_screen_changes_nothing_and_tells_both(draft: Draft, moment: dt.datetime, seen: int) -> None:
    """Two tabs: the first saves, the second is shown what stands there. Without the revision in the WHERE of the
    update the second overwrites the first, and this test goes red."""
    drafts.save(draft, {"name": ["第一个窗口"]}, "person", 0, moment)
    with pytest.raises(drafts.Stale) as stale:
        drafts.save(draft, {"name": ["第二个窗口"]}, "money", seen, moment)
    assert (stale.value.raw, stale.value.revision) == ({"name": ["第一个窗口"]}, 1)
    kept = Draft.objects.get(pk=draft.pk)
    assert (drafts.load(kept), kept.revision, kept.page) == ({"name": ["第一个窗口"]}, 1, "person")
    assert drafts.load(drafts.save(draft, {"name": ["第二个窗口"]}, "money", stale.value.revision, moment))


def test_too_much_is_refused_and_what_stood_there_stays(draft: Draft, moment: dt.datetime) -> None:
    with pytest.raises(drafts.TooLarge):
        drafts.save(draft, {f"t{n}": [LONG] for n in range(20)}, "p", 0, moment)
    assert drafts.load(Draft.objects.get(pk=draft.pk)) == {"name": ["张三"]}


def test_what_was_typed_is_sealed_in_the_database(draft: Draft, moment: dt.datetime) -> None:
    saved = drafts.save(draft, {"id_no": ["611002198001010070"], "name": ["张三"]}, "p", 0, moment)
    stored: Any = Draft.objects.values_list("sealed", flat=True).get(pk=saved.pk)
    assert b"611002198001010070" not in bytes(stored) and "张三".encode() not in bytes(stored)


def test_one_draft_cannot_be_read_as_another(draft: Draft, moment: dt.datetime) -> None:
    other = Draft(owner=draft.owner, programme=draft.programme, public_id=uuid.uuid4(), sealed=draft.sealed)
    with pytest.raises(crypto.Undecipherable):
        drafts.load(other)


def test_a_refused_submission_gets_another_token(draft: Draft) -> None:
    before = draft.token
    drafts.new_token(draft)
    assert Draft.objects.get(pk=draft.pk).token != before
