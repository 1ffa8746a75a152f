"""Keeping files: received from people or made by us, stored once under their SHA-256, row after file (promise I2)."""
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from casework.access.capacity import FOR_ONESELF, Under
from casework.access.models import User
from casework.core.problems import Problem, Refused, Words
from casework.documents import formats, names, parsing, scanner
from casework.documents.models import Document

if TYPE_CHECKING:
    from casework.cases.models import Case

BLOCK = 256 * 1024
SPARE_BYTES = 32 * 1024 * 1024  # the disk is called full before it is
FORGOTTEN = timedelta(days=1)


class Stored(tuple[str, int]):
    """(SHA-256 in hex, size in bytes) of a file that lies in the store."""

    __slots__ = ()


def receive(
    upload: UploadedFile, kind: str, owner: User, now: datetime, case: "Case | None" = None, *,
    under: Under = FOR_ONESELF,
) -> Document:
    """Take an uploaded file: bounded while it streams, recognised by its content, scanned, opened in a limited child,
    pictures re-encoded. kind: key of the paper list. under: the duty under which it is uploaded.
    The same file of the same owner in the same capacity is kept once.

    Raises Refused (422 with the reason in human words, 503 when the disk is full). Nothing remains of a refused file.
    """
    with _temporary() as (source, out):
        _copy(upload.chunks(BLOCK), source, upload.size)
        content_type = _recognised(source)
        scanner.scan(source)
        found = parsing.run("check", content_type, source, out)
        stored = _into_store(out)
    name = names.tidy(upload.name or "", formats.SUFFIXES[content_type])
    same = Document.objects.filter(
        owner=owner, kind=kind, sha256=stored[0], case=case, withdrawn_at__isnull=True, made=False, **under
    ).first()
    return same or Document.objects.create(
        case=case, owner=owner, kind=kind, name=name, content_type=content_type, size=stored[1],
        pages=int(found.get("pages", 1)), sha256=stored[0], uploaded_at=now, **under,
    )


def keep(
    data: bytes, kind: str, name: str, content_type: str, now: datetime, case: "Case | None" = None,
    owner: User | None = None, pages: int = 1,
) -> Document:
    """Store bytes that we made ourselves (a letter, a roster, a bank file); with an owner they count as the owner's.

    Raises Refused (503) when the disk is full.
    """
    with _temporary() as (source, _out):
        _copy([data], source, len(data), most=None)
        stored = _into_store(source)
    suffix = Path(name).suffix
    return Document.objects.create(
        case=case, owner=owner, kind=kind, name=names.tidy(name, suffix), content_type=content_type, size=stored[1],
        pages=pages, sha256=stored[0], uploaded_at=now, made=owner is None,
    )


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies: two letters of folder, the rest of the name."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:]


def open_file(document: Document) -> BinaryIO:
    """The file's bytes for reading. Raises FileNotFoundError when it is gone."""
    return path_of(document.sha256).open("rb")


def digest_ok(document: Document) -> bool:
    """Does the stored file still have the hash and size of its row? Raises FileNotFoundError when it is gone."""
    digest, size = hashlib.sha256(), 0
    with open_file(document) as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest() == document.sha256 and size == document.size


def sweep(now: datetime) -> int:
    """Remove what a killed process left in the temporary folder; returns how many files."""
    gone = 0
    for path in _temporary_folder().iterdir():
        try:
            if now.timestamp() - path.stat().st_mtime > FORGOTTEN.total_seconds():
                path.unlink()
                gone += 1
        except FileNotFoundError:  # its owner was faster
            continue
    return gone


def _temporary_folder() -> Path:
    folder = Path(settings.FILES_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def _temporary() -> Iterator[tuple[Path, Path]]:
    """Two names in the store's own file system, removed at the end whatever happened."""
    with _disk_words():
        handle, name = tempfile.mkstemp(prefix="in-", dir=_temporary_folder())
        os.close(handle)
        source = Path(name)
        out = source.with_name(source.name.replace("in-", "out-", 1))
        try:
            yield source, out
        finally:
            source.unlink(missing_ok=True)
            out.unlink(missing_ok=True)


@contextmanager
def _disk_words() -> Iterator[None]:
    """Turn a full or read-only disk into a refusal that says so."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        raise Refused([_no_room()], status=503) from error


def _no_room() -> Problem:
    return Problem(
        "FILE_NO_ROOM", _("The storage is full at the moment."),
        mend=_("Nothing you typed was lost. Please try again later."),
    )


def _copy(chunks: Iterable[bytes], target: Path, size: int | None, most: int | None = -1) -> None:
    """Write the chunks, stopping at the limit; what claims to be small is not believed."""
    most = settings.UPLOAD_MAX_BYTES if most == -1 else most
    if most is not None and size is not None and size > most:
        raise _too_large()
    if shutil.disk_usage(target.parent).free < (size or 0) * 2 + SPARE_BYTES:
        raise Refused([_no_room()], status=503)
    written = 0
    with target.open("wb") as file:
        for chunk in chunks:
            written += len(chunk)
            if most is not None and written > most:
                raise _too_large()
            file.write(chunk)
    if written == 0:
        mend = _("Choose it again; if it stays empty, take a new photo.")
        raise _refused("FILE_EMPTY", _("The file is empty."), mend)


def _too_large() -> Refused:
    most = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
    return _refused(
        "FILE_TOO_LARGE", _("The file is larger than %(most)s MB.") % {"most": most},
        _("Take the photo with a lower resolution, or split the PDF into parts."),
    )


def _refused(code: str, message: Words, mend: Words) -> Refused:
    return Refused([Problem(code, message, mend=mend)])


def _recognised(path: Path) -> str:
    with path.open("rb") as file:
        kind = formats.recognise(file.read(formats.HEAD_BYTES))
    if kind in formats.SUFFIXES:
        return kind
    if kind in formats.FOREIGN:
        foreign = formats.FOREIGN[kind]
        what = _("This is %(what)s, which cannot be used here.") % {"what": foreign.name}
        raise _refused("FILE_TYPE", what, foreign.mend)
    raise _refused(
        "FILE_TYPE", _("This is neither a photo (JPG, PNG) nor a PDF or OFD, whatever its name says."),
        _("Take a photo of the paper, or save it as a PDF."),
    )


def _into_store(path: Path) -> Stored:
    """Flush the file to the disk and rename it to its hash; the folder is flushed too before anybody is told."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb+") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
        os.fsync(file.fileno())
    path.chmod(0o440)
    target = path_of(digest.hexdigest())
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        _flush_folder(target.parent.parent)
    os.replace(path, target)
    _flush_folder(target.parent)
    return Stored((digest.hexdigest(), size))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
