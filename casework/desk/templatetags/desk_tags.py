"""Words and figures of the desk's pages. Load with {% load desk_tags %}."""
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import ngettext

from casework.access.models import Role
from casework.core import money
from casework.core.problems import Words
from casework.core.text import Text
from casework.desk import words
from casework.funds import returned
from casework.funds.models import Payment
from casework.papers import kinds
from casework.programmes import reasons

register = template.Library()


@register.filter
def line_words(line: Mapping[str, Any]) -> str:
    """What a line of a calculation is called."""
    return str(Text(str(line.get("zh", "")), str(line.get("en", ""))))


@register.filter
def line_value(line: Mapping[str, Any]) -> str:
    """Its figure, in its unit."""
    value = line.get("value")
    if not isinstance(value, int):
        return "—" if value is None else str(value)
    if line.get("unit") == "people":
        return ngettext("%(n)d person", "%(n)d persons", value) % {"n": value}
    return money.show(value) if line.get("unit", "fen") == "fen" else str(value)


@register.filter
def reason_words(code: str) -> str:
    """The words of a reason code or category."""
    return str(reasons.text_of(str(code))) if code else ""


@register.filter
def return_words(payment: Payment) -> str:
    """Why the bank sent a payment back, with what it wrote."""
    return returned.for_office(payment)


@register.filter
def role_words(role: str) -> Words:
    """A role key in words."""
    return Role(role).label if role in Role.values else role


@register.filter
def scope_words(scope: str) -> Words:
    """Where a public notice hangs."""
    return words.SCOPES.get(scope, scope)


@register.filter
def paper_words(kind: str) -> str:
    """The name of a letter."""
    return str(kinds.title(kind))


@register.filter
def posting_words(kind: str) -> Words:
    """The kind of a ledger posting."""
    return words.POSTINGS.get(kind, kind)


@register.filter
def pause_words(reason: str) -> Words:
    """Why a clock rests."""
    return words.pause_words(reason)


@register.filter
def signed_yuan(fen: int) -> str:
    """An entry of the ledger with its sign: +1,234.50 or −200.00."""
    return f"{'+' if fen >= 0 else '−'}{money.show(abs(int(fen)))}"


@register.filter
def place_part(place: str) -> str:
    """A dotted place, or the action of a move, as a part of an HTML id."""
    return place.replace(".", "-")


@register.filter
def batch_tone(state: str) -> str:
    """The colour of a batch's state."""
    tones = {"made": "amber", "checked": "blue", "exported": "blue", "reconciled": "green", "rejected": "red"}
    return tones.get(state, "grey")


@register.filter
def payment_tone(state: str) -> str:
    """The colour of a payment's state."""
    tones = {"paid": "green", "returned": "red", "outcome_unknown": "red", "exported": "blue", "batched": "amber"}
    return tones.get(state, "grey")
