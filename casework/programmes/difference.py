"""What differs between two versions of a programme, in words of both languages, grouped as an officer reads it.

It compares contents, not programmes built from them, so that a draft with faults can be compared, too.
"""
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from casework.core.text import Text
from casework.programmes.difference_words import (
    NOTHING,
    Fields,
    attribute,
    condition,
    denial,
    in_yuan,
    quoted,
    said,
    title_of,
)
from casework.programmes.spec import NO_TEXT

GROUPS: Mapping[str, Text] = {
    "texts": Text("文字", "Texts"), "form": Text("表单", "Form"), "papers": Text("材料", "Papers"),
    "eligibility": Text("资格条件", "Eligibility"), "route": Text("流程", "Route"),
    "numbers": Text("数值与规则", "Numbers"),
    "limits": Text("时限", "Limits"),
    "filing": Text("受理与归档", "Filing"),
}
WORDS = frozenset({"title", "summary", "help", "who", "how_much", "item_title"})
NUMBERS = frozenset({"numbers", "told", "classify", "award", "fund"})
LIMITS = frozenset({"limit", "days", "pause", "promise", "supplement", "longer"})
# Told part by part below, or of no meaning: the number of a version is given when it is published.
APART = frozenset({"key", "version", "papers", "eligibility", "total", "route"})
STEP, PAPER, FIELD, ROWS = Text("步骤", "Step"), Text("材料", "Paper"), Text("表单项", "Field"), Text("多行项", "Rows")
PAGE, GROUP = Text("页", "Page"), Text("栏目", "Heading")
CONDITION = Text("条件", "Condition")
SIGNS = {"added": Text("新增", "added"), "removed": Text("删去", "removed"), "moved": Text("移动", "moved")}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. kind: added, removed, changed or moved. place: keys with slashes, for links. what: the part by
    name. before, after: its values, empty unless changed."""

    group: str
    kind: str
    place: str
    what: Text
    before: Text = NO_TEXT
    after: Text = NO_TEXT

    @property
    def line(self) -> Text:
        """The difference in one line: 步骤“审核”的时限：10 → 5 个工作日."""
        if self.kind != "changed":
            sign = SIGNS[self.kind]
            return Text(f"{sign.zh}：{self.what.zh}", f"{self.what.en}: {sign.en}")
        before, after = _told_apart(self.before, self.after)
        before = _short(before, after)
        return Text(f"{self.what.zh}：{before.zh} → {after.zh}", f"{self.what.en}: {before.en} → {after.en}")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a programme says. whole: the part exists as a whole, and those below its place belong to it. shown: how
    the value is told where it does not tell itself."""

    group: str
    what: Text
    value: Any = None
    name: str = ""
    whole: bool = False
    shown: Text | None = None

    def told(self) -> Text:
        """The value as a reader says it."""
        return self.shown or said(self.name, self.value)


Parts = dict[str, Part]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two contents, in the order of GROUPS."""
    old, new = _parts(before), _parts(after)
    found = [*_gone_and_come(old, new), *_changed(old, new), *_moved(old, new)]
    order = list(GROUPS)
    return sorted(found, key=lambda change: order.index(change.group))


def grouped(changes: list[Change]) -> list[tuple[Text, list[Change]]]:
    """The differences under their headings; headings without any are left out."""
    found = [(title, [change for change in changes if change.group == key]) for key, title in GROUPS.items()]
    return [(title, rows) for title, rows in found if rows]


def _gone_and_come(old: Parts, new: Parts) -> Iterator[Change]:
    for place, part in old.items():
        if part.whole and place not in new and not _inside(place, old, new):
            yield Change(part.group, "removed", place, part.what)
    for place, part in new.items():
        if part.whole and place not in old and not _inside(place, new, old):
            yield Change(part.group, "added", place, part.what)


def _changed(old: Parts, new: Parts) -> Iterator[Change]:
    for place in dict.fromkeys((*old, *new)):
        one, two = old.get(place), new.get(place)
        part = two or one
        if part is None or part.whole or _inside(place, old, new) or _inside(place, new, old):
            continue
        if (one.value if one else None) != (two.value if two else None):
            before, after = (side.told() if side else NOTHING for side in (one, two))
            yield Change(part.group, "changed", place, part.what, before, after)


def _moved(old: Parts, new: Parts) -> Iterator[Change]:
    """Parts that stand in another order. Of those that are in both, the fewest that explain the new order."""
    for kind in ("route", "page", "field", "eligibility"):
        was = [place for place in old if _orderly(place, kind, old) and place in new]
        now = [place for place in new if _orderly(place, kind, new) and place in old]
        still: set[str] = set()
        for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
            still |= set(was[block.a : block.a + block.size])
        for place in now:
            if place not in still:
                yield Change(new[place].group, "moved", place, new[place].what)


def _orderly(place: str, kind: str, parts: Parts) -> bool:
    return parts[place].whole and place.split("/")[0] == kind and place.count("/") == 1


def _inside(place: str, here: Parts, there: Parts) -> bool:
    """Does the part belong to one that the other side does not have at all?"""
    names = place.split("/")
    above = ["/".join(names[:n]) for n in range(1, len(names))]
    return any(outer in here and here[outer].whole and outer not in there for outer in above)


def _parts(content: Mapping[str, Any]) -> Parts:
    programme = _mapping(content.get("programme"))
    parts: Parts = {}
    fields = _fields(content)
    for name, value in programme.items():
        if name not in APART:
            parts[name] = Part(_group_of(name, "filing"), attribute(name), value, name, shown=said(name, value, fields))
    for name, value in _mapping(programme.get("total")).items():
        total = Text("总", "Total: ")
        what = Text(f"{total.zh}{attribute(name).zh}", f"{total.en}{attribute(name).en}")
        parts[f"total/{name}"] = Part("limits", what, value, name)
    for key, paper in _mapping(programme.get("papers")).items():
        _describe(parts, f"papers/{key}", "papers", quoted(PAPER, title_of(paper, key)), _mapping(paper),
                  fields)
    _eligibility(parts, programme.get("eligibility"), fields)
    for standing, steps in _mapping(programme.get("route")).items():
        for key, step in _mapping(steps).items():
            what = quoted(STEP, title_of(step, key))
            _describe(parts, f"route/{key}", "route", what, {**_mapping(step), "standing": standing}, fields)
    _form(parts, _mapping(content.get("form")), fields)
    return parts


def _fields(content: Mapping[str, Any]) -> Fields:
    """The questions of a form by their keys, those of rows too: conditions are told with their titles."""
    found: dict[str, Mapping[str, Any]] = {}
    for page in _list(_mapping(content.get("form")).get("pages")):
        for group in _list(_mapping(page).get("groups")):
            for item in map(_mapping, _list(_mapping(group).get("items"))):
                for field in (item, *map(_mapping, _list(item.get("fields")))):
                    found.setdefault(str(field.get("key", "")), field)
    return found


def _describe(
    parts: Parts, place: str, group: str, what: Text, data: Mapping[str, Any], fields: Fields
) -> None:
    """A part as a whole, and each of its attributes."""
    parts[place] = Part(group, what, whole=True)
    for name, value in data.items():
        called = attribute(name)
        label = Text(f"{what.zh}的{called.zh}", f"{what.en}, {called.en}")
        shown = in_yuan(value) if _is_money(data, name) else said(name, value, fields)
        parts[f"{place}/{name}"] = Part(_group_of(name, group), label, value, name, shown=shown)


def _is_money(data: Mapping[str, Any], name: str) -> bool:
    return data.get("kind") == "money" and name in ("min", "max", "default")


def _group_of(name: str, otherwise: str) -> str:
    if name in WORDS:
        return "texts"
    if name in LIMITS:
        return "limits"
    return "numbers" if name in NUMBERS else otherwise


def _eligibility(parts: Parts, rows: Any, fields: Fields) -> None:
    """Each row is named by all it says: another value is another row."""
    for row in _list(rows):
        data = _mapping(row)
        when, why = condition(_mapping(data.get("when")), fields), denial(data.get("deny"))
        told = Text(f"{when.zh}，则{why.zh}", f"{when.en}: {why.en}")
        key = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).replace("/", "∕")
        parts[f"eligibility/{key}"] = Part("eligibility", quoted(CONDITION, told), whole=True)


def _form(parts: Parts, form: Mapping[str, Any], fields: Fields) -> None:
    for page in _list(form.get("pages")):
        key = str(_mapping(page).get("key", ""))
        title = title_of(page, key)
        plain = {name: value for name, value in _mapping(page).items() if name not in ("key", "groups")}
        _describe(parts, f"page/{key}", "form", quoted(PAGE, title), plain, fields)
        for group in _list(_mapping(page).get("groups")):
            _heading(parts, key, title, _mapping(group), fields)


def _heading(parts: Parts, page: str, page_title: Text, group: Mapping[str, Any], fields: Fields) -> None:
    key = str(group.get("key", ""))
    plain = {name: value for name, value in group.items() if name not in ("key", "items")}
    _describe(parts, f"page/{page}/group/{key}", "form", quoted(GROUP, title_of(group, key)), plain, fields)
    for item in _list(group.get("items")):
        data = _mapping(item)
        own = str(data.get("repeat") or data.get("key") or "")
        what = quoted(ROWS if "repeat" in data else FIELD, title_of(data, own))
        _item(parts, f"field/{own}", what, data, fields)
        label = Text(f"{what.zh}的所在页", f"{what.en}, page")
        parts[f"field/{own}/page"] = Part("form", label, page, "page", shown=page_title)
        for inner in _list(data.get("fields")) if "repeat" in data else ():
            name = str(_mapping(inner).get("key", ""))
            _item(parts, f"field/{own}/field/{name}", quoted(FIELD, title_of(inner, name)), _mapping(inner),
                  fields)


def _item(parts: Parts, place: str, what: Text, data: Mapping[str, Any], fields: Fields) -> None:
    plain = {name: value for name, value in data.items() if name not in ("key", "repeat", "fields", "choices")}
    _describe(parts, place, "form", what, plain, fields)
    for value, words in _mapping(data.get("choices")).items():
        label = Text(f"{what.zh}的选项“{value}”", f"{what.en}, choice “{value}”")
        parts[f"{place}/choice/{value}"] = Part("form", label, words, "choice")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _told_apart(before: Text, after: Text) -> tuple[Text, Text]:
    """Where only one language changed, the other is told by it."""
    if before.en == after.en:
        return Text(before.zh, before.zh), Text(after.zh, after.zh)
    if before.zh == after.zh:
        return Text(before.en, before.en), Text(after.en, after.en)
    return before, after


def _short(before: Text, after: Text) -> Text:
    """The value before, without the unit that the value after says again."""
    found = []
    for one, two in zip(before, after, strict=True):
        number, _space, unit = one.partition(" ")
        same = number.replace(",", "").replace(".", "").isdigit() and bool(unit) and two.endswith(f" {unit}")
        found.append(number if same else one)
    return Text(*found)
