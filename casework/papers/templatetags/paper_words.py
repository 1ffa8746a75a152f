"""How days, amounts and decisions are written in a paper."""
from datetime import date
from typing import Any

from django import template

from casework.core import money

register = template.Library()
DECISIONS = {
    "pass": "同意", "silence": "期限届满，视为受理", "deny": "不同意", "return": "退回补办", "record": "已入户调查",
    "redo": "对调查表有异议", "dismiss": "异议不成立", "change_list": "名单变更，重新公示", "object": "收到异议",
    "post": "已张贴公示", "not_accept": "不予受理", "one_time_notice": "一次性告知",
    "ask_papers": "要求补充材料", "result": "已收到核对结果",
    "send": "已送核对", "sign": "签批同意", "not_supported": "不予支持",
    "no_visit": "未能入户调查", "sign_no_visit": "未能入户调查，签字确认",
}
# What the form of approval leaves out: steps on the way that are no opinion.
PASSING = ("post", "send", "object", "one_time_notice", "ask_papers", "more_time", "extend")
UNITS = {"people": "人", "months": "个月", "days": "天", "wd": "个工作日"}


@register.filter
def cn_day(value: str) -> str:
    """2026-11-23 as 2026年11月23日; "" stays empty."""
    if not value:
        return ""
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def yuan(value: int | None) -> str:
    """Fen as 1,234.50; "" when there is none."""
    return "" if value is None else money.show(int(value))


@register.filter
def capitals(value: int | None) -> str:
    """Fen in Chinese capitals."""
    return "" if value is None else money.capitals(int(value))


@register.filter
def amount_of(line: dict[str, Any]) -> str:
    """The value of a line with its unit."""
    value, unit = line.get("value"), str(line.get("unit", ""))
    if unit == "fen" and isinstance(value, int):
        return f"{money.show(value)} 元"
    return f"{value} {UNITS.get(unit, unit)}".strip()


@register.filter
def said(row: dict[str, Any]) -> str:
    """What an office decided and said, in the words of the form of approval; nothing is said twice."""
    decision, opinion = DECISIONS.get(row["decision"], row["decision"]), row.get("opinion", "")
    if not opinion or opinion.startswith(decision):
        return str(opinion or decision)
    return f"{decision}。{opinion}"


@register.filter
def grouped(code: str) -> str:
    """A check code in groups of four."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
