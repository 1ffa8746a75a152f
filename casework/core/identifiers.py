"""Validators of domain §4.1. Each takes what was typed and returns the normalised value and a list of problems; a
warning may be confirmed. Full-width signs and spaces are forgiven."""

import re
import unicodedata
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from casework.core.problems import Problem, Words

Checked = tuple[str, list[Problem]]
CREDIT_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OLDEST_BIRTH: Final = 1850
_ID: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CREDIT: Final = re.compile(rf"[{CREDIT_SIGNS}]{{2}}[0-9]{{6}}[{CREDIT_SIGNS}]{{10}}")
_ICD: Final = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Za-z+*]{1,8})?")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?")
_MIDDLE_DOTS: Final = str.maketrans(dict.fromkeys("•・‧∙⋅･", "·"))
_NAME_SIGNS: Final = frozenset("·-'’. ")
# Marks that turn the direction of reading, or hide: 138 could be shown as 831.
_TURNING: Final = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def has_forbidden(text: str, *, lines: bool = False) -> bool:
    """Does the text hold NUL, control characters, lone surrogates or marks that turn the direction of reading?
    lines: line ends and tabs are allowed."""
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in ("Cs", "Zl", "Zp") or sign in _TURNING or (kind == "Cc" and not (lines and sign in "\n\r\t")):
            return True
    return False


def _tidy(value: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value))


def _wrong(value: str, code: str, message: Words, mend: Words, *, warning: bool = False) -> Checked:
    return value, [Problem(code, message, mend=mend, warning=warning)]


def resident_id(value: str, today: date) -> Checked:
    """A resident ID number (GB 11643): 18 characters, a real birth date not in the future, a right check digit.

    The area code need not exist today, and 8… and 9… are cards of residents from elsewhere.
    """
    number = _tidy(value).upper()
    if not _ID.fullmatch(number):
        return _wrong(
            number,
            "ID_SHAPE",
            _("An ID number has 18 characters: 17 digits, then a digit or X."),
            _("Copy it from the ID card without spaces."),
        )
    try:
        born = birth_of(number)
    except ValueError:
        born = None
    if born is None or born.year < OLDEST_BIRTH:
        return _wrong(
            number,
            "ID_DATE",
            _("Digits 7 to 14 are not a real date."),
            _("Compare the birth date in the number with the card."),
        )
    if born > today:
        return _wrong(
            number, "ID_FUTURE", _("The birth date in the number lies in the future."), _("Check digits 7 to 14.")
        )
    if id_check(number[:17]) != number[17]:
        return _wrong(
            number,
            "ID_CHECK_DIGIT",
            _("The last character does not fit the others: a digit was mistyped."),
            _("Compare the number with the card digit by digit."),
        )
    return number, []


def birth_of(number: str) -> date:
    """Birth date of an 18-character ID number. Raises ValueError."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def id_check(body: str) -> str:
    """The check character that ends an ID number whose first 17 digits are given."""
    return str(mod_11_2.calc_check_digit(body))


def credit_check(body: str) -> str:
    """The check character that ends a credit code whose first 17 characters are given: weights 3^(i-1) mod 31."""
    total = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return CREDIT_SIGNS[-total % 31]


def is_credit_code(code: str) -> bool:
    """Is this, as it stands, a credit code with a right check character?"""
    return bool(_CREDIT.fullmatch(code)) and credit_check(code[:17]) == code[17]


def credit_code(value: str) -> Checked:
    """A unified social credit code (GB 32100)."""
    code = _tidy(value).upper()
    if not _CREDIT.fullmatch(code):
        return _wrong(
            code,
            "CREDIT_SHAPE",
            _("A credit code has 18 characters: digits and capitals without I, O, S, V, Z."),
            _("Copy it from the certificate."),
        )
    if not is_credit_code(code):
        return _wrong(
            code,
            "CREDIT_CHECK",
            _("The last character does not fit the others: one was mistyped."),
            _("Compare the code with the certificate."),
        )
    return code, []


def bank_card(value: str) -> Checked:
    """A card number: 12 to 19 digits. A wrong Luhn digit is only a warning: passbooks and some old cards fail it."""
    number = _tidy(value).replace("-", "")
    if not re.fullmatch(r"[0-9]{12,19}", number):
        return _wrong(
            number, "CARD_SHAPE", _("A card number has 12 to 19 digits."), _("Copy it from the front of the card.")
        )
    if not luhn.is_valid(number):
        return _wrong(
            number,
            "CARD_LUHN",
            _("This does not look like a card number."),
            _("Compare it with the card; passbook numbers may be right all the same."),
            warning=True,
        )
    return number, []


def phone(value: str) -> Checked:
    """A mobile or landline number."""
    number = _tidy(value).removeprefix("+86")
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return number, []
    return _wrong(
        number,
        "PHONE",
        _("This is not a phone number."),
        _("Enter 11 digits of a mobile, or a landline with its area code, such as 0914-2388888."),
    )


def region(value: str) -> Checked:
    """A region code: six digits (GB/T 2260). Old divisions stay valid, so no list is asked."""
    code = _tidy(value)
    if re.fullmatch(r"[1-9][0-9]{5}", code):
        return code, []
    return _wrong(code, "REGION", _("A region code has six digits."), _("Choose the place from the list."))


def person_name(value: str) -> Checked:
    """2 to 50 characters. Rare characters, also outside the BMP, and the middle dot of minority names are welcome;
    characters are kept as they were typed, only dots and spaces are unified."""
    name = re.sub(r"[ \u3000\xa0]+", " ", value.strip()).translate(_MIDDLE_DOTS)
    only_signs = bool(name) and _NAME_SIGNS.issuperset(name)
    if only_signs or not all(_fits_name(sign) for sign in name) or has_forbidden(name):
        return _wrong(
            name, "NAME_SIGNS", _("A name holds no digits or special signs."), _("Enter the name as on the ID card.")
        )
    if not 2 <= len(name) <= 50:
        return _wrong(
            name, "NAME_LENGTH", _("A name has 2 to 50 characters."), _("Enter the full name as on the ID card.")
        )
    return name, []


def same_name(one: str, other: str) -> bool:
    """Is it the same name, but for spaces, middle dots, full-width signs and capitals? Banks write these as they like
    (domain §4.1). An empty name is nobody's."""
    return bool(_bare_name(one)) and _bare_name(one) == _bare_name(other)


def _bare_name(name: str) -> str:
    dots = name.translate(_MIDDLE_DOTS)
    return re.sub(r"[\s·.]", "", unicodedata.normalize("NFKC", dots)).casefold()


def _fits_name(sign: str) -> bool:
    """Letters and their marks; private-use signs of older fonts; CJK planes younger than this Python's tables."""
    kind = unicodedata.category(sign)
    if kind == "Cn":
        return 0x20000 <= ord(sign) <= 0x3FFFD
    return kind[0] in "LM" or kind == "Co" or sign in _NAME_SIGNS or sign == "〇"


def icd10(value: str) -> Checked:
    """An ICD-10 code of a diagnosis."""
    code = _tidy(value)
    code = code[:1].upper() + code[1:]
    if _ICD.fullmatch(code):
        return code, []
    return _wrong(code, "ICD", _("A diagnosis code looks like C34.9."), _("Copy it from the diagnosis certificate."))
