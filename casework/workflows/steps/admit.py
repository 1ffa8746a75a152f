"""A petition is taken on or not, told in writing within 15 days (domain §5.4): taken on and given to whoever looks into
it, sent on to the federation in charge, joined to the same matter, or not accepted with the right body named."""
from django.utils.translation import gettext_lazy as _

from casework.cases.models import State
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.organisations.models import Organisation
from casework.organisations.tree import line_of
from casework.programmes.spec import Step
from casework.workflows import assess, effects, flow, picking
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.steps.onward import MERGE, NOT_OURS, TRANSFER
from casework.workflows.turn import Turn


def handling_of(turn: Turn) -> Step | None:
    """The step that opens when the matter is taken on."""
    stages = turn.programme.stages(State.ACCEPTED)
    return stages[0][0] if stages else None


def take_form(turn: Turn) -> FormSpec | None:
    """Whether it is important, what a leader wrote on it, and who looks into it."""
    step = handling_of(turn)
    people = picking.of_step(turn, step) if step else []
    named = [picking.item("handler", "承办人", "Who looks into it", people, required=True)] if people else []
    return asking.decision_form(
        "pass", *named, asking.yes_no("important", "重要信访事项", "An important matter"),
        asking.long("leader_note", "领导批示", "What a leader wrote on it", required=False, most=500),
        asking.opinion(required=False),
    )


def take(turn: Turn) -> None:
    """Taken on: the clock of the law runs from today, the person gets it in writing, and one officer has it."""
    common.note_opinion(turn, "pass")
    handler, step = picking.named(turn, "handler"), handling_of(turn)
    important = bool(turn.answers.get("important"))
    turn.facts |= {"important": important, "leader_note": turn.answers.get("leader_note") or ""}
    turn.case.facts = {**turn.case.facts, "important": important}
    turn.case.accepted_at = turn.now
    assess.freeze(turn)
    flow.pass_step(turn)
    turn.then(effects.issue, kind="acceptance_notice")
    turn.then(effects.tell, template="accepted")
    if handler is not None and step is not None:
        turn.facts["handler"] = handler.first_name
        turn.then(effects.give_to, step=step.key, user=handler)


def refer_form(turn: Turn) -> FormSpec | None:
    """To which federation, and why it is the one in charge."""
    return asking.decision_form(
        "refer",
        {"key": "office", "kind": "office", "required": True, "title": asking.words("转送至", "Send on to")},
        asking.opinion(required=True, zh="转送理由", en="Why it belongs there"),
    )


def check_refer(turn: Turn) -> list[Problem]:
    """Not to where it lies already."""
    if str(turn.answers["office"]) != str(turn.case.organisation.public_id):
        return []
    return [Problem("SAME_OFFICE", _("The matter lies with this federation already."), place="office")]


def refer(turn: Turn) -> None:
    """The case goes to the desk of the federation in charge, with everything in it; nobody has to tell it again, and
    the letter names nobody (domain §5.4)."""
    task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "refer")
    case, place = turn.case, Organisation.objects.get(public_id=turn.answers["office"])
    turn.facts |= {"referred_from": case.organisation.name, "referred_to": place.name}
    line = line_of(place)
    case.organisation, case.unit, case.town = place, None, None
    case.county = place if line["county"] else None
    case.city = line["city"]
    turn.then(effects.issue, kind="referral")
    turn.then(effects.close_task, task=task, outcome="refer")
    turn.then(effects.open_task, step=step)
    names = {"right_body": place.name, "right_body_en": place.name_en or place.name}
    turn.then(effects.tell, template="referred", params=names)


KIND = StepKind(
    "admit",
    _("Acceptance of a petition"),
    (
        Choice("pass", _("Take the petition on"), take, take_form, style="primary", leads="on"),
        Choice("refer", _("Send on to the federation in charge"), refer, refer_form, check_refer),
        TRANSFER,
        MERGE,
        NOT_OURS,
        common.OVERDUE,
    ),
)
