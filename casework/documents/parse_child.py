"""The child process that opens an uploaded file for the first time, under limits of memory, time and size.

    python -I parse_child.py check TYPE IN OUT      what is found goes to stdout as one line of JSON
    python -I parse_child.py preview TYPE IN OUT SIDE PAGE

It imports nothing of ours and nothing but pillow, pikepdf or pypdfium2, so that a flaw in a parser meets an almost
empty process: no database, no keys, no settings. check writes the bytes to be kept to OUT: pictures re-encoded
without their metadata, other files unchanged.
"""
import json
import os
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

MEMORY_BYTES = 640 * 1024 * 1024  # of address space; what is really used stays under half of it
CPU_SECONDS = 20
OUT_BYTES = 40 * 1024 * 1024
SIDE_MOST, PIXELS_MOST = 20_000, 50_000_000
KEPT_SIDE = 5_000
COPIED_PIXELS = 25_000_000
STRIP_ROWS = 128
PDF_PAGES_MOST, PDF_OBJECTS_MOST, PDF_DEPTH_MOST = 300, 60_000, 60
PDF_POINTS_MOST = 14_400  # the longest side of a page that readers take: 200 inches
ZIP_ENTRIES_MOST, ZIP_BYTES_MOST, ZIP_RATIO_MOST = 2_000, 100 * 1024 * 1024, 100
OFD_SUFFIXES = (".xml", ".jpg", ".jpeg", ".png", ".jb2", ".ttf", ".otf", ".ttc", ".esl", ".dat", ".cef", "/")

ACTIVE_KEYS = {
    "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/RichMediaContent", "/RichMediaSettings", "/XFA", "/AA",
    "/Rendition", "/Collection",
}
ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView",
}
ACTIVE_SUBTYPES = {"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"}
# Seen in the bytes wherever they stand: also in parts that only another reader would find.
ACTIVE_BYTES = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|FileAttachment|GoToE|ImportData)\b")


class Bad(Exception):
    """The file is refused; the argument is the code."""


def limit() -> None:
    """Bound what this process may use, before any parser is loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUT_BYTES, OUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _open_image(kind: str, source: str) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS_MOST
    names = ["JPEG"] if kind == "image/jpeg" else ["PNG"]
    image = Image.open(source, formats=names)
    width, height = image.size
    if width < 1 or height < 1 or max(width, height) > SIDE_MOST or width * height > PIXELS_MOST:
        raise Bad("PIXELS")
    return image


def _upright(kind: str, source: str, side: int) -> Any:
    """The picture, decoded whole, turned as the camera meant it, no side longer than `side`."""
    from PIL import ImageOps

    with _open_image(kind, source) as checked:
        checked.verify()
    image = _open_image(kind, source)
    if kind == "image/jpeg":
        image.draft("RGB", (side, side))
    image.load()
    factor = _factor(image.size, side)
    if factor > 1:
        image = _shrunk(image, kind, factor)
    ImageOps.exif_transpose(image, in_place=True)
    image.thumbnail((side, side))
    return image


def _factor(size: tuple[int, int], side: int) -> int:
    """By which whole number a picture is made smaller before anything else needs a copy of it."""
    wide = max(size) // side
    return max(wide, 2 if size[0] * size[1] > COPIED_PIXELS else 1)


def _shrunk(image: Any, kind: str, factor: int) -> Any:
    """Made smaller in strips, so that the large picture is held only once."""
    from PIL import Image

    width, height = image.size
    small, step = None, factor * STRIP_ROWS
    for top in range(0, height, step):
        strip = _plain_mode(image.crop((0, top, width, min(top + step, height))), kind)
        strip = (strip.convert("L") if strip.mode == "1" else strip).reduce(factor)
        if small is None:
            small = Image.new(strip.mode, (-(-width // factor), -(-height // factor)))
            small.info = dict(image.info)
        small.paste(strip, (0, top // factor))
    return small


def _plain_mode(image: Any, kind: str) -> Any:
    if image.mode.startswith("I"):  # 16 bits a point: brought down to 8, for a plain conversion would only cut off
        return image.convert("I").point(lambda shade: shade * (1 / 257)).convert("L")
    if kind == "image/jpeg":
        return image if image.mode in ("L", "RGB") else image.convert("RGB")
    return image if image.mode in ("1", "L", "LA", "RGB", "RGBA") else image.convert("RGBA")


def _bare(image: Any) -> Any:
    """The same pixels in a new image that carries no metadata."""
    from PIL import Image

    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def check_image(kind: str, source: str, out: str) -> dict[str, Any]:
    """Decode every pixel and write a new file from them: no metadata, nothing before or after the picture."""
    image = _bare(_plain_mode(_upright(kind, source, KEPT_SIDE), kind))
    if kind == "image/jpeg":
        image.save(out, "JPEG", quality=88, optimize=False)
    else:
        image.save(out, "PNG", compress_level=6)
    return {"pages": 1, "width": image.width, "height": image.height}


def preview_image(kind: str, source: str, out: str, side: int, page: int) -> dict[str, Any]:
    """The picture, made smaller."""
    return _save_preview(_upright(kind, source, side), out)


def preview_pdf(kind: str, source: str, out: str, side: int, page: int) -> dict[str, Any]:
    """One page as a reader shows it, drawn without its forms: what has a script was refused when it came in."""
    import pypdfium2

    with pypdfium2.PdfDocument(source) as pdf:
        sheet = pdf[page - 1]
        longer = max(sheet.get_size())
        if not 1 <= longer <= PDF_POINTS_MOST:
            raise Bad("PIXELS")
        return _save_preview(sheet.render(scale=side / longer, may_draw_forms=False).to_pil(), out)


def _save_preview(image: Any, out: str) -> dict[str, Any]:
    """On white, for a JPEG knows no glass."""
    from PIL import Image

    if image.mode not in ("L", "RGB"):
        glass = image.convert("RGBA")
        image = Image.new("RGB", glass.size, "white")
        image.paste(glass, mask=glass.getchannel("A"))
    _bare(image).save(out, "JPEG", quality=82)
    return {"pages": 1, "width": image.width, "height": image.height}


def check_pdf(kind: str, source: str, out: str) -> dict[str, Any]:
    """A PDF that opens without a password and holds nothing that acts or hides. It is kept byte for byte, for
    electronic invoices are signed."""
    import pikepdf

    with open(source, "rb") as file:
        data = file.read()
    if ACTIVE_BYTES.search(data):
        raise Bad("PDF_ACTIVE")
    try:
        pdf = pikepdf.open(source)
    except pikepdf.PasswordError:
        raise Bad("ENCRYPTED") from None
    with pdf:
        if pdf.is_encrypted:
            raise Bad("ENCRYPTED")
        pages = len(pdf.pages)
        if not 1 <= pages <= PDF_PAGES_MOST:
            raise Bad("PDF_PAGES")
        _refuse_active(pdf)
    _write(out, data)
    return {"pages": pages}


def _refuse_active(pdf: Any) -> None:
    import pikepdf

    seen = 0
    for top in [pdf.trailer, *pdf.objects]:
        for item in _direct_parts(top, pikepdf):
            seen += 1
            if seen > PDF_OBJECTS_MOST:
                raise Bad("PDF_OBJECTS")
            if _acts(item):
                raise Bad("PDF_ACTIVE")


def _direct_parts(top: Any, pikepdf: Any) -> Iterator[Any]:
    """The dictionaries of one object, at any depth, without following references: each is met as its own object."""
    waiting = [(top, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > PDF_DEPTH_MOST:
            raise Bad("PDF_OBJECTS")
        if isinstance(item, pikepdf.Stream):
            item = item.stream_dict
        if isinstance(item, pikepdf.Dictionary):
            yield item
            children = [value for _key, value in item.items()]
        elif isinstance(item, pikepdf.Array):
            children = list(item)
        else:
            continue
        nested = (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)
        waiting += [(child, depth + 1) for child in children if isinstance(child, nested) and not child.is_indirect]


def _acts(item: Any) -> bool:
    if ACTIVE_KEYS & set(item.keys()):
        return True
    return str(item.get("/S", "")) in ACTIVE_ACTIONS or str(item.get("/Subtype", "")) in ACTIVE_SUBTYPES


def check_ofd(kind: str, source: str, out: str) -> dict[str, Any]:
    """An OFD (GB/T 33190): a zip of XML pages and pictures, never unpacked here beyond its first page list."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        if len(entries) > ZIP_ENTRIES_MOST or sum(entry.file_size for entry in entries) > ZIP_BYTES_MOST:
            raise Bad("BOMB")
        for entry in entries:
            _check_entry(entry)
        with archive.open("OFD.xml") as first:
            root = first.read(100_000)
        if b"<!" in root.replace(b"<!--", b"") or b"http://www.ofdspec.org" not in root:
            raise Bad("BROKEN")
        pages = sum(1 for entry in entries if re.search(r"/Page_\d+/Content\.xml$", entry.filename))
    with open(source, "rb") as file:
        _write(out, file.read())
    return {"pages": max(1, pages)}


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 1:
        raise Bad("ENCRYPTED")
    if entry.file_size > ZIP_RATIO_MOST * max(entry.compress_size, 1_000):
        raise Bad("BOMB")
    if name.startswith(("/", "\\")) or ".." in name.split("/") or not name.lower().endswith(OFD_SUFFIXES):
        raise Bad("OFD_PART")


def _write(out: str, data: bytes) -> None:
    with open(out, "wb") as file:
        file.write(data)


TASKS: dict[tuple[str, str], Callable[..., dict[str, Any]]] = {
    ("check", "image/jpeg"): check_image, ("check", "image/png"): check_image, ("check", "application/pdf"): check_pdf,
    ("check", "application/ofd"): check_ofd, ("preview", "image/jpeg"): preview_image,
    ("preview", "image/png"): preview_image, ("preview", "application/pdf"): preview_pdf,
}


def main(task: str, kind: str, source: str, out: str, *numbers: str) -> int:
    """Do one task and say what came of it."""
    limit()
    try:
        found = TASKS[task, kind](kind, source, out, *map(int, numbers))
    except Bad as bad:
        found = {"code": str(bad)}
    except MemoryError:
        found = {"code": "BOMB"}
    except RecursionError:
        found = {"code": "PDF_OBJECTS"}
    except Exception as error:  # whatever a parser says about a hostile file, the answer is no
        found = {"code": "PIXELS" if "DecompressionBomb" in type(error).__name__ else "BROKEN"}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    os._exit(code)  # no clean-up of a parser's memory can change the answer any more
