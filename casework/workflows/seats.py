"""Who signs a step: one desk, several people of one desk (`signers`), or several desks (`by` and those under `also`).

Each desk is a seat with a task of its own: its limit, its holder, its place in the queue. Seats open together, or one
after the other (`in_turn`); the step is through when `need` of them have signed, all unless it says less.
"""
from django.utils.translation import gettext as _

from casework.access.models import Role
from casework.core.text import listed
from casework.organisations.models import Level
from casework.programmes.spec import Step

Desk = tuple[str, str]


def desks(step: Step) -> list[Desk]:
    """(role, level) of every seat, in their order. The level is "" where the amount decides it."""
    further = [str(who).partition("@") for who in step.options.get("also") or ()]
    return [(step.role, step.level), *((role, level) for role, _at, level in further)]


def needed(step: Step) -> int:
    """How many people sign, each once."""
    if step.options.get("also"):
        return int(step.options.get("need") or len(desks(step)))
    return int(step.options.get("signers") or 1)


def in_turn(step: Step) -> bool:
    """Does each sign only when the one before has?"""
    return bool(step.options.get("in_turn")) and len(desks(step)) > 1


def first_seats(step: Step) -> range:
    """The seats that open with the step."""
    return range(1 if in_turn(step) else len(desks(step)))


def after(step: Step, seat: int) -> int | None:
    """The seat whose turn comes next, None when there is none or all are asked together."""
    following = seat + 1
    return following if in_turn(step) and following < len(desks(step)) else None


def limit_wd(step: Step) -> int:
    """Working days until all have signed in time."""
    return step.limit_wd * (len(desks(step)) if in_turn(step) else 1)


def words(step: Step) -> str:
    """Who signs, in the language of the reader; "" where one person does the step."""
    who, count = [desk_words(*desk) for desk in desks(step)], needed(step)
    if len(who) == 1:
        told = {"n": count, "who": who[0]}
        return _("%(n)d people of %(who)s") % told if count > 1 else ""
    told = {"n": count, "who": listed(who)}
    if in_turn(step):
        return _("one after the other: %(who)s") % told
    if count == len(who):
        return _("all of them: %(who)s") % told
    return _("one of them: %(who)s") % told if count == 1 else _("%(n)d of them: %(who)s") % told


def desk_words(role: str, level: str) -> str:
    """A desk in words, such as 县（区） · 审批人."""
    name = str(Role(role).label) if role in Role.values else role
    return f"{Level(level).label} · {name}" if level in Level.values else name
