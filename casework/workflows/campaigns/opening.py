"""Each line of a campaign is opened as a case of its own, on behalf of the officer who drew up the roster: he is its
filer, so he can neither review, approve nor pay it (domain §1)."""

import contextlib
import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from casework.access.actor import SYSTEM, Actor
from casework.access.duties import actor_of
from casework.access.models import User
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Step
from casework.workflows import intake
from casework.workflows.commands import Command, Via
from casework.workflows.door import perform
from casework.workflows.models import CampaignLine, Decision, Task

CHUNK = 200
TROUBLE_MOST = 40
logger = logging.getLogger(__name__)


def open_all(now: datetime, limit: int = CHUNK) -> int:
    """Open lines that are due in every running campaign, at most `limit` each. Returns how many were handled."""
    handled = 0
    running = Task.objects.filter(kind="lines", state="open", case__lines__state="due").distinct()
    for task in running.select_related("case__programme").order_by("id"):
        opens = _step(task).options.get("opens")
        if opens:
            version, actor = versions.current(str(opens), local_date(now)), actor_of(drawn_by(task.case), now)
            handled += sum(_alone(task, line, version, actor, now) for line in _due(task.case_id, limit))
    return handled


def _step(task: Task) -> Step:
    return programme_of(task.case.programme).step(task.step)


def _due(campaign_id: int, limit: int) -> Iterator[int]:
    rows = CampaignLine.objects.filter(campaign_id=campaign_id, state="due", case__isnull=True).order_by("id")
    yield from list(rows.values_list("pk", flat=True)[:limit])


def _alone(task: Task, line_id: int, version: ProgrammeVersion, actor: Actor, now: datetime) -> bool:
    """One line in one transaction. A refusal is an event of the campaign; a fault is logged and tried again."""
    try:
        try:
            with transaction.atomic():
                return _open(line_id, version, actor, now)
        except Refused as refusal:
            code = refusal.problems[0].code
            if code != "BUSY":
                _refuse(task, line_id, code, now)
            return True
    except Exception:
        logger.exception("line %s could not be opened; it is tried again", line_id)
        return False


def _refuse(task: Task, line_id: int, code: str, now: datetime) -> None:
    """Strike the line by the door of its campaign. What the door does not take now is tried with the next round."""
    seen = Case.objects.values_list("event_n", flat=True).get(pk=task.case_id)
    answers = {"line": line_id, "code": code[:TROUBLE_MOST]}
    wish = Command(task.case_id, f"{task.step}.refused", SYSTEM, seen, f"line:{line_id}:refused", answers, Via.BATCH)
    with contextlib.suppress(Refused):
        perform(wish, now)


def _open(line_id: int, version: ProgrammeVersion, actor: Actor, now: datetime) -> bool:
    line = (
        CampaignLine.objects.select_for_update(of=("self",))
        .select_related("campaign", "person", "organisation", "household")
        .filter(pk=line_id, state="due")
        .first()
    )
    if line is None:
        return False
    case = intake.open_line(
        version, _answers(line), line.person, line.organisation, line.campaign, actor, f"line:{line.pk}", now
    )
    line.case, line.state = case, "made"
    line.save(update_fields=["case", "state"])
    return True


def _answers(line: CampaignLine) -> dict[str, object]:
    """The form of the line, filled from the plan. Amounts as they are typed, in yuan."""
    facts, home = line.campaign.facts, line.household
    plan = case_answers.shown(line.campaign)
    return {
        "campaign": line.campaign.number, "household": str(home.public_id if home else line.person.public_id),
        "occasion": facts["occasion"], "amount": _yuan(facts.get("cash")),
        "goods": plan.get("goods") or [], "donor": plan.get("donor") or "",
        "goods_value": _yuan(facts.get("goods_value")),
    }


def _yuan(fen: object) -> str:
    amount = int(str(fen or 0))
    return f"{amount // 100}.{amount % 100:02d}"


def drawn_by(campaign: Case) -> User:
    """The officer who confirmed the roster."""
    rows = Decision.objects.filter(case=campaign, task__kind="roster", decision="pass", user__isnull=False)
    row = rows.select_related("user").order_by("-id").first()
    if row is None or row.user is None:
        raise RuntimeError("lines are opened after somebody has confirmed the roster")
    return row.user
