"""Each step by itself: its kind, its options, a limit, and a role that is able to do it (design §3)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casework.access.models import Role
from casework.core.text import Text
from casework.organisations.models import Level
from casework.programmes.finding import Finding, doubt, fault
from casework.programmes.spec import DUTIES, Programme, Step
from casework.workflows import guards, lint_signers, seats, worklist
from casework.workflows.choices import Option, StepKind
from casework.workflows.kinds import KINDS

# Whoever can see a case he has a task in. The auditor reads and never decides (domain §1; promise R7).
ABLE = (guards.READING_ROLES | guards.TASK_ROLES | guards.GRANTED_ROLES) - {Role.AUDITOR}


def findings(programme: Programme, where: str) -> Iterator[Finding]:
    """What is wrong with single steps."""
    for step in programme.steps():
        place = f"{where} route.{step.group}.{step.key}"
        kind = KINDS.get(step.kind)
        if kind is None:
            yield fault(
                f"{place}.kind",
                "NO_SUCH_KIND",
                f"没有 {step.kind} 这种步骤",
                f"{step.kind} is no kind of step",
                Text(f"可用：{'、'.join(sorted(KINDS))}", f"there are {', '.join(sorted(KINDS))}"),
            )
            continue
        yield from _limit(step, place)
        yield from _able(step, kind, place)
        yield from _duty(step, place)
        yield from _late(step, kind, place)
        yield from lint_signers.findings(step, ABLE, place)
        yield from _options(step, kind, place)
    if not programme.steps():
        yield fault(
            f"{where} route", "NO_STEPS", "路线没有步骤", "the route has no steps", Text("至少写一步", "write one")
        )


def _limit(step: Step, place: str) -> Iterator[Finding]:
    if step.limit_wd < 1:
        yield fault(
            f"{place}.limit", "NO_LIMIT", "这一步没有时限", "the step has no limit", Text("至少 1wd", "at least 1wd")
        )


def _able(step: Step, kind: StepKind, place: str) -> Iterator[Finding]:
    """Somebody of this role can see the case and has something to decide."""
    sides = {choice.side for choice in kind.choices} - {"system"}
    own = step.role == Role.APPLICANT
    if sides and own is not (sides == {"applicant"}):
        yield fault(
            f"{place}.by",
            "ROLE_UNABLE",
            f"{step.role} 不能办理 {step.kind}",
            f"{step.role} cannot do a {step.kind}",
            Text("申请人的步骤写 applicant，其余写工会角色", "applicant for his own steps, an office for the others"),
        )
    elif not own and step.role not in ABLE:
        yield fault(
            f"{place}.by",
            "ROLE_UNABLE",
            f"{step.role} 看不到案件，或不得作决定",
            f"{step.role} sees no case, or may not decide",
            Text("换一个角色", "name another role"),
        )


def _late(step: Step, kind: StepKind, place: str) -> Iterator[Finding]:
    """A late step goes to a higher desk that is able to do it, and it can grow late."""
    role, level = step.late
    if not role:
        return
    place = f"{place}.on_timeout"
    if role not in ABLE:
        yield fault(
            place, "ROLE_UNABLE", f"{role} 看不到案件，或不得作决定", f"{role} sees no case, or may not decide",
            Text("换一个角色", "name another role"),
        )
    elif not all(desk and lower(desk, level) for _role, desk in seats.desks(step)):
        yield fault(
            place, "NOT_HIGHER", "逾期只能转交给更高层级", "a late step goes up, never down or aside",
            Text("写更高的层级，例如 case_officer@county", "name a higher level, such as case_officer@county"),
        )
    elif step.options.get("silence") or "overdue" not in {choice.key for choice in kind.choices}:
        yield fault(
            place, "NEVER_LATE", "这一步不会逾期，不会转交", "this step never grows late, so it is never handed on",
            Text("去掉 on_timeout 或 silence", "remove on_timeout, or silence"),
        )


def lower(level: str, other: str) -> bool:
    """Does a level lie below another?"""
    return worklist.UPWARD.index(Level(level)) < worklist.UPWARD.index(Level(other))


def _duty(step: Step, place: str) -> Iterator[Finding]:
    usual = DUTIES.get(step.kind, "")
    if step.duty and step.duty not in DUTIES.values():
        yield fault(
            f"{place}.duty",
            "NO_SUCH_DUTY",
            f"没有 {step.duty} 这种职责",
            f"{step.duty} is no duty",
            Text(f"可用：{'、'.join(DUTIES.values())}", f"there are {', '.join(DUTIES.values())}"),
        )
    elif usual and step.duty != usual:
        yield doubt(
            f"{place}.duty",
            "OTHER_DUTY",
            f"{step.kind} 通常的职责是 {usual}",
            f"the usual duty of {step.kind} is {usual}",
            Text("要求另一人办理时可以这样写", "leave it so where another person is wanted"),
        )


def _options(step: Step, kind: StepKind, place: str) -> Iterator[Finding]:
    for name, value in step.options.items():
        option = kind.options.get(name)
        if option is None:
            known = sorted(kind.options)
            yield fault(
                f"{place}.{name}",
                "NO_SUCH_OPTION",
                f"{step.kind} 没有选项 {name}",
                f"a {step.kind} has no option {name}",
                Text(f"可用：{'、'.join(known) or '-'}", f"there are {', '.join(known) or 'none'}"),
            )
        elif not FITS[option.sort](value, option):
            words = f" ({', '.join(option.among)})" if option.among else ""
            yield fault(
                f"{place}.{name}",
                "WRONG_OPTION",
                f"{name} 的值不合要求{words}",
                f"this is no value of {name}{words}",
                Text("改正", "correct it"),
            )
    for name, option in kind.options.items():
        if option.needed and name not in step.options:
            yield fault(
                place, "OPTION_MISSING", f"缺少选项 {name}", f"the option {name} is missing", Text("补上", "add it")
            )


def _who(value: Any, option: Option) -> bool:
    role, _at, level = str(value).partition("@")
    return role in Role.values and level in Level.values


def _names(value: Any, option: Option) -> bool:
    return isinstance(value, list) and bool(value) and (not option.among or set(value) <= set(option.among))


def _count(value: Any, option: Option) -> bool:
    return str(value).isdigit() and int(value) > 0 and (not option.among or str(value) in option.among)


def _desks(value: Any, option: Option) -> bool:
    return isinstance(value, list) and bool(value) and all(_who(desk, option) for desk in value)


def _months(value: Any, option: Option) -> bool:
    """Months in their order, within three years."""
    fits = isinstance(value, list) and bool(value) and all(type(n) is int and 0 < n <= 36 for n in value)
    return fits and value == sorted(set(value))


def _word(value: Any, option: Option) -> bool:
    return isinstance(value, str) and bool(value) and (not option.among or value in option.among)


FITS: Mapping[str, Callable[[Any, Option], bool]] = {
    "days": lambda value, option: isinstance(value, int) and value > 0,
    "limit": lambda value, option: isinstance(value, Mapping) and int(value.get("wd", 0)) > 0,
    "count": _count,
    "names": _names,
    "months": _months,
    "one": _word,
    "key": _word,
    "who": _who,
    "desks": _desks,
    "yes": lambda value, option: isinstance(value, bool),
}
