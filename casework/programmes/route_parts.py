"""The route of a programme, read from its content: standings with their steps, who does each, and by when."""

from collections.abc import Mapping
from typing import Any

from casework.access.models import Role
from casework.organisations.models import Level
from casework.programmes.reading import ProgrammeFault, closed, mapping, names, span, whole, words, working_days
from casework.programmes.spec import DUTIES, GROUPS, Step

# What every step says; whatever else it holds are options of its kind.
STEP_KEYS = {"kind", "by", "title", "limit", "duty", "when", "with", "at", "ceilings", "on_timeout"}
STEP_NEEDS = {"kind", "by", "title", "limit"}
DAY_OPTIONS = ("days", "pause")


def route(data: Any, where: str, life_cycle: str = "application") -> dict[str, tuple[Step, ...]]:
    """The steps, by the standing they run in."""
    where, standings = f"{where} route", GROUPS[life_cycle]
    groups = mapping(data, where)
    unknown = sorted(set(groups) - set(standings))
    if unknown:
        raise ProgrammeFault(
            where, f"没有这样的状态 {', '.join(unknown)}：可用的有 {', '.join(standings)}",
            f"unknown standings {', '.join(unknown)}: there are {', '.join(standings)}",
        )
    found: dict[str, tuple[Step, ...]] = {}
    for group in standings:
        steps = mapping(groups.get(group) or {}, f"{where}.{group}")
        if steps:
            found[group] = tuple(_step(key, step, group, f"{where}.{group}.{key}") for key, step in steps.items())
            _leaders_first(found[group], f"{where}.{group}")
    _refuse_twins(found, where)
    return found


def _leaders_first(steps: tuple[Step, ...], where: str) -> None:
    """A step opens with one that stands right before it, or before others that open with the same."""
    leader = ""
    for step in steps:
        if step.together and step.together != leader:
            raise ProgrammeFault(
                f"{where}.{step.key}.with", f"{step.together} 必须紧排在前面：请移动本环节",
                f"{step.together} must stand right before: move this step",
            )
        leader = step.together or step.key


def _refuse_twins(groups: Mapping[str, tuple[Step, ...]], where: str) -> None:
    """The key of a step names it in the whole route."""
    seen: set[str] = set()
    for group, steps in groups.items():
        for step in steps:
            if step.key in seen:
                raise ProgrammeFault(
                    f"{where}.{group}.{step.key}", "另有环节用了这个键：请另取一个",
                    "another step has this key: give it one of its own",
                )
            seen.add(step.key)


def _step(key: str, data: Any, group: str, where: str) -> Step:
    if not isinstance(data, Mapping) or not set(data) >= STEP_NEEDS:
        raise ProgrammeFault(where, "环节要有 kind、by、limit 和 title", "a step needs kind, by, limit and title")
    kind = str(data["kind"])
    by_amount = _by_amount(data, where)
    role, level = _who(data["by"], f"{where}.by", at_level=not by_amount)
    limit_wd, limit_days = span(data["limit"], f"{where}.limit")
    return Step(
        key=key,
        kind=kind,
        group=group,
        role=role,
        level=level,
        title=words(data, "title", where),
        limit_wd=limit_wd,
        limit_days=limit_days,
        duty=str(data.get("duty", DUTIES.get(kind, ""))),
        options=_options(data, where),
        when=closed(data["when"], f"{where}.when") if "when" in data else None,
        together=str(data.get("with", "")),
        ceilings=by_amount,
        late=_who(data["on_timeout"], f"{where}.on_timeout") if "on_timeout" in data else ("", ""),
    )


def _by_amount(data: Mapping[str, Any], where: str) -> str:
    """The regional number that gives the level of a step by its amount, "" where the level is fixed."""
    if "at" not in data:
        if "ceilings" in data:
            raise ProgrammeFault(
                f"{where}.ceilings", "ceilings 要与 at: by_amount 一起写", "ceilings go with at: by_amount"
            )
        return ""
    if data["at"] != "by_amount":
        raise ProgrammeFault(
            f"{where}.at", f"这里不认识 {data['at']}：请写 at: by_amount",
            f"{data['at']} is not known here: write at: by_amount",
        )
    return str(data.get("ceilings", "approval_levels"))


def _options(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    options = {name: value for name, value in data.items() if name not in STEP_KEYS}
    for name in DAY_OPTIONS:
        if name in options:
            options[name] = working_days(options[name], f"{where}.{name}")
    if "extend" in options:
        options["extend"] = dict(zip(("wd", "days"), span(options["extend"], f"{where}.extend"), strict=True))
    if "maker" in options:
        _who(options["maker"], f"{where}.maker")
    if "need" in options:
        options["need"] = whole(options["need"], f"{where}.need")
    if "also" in options:
        for desk in names(options["also"], f"{where}.also"):
            _who(desk, f"{where}.also")
    return options


def _who(text: Any, where: str, *, at_level: bool = True) -> tuple[str, str]:
    """(role, level) of "reviewer@county". Only the applicant stands at no level, and a role whose level the amount
    decides."""
    role, _at, level = str(text).partition("@")
    if role not in Role.values:
        raise ProgrammeFault(
            where, f"{role} 不是角色：可用的有 {', '.join(Role.values)}",
            f"{role} is not a role: there are {', '.join(Role.values)}",
        )
    if not at_level:
        if level:
            raise ProgrammeFault(
                where, f"级别由金额决定：只写 {role}", f"the amount decides the level: write {role} alone"
            )
    elif level not in Level.values and (level or role != Role.APPLICANT):
        there, given = ", ".join(sorted(Level.values)), level or '""'
        raise ProgrammeFault(where, f"{given} 不是级别：可用的有 {there}", f"{given} is not a level: there are {there}")
    return role, level
