"""Drafts save by themselves; a save from an old screen never overwrites a newer one unseen (promise S3)."""
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from casework.access.actor import Actor, Duty
from casework.access.capacity import still_held, under
from casework.access.models import User
from casework.core import crypto
from casework.forms.models import Draft

if TYPE_CHECKING:
    from casework.programmes.models import ProgrammeVersion

MOST_BYTES = 500_000
Raw = dict[str, list[str]]


class Stale(Exception):
    """The draft was saved elsewhere since this screen was drawn. raw: what stands there now."""

    def __init__(self, raw: Raw, revision: int) -> None:
        self.raw, self.revision = raw, revision
        super().__init__("the draft was saved elsewhere")


class TooLarge(Exception):
    """More was typed than a draft holds."""


def start(
    user: User, programme: "ProgrammeVersion", now: datetime, raw: Mapping[str, list[str]] | None = None,
    duty: Duty | None = None,
) -> Draft:
    """Open a draft, perhaps with values already known. duty: the one under which an officer writes for somebody else,
    None for a person's own matter."""
    draft = Draft(owner=user, programme=programme, **under(duty))
    draft.sealed = _seal(draft, dict(raw or {}))
    draft.save()
    return draft


def of(actor: Actor) -> QuerySet[Draft]:
    """The drafts this actor may reach now: his own, without those begun under a duty that has ended (promise R6)."""
    return Draft.objects.filter(still_held(actor), owner_id=actor.user)


def load(draft: Draft) -> Raw:
    """What was typed so far."""
    if not draft.sealed:
        return {}
    raw: Raw = json.loads(crypto.decrypt(bytes(draft.sealed), _context(draft)))
    return raw


def save(draft: Draft, raw: Mapping[str, list[str]], page: str, seen_revision: int, now: datetime) -> Draft:
    """Compare and swap on the revision; the same text once more, as when the answer got lost on its way, is saved
    already. Raises Stale with the newer text, or TooLarge."""
    sealed = _seal(draft, dict(raw))
    changed = Draft.objects.filter(pk=draft.pk, revision=seen_revision, case__isnull=True).update(
        sealed=sealed, page=page[:40], revision=seen_revision + 1, saved_at=now
    )
    fresh = Draft.objects.get(pk=draft.pk)
    if not changed:
        held = load(fresh)
        if fresh.case_id is not None or held != dict(raw):
            raise Stale(held, fresh.revision)
    return fresh


def carry(draft: Draft, programme: "ProgrammeVersion", raw: Mapping[str, list[str]], now: datetime) -> Draft:
    """Pin the draft to another version, with its values as they fit there. A screen of the version before is stale from
    here on; if it saved meanwhile, nothing is carried and the draft comes back as it stands."""
    Draft.objects.filter(pk=draft.pk, revision=draft.revision, case__isnull=True).update(
        programme=programme, sealed=_seal(draft, dict(raw)), revision=draft.revision + 1, saved_at=now
    )
    return Draft.objects.select_related("programme", "case", "for_person").get(pk=draft.pk)


def new_token(draft: Draft) -> None:
    """A refused submission gets a fresh key, so that corrected answers are not taken for a repeat."""
    Draft.objects.filter(pk=draft.pk, case__isnull=True).update(token=uuid.uuid4())


def _context(draft: Draft) -> str:
    return f"draft:{draft.public_id}"


def _seal(draft: Draft, raw: Raw) -> bytes:
    plain = json.dumps(raw, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(plain) > MOST_BYTES:
        raise TooLarge
    return crypto.encrypt(plain, _context(draft))
