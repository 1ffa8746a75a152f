"""Attendance of a class, session by session, and who left it (domain §5.3). A session is half a day."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, files
from casework.workflows.campaigns import classes
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

HALVES = {"am": asking.words("上午", "Morning"), "pm": asking.words("下午", "Afternoon")}


def _names(turn: Turn) -> dict[str, dict[str, str]]:
    return {
        str(line.pk): asking.words(f"{line.pk} {line.person.name}", f"{line.pk} {line.person.name}")
        for line in classes.pupils(turn.case)
    }


def session_form(turn: Turn) -> FormSpec | None:
    """The day, the half, who was missing, and the signed sheet."""
    half: asking.Item = {
        "key": "half", "kind": "enum", "required": True, "choices": HALVES, "title": asking.words("场次", "Session"),
    }
    absent: asking.Item = {
        "key": "absent", "kind": "multi", "choices": _names(turn), "title": asking.words("缺勤人员", "Who was missing"),
        "help": asking.words("全勤可不选。", "Leave it empty when everybody was there."),
    }
    return asking.decision_form(
        "session", asking.date_item("held_on", "上课日期", "Day of the session"), half, absent,
        asking.files("sheet", "签到表", "Signed sheet"),
    )


def check_session(turn: Turn) -> list[Problem]:
    """Within the days of the class, each session once, files of one's own."""
    facts, day = turn.case.facts, str(turn.answers["held_on"])
    if not str(facts["begins"]) <= day <= str(facts["ends"]):
        return [Problem("SESSION_DAY", _("This day lies outside the class."), place="held_on")]
    if any((row["on"], row["half"]) == (day, turn.answers["half"]) for row in facts.get("sessions") or []):
        return [Problem("SESSION_TWICE", _("This session is written down already."), place="half")]
    return files.check_files(turn, files.as_list(turn.answers.get("sheet")))


def session(turn: Turn) -> None:
    """Keep who was missing."""
    absent = sorted(int(line) for line in turn.answers.get("absent") or [])
    row = {"on": turn.answers["held_on"], "half": turn.answers["half"], "absent": absent}
    common.note_opinion(turn, "session")
    turn.facts |= {"session": f"{row['on']} {row['half']}", "absent_lines": absent}
    turn.case.facts = {**turn.case.facts, "sessions": [*(turn.case.facts.get("sessions") or []), row]}
    files.take_files(turn, files.as_list(turn.answers.get("sheet")))
    turn.then(effects.set_phase, phase="begun")


def leave_form(turn: Turn) -> FormSpec | None:
    """Who left, and why."""
    line: asking.Item = {
        "key": "line", "kind": "enum", "required": True, "choices": _names(turn),
        "title": asking.words("退班人员", "Who left the class"),
    }
    return asking.decision_form("leave", line, asking.opinion(required=True, zh="退班原因", en="Why"))


def leave(turn: Turn) -> None:
    """The enrolment ends by a queued command."""
    common.note_opinion(turn, "leave")
    turn.facts["line"] = int(turn.answers["line"])
    line = next(row for row in classes.pupils(turn.case) if str(row.pk) == turn.answers["line"])
    turn.then(classes.tell, line=line, kind="lessons", choice="left")


def some_held(turn: Turn) -> list[Problem]:
    """At least one session was held."""
    if turn.case.facts.get("sessions"):
        return []
    return [Problem("NO_SESSION", _("No session is written down yet."), mend=_("Write down the sessions first."))]


KIND = StepKind(
    "attendance",
    _("Attendance"),
    (
        Choice("pass", _("All sessions are held"), common.apply_pass, common.pass_form, ready=some_held,
               style="primary", leads="on"),
        Choice("session", _("Write down a session"), session, session_form, check_session, style="primary"),
        Choice("leave", _("Somebody left the class"), leave, leave_form),
        common.OVERDUE,
    ),
)
