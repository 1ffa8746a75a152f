"""File names as people typed them: kept for reading, never used as a path."""
import re
import unicodedata

from casework.core.scanner import find_private

MOST = 120
_UNWANTED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


def tidy(name: str, suffix: str) -> str:
    """The last part of a name without signs that steer anything, at most MOST characters, with the ending of its
    content."""
    last = re.split(r"[/\\]", str(name))[-1]
    plain = unicodedata.normalize("NFC", "".join(sign if _shown(sign) else "" for sign in last))
    plain = _UNWANTED.sub("_", plain).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or not ending.isalnum() or len(ending) > 5:
        stem = plain
    return (_without_numbers(stem[: MOST - len(suffix)]).strip(" .") or "file") + suffix


def _without_numbers(stem: str) -> str:
    """Offices read the name: an ID, phone or card number in it is starred out (promise A2)."""
    starred = re.sub(r"\d", "*", stem) if find_private(stem) else stem
    return "" if find_private(starred) else starred


def _shown(sign: str) -> bool:
    """False for control signs, marks that turn the direction of reading, lone surrogates and private signs."""
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
