"""Events in readable words: what was done, which column changed from what to what, and what was said."""
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.core.problems import Words
from casework.programmes.spec import Programme
from casework.workflows import recounting, told, upholding
from casework.workflows.applicant import CHOICES
from casework.workflows.kinds import KINDS
from casework.workflows.migrating.choices import CHOICES as MOVES
from casework.workflows.steps.common import PASS

ACTIONS: dict[str, Words] = {choice.key: choice.title for choice in (*CHOICES, *upholding.CHOICES, *MOVES)} | {
    recounting.RECOUNT.key: recounting.RECOUNT.title,
    "take": gettext_lazy("Task taken"),
    "release": gettext_lazy("Task given back"),
    "export": gettext_lazy("Case exported"),
    "reveal": gettext_lazy("Full value looked at"),
    "search_by_id": gettext_lazy("Searched by ID number"),
    "refused_attempt": gettext_lazy("Refused attempt"),
    "download": gettext_lazy("File downloaded"),
    "preview": gettext_lazy("Picture of a paper looked at"),
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
VIAS: dict[str, Words] = {
    "online": gettext_lazy("Online"), "window": gettext_lazy("At the window"), "assisted": gettext_lazy("With help"),
    "hotline": gettext_lazy("On the hotline"),
    "timer": gettext_lazy("Timer"), "bulk": gettext_lazy("In bulk"), "batch": gettext_lazy("Payment batch"),
    "import": gettext_lazy("Import"),
    "api": gettext_lazy("Interface"), "queue": gettext_lazy("Queued"),
}


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
    return rows.get((name, value)) or told.column_words(name, value)


def facts(data: Mapping[str, Any], programme: Programme | None = None) -> list[tuple[str, str]]:
    """What was said beside the change: (label, words)."""
    action = str(data.get("action") or "")
    tried = [(_("Action"), action_words(action, programme))] if action else []
    return [*tried, *told.facts(data, programme)]
