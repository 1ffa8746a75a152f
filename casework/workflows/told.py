"""What was said and found at a step, in readable words: for whoever decides next, and for auditors."""
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.cases.models import State
from casework.core.problems import Words
from casework.core.text import Text, listed
from casework.forms.review import label as label_of
from casework.programmes.reasons import PROBLEM_KINDS, text_of
from casework.programmes.spec import Programme
from casework.workflows import corrections, sheets, wording
from casework.workflows.steps import closing, means_check
from casework.workflows.steps.handover import STAGES
from casework.workflows.steps.re_examine import RESULTS
from casework.workflows.steps.serve import WAYS

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
    "reference": gettext_lazy("Reference"),
    "more_wd": gettext_lazy("Working days more to supplement"),
    "hand_in_by": gettext_lazy("To be handed in by"),
    "result": gettext_lazy("Result of the check"),
    "income": gettext_lazy("Yearly household income found"),
    "not_duplicate": gettext_lazy("Why it is no duplicate"),
    "award_fen": gettext_lazy("Amount worked out"),
    "stage": gettext_lazy("Stage"),
    "count": gettext_lazy("How many"),
    "ended_entry": gettext_lazy("Entry that ended"),
    "verified_until": gettext_lazy("Checked until"),
    "reply_to_person": gettext_lazy("Answer to the person"),
    "right_body": gettext_lazy("Office in charge"),
    "important": gettext_lazy("Important matter"),
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
    "re_examination": gettext_lazy("Re-examination"),
    "re_examination_state": gettext_lazy("Where the re-examination stood"),
    "restored_entry": gettext_lazy("Entry that counts again"),
    "signature": gettext_lazy("Signature number"),
    "agreed_fen": gettext_lazy("Amount signed"),
    "signatures_void": gettext_lazy("Signatures that count no more"),
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
# Why the door refused, as it stands in the access log.
REFUSALS: dict[str, Words] = {
    "RECUSED": gettext_lazy("Related to a person of the case"),
    "SAME_HANDS": gettext_lazy("Acted on the case in another duty"),
    "OWN_PAYMENT": gettext_lazy("Payment to himself or a relative"),
    "TWO_PEOPLE": gettext_lazy("Signed twice as one person"),
}
NOTHING = "—"


def column_words(name: str, value: Any) -> str:
    """The value of a column as a reader says it."""
    if value is None or value == "":
        return NOTHING
    writer = WRITERS.get(name) or next((writer for end, writer in ENDINGS.items() if name.endswith(end)), None)
    return writer(value) if writer else wording.plain(value)


def facts(
    data: Mapping[str, Any], programme: Programme | None = None, without: Container[str] = ()
) -> list[tuple[str, str]]:
    """What was said and found: (label, words), known keys in their order; the lines of a sheet or of minutes; items of
    a notice; a rule put aside. without: keys told elsewhere."""
    plain = {name: value for name, value in data.items() if name not in without}
    return [*_facts(plain, programme), *sheets.lines(plain), *_override(plain.get("override"))]


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


def _state(value: Any) -> str:
    return str(State(value).label) if value in State.values else str(value)


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


def _checked(value: Any) -> str:
    return str(Text.of(means_check.RESULTS[value])) if value in means_check.RESULTS else str(value)


def _stage(value: Any) -> str:
    return str(Text.of(STAGES[value])) if value in STAGES else str(value)


ENDINGS: dict[str, Callable[[Any], str]] = {"_fen": wording.yuan, "_at": wording.moment, "_on": wording.day}
WRITERS: dict[str, Callable[[Any], str]] = {
    "verified_until": wording.day, "hand_in_by": wording.day,
    "stage": _stage, "review_result": _result, "way": _way, "aid_result": _aid_result,
    "handled": _handled, "result": _checked, "income": wording.yuan,
    "state": _state, "re_examination_state": _state,
    "category": _reason, "outcome": _reason, "code": _reason, "codes": _reasons, "field": _field,
}
