"""What policy officers do with a plan: write it, try it out, sign it, start it, undo it. Each act is an event."""
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import stamp_of
from casework.audit import record
from casework.cases.models import ENDED, Case, State
from casework.core.problems import Problem, Refused
from casework.programmes import officers
from casework.programmes.models import ProgrammeVersion
from casework.workflows.migrating.mapping import plan_problems
from casework.workflows.models import MigrationPlan, MigrationRow

SIGNERS = 2
MOST_NUMBERS = 5000


def make(
    source: ProgrammeVersion,
    target: ProgrammeVersion,
    steps: Mapping[str, str],
    fields: Mapping[str, str],
    actor: Actor,
    now: datetime,
    numbers: Sequence[str] = (),
    note: str = "",
) -> MigrationPlan:
    """Write a plan. numbers: of the cases; none = every running case of the old version. Raises Refused."""
    duty = officers.of_the_city(actor)
    _refuse(plan_problems(source, target, steps, fields) + _unknown(source, numbers), 422)
    with transaction.atomic():
        plan = MigrationPlan.objects.create(
            source=source, target=target, steps=dict(steps), fields=dict(fields), numbers=sorted(set(numbers)),
            note=officers.plain_note(note), author_id=officers.login_of(actor), created_at=now,
        )
        facts = {"from": source.version, "to": target.version, "steps": plan.steps, "fields": plan.fields,
                 "cases": len(plan.numbers)}
        _tell(plan, "migration_plan", actor, duty, now, facts)
    return plan


def try_out(plan: MigrationPlan, actor: Actor, now: datetime) -> MigrationPlan:
    """Start the trial: every case is moved and put back at once, and its row tells what would be. Signatures that were
    given on an older trial fall away."""
    with transaction.atomic():
        held, duty = _at(plan, actor, ("draft", "tried", "signed"))
        held.rows.all().delete()
        held.state, held.last_case, held.signatures = "trying", 0, []
        held.save()
        _tell(held, "migration_try", actor, duty, now, {})
        _wake(held)
    return held


def sign(plan: MigrationPlan, actor: Actor, now: datetime) -> MigrationPlan:
    """Sign what the trial showed. Two persons do; the author may be one of them."""
    with transaction.atomic():
        held, duty = _at(plan, actor, ("tried",))
        officers.second_person(actor, [person for one in held.signatures for person in one["persons"]])
        held.signatures = [*held.signatures, {
            "user": actor.user, "persons": sorted(actor.persons), "name": actor.name, "at": now.isoformat(),
        }]
        held.state = "signed" if len(held.signatures) >= SIGNERS else "tried"
        held.save()
        _tell(held, "migration_sign", actor, duty, now, {"signatures": len(held.signatures), **counts(held)})
    return held


def start(plan: MigrationPlan, actor: Actor, now: datetime) -> MigrationPlan:
    """Start the real run: those that could go in the trial go, as they went there."""
    with transaction.atomic():
        held, duty = _at(plan, actor, ("signed",))
        held.state = "running"
        held.save()
        _tell(held, "migration_start", actor, duty, now, counts(held))
        _wake(held)
    return held


def undo(plan: MigrationPlan, actor: Actor, now: datetime) -> MigrationPlan:
    """Bring the cases back on which nothing happened since. One person is enough: it only restores."""
    with transaction.atomic():
        held, duty = _at(plan, actor, ("done",))
        held.state = "undoing"
        held.save()
        _tell(held, "migration_undo", actor, duty, now, counts(held))
        _wake(held)
    return held


def drop(plan: MigrationPlan, actor: Actor, now: datetime) -> MigrationPlan:
    """Give a plan up before it runs."""
    with transaction.atomic():
        held, duty = _at(plan, actor, ("draft", "tried", "signed"))
        held.state = "dropped"
        held.save()
        _tell(held, "migration_drop", actor, duty, now, {})
    return held


def get(public_id: uuid.UUID | str) -> MigrationPlan:
    """A plan by its public id. Raises Http404."""
    rows = MigrationPlan.objects.select_related("source", "target", "author")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def counts(plan: MigrationPlan) -> dict[str, int]:
    """How many rows stand in each state."""
    rows = plan.rows.order_by().values_list("state").annotate(number=Count("id"))
    return {str(state): number for state, number in rows}


def rows_of(plan: MigrationPlan, state: str = "", after: int = 0, size: int = 50) -> list[MigrationRow]:
    """One page of a plan's rows. after: id of the last row seen."""
    rows = plan.rows.select_related("case").filter(pk__gt=after).order_by("id")
    return list((rows.filter(state=state) if state else rows)[:size])


def cases_of(plan: MigrationPlan) -> QuerySet[Case]:
    """The running cases a plan is about."""
    rows = Case.objects.filter(programme_id=plan.source_id).exclude(state__in=[State.DRAFT, *ENDED])
    return rows.filter(number__in=plan.numbers) if plan.numbers else rows


def _unknown(source: ProgrammeVersion, numbers: Sequence[str]) -> list[Problem]:
    if len(numbers) > MOST_NUMBERS:
        return [Problem("TOO_MANY_NUMBERS", _("A plan names at most %(n)d cases.") % {"n": MOST_NUMBERS}, "numbers",
                        mend=_("Name none to move every running case."))]
    known = set(Case.objects.filter(programme=source, number__in=numbers).values_list("number", flat=True))
    lost = sorted(set(numbers) - known)
    return [
        Problem("NO_SUCH_CASE", _("No case of this version has the number %(number)s.") % {"number": number},
                place="numbers")
        for number in lost[:20]
    ]


def _at(plan: MigrationPlan, actor: Actor, states: tuple[str, ...]) -> tuple[MigrationPlan, Duty]:
    duty = officers.of_the_city(actor)
    held = MigrationPlan.objects.select_for_update(of=("self",)).select_related("source").get(pk=plan.pk)
    if held.state not in states:
        told = _("The plan stands elsewhere now: %(state)s.") % {"state": held.get_state_display()}
        _refuse([Problem("PLAN_ELSEWHERE", told, mend=_("Reload the page."))], 409)
    return held, duty


def _wake(plan: MigrationPlan) -> None:
    """The worker starts at once; if the message is lost, the next beat finds the row."""
    from casework.workflows.tasks import work_off_plan

    work_off_plan.delay_on_commit(plan.pk)


def _refuse(problems: list[Problem], status: int) -> None:
    if problems:
        raise Refused(problems, status)


def _tell(
    plan: MigrationPlan, action: str, actor: Actor, duty: Duty, now: datetime, facts: Mapping[str, Any]
) -> None:
    stamp = stamp_of(actor, duty, "online")
    record.record("programme", plan.source.key, action, stamp, {"plan": str(plan.public_id), **facts}, now)
