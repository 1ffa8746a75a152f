"""Shadow run: what a draft would have changed in the cases decided in a year. Read-only but for its own rows.

A job row, worked off a chunk at a time: a lost worker goes on where it stood, also over 150,000 cases.
"""
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.audit import record
from casework.cases.models import Case, State
from casework.core.calendar import SHANGHAI, local_date
from casework.core.problems import Problem, Refused
from casework.programmes import officers
from casework.programmes.loader import build, programme_of
from casework.programmes.models import NumberDraft, ProgrammeDraft
from casework.programmes.parameters import regions_of
from casework.programmes.reading import ProgrammeFault
from casework.programmes.spec import Programme, Step
from casework.workflows import assess
from casework.workflows.models import Decision, ShadowRow, ShadowRun, Task
from casework.workflows.shadow_case import GRANTED, Compared, compare

CHUNK = 200
DECIDED = (*GRANTED, State.DENIED)
YEAR = timedelta(days=365)


def start(
    draft: ProgrammeDraft, actor: Actor, now: datetime, since: date | None = None, until: date | None = None,
    numbers: Sequence[NumberDraft] = (),
) -> ShadowRun:
    """Order a run over the cases accepted from since up to, not including, until; the last year unless given. Raises
    Refused for a draft that cannot be built."""
    duty = officers.writer(actor)
    try:
        build(json.loads(draft.content))
    except (ProgrammeFault, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Refused([
            Problem("NOT_BUILT", _("The draft has faults that keep it from being run."), mend=_("Check it first."))
        ]) from error
    until = until or local_date(now) + timedelta(days=1)
    since = since or until - YEAR
    given = [{"key": row.key, "region": row.region, "value": row.value} for row in numbers]
    with transaction.atomic():
        run = ShadowRun.objects.create(
            draft=draft, revision=draft.revision, content=draft.content, numbers=given, since=since, until=until,
            author_id=officers.login_of(actor), created_at=now,
        )
        facts = {
            "run": str(run.public_id), "draft": str(draft.public_id), "revision": draft.revision, "since": since,
            "until": until, "numbers": sorted({row.key for row in numbers}),
        }
        record.record("programme", draft.key, "shadow_run", stamp_of(actor, duty, "online"), facts, now)
        _wake(run)
    return run


def get(public_id: uuid.UUID | str) -> ShadowRun:
    """A run by its public id. Raises Http404."""
    found = ShadowRun.objects.select_related("draft", "author").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def rows_of(run: ShadowRun, changed: bool | None = True, after: int = 0, size: int = 50) -> list[ShadowRow]:
    """One page of a run's cases. changed: only those that differ, only those that do not, or all. after: id of the last
    row seen."""
    rows = run.rows.filter(pk__gt=after).order_by("id")
    return list((rows if changed is None else rows.filter(changed=changed))[:size])


def cases_of(run: ShadowRun) -> QuerySet[Case]:
    """The decided cases of the run's programme and time."""
    first, last = (datetime.combine(day, time.min, SHANGHAI) for day in (run.since, run.until))
    return Case.objects.filter(
        key=run.draft.key, state__in=DECIDED, accepted_at__gte=first, accepted_at__lt=last
    ).select_related("applicant__key", "organisation", "county", "entry", "programme")


def work_off(run: ShadowRun, now: datetime, limit: int = CHUNK) -> bool:
    """One chunk of a run. Returns whether more is left. Rows and sums of a chunk stand together or not at all."""
    if run.state != "waiting":
        return False
    with transaction.atomic():
        held = ShadowRun.objects.select_for_update(of=("self",)).select_related("draft").get(pk=run.pk)
        cases = list(cases_of(held).filter(pk__gt=held.last_case).order_by("pk")[:limit])
        draft = build(json.loads(held.content))
        rows = [_row(held, case, taken, draft, now) for case, taken in _with_steps(cases)]
        ShadowRow.objects.bulk_create(rows)
        held.totals = _added(held.totals, rows)
        held.last_case = cases[-1].pk if cases else held.last_case
        if len(cases) < limit:
            held.state, held.finished_at = "done", now
        held.save(update_fields=["totals", "last_case", "state", "finished_at"])
    return held.state == "waiting"


def _with_steps(cases: list[Case]) -> list[tuple[Case, dict[str, Step]]]:
    """Each case with the steps it took, in two queries for all: those that were done, and the one that refused it."""
    done: dict[int, list[str]] = {}
    tasks = Task.objects.filter(case__in=cases, state="done").order_by("id").values_list("case_id", "step")
    decisions = Decision.objects.filter(case__in=cases).order_by("id").values_list("case_id", "step")
    for case_id, step in [*tasks, *decisions]:
        done.setdefault(case_id, []).append(step)
    found = []
    for case in cases:
        known = {step.key: step for step in programme_of(case.programme).steps()}
        found.append((case, {key: known[key] for key in dict.fromkeys(done.get(case.pk, ())) if key in known}))
    return found


def _row(run: ShadowRun, case: Case, taken: dict[str, Step], draft: Programme, now: datetime) -> ShadowRow:
    compared = compare(case, taken, draft, _numbers(run, case), now)
    return ShadowRow(
        run=run, case=case, number=case.number, before=compared.before.as_json(), after=compared.after.as_json(),
        why=_why(compared), changed=compared.changed,
    )


def _why(compared: Compared) -> dict[str, Any]:
    return {"trouble": compared.trouble} if compared.trouble else dict(compared.why)


def _numbers(run: ShadowRun, case: Case) -> dict[str, Any]:
    """The proposed numbers that count for the region of a case, the nearest region first."""
    found: dict[str, Any] = {}
    for region in reversed(regions_of(assess.region_of(case))):
        found |= {row["key"]: row["value"] for row in run.numbers if row["region"] == region}
    return found


def _added(totals: dict[str, Any], rows: list[ShadowRow]) -> dict[str, Any]:
    """The sums with these rows on top."""
    found: dict[str, Any] = {"cases": 0, "changed": 0, "trouble": 0, **totals}
    found["cases"] += len(rows)
    found["changed"] += sum(row.changed for row in rows)
    found["trouble"] += sum("trouble" in row.why for row in rows)
    for side in ("before", "after"):
        told = [getattr(row, side) for row in rows]
        for name in ("granted", "fen", "days"):
            found[f"{name}_{side}"] = found.get(f"{name}_{side}", 0) + sum(int(one[name]) for one in told)
        tasks = Counter(found.get(f"tasks_{side}", {}))
        tasks.update(role for one in told for role in one["tasks"])
        found[f"tasks_{side}"] = dict(sorted(tasks.items()))
    found["need_fen"] = found["fen_after"] - found["fen_before"]
    return found


def _wake(run: ShadowRun) -> None:
    """The worker starts at once; if the message is lost, the next beat finds the row."""
    from casework.workflows.tasks import work_off_shadow

    work_off_shadow.delay_on_commit(run.pk)
