"""Home visit by two people: one records it, the other signs; the worker's own signature is the third (domain §4.11,
§5.7)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, files, flow
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.models import Decision
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def sheet(turn: Turn) -> FormSpec | None:
    """The visit form."""
    return asking.decision_form(
        "record",
        asking.date_item("visited_on", "入户日期", "Date of the visit"),
        asking.short("place", "地点（到村/社区）", "Place (village or community)"),
        asking.short("met", "见到的人", "People met"),
        asking.long("housing", "居住情况", "Housing", most=300),
        asking.long("finding", "家庭收支情况", "Income and spending as seen"),
        asking.long("difficulty", "困难情况", "Difficulty", most=500),
        asking.long("neighbours", "邻里意见", "What neighbours say", required=False, most=300),
        asking.yes_no("agrees", "调查结论：与申报一致", "Conclusion: agrees with what was declared")
        | {"required": True},
        asking.files("photos", "住房照片（不少于 2 张）", "Photos of the home (at least 2)", least=2),
        asking.files("signature", "职工签名（拍照上传）", "The worker's signature (photograph)")
        | {"help": asking.words("在纸质入户调查表上签名，或按手印。", "On a paper form; a fingerprint will do.")},
    )


PICTURES = ("photos", "signature")


def _given(turn: Turn) -> list[str]:
    return [one for key in PICTURES for one in files.as_list(turn.answers.get(key))]


def check_sheet(turn: Turn) -> list[Problem]:
    """Two photos at least, and files of one's own."""
    if len(files.as_list(turn.answers.get("photos"))) < 2:
        return [Problem("TWO_PHOTOS", _("A visit needs at least two photos."), place="photos")]
    return files.check_files(turn, _given(turn))


def record(turn: Turn) -> None:
    """The first investigator writes the sheet."""
    common.note_opinion(turn, "record")
    turn.facts["sheet"] = {k: v for k, v in turn.answers.items() if k not in PICTURES}
    turn.facts["hands"] = sorted({turn.actor.person, turn.duty.for_person if turn.duty else None} - {None})
    files.take_files(turn, _given(turn))
    turn.then(effects.set_phase, phase="recorded")
    turn.then(effects.assign, user=None)


def first_signers(turn: Turn) -> set[int]:
    """The person who recorded the visit in this round, and whom he stood in for."""
    task, _step = flow.task_and_step(turn)
    rows = Decision.objects.filter(task=task, decision="record").select_related("event")
    row = rows.order_by("-id").first()
    return set(row.event.data.get("hands", [row.person])) if row else set()


def check_second(turn: Turn) -> list[Problem]:
    """The second signature is another person's."""
    if first_signers(turn) & turn.actor.persons:
        return [
            Problem(
                "TWO_PEOPLE",
                _("The visit is signed by two different people."),
                mend=_("The second investigator signs."),
            )
        ]
    return []


def sign(turn: Turn) -> None:
    """The second investigator confirms the sheet."""
    common.note_opinion(turn, "pass")
    turn.then(effects.issue, kind="visit_form")
    flow.pass_step(turn)


def redo_form(turn: Turn) -> FormSpec | None:
    """Why the sheet is not signed."""
    return asking.decision_form("redo", asking.opinion(required=True, zh="不同意之处", en="What is not right"))


def redo(turn: Turn) -> None:
    """The second investigator disagrees: the sheet is written anew."""
    common.note_opinion(turn, "redo")
    turn.then(effects.set_phase, phase="")
    turn.then(effects.assign, user=None)


KIND = StepKind(
    "visit",
    _("Home visit"),
    (
        Choice("record", _("Record the visit"), record, sheet, check_sheet, when=phase(""), style="primary"),
        Choice(
            "sign",
            _("Sign as second investigator"),
            sign,
            common.pass_form,
            ready=check_second,
            when=phase("recorded"),
            style="primary",
            leads="on",
        ),
        Choice("redo", _("Do not sign"), redo, redo_form, ready=check_second, when=phase("recorded")),
        common.OVERDUE,
    ),
    {"sign": Option("count", ("2",))},
)
