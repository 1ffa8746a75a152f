"""Vacancies of the register: which are open, what they say, how many posts are left, and which fit a seeker
(domain §5.3)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from casework.cases.models import Answers, Case, State
from casework.registers import entries
from casework.registers.models import Entry
from casework.workflows.models import QueuedCommand, Referral, Task
from casework.workflows.turn import Turn

REGISTER = "vacancy"
MOST = 50


class Vacancy(NamedTuple):
    """One vacancy as it is told. told: the answers of the employer, without personal data. left: posts still free."""

    entry: Entry
    told: dict[str, Any]
    left: int


# What of the employer's form anybody may read; his contact is for the office alone.
PUBLIC = ("employer", "uscc", "post", "occupation", "headcount", "wage_min", "wage_max", "place", "requirements",
          "insurance", "lodging", "valid_to")


def open_on(day: date) -> QuerySet[Entry]:
    """Vacancies that are published on a day: entered, not past their last day, not taken off."""
    return entries.in_force(REGISTER, day).filter(source_case__state=State.SETTLED)


def tell(rows: Iterable[Entry]) -> list[Vacancy]:
    """The words of entries, in their order. Two queries, however many there are."""
    found = list(rows)
    cases = [row.source_case_id for row in found if row.source_case_id is not None]
    answers = Answers.objects.filter(case_id__in=cases, form="application")
    texts: dict[int | None, dict[str, Any]] = {row.case_id: row.shown for row in answers}
    hired = dict(
        Referral.objects.filter(vacancy__in=found, result="hired").values_list("vacancy").annotate(n=Count("id"))
    )
    return [
        Vacancy(
            row, {key: texts.get(row.source_case_id, {}).get(key) for key in PUBLIC},
            max(0, int(row.data["headcount"]) - hired.get(row.pk, 0)),
        )
        for row in found
    ]


def fitting(case: Case, day: date) -> list[Vacancy]:
    """Vacancies of the seeker's city that offer a wanted kind of work at the wanted wage, with lodging where it is
    wanted, and to which he was not referred before; those that end first come first."""
    facts = case.facts
    rows = open_on(day).filter(
        organisation__path__startswith=(case.city or case.organisation).path,
        data__occupation__in=list(facts.get("wanted") or []), data__wage_max__gte=int(facts.get("wage_min") or 0),
    )
    if facts.get("lodging"):
        rows = rows.filter(data__lodging=True)
    known = Referral.objects.filter(case=case).values("vacancy_id")
    listed = rows.exclude(pk__in=known).select_related("organisation").order_by("valid_to", "id")[:MOST]
    return [vacancy for vacancy in tell(listed) if vacancy.left]


def words(vacancy: Vacancy) -> str:
    """A vacancy in one line."""
    told = vacancy.told
    return f"{told['post']} · {told['employer']} · {told['place']} · {vacancy.entry.number}"


def referred(case: Case) -> list[Referral]:
    """Referrals of a seeker whose result is not known yet."""
    rows = Referral.objects.filter(case=case, result="").select_related("vacancy__organisation", "vacancy__source_case")
    return list(rows.order_by("id"))


def count(case: Case, **wanted: Any) -> int:
    """How many referrals of a seeker there are, or had this result."""
    return Referral.objects.filter(case=case, **wanted).count()


def free(entry_id: int) -> int:
    """Posts of a vacancy that are left; its row is locked, so that of two hires at once the second sees the first."""
    entry = Entry.objects.select_for_update().get(pk=entry_id)
    return tell([entry])[0].left


def close(turn: Turn, referral: int, result: str, reason: str = "") -> None:
    """The result of a referral is known. The hire that fills the last post takes the vacancy off its list."""
    row = Referral.objects.select_related("vacancy__source_case").get(pk=referral)
    row.result, row.reason, row.closed_on = result, reason, turn.today
    row.save(update_fields=["result", "reason", "closed_on"])
    if result == "hired" and not tell([row.vacancy])[0].left:
        _full(turn, row.vacancy)


def _full(turn: Turn, entry: Entry) -> None:
    task = Task.objects.filter(Q(case=entry.source_case), kind="listing", state="open").first()
    if task is not None:
        QueuedCommand.objects.get_or_create(
            key=f"filled:{task.pk}",
            defaults={"case_id": task.case_id, "action": f"{task.step}.filled", "due_at": turn.now},
        )


def keep_referral(turn: Turn, vacancy: int) -> None:
    """Write the row of a referral."""
    Referral.objects.create(case=turn.case, vacancy_id=vacancy, event=turn.event, referred_on=turn.today)


def drop_open(turn: Turn) -> None:
    """The seeker is no longer looked after: what is still open of his referrals is dropped."""
    Referral.objects.filter(case=turn.case, result="").update(result="dropped", closed_on=turn.today)
