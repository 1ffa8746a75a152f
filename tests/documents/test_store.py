"""Keeping files: once a hash, row after file, words when the disk is full, small pictures, and how they are served."""

import datetime as dt
import io
import os
import shutil
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, HttpRequest
from django.test import RequestFactory
from PIL import Image

from casework.access.models import User
from casework.core.problems import Refused
from casework.documents import preview, serve, store
from casework.documents.models import Document
from casework.documents.preview import Side
from casework.documents.uploads import TooLargeFile
from tests.documents import samples
from tests.documents.conftest import Receive, files_in, kept

Usage = namedtuple("Usage", "total used free")


def test_a_picture_is_kept_without_what_it_knew(receive: Receive, folder: Path) -> None:
    document = receive(samples.exif_jpeg(), "证件.jpg")
    with Image.open(store.path_of(document.sha256)) as image:
        assert image.format == "JPEG" and not dict(image.getexif()) and image.size == (40, 30)
    assert store.path_of(document.sha256).stat().st_mode & 0o777 == 0o440, "nobody writes into a kept file"
    assert (document.made, document.pages, document.kind) == (False, 1, "id_card")


def test_a_photo_is_turned_as_the_camera_meant_it(receive: Receive) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    document = receive(samples.jpeg(exif=exif))
    with Image.open(store.path_of(document.sha256)) as image:
        assert image.size == (30, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_large_scans_are_made_smaller_whatever_their_colours(receive: Receive, mode: str) -> None:
    """Strip by strip, with the same picture at the end: its right half is light, its left half dark."""
    plain = Image.new("L", (6000, 4400), 10)
    plain.paste(240, (3000, 0, 6000, 4400))
    exif = Image.Exif()
    exif[0x0112] = 3
    out = io.BytesIO()
    wide = plain.convert("I").point(lambda shade: shade * 257).convert(mode) if mode == "I;16" else plain.convert(mode)
    wide.save(out, "PNG", exif=exif, compress_level=1)
    document = receive(out.getvalue(), "a.png")
    with Image.open(store.path_of(document.sha256)) as image:
        assert image.size == (3000, 2200)
        halves = [image.convert("L").getpixel((x, y)) for x in (500, 2500) for y in (0, 1100, 2199)]
    assert min(halves[:3]) > 170 > 60 > max(halves[3:]), "and it was turned by half"


def test_a_pdf_is_kept_byte_for_byte(receive: Receive, folder: Path) -> None:
    """Electronic invoices are signed: one byte changed and the signature is worth nothing."""
    data = samples.pdf(pages=3)
    document = receive(data, "发票.pdf")
    assert kept(folder, document) == data and document.pages == 3
    invoice = samples.ofd()
    document = receive(invoice, "发票.ofd")
    assert kept(folder, document) == invoice and document.content_type == "application/ofd"


def test_the_same_file_twice_is_one(receive: Receive, folder: Path, db: None) -> None:
    first, again = receive(samples.pdf(), "a.pdf"), receive(samples.pdf(), "b.pdf")
    assert first.pk == again.pk
    other = User.objects.create(username="other")
    theirs = receive(samples.pdf(), "a.pdf", who=other)
    assert theirs.pk != first.pk and theirs.sha256 == first.sha256 and len(files_in(folder)) == 1
    assert receive(samples.pdf(), "a.pdf", kind="income_proof").pk != first.pk


def test_a_file_taken_back_is_not_found_again(receive: Receive, moment: dt.datetime) -> None:
    first = receive(samples.pdf())
    Document.objects.filter(pk=first.pk).update(withdrawn_at=moment)
    assert receive(samples.pdf()).pk != first.pk


def test_a_full_disk_is_said_in_words(receive: Receive, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 1_000_000))
    with pytest.raises(Refused) as refused:
        receive(samples.jpeg())
    assert (refused.value.status, refused.value.problems[0].code) == (503, "FILE_NO_ROOM")
    assert not files_in(folder)


@pytest.mark.parametrize("error", [28, 122, 30])
def test_a_disk_that_fills_up_meanwhile(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, folder: Path, error: int
) -> None:
    def fails(*args: Any) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Refused) as refused:
        receive(samples.jpeg())
    assert refused.value.status == 503 and not files_in(folder) and not Document.objects.exists()


def test_the_file_is_flushed_before_its_row_is_written(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    flush, create = os.fsync, Document.objects.create
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("flush"), flush(handle))[1])
    monkeypatch.setattr(Document.objects, "create", lambda **row: (order.append("row"), create(**row))[1])
    receive(samples.jpeg())
    assert order[-1] == "row" and order.count("flush") >= 2


def test_a_changed_or_missing_file_is_noticed(receive: Receive) -> None:
    document = receive(samples.pdf())
    assert store.digest_ok(document)
    path = store.path_of(document.sha256)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    assert not store.digest_ok(document)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        store.digest_ok(document)


def test_what_we_made_is_kept_as_made(db: None, moment: dt.datetime, folder: Path, owner: User) -> None:
    made = store.keep(b"%PDF-1.7 letter", "letter", "../通知书.pdf", "application/pdf", moment, pages=2)
    assert (made.made, made.owner, made.name, made.pages) == (True, None, "通知书.pdf", 2)
    assert kept(folder, made) == b"%PDF-1.7 letter"
    assert not store.keep(b"x", "photo", "a.jpg", "image/jpeg", moment, owner=owner).made


def test_leftovers_of_a_killed_process_are_swept(receive: Receive, folder: Path, moment: dt.datetime) -> None:
    receive(samples.jpeg())
    for name, age in (("in-old", 2 * 86400), ("in-new", 60)):
        path = folder / "tmp" / name
        path.write_bytes(b"x")
        then = moment.timestamp() - age
        os.utime(path, (then, then))
    assert store.sweep(moment) == 1
    assert [path.name for path in (folder / "tmp").iterdir()] == ["in-new"]


# Pictures of papers


def test_a_picture_of_a_photo_is_made_once_for_each_side(receive: Receive, folder: Path) -> None:
    document = receive(samples.jpeg((2000, 1000)))
    first = preview.preview(document, Side.SMALL)
    made = [path for path in files_in(folder) if "previews" in path.parts]
    assert len(made) == 1 and not made[0].name.endswith(".tmp")
    with Image.open(made[0]) as image:
        assert (image.format, image.size) == ("JPEG", (192, 96))
    before = made[0].stat().st_mtime_ns
    time.sleep(0.01)
    assert preview.preview(document, Side.SMALL) == first and made[0].stat().st_mtime_ns == before
    assert drawn(document, Side.LARGE).size == (1600, 800)


def drawn(document: Document, side: Side, page: int = 1) -> Image.Image:
    """The picture of a page, decoded."""
    return Image.open(io.BytesIO(preview.preview(document, side, page)))


def test_a_picture_with_glass_lies_on_white(receive: Receive) -> None:
    assert drawn(receive(samples.png(mode="RGBA")), Side.LARGE).getpixel((5, 5)) == (255, 255, 255)


def test_each_page_of_a_pdf_is_drawn(receive: Receive) -> None:
    document = receive(samples.pdf(_a_bar_on_each_page, pages=3), "发票.pdf")
    for page, dark in ((1, 0.25), (2, 0.5), (3, 0.75)):
        image = drawn(document, Side.LARGE, page).convert("L")
        assert max(image.size) == 1600
        black = sum(1 for shade in image.resize((100, 100)).tobytes() if shade < 128) / 10_000
        assert abs(black - dark) < 0.03, f"page {page}"


def _a_bar_on_each_page(pdf: pikepdf.Pdf) -> None:
    """A black bar over a quarter, a half, three quarters of the page."""
    for number, page in enumerate(pdf.pages, start=1):
        _left, _low, wide, high = (float(side) for side in page.mediabox)
        page.Contents = pdf.make_stream(f"0 g 0 0 {wide * number / 4} {high} re f".encode())


def test_papers_and_pages_without_a_picture(receive: Receive) -> None:
    with pytest.raises(preview.NoPreview):
        preview.preview(receive(samples.ofd(), "a.ofd"), Side.SMALL)
    two = receive(samples.pdf(pages=2), "a.pdf")
    for page in (0, -1, 3):
        with pytest.raises(preview.NoPreview):
            preview.preview(two, Side.LARGE, page)
    gone = receive(samples.png())
    store.path_of(gone.sha256).unlink()
    with pytest.raises(FileNotFoundError):
        preview.preview(gone, Side.SMALL)


@pytest.mark.parametrize(("data", "name"), [(samples.png(), "a.png"), (samples.pdf(), "a.pdf")])
def test_a_kept_paper_that_broke_has_none(receive: Receive, folder: Path, data: bytes, name: str) -> None:
    document = receive(data, name)
    path = store.path_of(document.sha256)
    path.chmod(0o640)
    path.write_bytes(data[:8] + b"\nbroken")
    with pytest.raises(preview.NoPreview):
        preview.preview(document, Side.LARGE)
    assert not [path for path in files_in(folder) if "previews" in path.parts]


# Serving


@pytest.mark.promise("I2")
@pytest.mark.parametrize(
    ("data", "name", "download", "kind", "shown"),
    [
        (samples.jpeg(), "照片.jpg", False, "image/jpeg", "inline"),
        (samples.jpeg(), "照片.jpg", True, "image/jpeg", "attachment"),
        (samples.png(), "a.png", False, "image/png", "inline"),
        (samples.pdf(), "a.pdf", False, "application/pdf", "attachment"),
        (samples.ofd(), "a.ofd", False, "application/ofd", "attachment"),
    ],
)
def test_uploads_leave_with_their_own_type_and_in_a_sandbox(
    receive: Receive, data: bytes, name: str, download: bool, kind: str, shown: str
) -> None:
    document = receive(data, name)
    answer = serve.respond(document, download=download)
    assert b"".join(answer.streaming_content) == store.path_of(document.sha256).read_bytes()  # type: ignore[arg-type]
    assert answer["Content-Type"] == kind and answer["Content-Disposition"].startswith(shown)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store" and answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.promise("I2")
def test_only_letters_of_our_own_open_in_the_browser(db: None, moment: dt.datetime, owner: User) -> None:
    letter = store.keep(b"%PDF-1.7", "letter", "a.pdf", "application/pdf", moment)
    answer = serve.respond(letter, download=False)
    policy = answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in policy and "script-src" not in policy and "sandbox" not in policy
    _close(answer)
    for kind in ("text/html", "image/svg+xml", "application/javascript", "text/xml"):
        odd = store.keep(samples.HTML, "odd", "a.html", kind, moment)
        answer = serve.respond(odd, download=False)
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        _close(answer)


def _close(answer: FileResponse) -> None:
    """Only the file: closing the answer would end the test's connection."""
    answer.file_to_stream.close()  # type: ignore[attr-defined]


@pytest.mark.promise("I2")
def test_small_pictures_leave_guarded_too(receive: Receive) -> None:
    document = receive(samples.jpeg())
    answer = serve.respond_preview(document, Side.SMALL)
    for odd in ("0", "2", "-1", "1.0", "٣", "", "99999999"):
        with pytest.raises(preview.NoPreview):
            serve.respond_preview(document, Side.SMALL, odd)
    assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


# Requests


def posted(size: int, **more: Any) -> HttpRequest:
    """A page with a file of so many bytes and a field beside it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {"name": "张三", "file": SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff" + b"\0" * (size - 3))}
    return RequestFactory().post("/", data, **more)


def test_a_large_file_is_cut_off_and_the_rest_of_the_form_survives(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    request = posted(150_000)
    given = request.FILES["file"]
    assert request.POST["name"] == "张三"
    assert isinstance(given, TooLargeFile) and given.size == 150_000 and given.read() == b""
    fits = posted(100_000).FILES["file"]
    assert not isinstance(fits, TooLargeFile) and fits.size == 100_000
    assert hasattr(fits, "temporary_file_path"), "never held in memory"


def test_a_request_that_cannot_be_meant_is_refused_unread(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    with pytest.raises(RequestDataTooBig):
        _ = posted(5000).FILES
    assert posted(2500).FILES["file"].size == 2500
