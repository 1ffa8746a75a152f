"""Files named in answers: they must be the actor's own, and they enter the case with their hashes in the event."""
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.capacity import reached
from casework.cases.models import Case
from casework.core.problems import Problem
from casework.documents import validity
from casework.documents.models import HELD_BY, Document
from casework.forms.spec import Field, FormSpec, Repeat
from casework.programmes import dated
from casework.workflows import effects
from casework.workflows.turn import Turn

Answers = Mapping[str, Any]
AGAIN_MEND = _("Take it out and hand in a new one; ask the office that issued it.")


def file_ids(form: FormSpec, answers: Answers) -> list[str]:
    """Public ids of every file in the answers of a form."""
    return [one for _place, field, row in _asked(form, answers) for one in as_list(row.get(field.key))]


def _asked(form: FormSpec, answers: Answers) -> Iterator[tuple[str, Field, Answers]]:
    """Every file question with its place and the answers it stands among."""
    for item in form.items():
        if isinstance(item, Repeat):
            for number, row in enumerate(answers.get(item.key) or []):
                yield from ((f"{item.key}.{number}.{f.key}", f, row) for f in item.fields if f.kind == "file")
        elif item.kind == "file":
            yield item.key, item, answers


def as_list(value: Any) -> list[str]:
    """One id, several, or none, as a list."""
    if not value:
        return []
    return [str(value)] if isinstance(value, str) else [str(item) for item in value]


def check_files(turn: Turn, ids: Iterable[str]) -> list[Problem]:
    """Every file must exist and be the actor's or the case's own; what he uploaded under a duty, while he holds it."""
    wanted = set(ids)
    return _unknown(turn, wanted, _named(wanted))


def check_papers(turn: Turn, form: FormSpec, answers: Answers) -> list[Problem]:
    """The same of the papers of a form; and what was handed in with an earlier case counts still."""
    wanted = set(file_ids(form, answers))
    found = _named(wanted)
    return _unknown(turn, wanted, found) or list(_outlived(turn, form, answers, found))


def _named(wanted: set[str]) -> dict[str, Document]:
    if not wanted:
        return {}
    rows = Document.objects.select_related("duty_place").filter(public_id__in=wanted, withdrawn_at__isnull=True)
    return {str(row.public_id): row for row in rows}


def _unknown(turn: Turn, wanted: set[str], found: Mapping[str, Document]) -> list[Problem]:
    case = turn.case.pk
    mine = {one for one, d in found.items() if d.case_id == case or _is_of(turn.actor, d)}
    if wanted - mine:
        return [Problem("FILE_UNKNOWN", _("A file is missing."), mend=_("Upload it again."))]
    return []


def _is_of(actor: Actor, document: Document) -> bool:
    return document.owner_id == actor.user and reached(document, actor)


def _outlived(turn: Turn, form: FormSpec, answers: Answers, found: Mapping[str, Document]) -> Iterator[Problem]:
    for place, field, row in _asked(form, answers):
        need = turn.programme.paper(field.paper)
        for document in (found[one] for one in as_list(row.get(field.key))):
            last = validity.last_of(document, need.lasts if need else None)
            if last is not None and last < turn.today and document.case_id != turn.case.pk:
                yield replace(validity.expired(last, place), mend=AGAIN_MEND)


def take_files(turn: Turn, ids: Iterable[str]) -> None:
    """Attach the files and name them in the event with their hashes."""
    _attach(turn, [_held_by(turn.case, document) for document in _locked(ids)])


def take_papers(turn: Turn, form: FormSpec, answers: Answers) -> None:
    """The same with the papers of a form, each with the date that was given for it."""
    asked = {one: (field, row) for _place, field, row in _asked(form, answers) for one in as_list(row.get(field.key))}
    documents = []
    for document in _locked(asked):
        field, row = asked[str(document.public_id)]
        held = _held_by(turn.case, document, field.paper)
        _give_date(turn, held, str(row.get(dated.key_of(field.key)) or ""))
        documents.append(held)
    _attach(turn, documents)


def _locked(ids: Iterable[str]) -> Iterable[Document]:
    rows = Document.objects.select_for_update(of=("self",)).select_related("case")
    return rows.filter(public_id__in=set(ids)).order_by("id")


def _give_date(turn: Turn, document: Document, told: str) -> None:
    """The date that was typed; a paper that was handed in before keeps the one it has."""
    need = turn.programme.paper(document.kind)
    if need is not None and need.lasts and told and validity.told_of(document, need.lasts) is None:
        setattr(document, validity.column(need.lasts), date.fromisoformat(told))


def _attach(turn: Turn, documents: list[Document]) -> None:
    if documents:
        turn.facts["documents"] = turn.facts.get("documents", []) + [_told(document) for document in documents]
        for document in documents:
            turn.tell_row(document, *HELD_BY)
        turn.then(effects.attach_documents, documents=documents)


def _told(document: Document) -> dict[str, str]:
    """A file as the event names it."""
    told = {"id": str(document.public_id), "sha256": document.sha256, "kind": document.kind}
    dates = {"dated": document.dated, "valid_until": document.valid_until}
    told |= {key: day.isoformat() for key, day in dates.items() if day}
    return told | ({"came_from": document.came_from} if document.came_from else {})


def _held_by(case: Case, document: Document, paper: str = "") -> Document:
    """The file itself; when another case holds it already, the same bytes in a row of this case's own. paper: what it
    is here. Where it was handed in before is told of the same person's cases only."""
    if document.case_id in (None, case.pk):
        return document
    before = document.case
    if before is not None and before.applicant_id == case.applicant_id:
        document.came_from = document.came_from or before.number
    else:
        document.came_from, document.dated, document.valid_until = "", None, None
    document.pk, document.public_id, document.case = None, uuid.uuid4(), None
    document.kind = paper or document.kind
    document.save(force_insert=True)
    return document
