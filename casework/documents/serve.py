"""Handing files out: own content type, no sniffing, sandboxed, never cached (promise I2). The right to read is the
caller's to check."""
from typing import TypeVar

from django.http import FileResponse, HttpResponse

from casework.documents import formats, preview, store
from casework.documents.models import Document

Answer = TypeVar("Answer", HttpResponse, FileResponse)
# What a browser may be told; anything else leaves as plain bytes.
TYPES = {
    formats.JPEG: formats.JPEG, formats.PNG: formats.PNG, formats.PDF: formats.PDF, formats.OFD: formats.OFD,
    "text/csv": "text/csv; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/json": "application/json",
}
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Browsers' PDF readers refuse to work in a sandbox; only letters of our own making are shown without one.
OWN_PDF = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; object-src 'self'; frame-ancestors 'none'"
)


def respond(document: Document, *, download: bool) -> FileResponse:
    """The file as an answer. Inline only for pictures, which we encoded ourselves, and for PDFs we made; everything
    else, and everything with download=True, is an attachment. Raises FileNotFoundError when the file is gone."""
    inline = not download and _may_open(document)
    answer = FileResponse(
        store.open_file(document), as_attachment=not inline, filename=document.name,
        content_type=TYPES.get(document.content_type, "application/octet-stream"),
    )
    return _guarded(answer, OWN_PDF if inline and document.content_type == formats.PDF else SANDBOX)


def respond_preview(document: Document, side: preview.Side, page: str = "1") -> HttpResponse:
    """The picture of a page. page: as it stands in an address. Raises preview.NoPreview or FileNotFoundError."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 4 else 0
    return _guarded(HttpResponse(preview.preview(document, side, number), content_type=formats.JPEG), SANDBOX)


def _may_open(document: Document) -> bool:
    return document.content_type in formats.IMAGES or (document.made and document.content_type == formats.PDF)


def _guarded(answer: Answer, policy: str) -> Answer:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = policy
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
