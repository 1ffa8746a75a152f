"""Exam of a class: marks of each person; with the attendance they decide about the certificate (domain §5.3, §5.7)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import files, flow
from casework.workflows.campaigns import classes
from casework.workflows.choices import Choice, StepKind
from casework.workflows.models import CampaignLine
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def marks_form(turn: Turn) -> FormSpec | None:
    """The day, the marks of everybody who is still in the class, and the papers."""
    return asking.decision_form(
        "pass", asking.date_item("held_on", "考核日期", "Day of the exam"),
        *(_mark(turn, line) for line in classes.pupils(turn.case)),
        asking.files("papers", "成绩册", "Record of the exam"), asking.opinion(required=False),
    )


def _mark(turn: Turn, line: CampaignLine) -> asking.Item:
    there = classes.attendance(turn.case, line.pk)
    name = f"{line.pk} {line.person.name}"
    return {
        "key": f"line_{line.pk}", "kind": "int", "min": 0, "max": 100, "title": asking.words(name, name),
        "help": asking.words(f"出勤率 {there}%，缺考不填。", f"Present at {there} %; leave empty for who was absent."),
    }


def check_marks(turn: Turn) -> list[Problem]:
    """After the class began; files of one's own."""
    if str(turn.answers["held_on"]) < str(turn.case.facts["begins"]):
        return [Problem("EXAM_DAY", _("The exam lies before the class."), place="held_on")]
    return files.check_files(turn, files.as_list(turn.answers.get("papers")))


def decide(turn: Turn) -> None:
    """Each enrolment learns its result; the counts stay with the class."""
    common.note_opinion(turn, "pass")
    results = [
        classes.result_of(turn.case, line, turn.answers.get(f"line_{line.pk}")) for line in classes.pupils(turn.case)
    ]
    passed = sum(not row.code for row in results)
    turn.facts |= {
        "marks": {str(row.line.pk): row.score for row in results}, "passed_count": passed,
        "failed_count": len(results) - passed,
    }
    turn.case.facts = {**turn.case.facts, "passed_count": passed, "failed_count": len(results) - passed}
    files.take_files(turn, files.as_list(turn.answers.get("papers")))
    turn.then(classes.publish, results=results)
    flow.pass_step(turn)


KIND = StepKind(
    "exam",
    _("Exam"),
    (
        Choice("pass", _("Record the marks"), decide, marks_form, check_marks, style="primary", leads="on"),
        common.OVERDUE,
    ),
)
