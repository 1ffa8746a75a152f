"""The answer is served (domain §5.4): how and when the person got it, with the proof; his time to ask for a review runs
from then on."""
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import files, flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

WAYS: dict[str, asking.Item] = {
    "in_person": asking.words("当面送达", "Handed over"),
    "post": asking.words("邮寄送达", "By post"),
    "online": asking.words("网上送达", "Online"),
    "left": asking.words("留置或公告送达", "Left at the address, or by notice"),
}
UNPROVED = ("online",)  # the page of the case shows it


def serve_form(turn: Turn) -> FormSpec | None:
    """How, when, and the receipt."""
    way = {
        "key": "way", "kind": "enum", "required": True, "choices": WAYS,
        "title": asking.words("送达方式", "How it was served"),
    }
    return asking.decision_form(
        "pass", way, asking.date_item("served_on", "送达日期", "Served on"),
        asking.files("service_receipt", "送达回证", "Receipt", least=0), asking.opinion(required=False),
    )


def check_serve(turn: Turn) -> list[Problem]:
    """Whatever is not read online is proved by a receipt; nothing is served before it was written."""
    given = common.document_facts(turn, "service_receipt")
    if turn.answers["way"] not in UNPROVED and not given:
        message = _("Upload the receipt, the postal slip or a photo of the notice.")
        return [Problem("NEEDED", message, place="service_receipt")]
    return files.check_files(turn, given)


def serve(turn: Turn) -> None:
    """Served."""
    common.note_opinion(turn, "pass")
    turn.facts |= {"way": turn.answers["way"], "served_on": turn.answers["served_on"]}
    turn.case.facts = {**turn.case.facts, "served_on": turn.answers["served_on"]}
    files.take_files(turn, common.document_facts(turn, "service_receipt"))
    flow.pass_step(turn)


KIND = StepKind(
    "serve",
    _("Service of the answer"),
    (Choice("pass", _("Served"), serve, serve_form, check_serve, style="primary", leads="on"), common.OVERDUE),
)
