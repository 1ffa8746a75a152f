"""The parts of a programme, read from its content one by one. Each fault says where it stands and how to mend it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from casework.access.models import Role
from casework.core.calendar import MOST_DAYS
from casework.core.text import Text
from casework.organisations.models import Level
from casework.programmes.checks import CHECKS
from casework.programmes.eligibility import shape_faults
from casework.programmes.reasons import DENIALS
from casework.programmes.rules import RULES
from casework.programmes.spec import (
    CHANNELS,
    DUTIES,
    GROUPS,
    NO_TEXT,
    STARTERS,
    Clock,
    Eligibility,
    Gives,
    Once,
    Starter,
    Step,
    Window,
)

CLOCK_KEYS = {"limit", "promise", "supplement"}
# What every step says; whatever else it holds are options of its kind.
STEP_KEYS = {"kind", "by", "title", "limit", "duty", "when", "with", "at", "ceilings", "on_timeout"}
STEP_NEEDS = {"kind", "by", "title", "limit"}
DAY_OPTIONS = ("days", "pause")


class ProgrammeFault(Exception):
    """A programme is wrong. where: file and line, or the key; message: what and how to mend it."""

    def __init__(self, where: str, message: str) -> None:
        self.where, self.message = where, message
        super().__init__(f"{where}: {message}")


def mapping(data: Any, where: str) -> Mapping[str, Any]:
    """Keys with values, in the order they stand."""
    if not isinstance(data, Mapping):
        raise ProgrammeFault(where, "keys with values are wanted here, such as limit: 5wd")
    return data


def only(data: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Refuse keys that mean nothing: they are most often mistyped."""
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise ProgrammeFault(
            where, f"unknown keys {', '.join(unknown)}: remove or correct them; there are {', '.join(sorted(known))}"
        )


def words(data: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> Text:
    """A text in both languages."""
    value = data.get(key)
    if value is None:
        if needed:
            raise ProgrammeFault(where, f"{key} is missing: give {{zh: …, en: …}}")
        return NO_TEXT
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"} or not all(value.values()):
        raise ProgrammeFault(f"{where} {key}", "give the text in both languages: {zh: …, en: …}")
    return Text.of(value)


def several(data: Mapping[str, Any], key: str, where: str) -> tuple[Text, ...]:
    """A list of texts in both languages; none where it is left out."""
    found = data.get(key, ())
    if not isinstance(found, list | tuple):
        raise ProgrammeFault(f"{where} {key}", "a list of texts is wanted: write it such as [{zh: …, en: …}]")
    return tuple(words({key: text}, key, where) for text in found)


def whole(value: Any, where: str) -> int:
    """A whole number from 0 on."""
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ProgrammeFault(where, f"{value!r} is not a whole number: write it such as 6")
    return int(text)


def working_days(text: Any, where: str) -> int:
    """A limit such as "5wd"."""
    number = str(text).removesuffix("wd")
    if not str(text).endswith("wd") or not (number.isascii() and number.isdigit()):
        raise ProgrammeFault(where, f"{text!r} is not a limit in working days: write it such as 5wd")
    if len(number) > 4 or int(number) > MOST_DAYS:
        raise ProgrammeFault(where, f"{text!r} is too long: a limit has at most {MOST_DAYS} working days")
    return int(number)


def span(text: Any, where: str) -> tuple[int, int]:
    """(working days, calendar days) of a limit such as "5wd" or "15d". Of calendar days the working days are only
    what pages say in round figures: the due day is counted by the calendar (domain §4.2)."""
    number = str(text).removesuffix("d")
    if str(text).endswith("wd") or not (str(text).endswith("d") and number.isascii() and number.isdigit()):
        return working_days(text, where), 0
    if len(number) > 4 or not 0 < int(number) <= MOST_DAYS:
        raise ProgrammeFault(where, f"{text!r} is no limit: it has 1 to {MOST_DAYS} days")
    return max(1, int(number) * 5 // 7), int(number)


def rule(name: str, where: str, kind: str, numbers: Collection[str]) -> str:
    """The name of a rule of a kind whose numbers the programme freezes, or nothing."""
    if not name:
        return name
    if name not in RULES or RULES[name].kind != kind:
        there = ", ".join(sorted(found.name for found in RULES.values() if found.kind == kind))
        new = "a new one is entered in programmes/rules/__init__.py"
        raise ProgrammeFault(where, f"{name} is not a rule that can stand here: there are {there}; {new}")
    missing = [number for number in RULES[name].numbers if number not in numbers]
    if missing:
        raise ProgrammeFault(where, f"{name} reads {', '.join(missing)}: add it to numbers")
    return name


def check(name: str, where: str) -> str:
    """The name of a check, or nothing."""
    if name and name not in CHECKS:
        there = ", ".join(sorted(CHECKS))
        new = "a new one is entered in programmes/checks/__init__.py"
        raise ProgrammeFault(where, f"{name} is not a check: there are {there}; {new}")
    return name


def eligibility(rows: Iterable[Any], where: str) -> tuple[Eligibility, ...]:
    """The conditions that end in a denial."""
    return tuple(_condition(row, f"{where} eligibility[{n}]") for n, row in enumerate(rows))


def _condition(row: Any, where: str) -> Eligibility:
    if not isinstance(row, Mapping) or set(row) != {"when", "deny"}:
        raise ProgrammeFault(where, "a condition needs when and deny, and nothing else")
    if row["deny"] not in DENIALS:
        more = "their words and clauses, and any new one, stand in programmes/reasons.py"
        raise ProgrammeFault(f"{where}.deny", f"{row['deny']} is not a reason: there are {', '.join(DENIALS)}; {more}")
    return Eligibility(closed(row["when"], f"{where}.when"), row["deny"])


def closed(data: Any, where: str) -> Mapping[str, Any]:
    """A closed condition: facts with the tests they must stand."""
    when = mapping(data, where)
    for fact, message in shape_faults(when):
        raise ProgrammeFault(f"{where}.{fact}", message)
    return when


def clock(data: Any, where: str) -> Clock:
    """The limits of the whole case."""
    where = f"{where} total"
    limits = mapping(data, where)
    only(limits, CLOCK_KEYS, where)
    limit_wd, limit_days = span(limits.get("limit"), f"{where}.limit")
    promise_wd, promise_days = span(limits.get("promise"), f"{where}.promise")
    supplement_wd = working_days(limits.get("supplement", "15wd"), f"{where}.supplement")
    return Clock(limit_wd, promise_wd, supplement_wd, limit_days, promise_days)


def life(value: Any, where: str) -> str:
    """The name of a life cycle."""
    if value not in GROUPS:
        raise ProgrammeFault(f"{where} life", f"{value} is not a life cycle: there are {', '.join(GROUPS)}")
    return str(value)


def route(data: Any, where: str, life_cycle: str = "application") -> dict[str, tuple[Step, ...]]:
    """The steps, by the standing they run in."""
    where, standings = f"{where} route", GROUPS[life_cycle]
    groups = mapping(data, where)
    unknown = sorted(set(groups) - set(standings))
    if unknown:
        raise ProgrammeFault(where, f"unknown standings {', '.join(unknown)}: there are {', '.join(standings)}")
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
            raise ProgrammeFault(f"{where}.{step.key}.with", f"{step.together} must stand right before: move this step")
        leader = step.together or step.key


def _refuse_twins(groups: Mapping[str, tuple[Step, ...]], where: str) -> None:
    """The key of a step names it in the whole route."""
    seen: set[str] = set()
    for group, steps in groups.items():
        for step in steps:
            if step.key in seen:
                raise ProgrammeFault(f"{where}.{group}.{step.key}", "another step has this key: give it one of its own")
            seen.add(step.key)


def _step(key: str, data: Any, group: str, where: str) -> Step:
    if not isinstance(data, Mapping) or not set(data) >= STEP_NEEDS:
        raise ProgrammeFault(where, "a step needs kind, by, limit and title")
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
            raise ProgrammeFault(f"{where}.ceilings", "ceilings go with at: by_amount")
        return ""
    if data["at"] != "by_amount":
        raise ProgrammeFault(f"{where}.at", f"{data['at']} is not known here: write at: by_amount")
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
        raise ProgrammeFault(where, f"{role} is not a role: there are {', '.join(Role.values)}")
    if not at_level:
        if level:
            raise ProgrammeFault(where, f"the amount decides the level: write {role} alone")
    elif level not in Level.values and (level or role != Role.APPLICANT):
        raise ProgrammeFault(where, f"{level or 'nothing'} is not a level: there are {', '.join(sorted(Level.values))}")
    return role, level


def starters(data: Any, where: str) -> tuple[Starter, ...]:
    """Who may file: "applicant", "unit_handler", or an officer such as hotline_agent@county."""
    if data is None:
        return STARTERS
    found = []
    for text in names(data, f"{where} start"):
        role, _at, level = text.partition("@")
        if role not in Role.values or (level and level not in Level.values):
            raise ProgrammeFault(f"{where} start", f"{text} is neither a role nor a role@level")
        if not level and role not in (Role.APPLICANT, Role.UNIT_HANDLER):
            raise ProgrammeFault(f"{where} start", f"{text} needs a level: write it such as {text}@county")
        found.append(Starter(role, level))
    return tuple(found)


def names(data: Any, where: str) -> tuple[str, ...]:
    """A list of plain names."""
    if not isinstance(data, list | tuple) or not all(isinstance(value, str) for value in data):
        raise ProgrammeFault(where, "a list of names is wanted here, such as [one, two]")
    return tuple(data)


def window(data: Any, where: str) -> Window | None:
    """The days of the year on which applications are taken."""
    if data is None:
        return None
    where = f"{where} open"
    only(mapping(data, where), {"from", "to"}, where)
    return Window(day_of_year(data.get("from"), f"{where}.from"), day_of_year(data.get("to"), f"{where}.to"))


def day_of_year(text: Any, where: str) -> tuple[int, int]:
    """(month, day) of "07-01"."""
    try:
        month, day = (int(part) for part in str(text).split("-"))
        date(2024, month, day)  # a leap year, so that 29 February may be named
    except ValueError as error:
        raise ProgrammeFault(where, f'{text!r} is not a day of the year: write it such as "07-01"') from error
    return month, day


def once(data: Any, where: str) -> tuple[Once, ...]:
    """What may be granted once over all cases."""
    found = []
    for n, row in enumerate(data or ()):
        place = f"{where} once[{n}]"
        only(mapping(row, place), {"key", "fields"}, place)
        fields = names(row.get("fields"), f"{place}.fields")
        if not row.get("key") or not fields:
            raise ProgrammeFault(place, "a key and its fields are wanted: {key: student, fields: [id_no, year]}")
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
        raise ProgrammeFault(where, "register is missing: name the register the entry stands in")
    years = whole(data["years"], f"{where}.years") if "years" in data else None
    renew_days = whole(data.get("renew_days", 30), f"{where}.renew_days")
    if years is not None and "until" in data:
        raise ProgrammeFault(f"{where}.until", "the last day comes from years or from until: take one of them away")
    return Gives(str(data["register"]), years, renew_days, bool(data.get("many")), str(data.get("until", "")))


def channels(data: Any, where: str) -> tuple[str, ...]:
    """The channels a service is open on."""
    found = names(data, f"{where} channels") if data is not None else CHANNELS
    unknown = sorted(set(found) - set(CHANNELS))
    if unknown:
        raise ProgrammeFault(f"{where} channels", f"{', '.join(unknown)}: there are {', '.join(CHANNELS)}")
    return found


def letters(text: Any, where: str) -> str:
    """What the numbers of its cases begin with, "" = the initials of its key."""
    if text is None:
        return ""
    if not (str(text).isascii() and str(text).isalpha() and str(text).isupper() and 2 <= len(str(text)) <= 4):
        raise ProgrammeFault(f"{where} letters", f"{text!r}: give 2 to 4 capital letters, such as LG")
    return str(text)


def retention(text: Any, where: str) -> int | None:
    """Years a closed case is kept, None for ever (domain §4.8)."""
    if text is None or text == "permanent":
        return None
    if not str(text).endswith("y"):
        raise ProgrammeFault(f"{where} retention", f"{text!r}: write it such as 15y, or permanent")
    return whole(str(text)[:-1], f"{where} retention")
