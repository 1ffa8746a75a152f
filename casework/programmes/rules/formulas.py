"""The formula kinds of domain §5.1 as pure functions over whole fen.

Each takes a table (numbers of a region and a day, never in code) and what it is applied to, and returns (fen, lines):
exact fractions inside, rounded half-up once at the end. Which of them counts stands in the table under "kind":

    marginal  {deductible_fen: 0, tiers: [{to_fen: 500000, percent: 20}, …, {percent: 50}]}   bounds count from 0 on
    bands     {from_fen: 1000000, bands: [{to_fen: 2000000, sum_fen: 150000}, …, {sum_fen: 5000000}]}   bounds inclusive
    rate      {percent: 80, deductible_fen: 0}
    fixed     {sum_fen: 300000}, or {sums: {key_university: 500000, other: 300000}}
    daily     {day_fen: 5000, days_most: 180}
    shares    {share_fen: 1000000, shares_most: 3}
    grade     {sum_fen: 10000000, percents: [100, 90, …, 10]}   grade 1 first
    multiple  {times: 10}, {times: {higher: 10, high: 6}}, with months_most: for every month   of the local line

Caps (cap_event_fen, cap_year_fen, cap_life_fen) and the accumulation over a year are the same for all: see awards.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from casework.core.money import half_up
from casework.core.text import Text
from casework.programmes.rules.faults import RuleFault
from casework.programmes.rules.lines import Lines, line, plain, share, yuan
from casework.programmes.rules.tables import Table, chosen, count, exact, fen, percent, rows


@dataclass(frozen=True, slots=True)
class Base:
    """What a formula is applied to. fen: cost, loss or sum asked for. days, shares, months: how many. grade: of
    disability, 1 the gravest. line_fen: local subsistence line a month, None where it is not known. keys: names under
    which a table by kind of case is looked up, the most special first."""

    fen: int = 0
    days: int = 0
    shares: int = 1
    grade: int = 0
    months: int = 1
    line_fen: int | None = None
    keys: tuple[str, ...] = ("other",)


Found = tuple[int, Lines]


def marginal(table: Table, base: Base, where: str) -> Found:
    """Each part of the base at the percentage of its own tier; what lies below the deductible gives nothing."""
    lower, total, lines = fen(table, "deductible_fen", where, 0), Fraction(0), Lines()
    if lower:
        lines.append(line(Text("起付线", "Deductible"), lower))
    for n, tier in enumerate(_rising(rows(table, "tiers", where), f"{where}.tiers")):
        rate = percent(tier, "percent", f"{where}.tiers[{n}]")
        upper = tier.get("to_fen")
        part = max(0, (base.fen if upper is None else min(base.fen, upper)) - lower)
        if part:
            total += part * rate
            lines.append(line(_tier(lower, upper, part, rate), half_up(part * rate)))
        lower = lower if upper is None else max(lower, upper)
    return half_up(total), lines


def _tier(lower: int, upper: int | None, part: int, rate: Fraction) -> Text:
    span = _span(lower, upper)
    return Text(f"{span.zh}：{yuan(part)} 元 × {share(rate)}%", f"{span.en}: {yuan(part)} × {share(rate)} %")


def _span(lower: int, upper: int | None) -> Text:
    if upper is None:
        return Text(f"{yuan(lower)} 元以上部分", f"Above {yuan(lower)}")
    return Text(f"{yuan(lower)} 至 {yuan(upper)} 元部分", f"{yuan(lower)} to {yuan(upper)}")


def bands(table: Table, base: Base, where: str) -> Found:
    """One sum for the band the base falls in; the upper bound belongs to its band. Nothing below from_fen."""
    found = _rising(rows(table, "bands", where), f"{where}.bands")
    sums = [fen(band, "sum_fen", f"{where}.bands[{n}]") for n, band in enumerate(found)]
    if sums != sorted(sums):
        raise RuleFault(f"{where}.bands", Text("金额应逐档不减", "the sums must not fall from band to band"))
    lower = fen(table, "from_fen", where, 0)
    if base.fen < lower:
        return 0, [line(Text(f"未达到 {yuan(lower)} 元，不予给付", f"Below {yuan(lower)}: nothing is paid"), 0)]
    place = next(n for n, band in enumerate(found) if band.get("to_fen") is None or base.fen <= band["to_fen"])
    upper, under = found[place].get("to_fen"), found[place - 1]["to_fen"] if place else lower
    span = _span(under, upper)
    return sums[place], [line(Text(f"分档定额：{span.zh}", f"Fixed sum of the band: {span.en}"), sums[place])]


def rate(table: Table, base: Base, where: str) -> Found:
    """One percentage of everything above the deductible."""
    lower, part = fen(table, "deductible_fen", where, 0), percent(table, "percent", where)
    counted = max(0, base.fen - lower)
    lines = [line(Text("起付线", "Deductible"), lower)] if lower else []
    found = half_up(counted * part)
    lines.append(line(Text(f"{yuan(counted)} 元 × {share(part)}%", f"{yuan(counted)} × {share(part)} %"), found))
    return found, lines


def fixed(table: Table, base: Base, where: str) -> Found:
    """A sum whatever the base, the same for all or by kind of case."""
    if "sums" in table:
        found = fen({"sum": chosen(table["sums"], base.keys, f"{where}.sums")}, "sum", f"{where}.sums")
    else:
        found = fen(table, "sum_fen", where)
    return found, [line(Text("定额标准", "Fixed standard"), found)]


def daily(table: Table, base: Base, where: str) -> Found:
    """So much a day, for at most so many days."""
    day, most = fen(table, "day_fen", where), count(table, "days_most", where)
    days = min(_many(base.days, f"{where} days"), most)
    found = day * days
    return found, [line(Text(f"每日 {yuan(day)} 元 × {days} 天（最多 {most} 天）",
                             f"{yuan(day)} a day × {days} days (at most {most})"), found)]


def shares(table: Table, base: Base, where: str) -> Found:
    """A lump sum for each share held."""
    sum_fen, most = fen(table, "share_fen", where), count(table, "shares_most", where, 0)
    held = _many(base.shares, f"{where} shares")
    held = min(held, most) if most else held
    return sum_fen * held, [line(Text(f"每份 {yuan(sum_fen)} 元 × {held} 份", f"{yuan(sum_fen)} a share × {held}"),
                                 sum_fen * held)]


def grade(table: Table, base: Base, where: str) -> Found:
    """A percentage of a sum by the grade of disability."""
    whole, listed = fen(table, "sum_fen", where), table.get("percents")
    if not isinstance(listed, list) or not listed:
        raise RuleFault(f"{where}.percents", Text("缺少各等级的百分比", "the percentages by grade are missing"))
    parts = [percent({"n": value}, "n", f"{where}.percents[{n}]") for n, value in enumerate(listed)]
    if parts != sorted(parts, reverse=True):
        raise RuleFault(f"{where}.percents", Text("等级越轻比例应越低", "a lighter grade must not give more"))
    if not 1 <= base.grade <= len(parts):
        raise RuleFault(f"{where}.percents", Text(f"没有第 {base.grade} 级的比例", f"there is no grade {base.grade}"))
    part = parts[base.grade - 1]
    found = half_up(whole * part)
    words = Text(f"{base.grade} 级：{yuan(whole)} 元 × {share(part)}%",
                 f"Grade {base.grade}: {yuan(whole)} × {share(part)} %")
    return found, [line(words, found)]


def multiple(table: Table, base: Base, where: str) -> Found:
    """A multiple of the local subsistence line, for each of at most so many months if the table says so."""
    times = table.get("times")
    if isinstance(times, Mapping):
        times = chosen(times, base.keys, f"{where}.times")
    by, line_fen = exact(times, f"{where}.times"), base.line_fen
    if line_fen is None or line_fen < 0:
        raise RuleFault("subsistence_line", Text("缺少当地低保标准", "the local subsistence line is missing"))
    most = count(table, "months_most", where, 0)
    months = min(_many(base.months, f"{where} months"), most) if most else 1
    found = half_up(by * line_fen * months)
    tail = Text(f" × {months} 个月", f" × {months} months") if most else Text("", "")
    said = plain(by)
    return found, [line(Text("当地月低保标准", "Local subsistence line a month"), line_fen),
                   line(Text(f"低保标准 × {said}{tail.zh}", f"Line × {said}{tail.en}"), found)]


def _rising(found: list[Table], where: str) -> list[Table]:
    """Rows with rising bounds whose last is open, so that every base has its place. Raises RuleFault."""
    lower = 0
    for n, row in enumerate(found):
        if n == len(found) - 1:
            if row.get("to_fen") is not None:
                raise RuleFault(f"{where}[{n}].to_fen", Text("最后一档不能有上限", "the last one must have no bound"))
            break
        upper = fen(row, "to_fen", f"{where}[{n}]")
        if upper <= lower:
            raise RuleFault(f"{where}[{n}].to_fen", Text("上限应逐档增大", "the bounds must rise"))
        lower = upper
    return found


def _many(value: int, where: str) -> int:
    if value < 0:
        raise RuleFault(where, Text("不能为负数", "this cannot be below zero"))
    return value


@dataclass(frozen=True, slots=True)
class Formula:
    """worth: (fen, lines) for one base. keys: what its table may hold. rows: what the rows of its lists may hold.
    money: it works on a sum of money, which can be added up over a year."""

    worth: Callable[[Table, Base, str], Found]
    keys: frozenset[str]
    rows: frozenset[str] = frozenset()
    money: bool = False


FORMULAS: Mapping[str, Formula] = MappingProxyType({
    "marginal": Formula(marginal, frozenset({"deductible_fen", "tiers"}), frozenset({"to_fen", "percent"}), True),
    "bands": Formula(bands, frozenset({"from_fen", "bands"}), frozenset({"to_fen", "sum_fen"}), True),
    "rate": Formula(rate, frozenset({"deductible_fen", "percent"}), money=True),
    "fixed": Formula(fixed, frozenset({"sum_fen", "sums"})),
    "daily": Formula(daily, frozenset({"day_fen", "days_most"})),
    "shares": Formula(shares, frozenset({"share_fen", "shares_most"})),
    "grade": Formula(grade, frozenset({"sum_fen", "percents"})),
    "multiple": Formula(multiple, frozenset({"times", "months_most"})),
})
