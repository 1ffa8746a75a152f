"""Events in readable words: what was done, which column changed from what to what, and what was said."""
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.cases.models import State
from casework.core import money
from casework.core.problems import Words
from casework.core.text import Text, listed
from casework.forms.review import label as label_of
from casework.programmes.reasons import PROBLEM_KINDS, text_of
from casework.programmes.spec import Programme
from casework.workflows import corrections
from casework.workflows.applicant import CHOICES
from casework.workflows.kinds import KINDS
from casework.workflows.migrating.choices import CHOICES as MOVES
from casework.workflows.steps import closing
from casework.workflows.steps.common import PASS
from casework.workflows.steps.handover import STAGES
from casework.workflows.steps.re_examine import RESULTS
from casework.workflows.steps.serve import WAYS

ACTIONS: dict[str, Words] = {choice.key: choice.title for choice in (*CHOICES, *MOVES)} | {
    "take": gettext_lazy("Task taken"),
    "release": gettext_lazy("Task given back"),
    "export": gettext_lazy("Case exported"),
    "reveal": gettext_lazy("Full value looked at"),
    "search_by_id": gettext_lazy("Searched by ID number"),
    "refused_attempt": gettext_lazy("Refused attempt"),
    "download": gettext_lazy("File downloaded"),
    "paper_made": gettext_lazy("Letter made"),
    "try_message_again": gettext_lazy("Undelivered message sent again"),
    "message_dealt_with": gettext_lazy("Undelivered message dealt with"),
    "try_paper_again": gettext_lazy("Letter tried again"),
    "rule_dealt_with": gettext_lazy("Rule that failed dealt with"),
    "try_command_again": gettext_lazy("Refused move tried again"),
    "batch_make": gettext_lazy("Make a payment batch"),
    "batch_check": gettext_lazy("Check a payment batch"),
    "batch_export": gettext_lazy("Send a payment batch"),
}
# Decisions told without their service, as in the access log: a pass is a pass at any step.
DECISIONS: dict[str, Words] = {choice.key: choice.title for kind in KINDS.values() for choice in kind.choices} | {
    "pass": PASS.title,
}
COLUMNS: dict[str, Words] = {
    "state": gettext_lazy("Standing"),
    "category": gettext_lazy("Hardship category"),
    "requested_fen": gettext_lazy("Amount asked for"),
    "amount_fen": gettext_lazy("Amount approved"),
    "outcome": gettext_lazy("Reason of the ending"),
    "promised_on": gettext_lazy("Promised for"),
    "due_on": gettext_lazy("Due on"),
    "provisional": gettext_lazy("Date is provisional"),
    "paused_wd": gettext_lazy("Working days paused"),
    "year": gettext_lazy("Counts for the year"),
    "account_id": gettext_lazy("Payee account"),
    "entry_id": gettext_lazy("Register entry"),
    "household_id": gettext_lazy("Number of the household"),
    "organisation_id": gettext_lazy("Union that handles it"),
    "accepted_at": gettext_lazy("Accepted at"),
    "submitted_at": gettext_lazy("Submitted at"),
    "ended_at": gettext_lazy("Ended at"),
}
FACTS: dict[str, Words] = {
    "opinion": gettext_lazy("Opinion"),
    "note": gettext_lazy("Note"),
    "reason": gettext_lazy("Reason"),
    "code": gettext_lazy("Reason code"),
    "codes": gettext_lazy("Reason codes"),
    "returned_from": gettext_lazy("Returned from"),
    "next": gettext_lazy("Next step"),
    "payment": gettext_lazy("Payment"),
    "paid_fen": gettext_lazy("Paid"),
    "last4": gettext_lazy("Card ending in"),
    "field": gettext_lazy("Field"),
    "handed_in": gettext_lazy("Papers handed in"),
    "corrected": gettext_lazy("Answers changed"),
    "overdue": gettext_lazy("Limit passed"),
    "action": gettext_lazy("Action"),
    "missed_by": gettext_lazy("Missed by"),
    "supervisor_reason": gettext_lazy("Supervisor's reason"),
    "selected": gettext_lazy("Lines selected"),
    "members_present": gettext_lazy("Members present, of all"),
    "bodies_asked": gettext_lazy("Bodies asked"),
    "body": gettext_lazy("Body that answered"),
    "answer": gettext_lazy("Its answer"),
    "replied_on": gettext_lazy("Answered on"),
    "totals": gettext_lazy("Totals of the sheets"),
    "score_mean": gettext_lazy("Mean score"),
    "pass_mark": gettext_lazy("Pass mark"),
    "veto_found": gettext_lazy("A veto item applies"),
    "sheet_sha256": gettext_lazy("Hash of the sheet"),
    "active_dossiers": gettext_lazy("Dossiers in force on the day of the plan"),
    "lines_drawn": gettext_lazy("Lines drawn"),
    "lines_struck": gettext_lazy("Lines struck"),
    "line": gettext_lazy("Number of the line"),
    "lines_done": gettext_lazy("Lines carried out"),
    "lines_refused": gettext_lazy("Lines without aid"),
    "used_fen": gettext_lazy("Money used"),
    "unused_fen": gettext_lazy("Money of the plan that was not used"),
    "coverage_percent": gettext_lazy("Coverage in per cent"),
    "returned_to_store": gettext_lazy("Gift went back to the store"),
    "office": gettext_lazy("Office asked"),
    "award_fen": gettext_lazy("Amount worked out"),
    "stage": gettext_lazy("Stage"),
    "count": gettext_lazy("How many"),
    "ended_entry": gettext_lazy("Earlier entry that ended"),
    "reply_to_person": gettext_lazy("Answer to the person"),
    "right_body": gettext_lazy("Office in charge"),
    "matter_class": gettext_lazy("Class of the matter"),
    "handler": gettext_lazy("Given to"),
    "lawyer": gettext_lazy("Lawyer assigned"),
    "licence_no": gettext_lazy("Licence number"),
    "firm": gettext_lazy("Law firm"),
    "signed_on": gettext_lazy("Agreement signed on"),
    "done_on": gettext_lazy("Done on"),
    "aid_result": gettext_lazy("Result"),
    "handled": gettext_lazy("How it was handled"),
    "amount_won_fen": gettext_lazy("Amount won"),
    "report": gettext_lazy("Closing report"),
    "fee_fen": gettext_lazy("Lawyer's subsidy"),
    "leader_note": gettext_lazy("Note of a leader"),
    "referred_from": gettext_lazy("Sent on by"),
    "referred_to": gettext_lazy("Sent on to"),
    "way": gettext_lazy("How it was served"),
    "served_on": gettext_lazy("Served on"),
    "asked_for": gettext_lazy("Asked to look again"),
    "review_result": gettext_lazy("Result of the second look"),
    "became": gettext_lazy("Goes on as"),
    "came_from": gettext_lazy("Grown out of case"),
    "same_as": gettext_lazy("Same matter as case"),
    "reopened": gettext_lazy("Opened again"),
    "signature": gettext_lazy("Signature number"),
    "agreed_fen": gettext_lazy("Amount signed"),
    "expert_supports": gettext_lazy("The expert finds the criteria met"),
    "satisfied": gettext_lazy("Person satisfied"),
    "stars": gettext_lazy("Stars given"),
    "pupils": gettext_lazy("People with a seat"),
    "session": gettext_lazy("Session"),
    "absent_lines": gettext_lazy("Lines that were missing"),
    "passed_count": gettext_lazy("Passed the class"),
    "failed_count": gettext_lazy("Failed the class"),
    "score": gettext_lazy("Marks"),
    "attendance_percent": gettext_lazy("Attendance in per cent"),
    "taken_off": gettext_lazy("Why it was taken off"),
    "vacancy": gettext_lazy("Vacancy"),
    "referral_result": gettext_lazy("Result of the referral"),
    "placed": gettext_lazy("Placed in work"),
    "not_placed": gettext_lazy("Why not placed"),
    "recognised": gettext_lazy("Recognised as hard to employ"),
    "follow_up_month": gettext_lazy("Months after the placement"),
    "stable": gettext_lazy("Stable employment"),
    "extended_wd": gettext_lazy("Limit longer by working days"),
}
FIELDS: dict[str, Words] = {
    "id_no": gettext_lazy("ID number"), "phone": gettext_lazy("Phone number"), "card_no": gettext_lazy("Card number"),
}
VIAS: dict[str, Words] = {
    "online": gettext_lazy("Online"), "window": gettext_lazy("At the window"), "assisted": gettext_lazy("With help"),
    "hotline": gettext_lazy("On the hotline"),
    "timer": gettext_lazy("Timer"), "bulk": gettext_lazy("In bulk"), "batch": gettext_lazy("Payment batch"),
    "import": gettext_lazy("Import"),
    "api": gettext_lazy("Interface"), "queue": gettext_lazy("Queued"),
}
# Why the door refused, as it stands in the access log.
REFUSALS: dict[str, Words] = {
    "RECUSED": gettext_lazy("Related to a person of the case"),
    "SAME_HANDS": gettext_lazy("Acted on the case in another duty"),
    "OWN_PAYMENT": gettext_lazy("Payment to himself or a relative"),
    "TWO_PEOPLE": gettext_lazy("Signed twice as one person"),
}
NOTHING = "—"


def action_words(action: str, programme: Programme | None = None) -> str:
    """The title of an action: "Review: Pass" for review.pass; the bare key when nothing knows it."""
    key, _dot, decision = action.rpartition(".")
    step = next((step for step in programme.steps() if step.key == key), None) if programme and key else None
    if step is None:
        return str(ACTIONS.get(decision) or DECISIONS.get(decision, action))
    kind = KINDS.get(step.kind)
    choice = kind.choice(decision) if kind else None
    title = choice.title if choice else ACTIONS.get(decision, decision)
    return _("%(step)s: %(decision)s") % {"step": step.title, "decision": title}


def changes(data: Mapping[str, Any], rows: Mapping[tuple[str, Any], str]) -> list[tuple[str, str, str]]:
    """What changed: (column, before, after) in words. rows: what (column, id) points at."""
    before, after = data.get("before") or {}, data.get("after") or {}
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    return [
        (str(COLUMNS.get(name, name)), _told(name, before.get(name), rows), _told(name, value, rows))
        for name, value in after.items()
    ]


def _told(name: str, value: Any, rows: Mapping[tuple[str, Any], str]) -> str:
    return rows.get((name, value)) or column_words(name, value)


def column_words(name: str, value: Any) -> str:
    """The value of a column as a reader says it."""
    if value is None or value == "":
        return NOTHING
    writer = WRITERS.get(name) or next((writer for end, writer in ENDINGS.items() if name.endswith(end)), None)
    return writer(value) if writer else _scalar(value)


def facts(data: Mapping[str, Any], programme: Programme | None = None) -> list[tuple[str, str]]:
    """What was said beside the change: (label, words), known keys in their order, then every other plain value."""
    return [*_facts(data, programme), *_override(data.get("override"))]


def _facts(data: Mapping[str, Any], programme: Programme | None) -> Iterator[tuple[str, str]]:
    titles = {step.key: str(step.title) for step in programme.steps()} if programme else {}
    papers = {key: str(title) for key, title in corrections.titles(programme).items()} if programme else {}
    papers.setdefault("form", _("Something in the form"))
    for name, label in FACTS.items():
        value = data.get(name)
        if value in (None, "", [], {}) or isinstance(value, Mapping):
            continue
        if name in ("next", "returned_from", "asked_for", "missed_by"):
            keys = value if isinstance(value, list) else [value]
            yield str(label), listed(titles.get(str(key), str(key)) for key in keys)
        elif name == "action":
            yield str(label), action_words(str(value), programme)
        elif name in ("handed_in", "corrected"):
            keys = value if isinstance(value, list) else [value]
            yield str(label), listed(_handed_in(str(key), papers, programme) for key in keys)
        else:
            yield str(label), column_words(name, value)
    for item in data.get("items") or []:
        if isinstance(item, Mapping):
            yield _("Item of the notice"), _item(item, papers)


def _handed_in(key: str, papers: Mapping[str, str], programme: Programme | None) -> str:
    """A paper, a part of the form, or an answer at a place of the form."""
    return papers.get(key) or (label_of(programme.form, key) if programme else "") or key


def _override(told: Any) -> Iterator[tuple[str, str]]:
    """From which category to which, and why (domain §5.7)."""
    if isinstance(told, Mapping):
        before, after = _reason(told.get("from") or NOTHING), _reason(told.get("to"))
        words = f"{before} → {after}: {told.get('reason') or ''}"
        yield _("Category set by the reviewer against the rule"), words


def _item(item: Mapping[str, Any], papers: Mapping[str, str]) -> str:
    """One line of a one-time notice: the paper, what is wrong with it, what is wanted."""
    paper, problem = str(item.get("item") or ""), str(item.get("problem") or "")
    parts = (papers.get(paper, paper), str(PROBLEM_KINDS.get(problem, problem)), str(item.get("wanted") or ""))
    return " · ".join(part for part in parts if part)


def _money(value: Any) -> str:
    return _("%(yuan)s yuan") % {"yuan": money.show(int(value))} if isinstance(value, int) else str(value)


def _moment(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return formats.date_format(timezone.localtime(moment) if moment.tzinfo else moment, "SHORT_DATETIME_FORMAT")


def _day(value: Any) -> str:
    try:
        return formats.date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    except ValueError:
        return str(value)


def _state(value: Any) -> str:
    return str(State(value).label) if value in State.values else str(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed(_scalar(item) for item in value)
    return str(value)


def _reason(value: Any) -> str:
    return str(REFUSALS.get(str(value)) or text_of(str(value)))


def _reasons(value: Any) -> str:
    return listed(_reason(code) for code in value) if isinstance(value, list) else _reason(value)


def _field(value: Any) -> str:
    return str(FIELDS.get(str(value), value))


def _result(value: Any) -> str:
    return str(Text.of(RESULTS[value])) if value in RESULTS else str(value)


def _way(value: Any) -> str:
    return str(Text.of(WAYS[value])) if value in WAYS else str(value)


def _aid_result(value: Any) -> str:
    return str(Text.of(closing.RESULTS[value])) if value in closing.RESULTS else str(value)


def _handled(value: Any) -> str:
    return str(Text.of(closing.HANDLED[value])) if value in closing.HANDLED else str(value)


def _stage(value: Any) -> str:
    return str(Text.of(STAGES[value])) if value in STAGES else str(value)


ENDINGS: dict[str, Callable[[Any], str]] = {"_fen": _money, "_at": _moment, "_on": _day}
WRITERS: dict[str, Callable[[Any], str]] = {
    "stage": _stage, "review_result": _result, "way": _way, "aid_result": _aid_result,
    "handled": _handled,
    "state": _state, "category": _reason, "outcome": _reason, "code": _reason, "codes": _reasons, "field": _field,
}
