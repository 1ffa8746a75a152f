"""Home visit by two people: one records it, the other signs; the worker's own signature is the third (domain §4.11,
§5.7). Where no visit can be made, both sign that, and the case goes on as one whose check was refused (domain §4.7)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import doubts, effects, files, flow
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.models import Decision, Task
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
LEAST_ATTEMPTS = 2


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
    files.take_files(turn, _given(turn))
    _to_the_second(turn, "recorded")


def _to_the_second(turn: Turn, phase: str) -> None:
    turn.facts["hands"] = sorted({turn.actor.person, turn.duty.for_person if turn.duty else None} - {None})
    turn.then(effects.set_phase, phase=phase)
    turn.then(effects.assign, user=None)


def first_signers(turn: Turn) -> set[int]:
    """The person who recorded the visit in this round, and whom he stood in for."""
    task, _step = flow.task_and_step(turn)
    row = _last(task, "record", "no_visit")
    return set(row.event.data.get("hands", [row.person])) if row else set()


def _last(task: Task, *decisions: str) -> Decision | None:
    rows = Decision.objects.filter(task=task, decision__in=decisions).select_related("event")
    return rows.order_by("-id").first()


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
    """The second investigator confirms the sheet; what earlier visits left behind is settled by it."""
    task, _step = flow.task_and_step(turn)
    common.note_opinion(turn, "pass")
    row = _last(task, "record")
    agrees = row is None or bool(row.event.data.get("sheet", {}).get("agrees"))
    doubts.note(turn, doubts.VISIT_DISAGREES, not agrees)
    doubts.note(turn, doubts.NO_VISIT, "")
    doubts.refusal(turn, "visit", refused=False)
    turn.then(effects.issue, kind="visit_form")
    flow.pass_step(turn)


def no_visit_form(turn: Turn) -> FormSpec | None:
    """Why no visit could be made, and on which days it was tried."""
    why = {key: asking.words(text.zh, text.en) for key, text in doubts.NO_VISIT_WHY.items()}
    return asking.decision_form(
        "no_visit",
        asking.choice("why", "不能入户的原因", "Why no visit can be made", why),
        {
            "repeat": "attempts",
            "title": asking.words("上门日期（不少于 2 次）", "Days of the attempts (at least 2)"),
            "item_title": asking.words("上门", "Attempt"),
            "min": LEAST_ATTEMPTS,
            "max": 10,
            "fields": [asking.date_item("on", "日期", "Day")],
        },
        asking.opinion(required=True, zh="上门经过", en="What happened"),
    )


def check_no_visit(turn: Turn) -> list[Problem]:
    """Tried on two days at least."""
    if len({row["on"] for row in turn.answers["attempts"]}) >= LEAST_ATTEMPTS:
        return []
    message = _("Name at least two days on which you went there.")
    return [Problem("TWO_ATTEMPTS", message, place="attempts.1.on", mend=_("Go once more on another day."))]


def no_visit(turn: Turn) -> None:
    """The first investigator writes down that no visit can be made."""
    common.note_opinion(turn, "no_visit")
    days = sorted({_iso(row["on"]) for row in turn.answers["attempts"]})
    turn.facts["no_visit"] = {"why": turn.answers["why"], "attempts": days}
    _to_the_second(turn, "missed")


def _iso(day: date | str) -> str:
    return day.isoformat() if isinstance(day, date) else day


def sign_no_visit(turn: Turn) -> None:
    """The second investigator confirms it: the case goes on as one whose check was refused, and the applicant is told
    that the visit can still be made up for."""
    task, _step = flow.task_and_step(turn)
    common.note_opinion(turn, "sign_no_visit")
    row = _last(task, "no_visit")
    doubts.note(turn, doubts.NO_VISIT, row.event.data["no_visit"]["why"] if row else "refused")
    doubts.note(turn, doubts.VISIT_DISAGREES, False)
    doubts.refusal(turn, "visit", refused=True)
    flow.pass_step(turn)
    turn.then(effects.tell, template="no_visit")


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
        Choice("no_visit", _("No visit possible"), no_visit, no_visit_form, check_no_visit, when=phase("")),
        Choice(
            "sign_no_visit",
            _("Sign that no visit was possible"),
            sign_no_visit,
            common.pass_form,
            ready=check_second,
            when=phase("missed"),
            style="primary",
            leads="on",
        ),
        Choice("redo", _("Do not sign"), redo, redo_form, ready=check_second, when=phase("recorded", "missed")),
        common.OVERDUE,
    ),
    {"sign": Option("count", ("2",))},
)
