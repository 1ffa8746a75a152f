"""The life of a programme's next version: written, checked, approved by a second person, published from a day on.

Each function is one act of one policy officer, told by an event on the programme's chain in the same transaction
(promise A1). Nothing here touches a running case: it keeps the version it was accepted under (promise S6).
"""
import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import stamp_of
from casework.audit import record
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.core.text import Text
from casework.programmes import checking, entered, officers, versions
from casework.programmes.checking import Finding
from casework.programmes.loader import CATALOGUE, content_of, frozen, hash_of
from casework.programmes.models import LIVE, DraftRevision, DraftState, ProgrammeDraft, ProgrammeVersion

MOST_BYTES = 400_000
NOTHING_CHANGED = Text("与现行版本相同，没有改动", "nothing differs from the version in force")
Content = Mapping[str, Any]


def begin(key: str, actor: Actor, now: datetime, content: Content | None = None, note: str = "") -> ProgrammeDraft:
    """Open the draft of a programme's next version, from its newest version, from its folder, or from given content.
    Raises Refused: 403 for others than policy officers, 409 when a draft is under way, 422 when there is nothing."""
    duty = officers.writer(actor)
    note = officers.plain_note(note)
    base = versions.newest(key)
    text = _text(content if content is not None else _beginning(key, base), key)
    try:
        with transaction.atomic():
            draft = ProgrammeDraft.objects.create(
                key=key, base=base, content=text, author_id=officers.login_of(actor), note=note,
                created_at=now, saved_at=now,
            )
            _keep_revision(draft, actor, now)
            _tell(draft, "draft_begin", actor, duty, now, base=base.version if base else 0)
    except IntegrityError as error:
        raise Refused([
            Problem("DRAFT_UNDER_WAY", _("Somebody is already working on the next version of this programme."),
                    mend=_("Go on with that draft, or drop it first."))
        ], 409) from error
    return draft


def save(
    draft: ProgrammeDraft, content: Content, revision: int, actor: Actor, now: datetime, note: str | None = None
) -> ProgrammeDraft:
    """Save the whole content. revision: the one this screen was drawn from; after another save Refused (409) carries
    both texts in params. A checked or approved draft has to be checked and approved anew."""
    duty = officers.writer(actor)
    text = _text(content, draft.key)
    with transaction.atomic():
        held = _locked(draft)
        if held.revision != revision:
            raise Refused([_stale(held, text)], 409)
        held.content, held.revision, held.saved_at, held.state = text, revision + 1, now, DraftState.DRAFT
        held.findings, held.checked_by, held.checked_at = [], None, None
        held.approved_by, held.approved_at = None, None
        held.note = held.note if note is None else officers.plain_note(note)
        held.save()
        kept = _keep_revision(held, actor, now)
        _tell(held, "draft_save", actor, duty, now, content_hash=kept.content_hash)
    return held


def check(draft: ProgrammeDraft, revision: int, actor: Actor, now: datetime) -> list[Finding]:
    """Look for faults. Without any the draft is checked; warnings do not stop it. Faults are kept with the draft and
    Refused (422) tells them."""
    duty = officers.writer(actor)
    with transaction.atomic():
        held = _at(draft, revision, (DraftState.DRAFT, DraftState.CHECKED))
        found = checking.findings(content_of_draft(held)) + _unchanged(held)
        if not any(finding.code in ("NOT_BUILT", "SHAPE") for finding in found):
            found += entered.findings(content_of_draft(held))
        faults = [finding for finding in found if finding.level == "error"]
        held.findings = [finding.as_json() for finding in found]
        if not faults:
            held.state, held.checked_by_id, held.checked_at = DraftState.CHECKED, actor.user, now
        held.save()
        _tell(held, "draft_check", actor, duty, now, faults=len(faults), warnings=len(found) - len(faults))
    if faults:
        raise Refused([finding.as_problem() for finding in faults])
    return found


def approve(draft: ProgrammeDraft, revision: int, actor: Actor, now: datetime) -> ProgrammeDraft:
    """A second person, who wrote no revision of it, approves what was checked. Raises Refused."""
    duty = officers.of_the_city(actor)
    with transaction.atomic():
        held = _at(draft, revision, (DraftState.CHECKED,))
        officers.second_person(actor, authors(held))
        held.state, held.approved_by_id, held.approved_at = DraftState.APPROVED, actor.user, now
        held.save()
        _tell(held, "draft_approve", actor, duty, now, content_hash=hash_of(content_of_draft(held)))
    return held


def publish_draft(draft: ProgrammeDraft, effective_from: date, actor: Actor, now: datetime) -> ProgrammeVersion:
    """Freeze an approved draft as the next version, in force from a day on, today at the earliest. Raises Refused."""
    duty = officers.of_the_city(actor)
    with transaction.atomic():
        held = _at(draft, None, (DraftState.APPROVED,))
        _refuse_unless_next(held, effective_from, now)
        content = content_of_draft(held)
        row = versions.freeze(held.key, content, now, effective_from, stamp_of(actor, duty, "online"))
        held.state, held.published, held.effective_from = DraftState.PUBLISHED, row, effective_from
        held.save()
    return row


def drop(draft: ProgrammeDraft, actor: Actor, now: datetime, note: str = "") -> ProgrammeDraft:
    """Give a draft up; what was written stays readable. Raises Refused."""
    duty = officers.writer(actor)
    note = officers.plain_note(note)
    with transaction.atomic():
        held = _at(draft, None, LIVE)
        held.state, held.note = DraftState.DROPPED, note or held.note
        held.save()
        _tell(held, "draft_drop", actor, duty, now, note=note)
    return held


def get(public_id: uuid.UUID | str) -> ProgrammeDraft:
    """A draft by its public id. Raises Http404."""
    found = ProgrammeDraft.objects.select_related("base", "author", "approved_by").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def live(key: str) -> ProgrammeDraft | None:
    """The draft under way of a programme."""
    return ProgrammeDraft.objects.select_related("base", "author").filter(key=key, state__in=LIVE).first()


def content_of_draft(draft: ProgrammeDraft | DraftRevision) -> dict[str, Any]:
    """What a draft, or one of its revisions, says."""
    content: dict[str, Any] = json.loads(draft.content)
    return content


def authors(draft: ProgrammeDraft) -> set[int]:
    """The persons who wrote any revision of a draft, and those whom they stood in for."""
    return {person for row in draft.revisions.values_list("persons", flat=True) for person in row}


def _beginning(key: str, base: ProgrammeVersion | None) -> Content:
    if base is not None:
        content: Content = json.loads(base.content["text"])
        return content
    folder = CATALOGUE / key
    if key.isidentifier() and (folder / "programme.yaml").exists():
        return content_of(folder)
    raise Refused([
        Problem("NOTHING_TO_BEGIN_WITH", _("There is no programme of this key."), place="key",
                mend=_("Import a folder, or begin from another programme."))
    ])


def _text(content: Content, key: str) -> str:
    """The content as its row keeps it. Raises Refused (422) for what is no programme of this key."""
    try:
        named = content["programme"]["key"] if set(content) == {"programme", "form"} else None
        text = frozen(content)["text"]
        size = len(text.encode())
    except (KeyError, TypeError, ValueError):
        named, text, size = None, "", 0
    if named != key or "\x00" in text or "\\u0000" in text:
        raise Refused([
            Problem("NOT_A_PROGRAMME", _("This is not the content of the programme %(key)s.") % {"key": key},
                    place="key", mend=_("Give programme and form, with the same key."))
        ])
    if size > MOST_BYTES:
        raise Refused([
            Problem("DRAFT_TOO_LARGE", _("A programme of this size is not taken."), mend=_("Shorten it."))
        ])
    return text


def _unchanged(held: ProgrammeDraft) -> list[Finding]:
    """A version that changes nothing would only hide which one is in force."""
    if held.base is None or held.base.content_hash != hash_of(content_of_draft(held)):
        return []
    return [Finding("error", held.key, "NOTHING_CHANGED", NOTHING_CHANGED)]


def _keep_revision(draft: ProgrammeDraft, actor: Actor, now: datetime) -> DraftRevision:
    return DraftRevision.objects.create(
        draft=draft, n=draft.revision, content=draft.content, content_hash=hash_of(content_of_draft(draft)),
        author_id=officers.login_of(actor), persons=sorted(actor.persons), at=now,
    )


def _locked(draft: ProgrammeDraft) -> ProgrammeDraft:
    held = ProgrammeDraft.objects.select_for_update().get(pk=draft.pk)
    if held.state not in LIVE:
        raise Refused([_elsewhere(held)], 409)
    return held


def _at(draft: ProgrammeDraft, revision: int | None, states: tuple[DraftState, ...]) -> ProgrammeDraft:
    """The draft, locked, at the revision the actor read and in a state the act fits. Raises Refused (409)."""
    held = _locked(draft)
    if held.state not in states:
        raise Refused([_elsewhere(held)], 409)
    if revision is not None and held.revision != revision:
        raise Refused([_stale(held, "")], 409)
    return held


def _elsewhere(held: ProgrammeDraft) -> Problem:
    state = DraftState(held.state)
    return Problem(
        "DRAFT_ELSEWHERE", _("The draft stands elsewhere now: %(state)s.") % {"state": state.label},
        mend=_("Reload the page."), params={"state": str(held.state)},
    )


def _stale(held: ProgrammeDraft, mine: str) -> Problem:
    """Both texts, so that nothing is overwritten unseen."""
    return Problem(
        "STALE_DRAFT", _("The draft was saved elsewhere since this page was drawn."),
        mend=_("Compare both texts and save again."),
        params={"revision": held.revision, "theirs": held.content, "mine": mine},
    )


def _refuse_unless_next(held: ProgrammeDraft, effective_from: date, now: datetime) -> None:
    newest = versions.newest(held.key)
    if (newest.pk if newest else None) != held.base_id:
        raise Refused([
            Problem("BASE_MOVED", _("Another version was published since this draft began."),
                    mend=_("Drop this draft and begin anew from that version."))
        ], 409)
    if effective_from < local_date(now):
        raise Refused([
            Problem("EFFECTIVE_IN_THE_PAST", _("A version is in force from today at the earliest."),
                    place="effective_from", mend=_("Give today or a later day."))
        ])


def _tell(draft: ProgrammeDraft, action: str, actor: Actor, duty: Duty, now: datetime, **facts: Any) -> None:
    facts = {"draft": str(draft.public_id), "revision": draft.revision, **facts}
    record.record("programme", draft.key, action, stamp_of(actor, duty, "online"), facts, now)
