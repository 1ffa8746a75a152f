"""A plan is worked off in the background, a case a transaction, a chunk at a time; a lost worker loses nothing.

A trial is the real move, rolled back. The real move is kept only if it gives what the trial gave: so dry run and real
run cannot differ (promise S7).
"""
import json
import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.audit import record
from casework.cases.models import Case
from casework.core.problems import Problem, Refused
from casework.workflows.commands import Command, Via
from casework.workflows.door import perform
from casework.workflows.migrating import plans
from casework.workflows.migrating.picture import picture
from casework.workflows.models import MigrationPlan, MigrationRow

CHUNK = 200
WORKING = {"trying": "tried", "running": "done", "undoing": "undone"}
DIFFERS = Problem(
    "DIFFERS_FROM_TRIAL", _("The move would give something else than the trial gave."),
    mend=_("Try it out again with another plan."),
)
logger = logging.getLogger(__name__)


def work_off(plan: MigrationPlan, now: datetime, limit: int = CHUNK) -> bool:
    """One chunk of what a plan has to do. Returns whether more is left; the last chunk ends the plan's state."""
    work = {"trying": _try_some, "running": _move_some, "undoing": _undo_some}.get(plan.state)
    if work is None:
        return False
    if work(plan, now, limit):
        return True
    _finish(plan, now)
    return False


def _finish(plan: MigrationPlan, now: datetime) -> None:
    ended = WORKING[plan.state]
    with transaction.atomic():
        held = MigrationPlan.objects.select_for_update(of=("self",)).select_related("source").get(pk=plan.pk)
        if held.state != plan.state:
            return
        held.state = ended
        held.save(update_fields=["state"])
        facts = {"plan": str(held.public_id), **plans.counts(held)}
        action = f"migration_{ended}"
        record.record("programme", held.source.key, action, stamp_of(SYSTEM, None, "batch"), facts, now)


def _try_some(plan: MigrationPlan, now: datetime, limit: int) -> bool:
    waiting = plans.cases_of(plan).filter(pk__gt=plan.last_case).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    for case_id in ids:
        _try(plan, case_id, now)
        MigrationPlan.objects.filter(pk=plan.pk).update(last_case=case_id)
        plan.last_case = case_id
    return len(ids) == limit


def _try(plan: MigrationPlan, case_id: int, now: datetime) -> None:
    """Move the case, look at it, and put all back. A refusal is asked for in both languages, for its words may hold
    titles and numbers."""
    before, seen = picture(case_id), _event_n(case_id)
    after, problems = _rehearse(plan, case_id, now, "zh-hans")
    english = _rehearse(plan, case_id, now, "en")[1] if problems else []
    MigrationRow.objects.update_or_create(plan=plan, case_id=case_id, defaults={
        "seen": seen, "before": before, "after": after, "problems": told(problems, english),
        "state": "refused" if problems else "tried",
    })


def _rehearse(
    plan: MigrationPlan, case_id: int, now: datetime, language: str
) -> tuple[dict[str, Any], list[Problem]]:
    """The case as it would be, or why it cannot go. Everything is rolled back."""
    after: dict[str, Any] = {}
    problems: list[Problem] = []
    with override(language), transaction.atomic():
        try:
            perform(_command(plan, case_id, "migrate", "trial"), now)
            after = picture(case_id)
        except Refused as refusal:
            problems = refusal.problems
        transaction.set_rollback(True)
    return after, problems


def _move_some(plan: MigrationPlan, now: datetime, limit: int) -> bool:
    rows = list(plan.rows.filter(state="tried").order_by("pk")[:limit])
    for row in rows:
        try:
            with transaction.atomic():
                perform(_command(plan, row.case_id, "migrate", "real"), now)
                if _as_json(picture(row.case_id)) != row.after:
                    raise Refused([DIFFERS], 409)
        except Refused as refusal:
            plan.rows.filter(pk=row.pk, state="tried").update(state="refused", problems=told(refusal.problems))
    return len(rows) == limit


def _undo_some(plan: MigrationPlan, now: datetime, limit: int) -> bool:
    rows = list(plan.rows.filter(state="moved").order_by("pk")[:limit])
    for row in rows:
        try:
            perform(_command(plan, row.case_id, "migrate_undo", "undo"), now)
        except Refused as refusal:
            plan.rows.filter(pk=row.pk, state="moved").update(state="stays", problems=told(refusal.problems))
    return len(rows) == limit


def told(problems: list[Problem], english: list[Problem] | None = None) -> list[dict[str, Any]]:
    """Problems as a row keeps them: code and words of both languages. english: the same problems, found in English,
    where words were put into them."""
    found = []
    for number, problem in enumerate(problems):
        row: dict[str, Any] = {"code": problem.code, "place": problem.place}
        pair = {"zh": problem, "en": english[number] if english else problem}
        for language, name in (("zh-hans", "zh"), ("en", "en")):
            with override(language):
                row |= {name: str(pair[name].message), f"mend_{name}": str(pair[name].mend)}
        found.append(row)
    return found


def _command(plan: MigrationPlan, case_id: int, action: str, round_: str) -> Command:
    key = f"{action}:{plan.pk}:{case_id}:{round_}"
    return Command(case_id, action, SYSTEM, 0, key, {"plan": plan.pk}, Via.BATCH)


def _event_n(case_id: int) -> int:
    return Case.objects.only("event_n").get(pk=case_id).event_n


def _as_json(value: Any) -> Any:
    """As a JSON column gives it back."""
    return json.loads(json.dumps(value))
