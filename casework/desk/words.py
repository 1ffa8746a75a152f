"""Words for what the desk shows of other parts: actions, phases, pauses, papers, postings."""
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Words
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.workflows import applicant, upholding
from casework.workflows.choices import Choice
from casework.workflows.kinds import KINDS
from casework.workflows.migrating.choices import CHOICES as MOVES
from casework.workflows.models import Task
from casework.workflows.steps.common import DENY, PASS
from casework.workflows.taking import RELEASE, TAKE

PHASES: dict[tuple[str, str], Words] = {
    ("accept", "waiting"): gettext_lazy("The applicant is handing in what was missing"),
    ("review", "waiting"): gettext_lazy("The applicant is handing in what was missing"),
    ("handle", "asked"): gettext_lazy("More time was asked for: the approver decides"),
    ("visit", "recorded"): gettext_lazy("Waits for the second signature"),
    ("visit", "missed"): gettext_lazy("No visit was possible: waits for the second signature"),
    ("means_check", "sent"): gettext_lazy("Civil affairs was asked"),
    ("notice", "posted"): gettext_lazy("The notice hangs"),
    ("notice", "stopped"): gettext_lazy("Objection: to be examined"),
    ("notice", "ended"): gettext_lazy("The notice is over: confirm the result"),
    ("approve", "signed"): gettext_lazy("Signed; waits for the next signature"),
    ("approve", "no_funds"): gettext_lazy("Waits for money in the fund"),
    ("calculate", "asked"): gettext_lazy("An inquiry is out"),
    ("handover", "sent"): gettext_lazy("Sent to the bank"),
    ("handover", "made"): gettext_lazy("Made by the bank"),
    ("handover", "received"): gettext_lazy("Received and counted"),
    ("pay", "returned"): gettext_lazy("The bank sent the money back"),
    ("pay_lawyer", "returned"): gettext_lazy("The bank sent the money back"),
    ("conduct", "agreed"): gettext_lazy("The agreement is signed"),
    ("approve_fee", "no_funds"): gettext_lazy("Waits for money in the fund"),
    ("score", "sheets_1"): gettext_lazy("One sheet is handed in"),
    ("score", "sheets_2"): gettext_lazy("The sheets lie far apart: a third is needed"),
    ("roster", "drawing"): gettext_lazy("The roster is being drawn"),
    ("roster", "drawn"): gettext_lazy("The roster is drawn: look it through"),
    ("enrol", "standby"): gettext_lazy("On the waiting list for a seat"),
    ("attendance", "begun"): gettext_lazy("Lessons go on"),
    ("match", "referred"): gettext_lazy("A referral waits for its result"),
    ("follow_up", "waits"): gettext_lazy("Waits for the day of the follow-up"),
    ("follow_up", "due"): gettext_lazy("The follow-up is due: ask how work goes"),
    ("deliver", "recorded"): gettext_lazy("Waits for the second visitor's signature"),
}
# Decision rows that no choice is called after.
DECIDED: dict[str, Words] = {"sign": gettext_lazy("Signed, with others to follow")}
PAUSES: dict[str, Words] = {
    "supplement": gettext_lazy("the applicant supplements"), "means_check": gettext_lazy("civil affairs checks"),
    "inquiry": gettext_lazy("an inquiry is out"), "expert": gettext_lazy("an expert is asked"),
    "objection": gettext_lazy("an objection is examined"),
}
SCOPES: dict[str, Words] = {
    "unit": gettext_lazy("Notice in the unit"), "town": gettext_lazy("Notice in the town"),
    "county": gettext_lazy("Notice in the county"),
}
DOCUMENTS: dict[str, Words] = {
    "minutes": gettext_lazy("Minutes of the meeting"),
    "photos": gettext_lazy("Photos of the visit"), "signature": gettext_lazy("The worker's signature"),
    "photo_start": gettext_lazy("Notice board, start"),
    "photo_end": gettext_lazy("Notice board, end"), "receipt": gettext_lazy("Receipt with the signature"),
    "signed_list": gettext_lazy("Signed list"), "evidence": gettext_lazy("Papers of the handling"),
    "service_receipt": gettext_lazy("Receipt of service"), "request": gettext_lazy("Written request"),
    "agreement": gettext_lazy("Agreement"), "judgment": gettext_lazy("Settlement, award or judgment"),
    "log_papers": gettext_lazy("Papers of the log"),
    "sheet": gettext_lazy("Signed sheet of a session"), "papers": gettext_lazy("Record of the exam"),
}
POSTINGS: dict[str, Words] = {
    "receive": gettext_lazy("Received"), "allocate": gettext_lazy("Allocated"), "reserve": gettext_lazy("Set aside"),
    "release": gettext_lazy("Freed"), "send": gettext_lazy("Sent to the bank"), "pay": gettext_lazy("Paid"),
    "return": gettext_lazy("Returned by the bank"), "reverse": gettext_lazy("Reversed"),
    "carry_over": gettext_lazy("Carried over"),
}


def phase_words(task: Task) -> Words:
    """Where a step with inner stages stands, "" at its start."""
    rounds = (task.kind, task.phase.partition("_")[0])
    return PHASES.get((task.kind, task.phase)) or PHASES.get(rounds, "")


def pause_words(reason: str) -> Words:
    """Why the clock rests."""
    return PAUSES.get(reason, reason)


def _choice(kind: str, key: str) -> Choice | None:
    """A decision of a step. A pass or refusal under another name (a second signature, an objection upheld) is told
    as what it comes to."""
    shared = {"take": TAKE, "release": RELEASE, "pass": PASS, "deny": DENY}
    own = KINDS[kind].choice(key) if kind in KINDS else None
    return own or shared.get(key)


def action_words(action: str, programme: Programme) -> str:
    """"Review: Pass" for review.pass; the words of the applicant's acts; the bare key when nothing knows it."""
    step_key, _dot, key = action.rpartition(".")
    if not step_key:
        own = next((choice for choice in (*applicant.CHOICES, *upholding.CHOICES, *MOVES) if choice.key == key), None)
        return str(own.title) if own else action
    step = next((step for step in programme.steps() if step.key == step_key), None)
    if step is None:  # of a version before this one
        known = next((choice for kind in KINDS for choice in (_choice(kind, key),) if choice), None)
        return str(known.title) if known else action
    choice = _choice(step.kind, key)
    return _("%(step)s: %(decision)s") % {"step": step.title, "decision": choice.title if choice else key}


def decision_words(step_key: str, decision: str, programme: Programme) -> tuple[str, str]:
    """(step, decision) of a decision row."""
    step = next((step for step in programme.steps() if step.key == step_key), None)
    if step is None:
        return step_key, decision
    choice = _choice(step.kind, decision)
    return str(step.title), str(choice.title if choice else DECIDED.get(decision, decision))


def document_words(kind: str, programme: Programme) -> str:
    """What a file is: the paper's name in the list of the service, or what a step asked for."""
    paper = next((paper for paper in programme.papers if paper.key == kind), None)
    return str(paper.title if paper else DOCUMENTS.get(kind, kind))


def line_of(event: Event, programme: Programme) -> dict[str, Any]:
    """One event for the history on the case page."""
    data = event.data
    return {
        "at": event.at, "title": action_words(event.action, programme), "who": event.actor.get("name", ""),
        "text": data.get("reply_to_person") or data.get("opinion") or data.get("note") or "",
        "tone": "red" if data.get("overdue") else "grey",
    }


def news_of(case: Case, news: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What happened since the officer's screen was drawn, in words."""
    programme = programme_of(case.programme)
    return [{"title": action_words(str(row.get("action", "")), programme), "name": row.get("name", "")} for row in news]
