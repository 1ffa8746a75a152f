"""A choice: one decision a person can make at a step or about a case. A step kind is a tuple of choices."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from casework.core.problems import Problem, Words
from casework.forms.spec import FormSpec
from casework.programmes.spec import Programme
from casework.workflows.models import Task
from casework.workflows.turn import Turn


def no_problems(turn: Turn) -> list[Problem]:
    """A check that finds nothing."""
    return []


def no_form(turn: Turn) -> FormSpec | None:
    """A choice without questions."""
    return None


def any_phase(task: Task) -> bool:
    """Open in every phase of the step."""
    return True


def phase(*names: str) -> Callable[[Task], bool]:
    """Open in these phases of the step."""

    def when(task: Task) -> bool:
        return task.phase in names

    return when


def any_programme(programme: Programme) -> bool:
    """Of every programme."""
    return True


@dataclass(frozen=True, slots=True)
class Choice:
    """key: the part of the action after the step. form: what is asked. check: problems of the answers against the
    case. ready: problems that stand whatever is answered; pages tell them instead of drawing the button. apply:
    changes the case in memory and asks for effects. when: phases of the task in which it is open.
    side: whose it is: the desk, the applicant, or the system's timers. decides: counts as a decision, so recusal
    and separation of duties apply. raw: takes answers without a form. leads: where it brings the case: "" stays at the
    step, "on" passes it, "back" returns to an earlier one, else the name of the transition it fires.
    role: whose decision it is at the same desk, "" for the role of the step. many: may be made for many cases with the
    same answers: "" no; "each" yes, and each after the other, for its checks ask what became of other cases; "together"
    when they ask nothing but the case itself. of_many: in which programmes it may. check_many: what stands against it
    besides, when it is made for many. life: of cases of this life cycle only, "" of every one."""

    key: str
    title: Words
    apply: Callable[[Turn], None]
    form: Callable[[Turn], FormSpec | None] = no_form
    check: Callable[[Turn], list[Problem]] = no_problems
    ready: Callable[[Turn], list[Problem]] = no_problems
    when: Callable[[Task], bool] = any_phase
    style: str = "plain"
    side: str = "desk"
    decides: bool = True
    raw: bool = False
    leads: str = ""
    role: str = ""
    many: str = ""
    of_many: Callable[[Programme], bool] = any_programme
    check_many: Callable[[Turn], list[Problem]] = no_problems
    life: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a step kind, for the lint. sort: days (working days, read by the loader), limit
    (working or calendar days), count, names (a list), months (whole numbers in their order),
    one (word), who (role@level), desks (a list of role@level), yes (true or false), key. among: the words it may be.
    needed: may not be left out."""

    sort: str
    among: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step. options: what its steps may say beside kind, by, limit and title."""

    key: str
    title: Words
    choices: tuple[Choice, ...]
    options: Mapping[str, Option] = field(default_factory=dict)

    def choice(self, key: str) -> Choice | None:
        """The choice of this key, if the kind has it."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def of_life(self, life: str) -> tuple[Choice, ...]:
        """The choices that cases of a life cycle have."""
        return tuple(choice for choice in self.choices if choice.life in ("", life))
