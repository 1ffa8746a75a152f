"""Reads the texts of the source and the Chinese beside them: what is missing, what is only guessed, what to compile."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
}
LANGUAGE = "zh_Hans"


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A text of the source: context ("" = none), text, file and line."""

    context: str
    text: str
    file: str
    line: int


def catalogues() -> list[Path]:
    """Every file of Chinese texts."""
    return sorted((settings.BASE_DIR / "locale").glob(f"*/{LANGUAGE}/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """One file of texts."""
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def compile_changed() -> list[Path]:
    """Make the .mo file of every .po file that is newer; return those made."""
    made = []
    for path in catalogues():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(path))
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(target)
        made.append(path)
    return made


def texts_of_source() -> Iterator[Place]:
    """Every text marked for translation in Python files and templates."""
    for path in sorted((settings.BASE_DIR / "casework").rglob("*.py")):
        yield from _texts(path, path.read_bytes())
    for path in sorted((settings.BASE_DIR / "templates").rglob("*")):
        if path.is_file() and path.suffix in {".html", ".txt", ".csv"}:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # Only the calls matter; the rest of a template's outline would confuse Python's reader of indentation.
            yield from _texts(path, "\n".join(line.strip() for line in code.splitlines()).encode())


def _texts(path: Path, code: bytes) -> Iterator[Place]:
    name = str(path.relative_to(settings.BASE_DIR))
    for line, found, _comments, context in extract("python", io.BytesIO(code), keywords=KEYWORDS):
        text = found if isinstance(found, str) else found[0]
        if text:
            yield Place(context or "", text, name, line)


def missing() -> list[Place]:
    """Texts of the source without Chinese, each once."""
    known = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for path in catalogues()
        for message in read(path)
        if message.id and message.string and not message.fuzzy and _filled(message.string)
    }
    first: dict[tuple[str, str], Place] = {}
    for place in texts_of_source():
        if (place.context, place.text) not in known:
            first.setdefault((place.context, place.text), place)
    return sorted(first.values(), key=lambda place: (place.file, place.line))


def fuzzy() -> list[str]:
    """Texts whose Chinese is marked as a guess."""
    return [
        f"{path.parts[-4]}: {message.id}"
        for path in catalogues()
        for message in read(path)
        if message.fuzzy and message.id
    ]


def clashes() -> list[str]:
    """Texts that two parts translate differently: which one is shown would be chance."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    found = []
    for path in catalogues():
        for message in read(path):
            if not message.id or not isinstance(message.id, str):
                continue
            key, part, chinese = (message.context or "", message.id), path.parts[-4], str(message.string)
            other = seen.setdefault(key, (part, chinese))
            if other[1] != chinese:
                found.append(f"{message.id!r}: {other[0]} {other[1]!r}, {part} {chinese!r}")
    return found


def _filled(string: str | tuple[str, ...] | list[str]) -> bool:
    return bool(string) if isinstance(string, str) else all(string)
