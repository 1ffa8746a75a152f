"""Small pictures of uploaded images, made once by the limited child and kept beside the files."""
import os
import secrets
from pathlib import Path

from django.conf import settings

from casework.documents import formats, parsing, store
from casework.documents.models import Document


class NoPreview(Exception):
    """Only pictures have a preview; a PDF or OFD is opened by its reader."""


def preview(document: Document) -> bytes:
    """A PNG of at most 640 points a side. Raises NoPreview, or FileNotFoundError when the file is gone."""
    if document.content_type not in formats.IMAGES:
        raise NoPreview(document.content_type)
    kept = _place(document.sha256)
    if not kept.exists():
        _make(document, kept)
    return kept.read_bytes()


def _place(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / "previews" / sha256[:2] / f"{sha256[2:]}.png"


def _make(document: Document, kept: Path) -> None:
    source = store.path_of(document.sha256)
    if not source.exists():
        raise FileNotFoundError(source.name)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    draft = kept.with_name(f"{secrets.token_hex(8)}.tmp")
    try:
        parsing.run("preview", document.content_type, source, draft)
        os.replace(draft, kept)
    except parsing.Unreadable as error:
        raise NoPreview(document.content_type) from error
    finally:
        draft.unlink(missing_ok=True)
