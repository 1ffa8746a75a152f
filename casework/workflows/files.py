"""Files named in answers: they must be the actor's own, and they enter the case with their hashes in the event."""
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.capacity import reached
from casework.cases.models import Case
from casework.core.problems import Problem
from casework.documents.models import Document
from casework.forms.spec import FormSpec, Repeat
from casework.workflows import effects
from casework.workflows.turn import Turn


def file_ids(form: FormSpec, answers: Mapping[str, Any]) -> list[str]:
    """Public ids of every file in the answers of a form."""
    found: list[str] = []
    for page in form.pages:
        for group in page.groups:
            for item in group.items:
                rows = answers.get(item.key) or [] if isinstance(item, Repeat) else [answers]
                fields = item.fields if isinstance(item, Repeat) else (item,)
                for row in rows:
                    for field in fields:
                        if field.kind == "file":
                            found += as_list(row.get(field.key))
    return found


def as_list(value: Any) -> list[str]:
    """One id, several, or none, as a list."""
    if not value:
        return []
    return [str(value)] if isinstance(value, str) else [str(item) for item in value]


def check_files(turn: Turn, ids: Iterable[str]) -> list[Problem]:
    """Every file must exist and be the actor's or the case's own; what he uploaded under a duty, while he holds it."""
    wanted, case = set(ids), turn.case.pk
    if not wanted:
        return []
    found = Document.objects.select_related("duty_place").filter(public_id__in=wanted, withdrawn_at__isnull=True)
    mine = {str(d.public_id) for d in found if d.case_id == case or _is_of(turn.actor, d)}
    if wanted - mine:
        return [Problem("FILE_UNKNOWN", _("A file is missing."), mend=_("Upload it again."))]
    return []


def _is_of(actor: Actor, document: Document) -> bool:
    return document.owner_id == actor.user and reached(document, actor)


def take_files(turn: Turn, ids: Iterable[str]) -> None:
    """Attach the files and name them in the event with their hashes."""
    rows = Document.objects.select_for_update().filter(public_id__in=set(ids)).order_by("id")
    documents = [_held_by(turn.case, document) for document in rows]
    if not documents:
        return
    turn.facts["documents"] = turn.facts.get("documents", []) + [
        {"id": str(d.public_id), "sha256": d.sha256, "kind": d.kind} for d in documents
    ]
    turn.then(effects.attach_documents, documents=documents)


def _held_by(case: Case, document: Document) -> Document:
    """The file itself; when another case holds it already, the same bytes in a row of this case's own."""
    if document.case_id not in (None, case.pk):
        document.pk, document.public_id, document.case = None, uuid.uuid4(), None
        document.save(force_insert=True)
    return document
