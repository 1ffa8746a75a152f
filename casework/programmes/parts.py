"""The parts of a programme, read from its content one by one."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from casework.access.models import Role
from casework.organisations.models import Level
from casework.programmes.checks import CHECKS
from casework.programmes.reading import (
    ProgrammeFault,
    closed,
    day_of_year,
    mapping,
    names,
    only,
    span,
    whole,
    working_days,
)
from casework.programmes.reasons import DENIALS
from casework.programmes.rules import RULES
from casework.programmes.spec import CHANNELS, GROUPS, STARTERS, Clock, Eligibility, Gives, Once, Starter, Window

CLOCK_KEYS = {"limit", "promise", "supplement", "longer"}


def rule(name: str, where: str, kind: str, numbers: Collection[str]) -> str:
    """The name of a rule of a kind whose numbers the programme freezes, or nothing."""
    if not name:
        return name
    if name not in RULES or RULES[name].kind != kind:
        there = ", ".join(sorted(found.name for found in RULES.values() if found.kind == kind))
        place = "programmes/rules/__init__.py"
        raise ProgrammeFault(
            where, f"{name} 不是可用在这里的规则：可用的有 {there}；新规则登记在 {place}",
            f"{name} is not a rule that can stand here: there are {there}; a new one is entered in {place}",
        )
    missing = [number for number in RULES[name].numbers if number not in numbers]
    if missing:
        raise ProgrammeFault(
            where, f"{name} 要用到 {', '.join(missing)}：请加到 numbers 里",
            f"{name} reads {', '.join(missing)}: add it to numbers",
        )
    return name


def check(name: str, where: str) -> str:
    """The name of a check, or nothing."""
    if name and name not in CHECKS:
        there = ", ".join(sorted(CHECKS))
        place = "programmes/checks/__init__.py"
        raise ProgrammeFault(
            where, f"{name} 不是核查：可用的有 {there}；新的登记在 {place}",
            f"{name} is not a check: there are {there}; a new one is entered in {place}",
        )
    return name


def eligibility(rows: Iterable[Any], where: str) -> tuple[Eligibility, ...]:
    """The conditions that end in a denial."""
    return tuple(_condition(row, f"{where} eligibility[{n}]") for n, row in enumerate(rows))


def _condition(row: Any, where: str) -> Eligibility:
    if not isinstance(row, Mapping) or set(row) != {"when", "deny"}:
        raise ProgrammeFault(
            where, "每个条件只写 when 和 deny 两项", "a condition needs when and deny, and nothing else"
        )
    if row["deny"] not in DENIALS:
        there, place = ", ".join(DENIALS), "programmes/reasons.py"
        raise ProgrammeFault(
            f"{where}.deny", f"{row['deny']} 不是理由：可用的有 {there}；文字、依据和新的都写在 {place}",
            f"{row['deny']} is not a reason: there are {there}; words, clauses and any new one stand in {place}",
        )
    return Eligibility(closed(row["when"], f"{where}.when"), row["deny"])


def clock(data: Any, where: str) -> Clock:
    """The limits of the whole case."""
    where = f"{where} total"
    limits = mapping(data, where)
    only(limits, CLOCK_KEYS, where)
    limit_wd, limit_days = span(limits.get("limit"), f"{where}.limit")
    promise_wd, promise_days = span(limits.get("promise"), f"{where}.promise")
    supplement_wd = working_days(limits.get("supplement", "15wd"), f"{where}.supplement")
    longer_wd = working_days(limits["longer"], f"{where}.longer") if "longer" in limits else supplement_wd
    return Clock(limit_wd, promise_wd, supplement_wd, limit_days, promise_days, longer_wd)


def life(value: Any, where: str) -> str:
    """The name of a life cycle."""
    if value not in GROUPS:
        raise ProgrammeFault(
            f"{where} life", f"{value} 不是生命周期：可用的有 {', '.join(GROUPS)}",
            f"{value} is not a life cycle: there are {', '.join(GROUPS)}",
        )
    return str(value)


def starters(data: Any, where: str) -> tuple[Starter, ...]:
    """Who may file: "applicant", "unit_handler", or an officer such as hotline_agent@county."""
    if data is None:
        return STARTERS
    found = []
    for text in names(data, f"{where} start"):
        role, _at, level = text.partition("@")
        if role not in Role.values or (level and level not in Level.values):
            raise ProgrammeFault(
                f"{where} start", f"{text} 既不是角色，也不是“角色@级别”", f"{text} is neither a role nor a role@level"
            )
        if not level and role not in (Role.APPLICANT, Role.UNIT_HANDLER):
            raise ProgrammeFault(
                f"{where} start", f"{text} 要写级别：例如 {text}@county",
                f"{text} needs a level: write it such as {text}@county",
            )
        found.append(Starter(role, level))
    return tuple(found)


def window(data: Any, where: str) -> Window | None:
    """The days of the year on which applications are taken."""
    if data is None:
        return None
    where = f"{where} open"
    only(mapping(data, where), {"from", "to"}, where)
    return Window(day_of_year(data.get("from"), f"{where}.from"), day_of_year(data.get("to"), f"{where}.to"))


def once(data: Any, where: str) -> tuple[Once, ...]:
    """What may be granted once over all cases."""
    found = []
    for n, row in enumerate(data or ()):
        place = f"{where} once[{n}]"
        only(mapping(row, place), {"key", "fields"}, place)
        fields = names(row.get("fields"), f"{place}.fields")
        if not row.get("key") or not fields:
            raise ProgrammeFault(
                place, "要写键和它的字段：{key: student, fields: [id_no, year]}",
                "a key and its fields are wanted: {key: student, fields: [id_no, year]}",
            )
        found.append(Once(str(row["key"]), fields))
    return tuple(found)


def needs(data: Any, where: str) -> str:
    """The register the applicant must stand in: its key, or {register: key}."""
    if isinstance(data, Mapping):
        only(data, {"register"}, f"{where} needs")
        data = data.get("register")
    return str(data or "")


def gives(data: Any, where: str) -> Gives | None:
    """The entry that the step "register" makes."""
    if data is None:
        return None
    where = f"{where} gives"
    only(mapping(data, where), {"register", "years", "renew_days", "many", "until"}, where)
    if not data.get("register"):
        raise ProgrammeFault(
            where, "缺少 register：请写登记到哪个名册", "register is missing: name the register the entry stands in"
        )
    years = whole(data["years"], f"{where}.years") if "years" in data else None
    renew_days = whole(data.get("renew_days", 30), f"{where}.renew_days")
    if years is not None and "until" in data:
        raise ProgrammeFault(
            f"{where}.until", "截止日由 years 或 until 决定：请去掉一个",
            "the last day comes from years or from until: take one of them away",
        )
    return Gives(str(data["register"]), years, renew_days, bool(data.get("many")), str(data.get("until", "")))


def channels(data: Any, where: str) -> tuple[str, ...]:
    """The channels a service is open on."""
    found = names(data, f"{where} channels") if data is not None else CHANNELS
    unknown = sorted(set(found) - set(CHANNELS))
    if unknown:
        raise ProgrammeFault(
            f"{where} channels", f"没有 {', '.join(unknown)}：可用的有 {', '.join(CHANNELS)}",
            f"{', '.join(unknown)}: there are {', '.join(CHANNELS)}",
        )
    return found


def re_examines(text: Any, where: str) -> int:
    """Calendar days in which a refusal may be put before this service, 0 where it looks again at none. Raises
    ProgrammeFault for working days."""
    if text is None:
        return 0
    _working, days = span(text, f"{where} re_examines")
    if not days:
        raise ProgrammeFault(
            f"{where} re_examines", "申请复核的期限按自然日计算，例如 15d",
            "the time to ask for a re-examination is in calendar days, such as 15d",
        )
    return days


def letters(text: Any, where: str) -> str:
    """What the numbers of its cases begin with, "" = the initials of its key."""
    if text is None:
        return ""
    if not (str(text).isascii() and str(text).isalpha() and str(text).isupper() and 2 <= len(str(text)) <= 4):
        raise ProgrammeFault(
            f"{where} letters", f"{text!r}：请写 2 至 4 个大写字母，例如 LG",
            f"{text!r}: give 2 to 4 capital letters, such as LG",
        )
    return str(text)


def retention(text: Any, where: str) -> int | None:
    """Years a closed case is kept, None for ever (domain §4.8)."""
    if text is None or text == "permanent":
        return None
    if not str(text).endswith("y"):
        raise ProgrammeFault(
            f"{where} retention", f"{text!r}：例如写 15y，或写 permanent（永久）",
            f"{text!r}: write it such as 15y, or permanent",
        )
    return whole(str(text)[:-1], f"{where} retention")
