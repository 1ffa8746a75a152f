"""Choices of an enquiry that several steps share: on to another service, joined to another case, not for us."""
from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case, State
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import becoming, effects, flow, guards
from casework.workflows.choices import Choice
from casework.workflows.steps import accept, asking, common
from casework.workflows.turn import Turn

NOT_ANSWERING = (State.WITHDRAWN, State.MERGED, State.NOT_ACCEPTED, State.DRAFT)


def transfer_form(turn: Turn) -> FormSpec | None:
    """To which service."""
    choices = {key: asking.words(p.title.zh, p.title.en) for key, p in becoming.services(turn).items()}
    service = {
        "key": "service", "kind": "enum", "required": True, "choices": choices,
        "title": asking.words("转为办理事项", "Goes on as"),
        "help": asking.words("已填内容自动带入，无需重复填写。", "What is known already is filled in."),
    }
    return asking.decision_form("transfer", service, asking.opinion(required=False))


def transfer(turn: Turn) -> None:
    """A draft of the other service is filled with what is known; this case ends, its officer stays first contact."""
    key, owner = str(turn.answers["service"]), becoming.finisher(turn)
    common.note_opinion(turn, "transfer")
    turn.facts["became"] = key
    flow.fire(turn, "transfer")
    flow.end(turn, "BECAME_OTHER")
    turn.then(becoming.start_draft, key=key, owner=owner)
    turn.then(effects.tell, template="transferred")


def merge_form(turn: Turn) -> FormSpec | None:
    """With which case it is one matter."""
    return asking.decision_form(
        "merge", asking.short("number", "已在办理的案件编号", "Number of the other case", most=40),
        asking.opinion(required=False),
    )


def other_case(turn: Turn) -> Case | None:
    """The case of this number, of the same service, that the officer may see."""
    number = str(turn.answers["number"]).strip().upper()
    rows = Case.objects.select_related("organisation").filter(number=number, key=turn.case.key)
    found = rows.exclude(pk=turn.case.pk).exclude(state__in=NOT_ANSWERING).first()
    return found if found is not None and guards.in_scope(found, turn.actor) else None


def check_merge(turn: Turn) -> list[Problem]:
    """The other case must be there, and give an answer."""
    if other_case(turn) is not None:
        return []
    message = _("There is no such case of this service that is being handled or was answered.")
    return [Problem("OTHER_CASE", message, place="number", mend=_("Look its number up in the list of cases."))]


def merge(turn: Turn) -> None:
    """The same matter twice is one: it is answered in the other case (domain §5.4)."""
    other = other_case(turn)
    if other is None:
        raise RuntimeError("checked before")
    common.note_opinion(turn, "merge")
    turn.facts["same_as"] = other.number
    flow.fire(turn, "merge")
    flow.end(turn, "SAME_MATTER")
    turn.then(effects.link, kind="same_as", target=other.pk)
    turn.then(effects.tell, template="merged")


TRANSFER = Choice("transfer", _("Goes on as another service"), transfer, transfer_form, leads="transfer")
MERGE = Choice("merge", _("Same matter as another case"), merge, merge_form, check_merge, leads="merge")
NOT_OURS = Choice(
    "not_accept", _("Do not accept"), accept.not_accept, accept.refuse_form, accept.check_refuse, style="danger",
    leads="not_accept",
)
