"""A form as data: pages of groups of fields and repeating rows, read from YAML and frozen."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.core.text import Text

Condition = Mapping[str, Any]
EMPTY_TEXT = Text("", "")


class FormFault(Exception):
    """A form declaration is wrong: where; zh, en: what, and how to mend it."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        self.where, self.message = where, Text(zh, en)
        super().__init__(f"{where}: {en}")


@dataclass(frozen=True, slots=True)
class Field:
    """One question. kind: key of a field kind. when: closed condition under which it is asked. options: what its kind
    needs (min, max, choices, paper …), and twice: it is typed twice, which no row can ask; counts (validity.Lasts): it
    is the date of the paper asked for before it, put there by the engine. derived: how it is worked out of other
    answers (forms.derived); such a field is shown, never read. sensitive: sealed and masked."""

    key: str
    kind: str
    title: Text
    help: Text = EMPTY_TEXT
    required: bool = False
    when: Condition | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    derived: str = ""
    sensitive: bool = False

    @property
    def paper(self) -> str:
        """Key of the paper that a file is."""
        return str(self.options.get("paper") or self.key)

    @property
    def again(self) -> str:
        """The name under which it is typed a second time; "" where once will do."""
        return f"{self.key}.again" if self.options.get("twice") else ""

    @property
    def choices(self) -> Mapping[str, Text]:
        """Choices of an enum or multi field, in order."""
        return self.options.get("choices", {})


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows of the same fields. least, most: how many rows."""

    key: str
    title: Text
    item_title: Text
    fields: tuple[Field, ...]
    least: int = 0
    most: int = 20
    help: Text = EMPTY_TEXT
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together under one heading."""

    key: str
    title: Text
    help: Text
    items: tuple[Field | Repeat, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One step of a form, short enough for a phone."""

    key: str
    title: Text
    help: Text
    groups: tuple[Group, ...]

    def items(self) -> Iterator[Field | Repeat]:
        """All fields and repeats of the page."""
        for group in self.groups:
            yield from group.items


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A whole form. known: answers given elsewhere, which its conditions may ask for. given: what stands in it before
    anybody has typed, by name, as a page would send it. apart: keys of answers that go into a revision of the
    application, where they are sealed, and not into the event."""

    pages: tuple[Page, ...]
    known: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, list[str]] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()

    def items(self) -> Iterator[Field | Repeat]:
        """All fields and repeats of the form."""
        for page in self.pages:
            yield from page.items()

    def page(self, key: str) -> Page | None:
        """A page by its key."""
        return next((page for page in self.pages if page.key == key), None)

    def field(self, place: str) -> Field | None:
        """The field at a dotted place ("members.0.id_no" or "phone")."""
        head, _dot, rest = place.partition(".")
        for item in self.items():
            if item.key == head:
                if isinstance(item, Field):
                    return item
                name = rest.partition(".")[2]
                return next((f for f in item.fields if f.key == name), None)
        return None


FIELD_KEYS = {"key", "kind", "title", "help", "required", "when", "derived", "sensitive"}
OPTION_KEYS = {
    "min", "max", "choices", "paper", "many", "max_files", "min_files", "not_future", "not_past", "default", "of",
    "unit", "twice", "text", "rows", "autocomplete", "near",
}
NEAR_KINDS, NEAR_MOST = ("year", "school_year"), 20


def load_form(data: Mapping[str, Any], where: str) -> FormSpec:
    """Read a form declaration. Raises FormFault with the place and the mend."""
    if set(data) != {"pages"}:
        raise FormFault(where, "表单只有一个键：pages", "a form has one key: pages")
    form = FormSpec(tuple(_page(page, f"{where}.pages[{n}]") for n, page in enumerate(data["pages"])))
    seen: set[str] = set()
    for item in form.items():
        if item.key in seen:
            raise FormFault(
                where, f"键 {item.key} 用了两次：表单的每个字段各用一个",
                f"the key {item.key} is used twice: each field of a form has its own",
            )
        seen.add(item.key)
    return form


def _text(data: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> Text:
    value = data.get(key)
    if value is None:
        if needed:
            raise FormFault(where, f"缺少 {key}：请写 {{zh: …, en: …}}", f"{key} is missing: give {{zh: …, en: …}}")
        return EMPTY_TEXT
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"}:
        raise FormFault(
            f"{where}.{key}", "文字要有中英两种：{zh: …, en: …}", "give the text in both languages: {zh: …, en: …}"
        )
    return Text.of(value)


def _page(data: Mapping[str, Any], where: str) -> Page:
    groups = tuple(_group(group, f"{where}.groups[{n}]") for n, group in enumerate(data.get("groups", ())))
    return Page(_key(data, where), _text(data, "title", where), _text(data, "help", where, needed=False), groups)


def _group(data: Mapping[str, Any], where: str) -> Group:
    items = tuple(_item(item, f"{where}.items[{n}]") for n, item in enumerate(data.get("items", ())))
    return Group(_key(data, where), _text(data, "title", where), _text(data, "help", where, needed=False), items)


def _key(data: Mapping[str, Any], where: str) -> str:
    key = data.get("key")
    if not isinstance(key, str) or not key.isidentifier():
        raise FormFault(
            where, "缺少 key，或不是 id_no 这样的简单名称", "key is missing or not a plain name such as id_no"
        )
    return key


def _item(data: Mapping[str, Any], where: str) -> Field | Repeat:
    if "repeat" not in data:
        return _field(data, where)
    fields = tuple(_field(inner, f"{where}.fields[{n}]") for n, inner in enumerate(data.get("fields", ())))
    if any(field.again for field in fields):
        raise FormFault(
            where, "行内字段不能要求重复输入：请去掉 twice，或把它移出行",
            "a field in a row cannot be typed twice: take twice away, or move it out of the rows",
        )
    return Repeat(
        key=_key({"key": data["repeat"]}, where), title=_text(data, "title", where),
        item_title=_text(data, "item_title", where), fields=fields, least=int(data.get("min", 0)),
        most=int(data.get("max", 20)), help=_text(data, "help", where, needed=False), when=data.get("when"),
    )


def _field(data: Mapping[str, Any], where: str) -> Field:
    from casework.forms.kinds import KINDS

    key, kind = _key(data, where), data.get("kind")
    if kind not in KINDS:
        raise FormFault(
            f"{where}.kind", f"{kind!r} 不是字段类型；可用的有 {', '.join(sorted(KINDS))}",
            f"{kind!r} is not a field kind; there are {', '.join(sorted(KINDS))}",
        )
    unknown = set(data) - FIELD_KEYS - OPTION_KEYS
    if unknown:
        these, there = ", ".join(sorted(unknown)), ", ".join(sorted(FIELD_KEYS | OPTION_KEYS))
        raise FormFault(
            where, f"没有这样的键 {these}：请去掉或改正；可用的有 {there}",
            f"unknown keys {these}: remove or correct them; there are {there}",
        )
    options = {name: data[name] for name in OPTION_KEYS if name in data}
    if "choices" in options:
        options["choices"] = {str(value): Text.of(words) for value, words in options["choices"].items()}
    elif kind in ("enum", "multi"):
        raise FormFault(where, "缺少 choices（选项）", "choices are missing")
    if "near" in options:
        _near(kind, options, f"{where}.near")
    return Field(
        key=key, kind=kind, title=_text(data, "title", where), help=_text(data, "help", where, needed=False),
        required=bool(data.get("required")), when=data.get("when"), options=options, derived=_derived(data, where),
        sensitive=bool(data.get("sensitive", KINDS[kind].sensitive)),
    )


def _near(kind: str, options: Mapping[str, Any], where: str) -> None:
    """near: how many years from now a year may lie. Raises FormFault."""
    value = options["near"]
    if kind not in NEAR_KINDS:
        raise FormFault(where, "只用于 year（年度）和 school_year（学年）", "it goes with year and school_year only")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= NEAR_MOST:
        raise FormFault(
            where, f"写 0 至 {NEAR_MOST} 的整数：0 表示只能是本年度",
            f"a whole number, 0 to {NEAR_MOST}: 0 is this year only",
        )
    if {"min", "max"} & set(options):
        raise FormFault(where, "near 与 min、max 只写一种", "write near, or min and max, not both")


def _derived(data: Mapping[str, Any], where: str) -> str:
    from casework.forms.derived import DERIVED

    name = data.get("derived", "")
    if not name:
        return ""
    if name not in DERIVED:
        raise FormFault(
            f"{where}.derived", f"{name!r} 不是推算方法；可用的有 {', '.join(DERIVED)}",
            f"{name!r} works nothing out; there are {', '.join(DERIVED)}",
        )
    if not data.get("of"):
        raise FormFault(
            f"{where}.of", f"请写明 {name} 由哪些答案推算，例如 of: id_no",
            f"name the answers that {name} is worked out from, such as of: id_no",
        )
    return str(name)


def holds(condition: Condition | None, *scopes: Mapping[str, Any]) -> bool:
    """Is a closed condition true? Fields are looked up in the scopes in order: the row first, then the whole form."""
    if not condition:
        return True
    for key, wanted in condition.items():
        value = next((scope[key] for scope in scopes if scope.get(key) is not None), None)
        if not _fits(value, wanted):
            return False
    return True


def _fits(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    for test, against in wanted.items():
        if test == "in":
            values = value if isinstance(value, list) else [value]
            if not set(values) & set(against):
                return False
        elif value is None or (test == "at_least" and value < against) or (test == "at_most" and value > against):
            return False
    return True
