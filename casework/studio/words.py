"""Names of facts, regional numbers and their parts in both languages; a key without words stands for itself."""
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casework.access.models import Role
from casework.cases.models import State
from casework.core import money
from casework.core.text import Text
from casework.organisations.models import Level
from casework.programmes.fact_words import CHOSEN, FACTS
from casework.programmes.number_words import NUMBERS, named
from casework.programmes.references import is_reference, part
from casework.programmes.spec import Programme

TRUTHS = frozenset({
    "reduced", "disease_unlisted", "not_first", "expert_supports",
    "check_refused", "insured", "waiting", "cover_ended", "cause_excluded", "late", "told_late", "level_too_low",
    "hard", "recognised", "placed", "stable", "below_minimum", "waiting_for_funds", "vetoed", "answered", "satisfied",
    "passed", "fee_due", "entitled", "urgent", "joint", "in_household", "important", "asked_review", "asked_recheck",
})
WHOLE = frozenset({"members", "shares", "score", "days_left", "late_days"})
LISTS = frozenset({"exclusions"})
# What may stand in a text of a number, by the name of the text.
CHOICES: Mapping[str, Mapping[str, Text]] = MappingProxyType({
    "kind": {
        "marginal": Text("分段累进", "in tiers, each at its own percent"),
        "bands": Text("按区间定额", "a sum for each band"),
        "rate": Text("按比例", "a percent"),
        "fixed": Text("定额", "a fixed sum"),
        "daily": Text("按天", "by the day"),
        "shares": Text("按份", "by the share"),
        "grade": Text("按伤残等级", "by the grade of disability"),
        "multiple": Text("按低保标准倍数", "times the subsistence line"),
    },
    "per": {"year": Text("按年累计", "the year"), "event": Text("按次", "each event")},
    "plan": {"hospital": Text("住院互助保障", "Hospital"), "critical": Text("重疾互助保障", "Critical illness")},
    "excluded_causes": {
        "illness": Text("疾病", "Illness"), "accident": Text("意外", "Accident"), "birth": Text("生育", "Birth"),
        "work_injury": Text("工伤", "Work injury"),
    },
})
FLAG: Mapping[str, Text] = MappingProxyType({"true": Text("是", "yes")})


def number_words(key: str) -> str:
    """A regional number or one of its parts in words."""
    return str(NUMBERS.get(key, key))


def fact_words(fact: str, programme: Programme | None = None) -> str:
    """A fact in words: of the table above, else the question of the form whose answer it is."""
    if fact in FACTS:
        return str(FACTS[fact])
    field = programme.form.field(fact) if programme else None
    return str(field.title) if field else fact


def said(pair: Mapping[str, str] | None) -> str:
    """A text of a draft in the reader's language, or in the one that is written already."""
    zh, en = (pair or {}).get("zh") or "", (pair or {}).get("en") or ""
    return str(Text(zh or en, en or zh))


def who_words(role: str, level: str) -> str:
    """A role with its level in words."""
    name = str(Role(role).label) if role in Role.values else role
    return f"{name} · {Level(level).label}" if level in Level.values else name


def state_words(group: str) -> str:
    """A standing in words."""
    return str(State(group).label) if group in State.values else group


def value_words(
    value: Any, fact: str = "", programme: Programme | None = None, numbers: Mapping[str, Any] | None = None
) -> str:
    """What a fact is compared with; money in yuan, choices by their words. numbers: regional numbers whose values are
    told beside their names."""
    if isinstance(value, list):
        return str(Text("、", ", ")).join(value_words(part, fact, programme) for part in value)
    if is_reference(value):
        name, figure = str(named(value["number"])), part(numbers or {}, value["number"])
        return name if figure is None else f"{value_words(figure, fact, programme)} ({name})"
    if isinstance(value, bool):
        return str(Text("是", "yes") if value else Text("否", "no"))
    field = programme.form.field(fact) if programme else None
    if isinstance(value, int) and (fact.endswith("_fen") or (field is not None and field.kind == "money")):
        return f"{money.show(value)} {Text('元', 'yuan')}"
    words = CHOSEN.get(fact) or (field.choices if field else {})
    return str(words.get(str(value), value)) if value != "" or "" in words else "—"
