"""One evaluator for every table: its formula, the year so far, and the caps (domain §5.1).

A policy officer changes the kind of a table without a change of code:

    {"kind": "marginal", "tiers": […], "cap_event_fen": …, "cap_year_fen": 3000000, "cap_life_fen": …, "per": "year"}

per: "year" (where the formula works on money and nothing else is said) adds the base to what the year had before, and
pays what the whole is worth less what the earlier part was worth, so that neither the order of a year's claims nor
their splitting changes the sum. "event" looks at each event alone; the caps of year and life count then, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casework.core.text import Text
from casework.programmes.rules.faults import RuleFault
from casework.programmes.rules.formulas import FORMULAS, Base, Formula
from casework.programmes.rules.lines import Lines, line, yuan
from casework.programmes.rules.tables import Table, fen, only, table

CAPS = ("cap_event_fen", "cap_year_fen", "cap_life_fen")
PERS = ("year", "event")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same person was granted before, in fen: the bases and payments of this year, the payments of all
    years."""

    base_fen: int = 0
    paid_fen: int = 0
    life_paid_fen: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Earlier":
        """From the facts of a case."""
        paid = int(data.get("paid_fen") or 0)
        return cls(int(data.get("base_fen") or 0), paid, int(data.get("life_paid_fen") or paid))


@dataclass(frozen=True, slots=True)
class Award:
    """fen: what is due now. lines: how it was found. limit: the cap that cut it: event, year, life, or ""."""

    fen: int
    lines: Lines = field(default_factory=list)
    limit: str = ""


NOTHING = Earlier()


def award_by(found: Any, base: Base, earlier: Earlier = NOTHING, where: str = "table") -> Award:
    """What a table gives for a base after what the year already gave. Raises RuleFault when the table is wrong."""
    formula = formula_of(found, where)
    if base.fen < 0 or earlier.base_fen < 0 or earlier.paid_fen < 0:
        raise RuleFault(where, Text("计算基数不能为负数", "the base cannot be below zero"))
    if _yearly(found, formula):
        return _of_the_year(found, formula, base, earlier, where)
    worth, lines = formula.worth(found, base, where)
    return _capped(found, Award(worth, lines), earlier, where)


def formula_of(value: Any, where: str) -> Formula:
    """The formula of a table whose keys are all known. Raises RuleFault."""
    found = table(value, where)
    formula = FORMULAS.get(str(found.get("kind")))
    if formula is None:
        there = ", ".join(FORMULAS)
        raise RuleFault(
            f"{where}.kind",
            Text(f"{found.get('kind')!r} 不是公式类型；可用的有 {there}",
                 f"{found.get('kind')!r} is no kind of formula; there are {there}"),
        )
    only(found, {"kind", "per", *CAPS, *formula.keys}, where)
    for key in formula.keys:
        for n, row in enumerate(found[key] if formula.rows and isinstance(found.get(key), list) else ()):
            only(table(row, f"{where}.{key}[{n}]"), formula.rows, f"{where}.{key}[{n}]")
    for cap in CAPS:
        _cap(found, cap, where)
    if found.get("per", "year") not in PERS:
        raise RuleFault(f"{where}.per", Text("只能是 year 或 event", "only year or event can stand here"))
    return formula


def check_table(value: Any, where: str) -> None:
    """Is the table sound, whatever it is applied to? Raises RuleFault."""
    formula = formula_of(value, where)
    kinds = next((list(value[key]) for key in ("sums", "times") if isinstance(value.get(key), Mapping)), ["other"])
    for kind in kinds:
        formula.worth(value, Base(fen=1, days=1, grade=1, line_fen=100, keys=(kind,)), where)


def _yearly(found: Table, formula: Formula) -> bool:
    return formula.money and found.get("per", "year") == "year"


def _cap(found: Table, key: str, where: str) -> int | None:
    return None if found.get(key) is None else fen(found, key, where)


def _of_the_year(found: Table, formula: Formula, base: Base, earlier: Earlier, where: str) -> Award:
    """The worth of the whole year less that of the part before. What was paid before counts where it was more: a
    table that gives less than an older one takes nothing back, and gives nothing twice."""
    cap = _cap(found, "cap_year_fen", where)
    worth, lines = formula.worth(found, replace(base, fen=earlier.base_fen + base.fen), where)
    before, _lines = formula.worth(found, replace(base, fen=earlier.base_fen), where) if earlier.base_fen else (0, [])
    whole, part = (worth, before) if cap is None else (min(worth, cap), min(before, cap))
    given = max(part, earlier.paid_fen)
    if earlier.base_fen or earlier.paid_fen:
        lines.insert(0, line(Text("本年度此前已计入的费用", "Counted earlier this year"), earlier.base_fen))
        lines.append(line(Text("本年度累计应付", "Due for the year so far"), worth))
    limit = ""
    if cap is not None and worth > cap:
        limit = "year"
        lines.append(line(Text("年度封顶", "Cap of the year"), cap))
    if given:
        lines.append(line(Text("减：本年度此前已核定", "Less what the year gave before"), given))
    return _rest(found, Award(max(0, whole - given), lines, limit), earlier, where)


def _capped(found: Table, award: Award, earlier: Earlier, where: str) -> Award:
    """One event by itself under the cap of the year, then under the other caps."""
    cap = _cap(found, "cap_year_fen", where)
    if cap is not None and award.fen > cap - earlier.paid_fen:
        words = Text(f"年度封顶 {yuan(cap)} 元，此前已核定 {yuan(earlier.paid_fen)} 元，剩余",
                     f"Left of the year's cap of {yuan(cap)} after {yuan(earlier.paid_fen)}")
        award = _cut(award, max(0, cap - earlier.paid_fen), words, "year")
    return _rest(found, award, earlier, where)


def _rest(found: Table, award: Award, earlier: Earlier, where: str) -> Award:
    """The caps of one event and of a whole life."""
    event, life = _cap(found, "cap_event_fen", where), _cap(found, "cap_life_fen", where)
    if event is not None and award.fen > event:
        award = _cut(award, event, Text("单次封顶", "Cap of one event"), "event")
    if life is not None and award.fen > life - earlier.life_paid_fen:
        words = Text(f"累计封顶 {yuan(life)} 元，剩余", f"Left of the cap of {yuan(life)} over all years")
        award = _cut(award, max(0, life - earlier.life_paid_fen), words, "life")
    return award


def _cut(award: Award, most: int, words: Text, limit: str) -> Award:
    return Award(most, [*award.lines, line(words, most)], limit)
