"""One case as one ZIP that proves itself without us: events, proofs, public key, files, and the checking script."""
import contextlib
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from casework.audit import chain, proofs, record, standalone
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.crypto import Undecipherable
from casework.core.json import canonical
from casework.core.masks import mask_name
from casework.core.problems import Refused
from casework.documents import store
from casework.documents.models import Document
from casework.oversight import runs_told, search, timeline
from casework.papers.models import Paper
from casework.papers.pdf import CannotMake, html_to_pdf
from casework.people import persons

DRAWN = 1000  # lines of each list in the history
SPILL = 8 * 1024 * 1024
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "text/csv": "csv"}


def export(case: Case, stamp: Mapping[str, Any], reason: str, now: datetime) -> IO[bytes]:
    """Return the bundle as an open file at its start. The export is itself an event, written before the bundle is made
    and contained in it. Raises Refused without a reason (promise A2)."""
    reason = reason.strip()
    wrong = search.reason_problems(reason)
    if wrong:
        raise Refused(wrong)
    with transaction.atomic():
        record.record("access", str(case.public_id), "export", stamp, {"reason": reason[:300]}, now)
    return build(case, now)


def build(case: Case, now: datetime) -> IO[bytes]:
    """Make the ZIP; beyond 8 MB it lies on disk while it is made."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPILL)  # noqa: SIM115 - the caller closes it
    sums = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _parts(case, now):
            archive.writestr(name, data)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}")
        archive.writestr("SHA256SUMS", "\n".join(sums) + "\n")
    out.seek(0)
    return out


def _parts(case: Case, now: datetime) -> Iterator[tuple[str, bytes]]:
    papers = list(Paper.objects.filter(case=case, document__isnull=False).select_related("document").order_by("pk"))
    documents = list(Document.objects.filter(case=case).order_by("pk"))
    events = list(chains_of(case, documents, papers))
    yield "case.json", _json(summary(case, now))
    yield "events.json", _json([told(event) for event in events])
    paid = list(runs_told.chains_of(case))
    if paid:
        yield "payment_runs.json", _json([runs_told.masked(told(event), case) for event in paid])
    subjects = dict.fromkeys((event.subject_kind, event.subject_id) for event in [*events, *paid])
    found = [proofs.inclusion(kind, subject) for kind, subject in subjects]
    yield "proofs.json", _json([proof.as_json() for proof in found if proof])
    for path in sorted(Path(settings.CHECKPOINT_DIR).glob("public-*.pem")):
        yield f"keys/{path.name}", path.read_bytes()
    yield "verify.py", Path(standalone.__file__).read_bytes()
    made = {paper.document_id for paper in papers}
    held = [("documents", document) for document in documents if document.pk not in made]
    for folder, document in [*held, *(("papers", paper.document) for paper in papers if paper.document)]:
        with contextlib.suppress(FileNotFoundError):  # verify.py says what is not there
            yield f"{folder}/{_name(document)}", _read(document)
    pdf = timeline_pdf(case)
    if pdf:
        yield "timeline.pdf", pdf


def chains_of(case: Case, documents: list[Document], papers: list[Paper]) -> QuerySet[Event]:
    """The events of the case, of the looks at it, and of its files and letters."""
    own = Q(subject_kind__in=("case", "access"), subject_id=str(case.public_id))
    files = [str(document.public_id) for document in documents] + [str(paper.public_id) for paper in papers]
    kept = Q(subject_kind__in=("file", "paper"), subject_id__in=files)
    return Event.objects.filter(own | kept).order_by("subject_kind", "subject_id", "n")


def told(event: Event) -> dict[str, Any]:
    """An event as its hash covers it, with the hash."""
    covered = chain.fields_of(event) | {"prev_hash": event.prev_hash}
    plain: dict[str, Any] = json.loads(canonical(covered))
    return plain | {"hash": event.hash}


def summary(case: Case, now: datetime) -> dict[str, Any]:
    """The case in plain words and masked numbers."""
    return {
        "number": case.number, "id": str(case.public_id), "programme": case.key, "version": case.programme.version,
        "content_hash": case.programme.content_hash, "state": case.state, "outcome": case.outcome,
        "category": case.category, "requested_fen": case.requested_fen, "amount_fen": case.amount_fen,
        "applicant": {"name": mask_name(case.applicant.name), "id_no": _masked(case)},
        "account": f"****{case.account.last4}" if case.account else "", "organisation": case.organisation.name,
        "last_event": case.event_n, "exported_at": now,
    }


def _masked(case: Case) -> str:
    """The masked ID number; nothing once the person's key was destroyed."""
    try:
        return persons.masked_id(case.applicant)
    except Undecipherable:
        return ""


def timeline_pdf(case: Case) -> bytes:
    """The history as a PDF; empty where letters can not be made (the bundle is whole without it)."""
    context = {
        "case": case, "lines": timeline.lines(case, size=DRAWN),
        "looks": timeline.lines(case, kind="access", size=DRAWN), **timeline.beside(case, DRAWN),
    }
    html = render_to_string("oversight/timeline_paper.html", context)
    title = _("History of case %(number)s") % {"number": case.number}
    try:
        return html_to_pdf(html, title)
    except CannotMake:
        return b""


def _name(document: Document) -> str:
    """A file name made by us alone: never the uploaded one."""
    return f"{document.kind}-{document.public_id}.{ENDINGS.get(document.content_type, 'bin')}"


def _read(document: Document) -> bytes:
    with store.open_file(document) as file:
        return file.read()


def _json(value: Any) -> bytes:
    plain = json.loads(canonical(value))
    out = io.StringIO()
    json.dump(plain, out, ensure_ascii=False, indent=1)
    return (out.getvalue() + "\n").encode()
