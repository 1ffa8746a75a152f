"""Completeness check: accept, name everything that is missing once, or not accept (domain §2)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.programmes.reasons import NOT_ACCEPTED
from casework.workflows import assess, effects, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import asking, common, dates, missing
from casework.workflows.steps.more_time import MORE_TIME
from casework.workflows.turn import Turn


def accept(turn: Turn) -> None:
    """Freeze the regional numbers, work out the facts, start the total clock; after the limit with the date that
    silence would have given. A case sent back here was accepted before and stays so."""
    if turn.task is not None and again(turn.task):
        common.apply_pass(turn)
        return
    common.note_opinion(turn, "pass")
    dates.keep(turn)
    _accept_on(turn, turn.case.submitted_at if late(turn) else turn.now, "pass")


def pass_form(turn: Turn) -> FormSpec | None:
    """An opinion, and the dates of the papers; of a case that was accepted before they are settled."""
    return common.pass_form(turn) if turn.task is not None and again(turn.task) else dates.pass_form(turn)


def check_pass(turn: Turn) -> list[Problem]:
    """No paper had run out, as long as another can be asked for."""
    if (turn.task is not None and again(turn.task)) or late(turn):
        return []
    return dates.check(turn)


def late(turn: Turn) -> bool:
    """Did the limit pass after which silence accepts, whether or not the timer has run yet?"""
    task, step = flow.task_and_step(turn)
    return bool(step.options.get("silence")) and task.due_at is not None and task.due_at <= turn.now


def in_time(turn: Turn) -> list[Problem]:
    """After the limit the application counts as accepted: nothing more may be asked for or refused (domain §2)."""
    if not late(turn):
        return []
    message = _("The limit of the completeness check has passed, so the application counts as accepted.")
    return [Problem("LIMIT_PASSED", message, mend=_("Accept it, or wait until it is accepted by itself."))]


def silence(turn: Turn) -> None:
    """No notice within the limit: deemed accepted on the date of submission (domain §2)."""
    common.note_opinion(turn, "silence")
    _accept_on(turn, turn.case.submitted_at, "silence")


def _accept_on(turn: Turn, moment: datetime | None, outcome: str) -> None:
    turn.case.accepted_at = moment
    assess.freeze(turn)
    flow.pass_step(turn, outcome)
    turn.then(effects.issue, kind="acceptance_notice")
    turn.then(effects.tell, template="accepted")


def notice_form(turn: Turn) -> FormSpec | None:
    """All items at once; a second notice also asks for the supervisor's reason."""
    caused = asking.yes_no("by_supplement", "因补正材料新产生", "Newly caused by the supplement")
    items = [missing.rows(turn, caused)]
    if assess.last_notice(turn.case) is not None:
        why = asking.words("再次告知的理由（须经主管同意）", "Reason for a second notice (agreed by a supervisor)")
        items.append(missing.supervisor(why))
    return missing.with_expired(asking.decision_form("one_time_notice", *items), dates.expired(turn))


def check_notice(turn: Turn) -> list[Problem]:
    """A second notice may only name what the supplement caused, or needs a supervisor's reason (domain §2)."""
    if assess.last_notice(turn.case) is None:
        return []
    handed_in = set(turn.case.facts.get("supplemented", []))
    fresh = all(row.get("by_supplement") and row["item"] in handed_in for row in turn.answers["items"])
    return [] if fresh else missing.without_reason(turn)


def one_time_notice(turn: Turn) -> None:
    """Stop the clock and tell the applicant everything that is missing, once."""
    second = assess.last_notice(turn.case) is not None
    missing.note(turn, "one_time_notice", second=second)
    flow.fire(turn, "ask_supplement")
    missing.wait(turn, timer="lapse")
    turn.then(effects.tell, template="one_time_notice")


def refuse_form(turn: Turn) -> FormSpec | None:
    """Why it is not accepted, and which body is the right one."""
    codes = {code: asking.words(reason.text.zh, reason.text.en) for code, reason in NOT_ACCEPTED.items()}
    return asking.decision_form(
        "not_accept",
        asking.reason_code(codes),
        asking.short("right_body", "应向何处申请", "Where to apply instead", required=False),
        asking.opinion(required=True, zh="说明", en="Explanation"),
    )


def check_refuse(turn: Turn) -> list[Problem]:
    """Nobody is sent away without being told where to go (domain §2, first-contact owner)."""
    if turn.answers["code"] == "NOT_OUR_MATTER" and not str(turn.answers.get("right_body") or "").strip():
        return [Problem("RIGHT_BODY", _("Name the office that is responsible."), place="right_body")]
    return []


def not_accept(turn: Turn) -> None:
    """The application ends here, with the right body named."""
    common.note_opinion(turn, "not_accept")
    turn.facts |= {"code": turn.answers["code"], "right_body": turn.answers.get("right_body") or ""}
    flow.fire(turn, "not_accept")
    flow.end(turn, str(turn.answers["code"]))
    turn.then(effects.issue, kind="not_accepted_notice")
    turn.then(effects.tell, template="not_accepted")


def again(task: Task) -> bool:
    """Is the check done again for a later step? What acceptance settled is settled then."""
    return bool(task.return_to)


def first(task: Task) -> bool:
    """Open only before acceptance, while the papers are on this desk."""
    return missing.here(task) and not again(task)


KIND = StepKind(
    "accept",
    _("Completeness check"),
    (
        Choice("pass", _("Accept"), accept, pass_form, check_pass, when=missing.here,
               style="primary", leads="on"),
        Choice(
            "one_time_notice",
            _("One-time notice"),
            one_time_notice,
            notice_form,
            check_notice,
            in_time,
            first,
            leads="ask_supplement",
        ),
        MORE_TIME,
        Choice(
            "not_accept",
            _("Do not accept"),
            not_accept,
            refuse_form,
            check_refuse,
            in_time,
            first,
            style="danger",
            leads="not_accept",
        ),
        Choice("silence", _("Limit passed in silence"), silence, when=first, side="system", decides=False, leads="on"),
        common.OVERDUE,
    ),
    {"silence": Option("one", ("accepted",))},
)
