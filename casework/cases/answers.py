"""Answers of a case: the shown part with masks, and the sensitive part sealed under the applicant's key."""
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.audit.models import Event
from casework.cases.models import Answers, Case
from casework.core.compiled import Compiled
from casework.core.json import canonical
from casework.core.pile import Pile
from casework.forms import seal
from casework.forms.spec import FormSpec
from casework.people import persons


@dataclass(frozen=True, slots=True)
class Prepared:
    """Answers split and encrypted, with the digests that the event will cover."""

    form: str
    shown: dict[str, Any]
    sealed: bytes

    @property
    def digests(self) -> dict[str, str]:
        """What the event holds of these answers: never the words, only their hashes."""
        return {
            "form": self.form,
            "shown": hashlib.sha256(canonical(self.shown)).hexdigest(),
            "sealed": hashlib.sha256(self.sealed).hexdigest() if self.sealed else "",
        }


def _context(case: Case, form_key: str) -> str:
    return f"answers:{case.public_id}:{form_key}"


def prepare(case: Case, form_key: str, form: FormSpec, answers: Mapping[str, Any]) -> Prepared:
    """Split answers by the form's sensitive fields and encrypt those under the applicant's key."""
    shown, secret = seal.split(form, dict(answers))
    plain = json.dumps(secret, ensure_ascii=False, sort_keys=True).encode() if secret else b""
    sealed = persons.encrypt_for(case.applicant, plain, _context(case, form_key)) if plain else b""
    return Prepared(form_key, shown, sealed)


def store(case: Case, prepared: Prepared, event: Event, now: datetime, pile: Pile) -> Answers:
    """Append one revision of the answers, with the other rows of the decision."""
    row = Answers(case=case, form=prepared.form, event=event, shown=prepared.shown, sealed=prepared.sealed, at=now)
    pile.insert(row)
    return row


_LATEST = Compiled(
    lambda case, form: Answers.objects.filter(case_id=case, form=form).order_by("-id")[:1], -10_000_000_001, "«form»"
)


def latest(case: Case, form_key: str) -> Answers | None:
    """The newest revision of one form of the case."""
    return _LATEST.first(case.pk, form_key)


def shown(case: Case, form_key: str = "application") -> dict[str, Any]:
    """The masked answers, for pages; {} when the form was never filled."""
    row = latest(case, form_key)
    return dict(row.shown) if row else {}


def full(case: Case, form_key: str = "application") -> dict[str, Any]:
    """The answers with their sensitive values, for rules and money only; never for a page."""
    row = latest(case, form_key)
    if row is None:
        return {}
    if not row.sealed:
        return dict(row.shown)
    secret = json.loads(persons.decrypt_for(case.applicant, bytes(row.sealed), _context(case, form_key)))
    return seal.join(dict(row.shown), secret)


def digests(case: Case, form_key: str = "application") -> dict[str, str]:
    """The hashes of the newest revision, as its event holds them; {} when the form was never filled."""
    row = latest(case, form_key)
    return Prepared(form_key, dict(row.shown), bytes(row.sealed)).digests if row else {}


def unseal(row: Answers) -> bytes:
    """The sealed part of one revision in clear, for checks only. Raises crypto.Undecipherable."""
    return persons.decrypt_for(row.case.applicant, bytes(row.sealed), _context(row.case, row.form))
