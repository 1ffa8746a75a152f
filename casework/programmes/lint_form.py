"""Faults of a form that stand between its questions: what one of them asks of another that is not there, or not yet."""

from collections.abc import Iterable, Iterator

from casework.core.text import Text
from casework.forms.derived import sources
from casework.forms.spec import Field, FormSpec, Repeat
from casework.programmes import dated
from casework.programmes.finding import Finding, fault


def findings(form: FormSpec, where: str) -> Iterator[Finding]:
    """Every reference from question to question that comes to nothing."""
    yield from _references(form, where)
    yield from _conditions(form, where)
    yield from _worked_out(form, where)


def _references(form: FormSpec, where: str) -> Iterator[Finding]:
    """Questions for a person of a list name a list of the form."""
    names = {item.key for item in form.items()}
    for place, item, _here in placed(form):
        people = item.options.get("of") if isinstance(item, Field) and item.kind == "member_ref" else None
        if people and people not in names:
            yield no_field(f"{where} {place}.of", str(people))


def _conditions(form: FormSpec, where: str) -> Iterator[Finding]:
    """A condition asks for answers that stand before it: on this or an earlier page, or in its own row. The form is
    read once, from its beginning, when it is sent (forms/bind.py), so that nothing later is answered yet; and rows
    together are no answer that could be compared."""
    names = {item.key for item in form.items()}
    before: set[str] = set()
    row: set[str] = set()
    for place, item, here in placed(form):
        row = row if here else set()
        for asked in item.when or {}:
            if asked not in names | here:
                yield no_field(f"{where} {place}.when.{asked}", asked)
            elif asked not in before | row:
                yield _not_yet(f"{where} {place}.when.{asked}", asked)
        if isinstance(item, Field):
            (row if here else before).update({item.key, dated.key_of(item.key)} & (names | here))


def _not_yet(where: str, asked: str) -> Finding:
    return fault(
        where,
        "CONDITION_LATER",
        f"读到这一项时还没有 {asked} 的答案（它不在前面，或是多行明细），条件不会成立",
        f"{asked} has no answer where this is read, as it stands later or is a list of rows: the condition never holds",
        Text("改用前面（同一行、同一页或更早的页）的填写项", "ask for a field before it, in its row or in the form"),
    )


def _worked_out(form: FormSpec, where: str) -> Iterator[Finding]:
    """What is worked out sees the answers before it, in its own row or on its own page (forms/bind.py)."""
    names = {item.key for item in form.items()}
    before: dict[str, set[str]] = {}
    for place, item, here in placed(form):
        if not isinstance(item, Field):
            continue
        seen = before.setdefault(place.rpartition(".fields[")[0] or place.partition(".")[0], set())
        for source in sources(item) if item.derived else ():
            if source not in here | names:
                yield no_field(f"{where} {place}.of", source)
            elif source not in seen:
                yield fault(
                    f"{where} {place}.of",
                    "SOURCE_LATER",
                    f"{source} 不在同一页（行内则同一行）的这一项之前，算不出来",
                    f"{source} does not stand before it on the same page, or in the same row: nothing comes of it",
                    Text("把来源字段移到它前面", "move the field it is worked out of before it"),
                )
        seen.add(item.key)


def no_field(where: str, name: str) -> Finding:
    """The form has no field of this name."""
    return fault(
        where,
        "NO_SUCH_FIELD",
        f"表单里没有 {name}",
        f"the form has no field {name}",
        Text("改成表单里的字段名，或补上该字段", "name a field of the form, or add it"),
    )


def placed(form: FormSpec) -> Iterator[tuple[str, Field | Repeat, set[str]]]:
    """Every item with its place in the file, and the names of its own row."""
    for p, page in enumerate(form.pages):
        for g, group in enumerate(page.groups):
            for i, item in enumerate(_written(group.items)):
                place = f"pages[{p}].groups[{g}].items[{i}]"
                yield place, item, set()
                for f, inner in enumerate(_written(item.fields) if isinstance(item, Repeat) else ()):
                    yield f"{place}.fields[{f}]", inner, {field.key for field in item.fields}  # type: ignore[union-attr]


def _written(items: Iterable[Field | Repeat]) -> list[Field | Repeat]:
    """The items that stand in the file, without the dates of papers, which the engine puts there."""
    return [item for item in items if not dated.is_date(item)]
