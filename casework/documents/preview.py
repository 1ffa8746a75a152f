"""Pictures of uploaded papers, a photo or a page of a PDF: made once by the limited child, kept beside the files."""
import os
import secrets
from enum import IntEnum
from pathlib import Path

from django.conf import settings

from casework.documents import formats, parsing, store
from casework.documents.models import Document


class NoPreview(Exception):
    """The paper, or the page asked for, cannot be drawn: an OFD is opened by its reader."""


class Side(IntEnum):
    """How long the longer side of a picture may be, in points."""

    SMALL = 192  # beside the name of a file
    LARGE = 1600  # to be read: the print of a settlement sheet is about 1/200 of its height


def preview(document: Document, side: Side, page: int = 1) -> bytes:
    """A JPEG of one page. page: 1 for the first. Raises NoPreview, or FileNotFoundError when the file is gone."""
    if document.content_type not in formats.SHOWN or not 1 <= page <= document.pages:
        raise NoPreview(document.content_type, page)
    kept = _place(document.sha256, side, page)
    if not kept.exists():
        _make(document, side, page, kept)
    return kept.read_bytes()


def _place(sha256: str, side: Side, page: int) -> Path:
    return Path(settings.FILES_DIR) / "previews" / sha256[:2] / f"{sha256[2:]}-{page}-{side}.jpg"


def _make(document: Document, side: Side, page: int, kept: Path) -> None:
    source = store.path_of(document.sha256)
    if not source.exists():
        raise FileNotFoundError(source.name)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    draft = kept.with_name(f"{secrets.token_hex(8)}.tmp")
    try:
        parsing.run("preview", document.content_type, source, draft, side, page)
        os.replace(draft, kept)
    except parsing.Unreadable as error:
        raise NoPreview(document.content_type, page) from error
    finally:
        draft.unlink(missing_ok=True)
