"""A lawyer is assigned (domain §5.4): named after a check that he stands on no other side; this case, and no other, is
opened to him."""
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.cases import answers as case_answers
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.programmes.spec import Step
from casework.workflows import effects, flow, picking
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def assign_form(turn: Turn) -> FormSpec | None:
    """Who, under which licence, and that nothing speaks against him."""
    before = set(turn.case.facts.get("lawyers_before", []))
    people = [user for user in picking.of_role(turn, Role.LAWYER) if user.pk not in before]
    clear = {
        "key": "no_conflict", "kind": "consent", "required": True,
        "title": asking.words("已核查：该律师与用人单位没有利害关系", "Checked: the lawyer has no tie to the employer"),
    }
    return asking.decision_form(
        "pass", picking.item("lawyer", "指派律师", "Lawyer", people, required=True),
        asking.short("licence_no", "执业证号", "Licence number", most=40),
        asking.short("firm", "执业机构", "Law firm", most=80), clear, asking.opinion(required=False),
    )


def somebody(turn: Turn) -> list[Problem]:
    """There is a lawyer left to name."""
    form = assign_form(turn)
    field = form.field("lawyer") if form else None
    if field is not None and field.choices:
        return []
    message = _("No lawyer of this place can take the case.")
    return [Problem("NO_LAWYER", message, mend=_("Ask the federation to list another lawyer."))]


def check_assign(turn: Turn) -> list[Problem]:
    """Nobody stands on both sides: the lawyer the applicant named as the other side's is not assigned."""
    named = picking.named(turn, "lawyer")
    other = str(case_answers.full(turn.case).get("opponent_lawyer") or "").strip()
    if named is None or not other or other != named.first_name:
        return []
    return [Problem("CONFLICT", _("This lawyer acts for the other side."), place="lawyer", mend=_("Name another."))]


def after(turn: Turn, step: Step) -> str:
    """The step that the lawyer does."""
    return turn.programme.stages_after(step.key)[0][0].key


def assign(turn: Turn) -> None:
    """The case is opened to the lawyer, he gets his letter, and the applicant is told."""
    _task, step = flow.task_and_step(turn)
    lawyer = picking.named(turn, "lawyer")
    if lawyer is None:
        raise RuntimeError("asked for by the form")
    common.note_opinion(turn, "pass")
    turn.facts |= {
        "lawyer": lawyer.first_name, "licence_no": turn.answers["licence_no"], "firm": turn.answers["firm"],
    }
    turn.case.facts = {**turn.case.facts, "lawyer": lawyer.pk}
    flow.pass_step(turn)
    turn.then(effects.open_to, user=lawyer)
    turn.then(effects.give_to, step=after(turn, step), user=lawyer)
    turn.then(effects.issue, kind="appointment")
    turn.then(effects.tell, template="lawyer_assigned", params={"lawyer": lawyer.first_name})


KIND = StepKind(
    "assign_lawyer",
    _("Assignment of a lawyer"),
    (
        Choice("pass", _("Assign the lawyer"), assign, assign_form, check_assign, somebody, style="primary",
               leads="on"),
        common.OVERDUE,
    ),
)
