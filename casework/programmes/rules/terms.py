"""A table of an amount rule as a sentence for the applicant: what a region pays, in both languages."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from casework.core import money
from casework.core.text import Text
from casework.programmes.number_words import NUMBERS

Table = Mapping[str, Any]
CAPS: Mapping[str, Text] = MappingProxyType({
    "cap_event_fen": Text("每次最高", "each time"),
    "cap_year_fen": Text("每年最高", "a year"),
    "cap_life_fen": Text("累计最高", "in all"),
})


def yuan(fen: int) -> str:
    """Fen as yuan for a text: 5,000, or 50.50."""
    return money.show(int(fen)).removesuffix(".00")


def terms(table: Table) -> Text:
    """A table, or tables by category, in words. Raises LookupError, TypeError or ValueError for one that is unsound."""
    if "kind" not in table:
        parts = [(NUMBERS.get(name, Text(name, name)), terms(inner)) for name, inner in table.items()]
        return _joined([Text(f"{name.zh}：{said.zh}", f"{name.en}: {said.en}") for name, said in parts], "；", "; ")
    said = KINDS[table["kind"]](table)
    said += [Text(f"{words.zh} {yuan(table[key])} 元", f"at most {yuan(table[key])} yuan {words.en}")
             for key, words in CAPS.items() if table.get(key) is not None]
    return _joined(said, "，", ", ")


def _joined(said: list[Text], zh: str, en: str) -> Text:
    return Text(zh.join(text.zh for text in said), en.join(text.en for text in said))


def _span(lower: int, upper: int | None) -> Text:
    if upper is None:
        return Text(f"{yuan(lower)} 元以上", f"above {yuan(lower)} yuan") if lower else Text("全部", "all")
    if not lower:
        return Text(f"{yuan(upper)} 元以内", f"to {yuan(upper)} yuan")
    return Text(f"{yuan(lower)} 至 {yuan(upper)} 元", f"{yuan(lower)} to {yuan(upper)} yuan")


def _rows(rows: list[Table], lower: int, told: Callable[[Table], Text]) -> list[Text]:
    found = []
    for row in rows:
        span, said = _span(lower, row.get("to_fen")), told(row)
        found.append(Text(f"{span.zh}{said.zh}", f"{span.en} {said.en}"))
        lower = max(lower, row.get("to_fen") or 0)
    return found


def _marginal(table: Table) -> list[Text]:
    lower = int(table.get("deductible_fen") or 0)
    return _rows(table["tiers"], lower, lambda row: Text(f" {row['percent']}%", f"{row['percent']} %"))


def _bands(table: Table) -> list[Text]:
    lower = int(table.get("from_fen") or 0)
    return _rows(table["bands"], lower, _sum)


def _sum(row: Table) -> Text:
    return Text(f"给付 {yuan(row['sum_fen'])} 元", f"gives {yuan(row['sum_fen'])} yuan")


def _rate(table: Table) -> list[Text]:
    lower = yuan(table["deductible_fen"]) if table.get("deductible_fen") else ""
    part = Text(f"{lower} 元以上部分按", f"of what is above {lower} yuan ") if lower else Text("按", "")
    return [Text(f"{part.zh} {table['percent']}%", f"{part.en}{table['percent']} %")]


def _fixed(table: Table) -> list[Text]:
    if "sums" not in table:
        return [Text(f"{yuan(table['sum_fen'])} 元", f"{yuan(table['sum_fen'])} yuan")]
    named = [(NUMBERS.get(name, Text(name, name)), yuan(fen)) for name, fen in table["sums"].items()]
    return [Text(f"{name.zh} {sum_} 元", f"{name.en.lower()} {sum_} yuan") for name, sum_ in named]


def _daily(table: Table) -> list[Text]:
    day, most = yuan(table["day_fen"]), int(table["days_most"])
    return [Text(f"每天 {day} 元，最多 {most} 天", f"{day} yuan a day, for at most {most} days")]


def _shares(table: Table) -> list[Text]:
    share, most = yuan(table["share_fen"]), int(table["shares_most"])
    return [Text(f"每份 {share} 元，最多 {most} 份", f"{share} yuan a share, at most {most} shares")]


def _grade(table: Table) -> list[Text]:
    each = [Text(f"{n} 级 {part}%", f"grade {n} {part} %") for n, part in enumerate(table["percents"], 1)]
    parts, whole = _joined(each, "、", ", "), yuan(table["sum_fen"])
    return [Text(f"以 {whole} 元为基数，{parts.zh}", f"of {whole} yuan {parts.en}")]


def _multiple(table: Table) -> list[Text]:
    times, most = table["times"], table.get("months_most")
    each = [(NUMBERS.get(name, Text(name, name)), value) for name, value in times.items()] \
        if isinstance(times, Mapping) else [(Text("", ""), times)]
    said = [Text(f"{name.zh}月低保标准的 {value} 倍", f"{name.en} {value} times the monthly line".strip())
            for name, value in each]
    months = [Text(f"最多 {most} 个月", f"for at most {most} months")] if most else []
    return [*said, *months]


KINDS: Mapping[str, Callable[[Table], list[Text]]] = MappingProxyType({
    "marginal": _marginal, "bands": _bands, "rate": _rate, "fixed": _fixed, "daily": _daily, "shares": _shares,
    "grade": _grade, "multiple": _multiple,
})
