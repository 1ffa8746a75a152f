"""The lawyer conducts the case (domain §5.4): agreement, log of what he did, closing report (closing.py); or another
lawyer takes his place. What is opened to him is closed when he is replaced."""
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, files, flow
from casework.workflows.choices import Choice, StepKind, phase
from casework.workflows.steps import asking, closing, common
from casework.workflows.turn import Turn


def agree_form(turn: Turn) -> FormSpec | None:
    """The agreement, signed by both."""
    return asking.decision_form(
        "agree", asking.date_item("signed_on", "签订日期", "Signed on"),
        asking.files("agreement", "委托协议", "Agreement"),
    )


def agreement_files(turn: Turn) -> list[Problem]:
    """Files of one's own."""
    return files.check_files(turn, common.document_facts(turn, "agreement"))


def agree(turn: Turn) -> None:
    """Worker and lawyer have agreed."""
    common.note_opinion(turn, "agree")
    turn.facts["signed_on"] = turn.answers["signed_on"]
    files.take_files(turn, common.document_facts(turn, "agreement"))
    turn.then(effects.set_phase, phase="agreed")


def log_form(turn: Turn) -> FormSpec | None:
    """What was done, when."""
    return asking.decision_form(
        "log", asking.date_item("done_on", "日期", "Day"),
        asking.long("note", "办理事项", "What was done", most=1000),
        asking.files("log_papers", "附件", "Papers", least=0),
    )


def log_files(turn: Turn) -> list[Problem]:
    """Files of one's own."""
    return files.check_files(turn, common.document_facts(turn, "log_papers"))


def log(turn: Turn) -> None:
    """One line of the handling log."""
    common.note_opinion(turn, "log")
    turn.facts |= {"done_on": turn.answers["done_on"], "note": turn.answers["note"]}
    files.take_files(turn, common.document_facts(turn, "log_papers"))


def why_form(turn: Turn) -> FormSpec | None:
    """Why another lawyer is needed."""
    return asking.decision_form("replace", asking.opinion(required=True, zh="更换理由", en="Why another one is needed"))


def replace(turn: Turn) -> None:
    """From this moment the case is closed to him, and another one is looked for."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "replace")
    gone = int(turn.case.facts["lawyer"])
    before = [*turn.case.facts.get("lawyers_before", []), gone]
    turn.case.facts = {**turn.case.facts, "lawyers_before": before}
    flow.back_to(turn, turn.programme.before(step.key)[-1].key)
    turn.then(effects.close_to, user=gone)
    turn.then(effects.tell, template="lawyer_replaced")


KIND = StepKind(
    "conduct",
    _("Conduct of the case"),
    (
        Choice(
            "close", _("Hand in the closing report"), closing.close, closing.close_form, closing.check_close,
            when=phase("agreed"), style="primary", leads="on",
        ),
        Choice("agree", _("Enter the agreement"), agree, agree_form, agreement_files, when=phase(""), style="primary"),
        Choice("log", _("Add to the log"), log, log_form, log_files),
        Choice("hand_back", _("Ask to be relieved"), replace, why_form, leads="back"),
        Choice("replace", _("Assign another lawyer"), replace, why_form, role=Role.LEGAL_OFFICER.value, leads="back"),
        common.OVERDUE,
    ),
)
