"""A case as a trial compares it: where it stands, what lies on which desk until when, what was reckoned and said."""
from typing import Any

from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core import crypto
from casework.core.json import canonical
from casework.workflows.models import Decision, Task, Timer

COLUMNS = (
    "programme_id", "state", "category", "requested_fen", "amount_fen", "due_on", "promised_on", "provisional",
    "outcome", "parameters",
)
TASK = (
    "step", "kind", "group", "role", "level", "organisation_id", "assignee_id", "return_to", "limit_wd", "opened_at",
    "amber_at", "due_at", "provisional", "paused_wd", "phase",
)


def picture(case_id: int) -> dict[str, Any]:
    """The case in plain JSON. Two pictures are equal when nobody could tell the cases apart, the sealed answers (whose
    cipher is another each time) by their clear text."""
    case = Case.objects.select_related("applicant").get(pk=case_id)
    tasks = Task.objects.filter(case=case, state="open").order_by("step").values(*TASK)
    timers = Timer.objects.filter(case=case, state="set").order_by("action", "due_at").values_list("action", "due_at")
    decisions = Decision.objects.filter(case=case).order_by("id").values_list("step", "decision")
    full = case_answers.full(case)
    return {
        **{name: _plain(getattr(case, name)) for name in COLUMNS},
        "facts": _facts(case.facts),
        "tasks": [{name: _plain(value) for name, value in task.items()} for task in tasks],
        "timers": [[action, _plain(due)] for action, due in timers],
        "decisions": [list(row) for row in decisions],
        "answers": crypto.keyed_hash(canonical(full).decode(), "picture"),
        "answered": sorted(full),
    }


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Without the digests of the answers, whose cipher is another each time."""
    inputs = {key: value for key, value in facts.get("award_inputs", {}).items() if key != "answers"}
    return {**facts, "award_inputs": inputs} if inputs else facts


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
