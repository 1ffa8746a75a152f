"""A gift is handed over at home: two visitors, the household's signature, a photo (domain §5.2, §5.7)."""

from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import effects, files, flow
from casework.workflows.choices import Choice, StepKind, phase
from casework.workflows.steps import asking, common, visit
from casework.workflows.turn import Turn


def sheet(turn: Turn) -> FormSpec | None:
    """The sign-off sheet."""
    return asking.decision_form(
        "record",
        asking.date_item("visited_on", "慰问日期", "Date of the visit"),
        asking.short("met", "见到的人", "People met"),
        asking.long("voice", "职工心声", "What the worker said", required=False, most=300),
        asking.files("receipt", "签收表（本人签名）", "Receipt with the signature"),
        asking.files("photos", "入户照片", "Photos of the visit"),
    )


def _given(turn: Turn) -> list[str]:
    return common.document_facts(turn, "receipt", "photos")


def record(turn: Turn) -> None:
    """The first visitor writes the sheet."""
    common.note_opinion(turn, "record")
    turn.facts["sheet"] = {key: turn.answers.get(key) for key in ("visited_on", "met", "voice")}
    turn.facts["hands"] = sorted({turn.actor.person, turn.duty.for_person if turn.duty else None} - {None})
    files.take_files(turn, _given(turn))
    turn.then(effects.set_phase, phase="recorded")
    turn.then(effects.assign, user=None)


def sign(turn: Turn) -> None:
    """The second visitor confirms the hand-over."""
    common.note_opinion(turn, "pass")
    turn.case.facts = {**turn.case.facts, "delivered": True}
    flow.pass_step(turn)


def missed_form(turn: Turn) -> FormSpec | None:
    """Why the gift came back."""
    return asking.decision_form("missed", asking.opinion(required=True, zh="未送达原因", en="Why it came back"))


def missed(turn: Turn) -> None:
    """Nobody was met, or the gift was declined: it goes back to the store, and nobody counts as visited."""
    common.note_opinion(turn, "missed")
    turn.case.facts = {**turn.case.facts, "delivered": False}
    turn.facts["returned_to_store"] = True
    flow.pass_step(turn)


KIND = StepKind(
    "deliver",
    _("Hand over at home"),
    (
        Choice(
            "record", _("Record the hand-over"), record, sheet, lambda turn: files.check_files(turn, _given(turn)),
            when=phase(""), style="primary",
        ),
        Choice(
            "sign", _("Sign as second visitor"), sign, common.pass_form, ready=visit.check_second,
            when=phase("recorded"), style="primary", leads="on",
        ),
        Choice(
            "redo", _("Do not sign the sheet"), visit.redo, visit.redo_form, ready=visit.check_second,
            when=phase("recorded"),
        ),
        Choice("missed", _("Not handed over"), missed, missed_form, when=phase(""), leads="on"),
        common.OVERDUE,
    ),
)
