"""Objections to a public notice: recorded, dismissed, or upheld against the list or the application (domain §4.4)."""
from django.utils.translation import gettext_lazy as _

from casework.core.calendar import working_days_between
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import clocks, effects, flow, notices
from casework.workflows.choices import Choice, phase
from casework.workflows.steps import asking, board, common, roster
from casework.workflows.turn import Turn


def objection_form(turn: Turn) -> FormSpec | None:
    """What was objected; the words stay inside."""
    return asking.decision_form("object", asking.long("text", "异议内容", "What was objected", most=1000))


def object_(turn: Turn) -> None:
    """An objection stops the notice; it is examined within ten working days."""
    common.note_opinion(turn, "object")
    notice = board.live(turn)
    remaining = working_days_between(turn.today, clocks.last_day(notice.ends_at))
    turn.facts["remaining_wd"] = remaining
    turn.then(effects.set_phase, phase="stopped")
    stopped = notices.becomes(turn, notice, "stopped", remaining)
    turn.then(notices.stop, notice=stopped, text=str(turn.answers["text"]))


def reply_form(turn: Turn) -> FormSpec | None:
    """The written reply to the objection."""
    return asking.decision_form("reply", asking.long("reply", "书面答复", "Written reply", most=1000))


def dismiss(turn: Turn) -> None:
    """The objection does not hold: the remaining days run on."""
    common.note_opinion(turn, "dismiss")
    turn.facts["reply"] = turn.answers["reply"]
    turn.then(effects.set_phase, phase="posted")
    notice = board.live(turn)
    hanging = notices.becomes(turn, notice, "running", notice.remaining_wd)
    turn.then(notices.run_on, notice=hanging, reply=str(turn.answers["reply"]))


def change_form(turn: Turn) -> FormSpec | None:
    """The reply; for a campaign also the line that is struck."""
    line = {
        "key": "line", "kind": "int", "min": 1, "required": True,
        "title": asking.words("删除的名单编号", "Number of the line that is struck"),
    }
    reply = asking.long("reply", "书面答复", "Written reply", most=1000)
    return asking.decision_form("reply", *([line] if turn.case.life == "campaign" else []), reply)


def check_change(turn: Turn) -> list[Problem]:
    """The line is on the list."""
    return roster.check_line(turn) if turn.case.life == "campaign" else []


def change_list(turn: Turn) -> None:
    """The list was wrong: a fresh notice over the full days. An objection upheld strikes one line of a campaign."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "change_list")
    turn.facts["reply"] = turn.answers["reply"]
    turn.then(effects.set_phase, phase="posted")
    if turn.case.life == "campaign":
        turn.facts |= {"line": turn.answers["line"], "code": "OBJECTION_UPHELD"}
        roster.strike_line(turn, int(turn.answers["line"]), "OBJECTION_UPHELD")  # before the list is read again
    old = board.live(turn)
    fresh = notices.write(turn, old.text, old.contact, board.rows_of(turn), int(step.options["days"]))
    replaced = notices.becomes(turn, old, "replaced")
    turn.then(notices.replace, notice=replaced, reply=str(turn.answers["reply"]), fresh=fresh)
    turn.then(effects.issue, kind="public_notice")


def open_to_denial(turn: Turn) -> list[Problem]:
    """An objection to one line ends the line, not the campaign; and a list that hangs beside the payment comes after
    the decision: what was paid by mistake is claimed back, the case is not denied."""
    if turn.case.life != "campaign":
        if flow.can(turn.case, "deny"):
            return []
        mend = _("Tell the county: money that was paid by mistake is claimed back.")
        return [Problem("DECIDED", _("It is approved already, so it cannot be denied here."), mend=mend)]
    mend = _("Choose the change of the list and name the line.")
    return [Problem("STRIKE_THE_LINE", _("Only the line that was objected to is struck."), mend=mend)]


def uphold(turn: Turn) -> None:
    """The objection holds: the application is not approved."""
    common.note_opinion(turn, "deny")
    turn.facts["reply"] = turn.answers["reply"]
    turn.then(notices.close_objection, notice=board.live(turn), reply=str(turn.answers["reply"]), result="upheld")
    flow.deny(turn, "OBJECTION_UPHELD")


CHOICES = (
    Choice("object", _("Record an objection"), object_, objection_form, when=phase("posted")),
    Choice("dismiss", _("Objection dismissed"), dismiss, reply_form, when=phase("stopped"), style="primary"),
    Choice("change_list", _("List changed: new notice"), change_list, change_form, check_change, when=phase("stopped")),
    Choice(
        "uphold", _("Objection upheld"), uphold, reply_form, ready=open_to_denial, when=phase("stopped"),
        style="danger", leads="deny",
    ),
)
