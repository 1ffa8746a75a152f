"""Things that go from hand to hand, counted at every stage: union cards at the bank, back, and to their holders
(domain §5.5). The route says which stages a step has: stages: [sent, made, received]."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, files, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

STAGES: dict[str, asking.Item] = {
    "sent": asking.words("送交银行", "Sent to the bank"),
    "made": asking.words("银行制卡开户", "Made by the bank"),
    "received": asking.words("收到清点", "Received and counted"),
    "delivered": asking.words("发放签收", "Handed out and signed for"),
}
LISTED = "delivered"  # the stage whose list the holders sign


def stages_of(turn: Turn) -> list[str]:
    """The stages of this step, in their order."""
    _task, step = flow.task_and_step(turn)
    return [stage for stage in STAGES if stage in step.options.get("stages", STAGES)]


def next_stage(turn: Turn) -> str:
    """The stage that is noted next."""
    task, _step = flow.task_and_step(turn)
    stages = stages_of(turn)
    return stages[stages.index(task.phase) + 1] if task.phase in stages else stages[0]


def before(turn: Turn) -> int:
    """How many there were at the stage before, or as many as the case is about."""
    counted = turn.case.facts.get("handed", {})
    stages = list(STAGES)
    for stage in reversed(stages[: stages.index(next_stage(turn))]):
        if stage in counted:
            return int(counted[stage])
    return int(turn.case.facts.get("cards") or 0)


def stage_form(turn: Turn) -> FormSpec | None:
    """How many; the signed list where they are handed out; a note where some are missing."""
    items: list[asking.Item] = [
        {
            "key": "count",
            "kind": "int",
            "min": 0,
            "max": before(turn),
            "required": True,
            "title": STAGES[next_stage(turn)],
            "help": asking.words(f"上一环节 {before(turn)} 张。", f"At the stage before: {before(turn)}."),
        }
    ]
    if next_stage(turn) == LISTED:
        items.append(asking.files("signed_list", "签收名单", "Signed list"))
    items.append(asking.opinion(required=False, zh="差额说明", en="Why some are missing"))
    return asking.decision_form("stage", *items)


def check_stage(turn: Turn) -> list[Problem]:
    """What is missing is explained; the list is one's own file."""
    if int(turn.answers["count"]) < before(turn) and not str(turn.answers.get("opinion") or "").strip():
        return [Problem("SOME_MISSING", _("Fewer than at the stage before: say why."), place="opinion")]
    return files.check_files(turn, common.document_facts(turn, "signed_list"))


def note_stage(turn: Turn) -> None:
    """Count them; after the last stage of the step the case goes on."""
    stage, count = next_stage(turn), int(turn.answers["count"])
    last = stage == stages_of(turn)[-1]
    common.note_opinion(turn, "pass" if last else stage)
    turn.facts |= {"stage": stage, "count": count}
    turn.case.facts = {**turn.case.facts, "handed": {**turn.case.facts.get("handed", {}), stage: count}}
    files.take_files(turn, common.document_facts(turn, "signed_list"))
    if last:
        flow.pass_step(turn)
    else:
        turn.then(effects.set_phase, phase=stage)


# Whoever filed for his union may hand the cards out: counting decides nothing about anybody.
NOTE = Choice(
    "note", _("Note the next stage"), note_stage, stage_form, check_stage, style="primary", decides=False,
    leads="on",
)
KIND = StepKind("handover", _("Hand-over"), (NOTE, common.OVERDUE), {"stages": Option("names", tuple(STAGES))})
