"""Finds full ID, mobile and card numbers in a text that will be read by others (domain §4.4, promise P3).

Digits count however they are written: full-width, Chinese, split by spaces, dashes or dots. What is split must look
like the number it would be, so that amounts, dates, landlines and case numbers beside each other pass.
"""
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from casework.core.identifiers import is_credit_code

_CHINESE: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
# Public ids and hashes may hold long rows of digits and name nobody.
_OURS: Final = re.compile(r"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64})\b", re.IGNORECASE)
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])(?=\d*[A-WY])[0-9A-Y]{18}(?![0-9A-Za-z])")
_DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d{2}\s?[-./年]\s?[01]?\d\s?[-./月]\s?[0-3]?\d日?(?!\d)")
_GAP: Final = r"[\s\-‐‑‒–—―−_.·•~]{0,3}"
_RUN: Final = re.compile(rf"\d+(?:{_GAP}\d+)*(?:{_GAP}[Xx](?![A-Za-z]))?")
_GROUP: Final = re.compile(r"\d+[Xx]?|[Xx]")
MOBILE_LENGTH, ID_LENGTH, CARD_LEAST, CARD_MOST = 11, 18, 12, 19
# How people split a mobile and an ID number when they write it in groups.
_MOBILE_SPLITS: Final = {(3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (5, 6), (6, 5)}
_ID_SPLITS: Final = {(6, 8, 4), (6, 4, 4, 4), (4, 4, 4, 4, 2), (3, 3, 4, 4, 4), (6, 12), (14, 4), (17, 1), (6, 8, 3, 1)}


class _Window(NamedTuple):
    """Some neighbouring groups of digits. sizes: how many digits stand in each."""

    digits: str
    sizes: tuple[int, ...]

    @property
    def evenly(self) -> bool:
        """Split into equal parts, the last one perhaps shorter: digit by digit, in pairs, in fours."""
        return len(set(self.sizes[:-1])) == 1 and self.sizes[-1] <= self.sizes[0] and self.sizes[0] <= 4


def find_private(text: str) -> list[str]:
    """The numbers that may not be published, as bare digits in the order they stand; [] when the text is clean."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    plain = _DATE.sub(" # ", _OURS.sub(" # ", plain.translate(_CHINESE)))
    # The credit code of a union or company is public.
    plain = _CODE.sub(lambda code: " # " if is_credit_code(code.group()) else code.group(), plain)
    return [found for match in _RUN.finditer(plain) for found in _in_run(_GROUP.findall(match.group()))]


def _in_run(groups: list[str]) -> Iterator[str]:
    """Hits among neighbouring groups; digits of a hit are not looked at again."""
    first = 0
    while first < len(groups):
        window = next((found for found in _windows(groups[first:]) if _is_private(found)), None)
        if window is None:
            first += 1
        else:
            yield window.digits
            first += len(window.sizes)


def _windows(groups: list[str]) -> Iterator[_Window]:
    """Windows from the first group on, the longest first, none longer than a card number but the single group."""
    sizes = [len(group) for group in groups]
    last = 1
    while last < len(groups) and sum(sizes[: last + 1]) <= CARD_MOST:
        last += 1
    for end in range(last, 0, -1):
        yield _Window("".join(groups[:end]).upper(), tuple(sizes[:end]))


def _is_private(window: _Window) -> bool:
    if len(window.sizes) == 1:
        return _is_mobile(window.digits) or len(window.digits.rstrip("X")) >= CARD_LEAST
    return _is_split_mobile(window) or _is_split_id(window) or _is_split_card(window)


def _is_mobile(digits: str) -> bool:
    return len(digits) == MOBILE_LENGTH and digits.isdigit() and digits[0] == "1" and digits[1] >= "3"


def _is_split_mobile(window: _Window) -> bool:
    return _is_mobile(window.digits) and (window.evenly or window.sizes in _MOBILE_SPLITS)


def _is_split_id(window: _Window) -> bool:
    digits = window.digits
    if len(digits) != ID_LENGTH or not digits[:17].isdigit() or not _is_day(digits[6:14]):
        return False
    return window.evenly or window.sizes in _ID_SPLITS or bool(mod_11_2.is_valid(digits))


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1850
    except ValueError:
        return False


def _is_split_card(window: _Window) -> bool:
    """Cards begin with 3 to 9; in fours as embossed, or in a few long parts that pass Luhn."""
    digits = window.digits
    if not CARD_LEAST <= len(digits) <= CARD_MOST or not digits.isdigit() or digits[0] < "3":
        return False
    return window.evenly or (len(digits) >= 15 and max(window.sizes) >= 8 and bool(luhn.is_valid(digits)))
