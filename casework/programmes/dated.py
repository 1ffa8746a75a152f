"""The date of a paper, asked beside its upload wherever the paper does not count for ever. Nobody must know it: without
a date the office looks at the paper."""
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeGuard

from casework.core.text import Text
from casework.documents.validity import ASKED, SCHOOL_YEAR, Lasts
from casework.forms.spec import Field, FormSpec, Group, Page, Repeat
from casework.programmes.spec import PaperNeed

SUFFIX = "_dated"
FROM_DATE = Text(
    "请填写材料上的开具日期，有几份的填最早的一份。", "The day on which it was issued; of several papers the earliest. "
)
FROM_LATEST = Text(
    "请填写材料上的开具日期，有几份的填最近的一份。", "The day on which it was issued; of several papers the latest. "
)
LAST_DAY = Text(
    "请填写材料上写明的到期日，有几份的填最早的一份。",
    "The last day that stands on it; of several papers the earliest. ",
)
UNKNOWN = Text(
    "找不到日期可以不填，由窗口查看材料。", " If you find no date, leave it empty: the office looks at the paper."
)
ENDLESS = Text(
    "长期有效或找不到日期的可以不填，由窗口查看材料。",
    " If it has no end or you find no date, leave it empty: the office looks at the paper.",
)


def key_of(field: str) -> str:
    """Key of the date that belongs to a file question."""
    return f"{field}{SUFFIX}"


def is_date(item: Field | Repeat) -> bool:
    """Was this question put there for the date of a paper?"""
    return isinstance(item, Field) and "counts" in item.options


def with_dates(form: FormSpec, papers: Iterable[PaperNeed]) -> FormSpec:
    """The form with a date after each file outside of rows whose paper does not count for ever."""
    ends = {paper.key: paper.lasts for paper in papers if paper.lasts}
    return replace(form, pages=tuple(_page(page, ends) for page in form.pages)) if ends else form


def taken(form: FormSpec, papers: Iterable[PaperNeed]) -> str:
    """A key of the form that belongs to the date of a paper, "" if none does."""
    ends = {paper.key for paper in papers if paper.lasts}
    there = {item.key for item in form.items()}
    return next((key_of(item.key) for item in form.items() if _wants(item, ends) and key_of(item.key) in there), "")


def _page(page: Page, ends: Mapping[str, Lasts]) -> Page:
    return replace(page, groups=tuple(_group(group, ends) for group in page.groups))


def _group(group: Group, ends: Mapping[str, Lasts]) -> Group:
    return replace(group, items=tuple(_items(group.items, ends)))


def _items(items: Iterable[Field | Repeat], ends: Mapping[str, Lasts]) -> Iterator[Field | Repeat]:
    for item in items:
        yield item
        if _wants(item, ends):
            yield question(item, ends[item.paper])


def _wants(item: Field | Repeat, ends: Container[str]) -> TypeGuard[Field]:
    """Rows are not asked: they have enough questions, and the office that accepts reads their papers."""
    return isinstance(item, Field) and item.kind == "file" and item.paper in ends


def question(field: Field, lasts: Lasts) -> Field:
    """The date that belongs to a file question."""
    title = Text(f"{field.title.zh}：材料上的日期", f"Date on: {field.title.en}")
    first, last = FROM_LATEST if lasts.series else FROM_DATE, UNKNOWN
    if lasts.until == ASKED:
        title, first, last = Text(f"{field.title.zh}：有效期至", f"Last day of: {field.title.en}"), LAST_DAY, ENDLESS
    more = Text("", "") if lasts.until == ASKED else lasts.words
    if lasts.until == SCHOOL_YEAR:
        more = Text(
            "在当前学年内有效，7 月起开具的算下一学年。",
            "It counts for the current school year; issued from July on, for the next.",
        )
    words = Text(f"{first.zh}{more.zh}{last.zh}", f"{first.en}{more.en}{last.en}".replace("  ", " "))
    options = {"counts": lasts} | ({} if lasts.until == ASKED else {"not_future": True})
    return Field(key_of(field.key), "date", title, words, when=field.when, options=options)
