"""The two actions by which a case changes its version; both are the system's, wished for by a plan."""
from casework.cases.models import ENDED, Case, State
from casework.workflows.choices import Choice
from casework.workflows.migrating.back import UNDO
from casework.workflows.migrating.carry import MIGRATE

CHOICES = (MIGRATE, UNDO)


def choice(key: str, case: Case) -> Choice | None:
    """The action of this key, for a case that is running."""
    if case.state in (State.DRAFT, *ENDED):
        return None
    return next((choice for choice in CHOICES if choice.key == key), None)
