"""Numbers and names that identify: resident ID, credit code, phone, card, diagnosis, region, name."""
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core import identifiers, masks
from casework.forms.kinds.base import TYPE_AGAIN, UNKEPT, Kind, Parsed, wrong
from casework.forms.spec import Field

Check = Callable[[str], identifiers.Checked]


def _parser(check: Check) -> Callable[[Any, Field, date], Parsed]:
    def parse(raw: Any, field: Field, today: date) -> Parsed:
        if not isinstance(raw, str) or len(raw) > 200:
            return wrong("TYPE", _("This must be text."))
        if identifiers.has_forbidden(raw.strip()):
            return wrong("SIGNS", UNKEPT, TYPE_AGAIN)
        return check(raw)

    return parse


def parse_id(raw: Any, field: Field, today: date) -> Parsed:
    """A resident ID number of somebody born by today."""
    return _parser(lambda text: identifiers.resident_id(text, today))(raw, field, today)


def _masked(mask: Callable[[str], str]) -> Callable[[Any, Field], str]:
    """Show through a mask; what is masked already stays as it is."""
    def show(value: Any, field: Field) -> str:
        text = str(value or "")
        return text if "*" in text else mask(text)

    return show


def _secret(key: str, parse: Callable[[Any, Field, date], Parsed], mask: Callable[[str], str], inputmode: str) -> Kind:
    return Kind(key, parse, "text", _masked(mask), sensitive=True, inputmode=inputmode, mask=mask)


KINDS = (
    _secret("resident_id", parse_id, masks.mask_id, "text"),
    _secret("phone", _parser(identifiers.phone), masks.mask_phone, "tel"),
    _secret("bank_card", _parser(identifiers.bank_card), masks.mask_card, "numeric"),
    _secret("icd", _parser(identifiers.icd10), lambda text: "***", "text"),
    Kind("credit_code", _parser(identifiers.credit_code)),
    Kind("region", _parser(identifiers.region), inputmode="numeric"),
    Kind("person_name", _parser(identifiers.person_name)),
)
