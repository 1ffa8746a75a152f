"""Limits and years of keeping as one says them: "5 working days" for 5wd, "15 years" for 15y."""
import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LIMIT = re.compile(r"([0-9]{1,3}) ?(wd|个工作日|工作日|working days?|office days?|d|日|天|days?|)", re.IGNORECASE)
CALENDAR = ("d", "日", "天", "day", "days")
YEARS = re.compile(r"([0-9]{1,3}) ?(y|年|years?|)", re.IGNORECASE)
FOR_GOOD = ("permanent", "永久", "for good")


def limit_words(limit: str) -> str:
    """A limit of the language of services in words; what is none stays as it is."""
    found = re.fullmatch(r"([0-9]+)(wd|d)", limit)
    if found is None:
        return limit
    n = int(found[1])
    if found[2] == "wd":
        return ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def limit_of(text: str) -> str | None:
    """A typed limit as the language writes it, None where it is none; a bare number means office days."""
    found = LIMIT.fullmatch(text)
    return f"{found[1]}{'d' if found[2].lower() in CALENDAR else 'wd'}" if found else None


def years_words(kept: str) -> str:
    """How long a case is kept in words; what is no such time stays as it is."""
    if kept == FOR_GOOD[0]:
        return _("for good")
    found = re.fullmatch(r"([0-9]+)y", kept)
    return ngettext("%(n)d year", "%(n)d years", int(found[1])) % {"n": int(found[1])} if found else kept


def years_of(text: str) -> str | None:
    """Typed years as the language writes them, None where they are none."""
    if text.lower() in FOR_GOOD:
        return FOR_GOOD[0]
    found = YEARS.fullmatch(text)
    return f"{found[1]}y" if found else None
