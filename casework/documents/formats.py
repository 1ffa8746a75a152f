"""Which files may be uploaded, how they are told apart, and how we call those that may not (domain §4.1)."""
from typing import NamedTuple

import puremagic
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Words

JPEG, PNG, PDF, OFD = "image/jpeg", "image/png", "application/pdf", "application/ofd"
SUFFIXES = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", OFD: ".ofd"}
IMAGES = frozenset({JPEG, PNG})
SHOWN = frozenset({JPEG, PNG, PDF})  # kinds whose pages can be drawn as pictures; an OFD is opened by its reader
# What a file field offers in the chooser of the browser; phones then turn HEIC into JPEG by themselves.
ACCEPT = ".jpg,.jpeg,.png,.pdf,.ofd,image/jpeg,image/png,application/pdf"
HEAD_BYTES = 4096


class Foreign(NamedTuple):
    """A kind of file we know and do not take: its name, and what the person can do instead."""

    name: Words
    mend: Words


_PRINT = _("Open it and save or print it as a PDF, then upload the PDF.")
_PHOTO = _("Take a photo of the paper, or save the picture as JPG.")
FOREIGN = {
    "heic": Foreign(
        _("a HEIC photo"), _("Send a screenshot of the photo, or set the camera to “Most compatible” (JPG).")
    ),
    "webp": Foreign(_("a WebP picture"), _PHOTO),
    "gif": Foreign(_("a GIF picture"), _PHOTO),
    "bmp": Foreign(_("a BMP picture"), _PHOTO),
    "tiff": Foreign(_("a TIFF picture"), _PHOTO),
    "svg": Foreign(_("an SVG drawing"), _PHOTO),
    "word": Foreign(_("an Office document"), _PRINT),
    "html": Foreign(_("a web page"), _PRINT),
    "archive": Foreign(_("a compressed archive"), _("Unpack it and upload the papers one by one.")),
    "program": Foreign(_("a program"), _("Choose the photo or PDF of the paper.")),
    "video": Foreign(_("a video or sound"), _("Upload a photo of the paper instead.")),
}
_HEADS = (
    (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF), (b"GIF8", "gif"), (b"BM", "bmp"),
    (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"), (b"\xd0\xcf\x11\xe0", "word"), (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"), (b"\xfd7zXZ", "archive"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"#!", "program"), (b"\xca\xfe\xba\xbe", "program"),
    (b"ID3", "video"), (b"OggS", "video"), (b"\x1aE\xdf\xa3", "video"),
)
_WORD_PARTS = (b"word/", b"xl/", b"ppt/", b"[Content_Types].xml", b"opendocument")


def recognise(head: bytes) -> str:
    """One of the types we take, a key of FOREIGN, or "" for neither. head: the first HEAD_BYTES of the file.

    Our own types must begin at the very first byte, and puremagic must see the same type: a file that is two things
    at once is neither.
    """
    own = next((kind for start, kind in _HEADS if head.startswith(start)), "") or _by_content(head)
    if own in (JPEG, PNG, PDF) and own not in _second_opinion(head):
        return ""
    return own


def _second_opinion(head: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _by_content(head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        if b"OFD.xml" in head or b"Doc_0/" in head:
            return OFD
        return "word" if any(part in head for part in _WORD_PARTS) else "archive"
    if head[:4] == b"RIFF":
        return "webp" if head[8:12] == b"WEBP" else "video"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"heif", b"avif") else "video"
    text = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "svg"
    return "html" if text.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")) else ""
