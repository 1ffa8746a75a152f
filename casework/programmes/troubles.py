"""Rules that could not be worked out, for people to mend: which rule, which number, since when, for which case."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from casework.core.pile import Pile
from casework.core.text import Text
from casework.programmes.models import RuleTrouble
from casework.programmes.rules import RuleFault


def note(
    case: UUID, number: str, organisation: int, programme: int, rule: str, fault: RuleFault, now: datetime
) -> RuleTrouble:
    """Keep the trouble of a case, one open row each: a later one tells what is wrong now, the beginning stays."""
    row, _made = RuleTrouble.objects.update_or_create(
        case=case, mended_at=None,
        defaults={
            "rule": rule, "place": fault.where[:200], "what": fault.what._asdict(), "mend": fault.mend._asdict(),
            "programme_id": programme,
        },
        create_defaults={
            "case": case, "mended_at": None, "number": number, "organisation_id": organisation, "since": now,
            "programme_id": programme, "rule": rule, "place": fault.where[:200], "what": fault.what._asdict(),
            "mend": fault.mend._asdict(),
        },
    )
    return row


def mend(case: UUID, now: datetime) -> bool:
    """The rules of the case could be worked out. False when there was no trouble."""
    return RuleTrouble.objects.filter(case=case, mended_at__isnull=True).update(mended_at=now) > 0


def mend_with(pile: Pile, case: UUID, now: datetime) -> None:
    """The same with the other rows of a decision."""
    pile.change(RuleTrouble, {"case": case, "mended_at": None}, mended_at=now)


def waiting(paths: Iterable[str]) -> QuerySet[RuleTrouble]:
    """Open troubles, newest first. paths: of the organisations one works for; theirs and everything below."""
    places = Q(pk__in=())
    for path in paths:
        places |= Q(organisation__path__startswith=path)
    rows = RuleTrouble.objects.filter(places, mended_at__isnull=True)
    return rows.select_related("programme", "organisation").order_by("-id")


def dealt_with(row: RuleTrouble, now: datetime) -> bool:
    """A person takes the row off the list. False when somebody was faster."""
    return mend(row.case, now)


def words_of(row: RuleTrouble) -> str:
    """What is wrong, where, and how to mend it, in the active language."""
    return f"{Text.of(row.what)} ({row.rule}: {row.place}). {Text.of(row.mend)}"
