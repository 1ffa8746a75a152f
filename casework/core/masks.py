"""Masks for pages and papers (domain §4.4). The scanner for full numbers stands in `scanner`."""
import unicodedata

from casework.core.scanner import find_private

__all__ = ["find_private", "mask_card", "mask_id", "mask_name", "mask_phone"]


def mask_name(name: str) -> str:
    """张* for two characters; first and last kept for three or more: 张*明, 欧**华."""
    signs = _signs(name.strip())
    if len(signs) < 2:
        return "*" * len(signs)
    if len(signs) == 2:
        return f"{signs[0]}*"
    return signs[0] + "*" * (len(signs) - 2) + signs[-1]


def _signs(name: str) -> list[str]:
    """The name sign by sign; a combining mark or variation selector stays with the sign it changes."""
    signs: list[str] = []
    for sign in name:
        if signs and unicodedata.category(sign).startswith("M"):
            signs[-1] += sign
        else:
            signs.append(sign)
    return signs


def mask_id(number: str) -> str:
    """610825********0018."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


def mask_card(number: str) -> str:
    """****0016."""
    return f"****{number[-4:]}" if number else ""


def mask_phone(number: str) -> str:
    """139****1234; a landline keeps its last three digits."""
    if len(number) == 11 and number.isdigit():
        return f"{number[:3]}****{number[-4:]}"
    return f"****{number[-3:]}" if number else ""
