"""Taking a task from the common queue, and giving it back."""
from django.utils.translation import gettext_lazy as _

from casework.workflows import effects
from casework.workflows.choices import Choice
from casework.workflows.models import Task
from casework.workflows.turn import Turn


def take(turn: Turn) -> None:
    """Note who works on the task."""
    turn.facts["step"] = turn.step.key if turn.step else ""
    turn.then(effects.assign, user=turn.actor.user)


def release(turn: Turn) -> None:
    """Back to the common queue."""
    turn.facts["step"] = turn.step.key if turn.step else ""
    turn.then(effects.assign, user=None)


def free(task: Task) -> bool:
    """Nobody holds it."""
    return task.assignee_id is None


def held(task: Task) -> bool:
    """Somebody holds it."""
    return task.assignee_id is not None


TAKE = Choice("take", _("Take this task"), take, when=free)
RELEASE = Choice("release", _("Give the task back"), release, when=held, decides=False)
