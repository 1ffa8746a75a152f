"""How a case is told to the applicant: where it stands, who holds it, why the clock rests, what comes next."""
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casework.access.models import Role
from casework.cases.models import Case, State
from casework.core.problems import Words
from casework.organisations.models import Level
from casework.programmes.spec import Programme, Step
from casework.workflows import queries, seats
from casework.workflows.models import Hold, Task

PAUSES: dict[str, Words] = {
    "supplement": gettext_lazy("waiting for your missing papers"),
    "inquiry": gettext_lazy("a question is being cleared up"),
    "means_check": gettext_lazy("the household means check by civil affairs is running"),
    "expert": gettext_lazy("an expert opinion is being made"),
    "objection": gettext_lazy("an objection is being examined"),
    "notice": gettext_lazy("the public notice hangs"),
}
NOTICES = {"posted": "notice", "stopped": "objection"}  # phase of an open notice → why the case waits
ENDED_BADLY = (State.NOT_ACCEPTED, State.DENIED, State.WITHDRAWN, State.REVOKED, State.TRANSFERRED, State.MERGED)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the case on the desk: role, office and the window's phone; never a private name or number."""

    step: str
    role: Words
    organisation: str
    phone: str


def step_plan(programme: Programme) -> list[dict[str, Any]]:
    """The steps of a service before anybody has applied."""
    note = _("online, by phone or computer") if programme.online else ""
    plan = [{"title": _("You hand in the application"), "state": "future", "note": note}]
    return plan + [_planned(step) for step in programme.steps()]


def _planned(step: Step) -> dict[str, Any]:
    above = step.options.get("above")  # where it lies depends on who answered
    level = _("a level above") if above else level_words(step.level)
    if step.kind in queries.FOR_THE_PERSON:
        parts = [str(role_words(Role.APPLICANT))]
    else:
        parts = [seats.words(step)] if seats.words(step) else [str(role_words(step.role)), str(level)]
    if step.limit_days:
        within = ngettext("within %(n)d day", "within %(n)d days", step.limit_days)
        parts.append(within % {"n": step.limit_days})
    elif step.limit_wd:
        within = ngettext("within %(n)d working day", "within %(n)d working days", step.limit_wd)
        parts.append(within % {"n": step.limit_wd})
    return {"title": step.title, "state": "future", "note": " · ".join(part for part in parts if part)}


def role_words(role: str) -> Words:
    """The role in words; the applicant is told as "you"."""
    if role == Role.APPLICANT:
        return _("You yourself")
    return Role(role).label if role in Role.values else role


def level_words(level: str) -> Words:
    """The level in words, "" for the applicant."""
    return Level(level).label if level in Level.values else ""


def step_line(case: Case, programme: Programme, tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """The steps of a case: done with their day, current, still to come; stopped where it ended badly."""
    newest: dict[str, Task] = {task.step: task for task in sorted(tasks, key=lambda task: task.pk)}
    handed_in = date_format(localtime(case.submitted_at), "SHORT_DATE_FORMAT") if case.submitted_at else ""
    line = [{"title": _("Handed in"), "state": "done" if case.submitted_at else "current", "when": handed_in}]
    for step in programme.steps():
        if step.when is None or step.key in newest:  # one that the facts may not ask for is told when it opens
            line.append(_told(step, newest.get(step.key), case))
    if case.state in ENDED_BADLY:
        line = _cut(line, str(State(case.state).label), case)
    return line


def _told(step: Step, task: Task | None, case: Case) -> dict[str, Any]:
    if task is None or task.state == "cancelled":
        skipped = case.state == State.CLOSED
        return {"title": step.title, "state": "done" if skipped else "future", "note": ""}
    if task.state == "done" and task.done_at:
        return {"title": step.title, "state": "done", "when": date_format(localtime(task.done_at), "SHORT_DATE_FORMAT")}
    return {"title": step.title, "state": "current", "note": str(role_words(task.role))}


def _cut(line: list[dict[str, Any]], words: str, case: Case) -> list[dict[str, Any]]:
    kept = [entry for entry in line if entry["state"] == "done"]
    when = date_format(localtime(case.ended_at), "SHORT_DATE_FORMAT") if case.ended_at else ""
    return [*kept, {"title": words, "state": "stopped", "when": when}]


def holders(case: Case, programme: Programme, tasks: Iterable[Task]) -> list[Holder]:
    """Who holds the case now."""
    titles = {step.key: step.title for step in programme.steps()}
    held = [task for task in tasks if task.state == "open" and task.role != Role.APPLICANT]
    return [
        Holder(str(titles.get(task.step, "")), role_words(task.role), task.organisation.name, phone_for(task, case))
        for task in held
    ]


def phone_for(task: Task, case: Case) -> str:
    """The phone to ask at: the office's own, else the county's window."""
    return task.organisation.phone or (case.county.phone if case.county else "")


def pause_words(reason: str) -> Words:
    """Why the clock rests."""
    return PAUSES.get(reason, _("the office waits for something"))


def resting(hold: Hold | None, tasks: Iterable[Task]) -> Words:
    """Why the clock of the case rests: a hold, or a public notice; "" when it runs (domain §4.2)."""
    if hold is not None:
        return pause_words(hold.reason)
    hung = (NOTICES[task.phase] for task in tasks if task.state == "open" and task.phase in NOTICES)
    return next((pause_words(reason) for reason in hung), "")


def next_words(case: Case, programme: Programme, tasks: Iterable[Task]) -> Words:
    """One sentence on what happens now or next, by standing and by what the service gives."""
    if any(task.state == "open" and task.phase == "returned" for task in tasks):
        return _("The bank sent the money back. Give us another card of yours; then it is sent again.")
    if programme.re_examines and case.state in OF_RE_EXAMINATION:
        return OF_RE_EXAMINATION[State(case.state)]
    if case.state == State.WITHDRAWN and case.outcome == "LAPSED":
        return _("The missing papers did not come in time: the application counts as withdrawn. You may apply again.")
    if pays_applicant(programme) and case.state in MONEY_WORDS:
        return MONEY_WORDS[State(case.state)]
    return _at_step(tasks) or TOLD.get(State(case.state), "")


def pays_applicant(programme: Programme) -> bool:
    """Does the money of the service go to the applicant?"""
    return bool(programme.fund_purpose) and not any(step.kind == "pay_lawyer" for step in programme.steps())


def _at_step(tasks: Iterable[Task]) -> Words:
    """What an open step says by itself, "" for most of them."""
    for task in tasks:
        if task.state == "open":
            own = AT_STEP.get((task.kind, task.phase)) or AT_STEP.get((task.kind, ""))
            if own:
                return own
    return ""


# What the applicant waits for at steps that say more than the standing of the case.
AT_STEP: dict[tuple[str, str], Words] = {
    ("review", "waiting"): gettext_lazy(
        "Something is missing. Hand it in; the time you need is not counted against the promised date."
    ),
    ("listing", ""): gettext_lazy("Your vacancy is in the public list. You may take it off at any time."),
    ("match", ""): gettext_lazy("We look for vacancies that fit you and tell you of each."),
    ("match", "referred"): gettext_lazy("We referred you to a vacancy. Tell the officer how it went."),
    ("follow_up", ""): gettext_lazy("You have work. We ask you from time to time how it goes."),
    ("enrol", "standby"): gettext_lazy(
        "The class is full. You are on the waiting list and are told when a seat is free."
    ),
    ("lessons", ""): gettext_lazy("You have a seat in the class. Please come to every session."),
}


MONEY_WORDS: dict[State, Words] = {
    State.APPROVED: gettext_lazy("Approved. The money is being transferred to your card."),
    State.SETTLED: gettext_lazy("The money has been transferred. Please tell us how satisfied you are."),
}
# A re-examination comes once, and what comes of it is final (domain §4.3).
OF_RE_EXAMINATION: dict[State, Words] = {
    State.SUBMITTED: gettext_lazy("The city federation checks whether your request is in time and complete."),
    State.ACCEPTED: gettext_lazy("Your request is being examined by people who had no part in the refusal."),
    State.CLOSED: gettext_lazy("The refusal is lifted. Your refused application goes on; open it to follow it."),
    State.DENIED: gettext_lazy("The refusal stands, and this decision is final. The letter below says why."),
    State.NOT_ACCEPTED: gettext_lazy("We do not look into this request. The refusal stands; the letter says why."),
    State.WITHDRAWN: gettext_lazy("This request has ended and the refusal stands. It is looked at once only."),
}
TOLD: dict[State, Words] = {
    State.DRAFT: gettext_lazy("Not sent yet."),
    State.SUBMITTED: gettext_lazy(
        "Your union checks whether everything is there. If something is missing, you are told once, on one list."
    ),
    State.SUPPLEMENT: gettext_lazy(
        "Something is missing. Hand it in; the time you need is not counted against the promised date."
    ),
    State.ACCEPTED: gettext_lazy("Your application is being examined. You need not do anything now."),
    State.APPROVED: gettext_lazy("Approved. We are preparing what follows; you need not do anything now."),
    State.SETTLED: gettext_lazy("What you asked for is done. Please tell us how satisfied you are."),
    State.CLOSED: gettext_lazy("Finished. Thank you."),
    State.NOT_ACCEPTED: gettext_lazy("We cannot take this matter on. The letter below says why and where to turn."),
    State.DENIED: gettext_lazy(
        "The application was not approved. Here is the reason, and how to ask for a second look."
    ),
    State.WITHDRAWN: gettext_lazy("You withdrew the application. You may apply again at any time."),
    State.REVOKED: gettext_lazy("The decision was revoked. The letter below says why."),
    State.REGISTERED: gettext_lazy("Your matter is written down. We tell you soon who takes it on."),
    State.ANSWERED: gettext_lazy("You have our answer. If it does not help you, tell us so."),
    State.TRANSFERRED: gettext_lazy("Your matter goes on as another case; you need not tell it again."),
    State.MERGED: gettext_lazy("The same matter is handled in another case already; we answer you there."),
    State.PLANNED: gettext_lazy("The plan waits for its approval."),
    State.OPEN: gettext_lazy("The plan is approved; the list is being drawn up."),
    State.RUNNING: gettext_lazy("The list is closed and is being carried out."),
}
