"""What an undo restores: the columns, tasks, timers and names of steps of a case as they stood before it moved."""
from datetime import date, datetime
from typing import Any

from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.workflows.models import Decision, Task, Timer

PLAIN = ("category", "parameters", "facts", "provisional")
DATES = ("due_on", "promised_on")
TASK = (
    "step", "role", "level", "organisation_id", "assignee_id", "return_to", "limit_wd", "amber_at", "due_at",
    "provisional", "state", "outcome", "done_at",
)
MOMENTS = ("amber_at", "due_at", "done_at")


def keep(case: Case) -> dict[str, Any]:
    """The case as it stands, in plain JSON."""
    latest = case_answers.latest(case, "application")
    tasks = Task.objects.filter(case=case).order_by("id")
    return {
        "case": {name: _plain(getattr(case, name)) for name in (*PLAIN, *DATES)},
        "answers": latest.pk if latest else None,
        "tasks": {str(task.pk): {name: _plain(getattr(task, name)) for name in TASK} for task in tasks},
        "decisions": {str(pk): step for pk, step in Decision.objects.filter(case=case).values_list("pk", "step")},
        "timers": list(Timer.objects.filter(case=case, state="set").order_by("id").values_list("pk", flat=True)),
    }


def give_back(case: Case, kept: dict[str, Any]) -> None:
    """The columns of the case, in memory; the door saves it."""
    for name, value in kept["case"].items():
        setattr(case, name, date.fromisoformat(value) if name in DATES and value else value)


def put_back(case: Case, kept: dict[str, Any]) -> None:
    """Tasks, timers and names. What the move made goes first, so that no two tasks stand open at one step."""
    Timer.objects.filter(case=case, pk__in=kept["new_timers"]).delete()
    Task.objects.filter(case=case, pk__in=kept["new_tasks"]).delete()
    for name in ("~", ""):  # names may be exchanged: first away from both
        for pk, row in kept["tasks"].items():
            columns = {key: _moment(value) if key in MOMENTS else value for key, value in row.items()}
            columns["step"] = f"{name}{pk}" if name else row["step"]
            Task.objects.filter(case=case, pk=int(pk)).update(**columns)
    for pk, step in kept["decisions"].items():
        Decision.objects.filter(case=case, pk=int(pk)).update(step=step)
    Timer.objects.filter(case=case, pk__in=kept["timers"]).update(state="set")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
