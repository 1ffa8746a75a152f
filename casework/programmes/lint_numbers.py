"""Faults of the regional numbers of a programme: read but not frozen, frozen but not read, named wrongly in a text, and
figures that stand in a text by themselves."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes import references, wording
from casework.programmes.checks import CHECKS
from casework.programmes.finding import Finding, doubt, fault
from casework.programmes.rules import RULES
from casework.programmes.spec import Programme

# A sum, a percentage or a multiple, in figures or in words, as a text tells it once its full-width signs are narrow.
FIGURE = re.compile(
    r"""
    (?: ¥ | \b(?:CNY|RMB) ) \s* [0-9][0-9,.]*
    | (?: [0-9][0-9,.]* | [一二两三四五六七八九十][〇零一二两三四五六七八九十百千万亿]* ) \s*
      [余多]? \s* [十百千万亿]* [余多]? 元
    | [0-9][0-9,.]* \s* (?: % | 倍 | per\ ?cent\b | times\b )
    | [0-9][0-9,.]* \s* (?: (?:thousand|million) \s+ )? (?:yuan|CNY|RMB) \b
    | 百分之 [〇零一二两三四五六七八九十百0-9.]+
    """,
    re.VERBOSE,
)
BRACES = re.compile(r"\{[^{}]*\}?|\}")
FREEZE = Text("加进 numbers，受理时冻结", "add it to numbers, so that acceptance freezes it")


def findings(programme: Programme, content: Mapping[str, Any], rules: str, form: str) -> Iterator[Finding]:
    """Everything that is wrong with them. rules, form: the names of the two files."""
    yield from _frozen(programme, rules)
    yield from _unread(programme, rules)
    for path, said in _texts(content["programme"], ""):
        yield from _places(programme, path, said, rules)
        yield from _figures(said, f"{rules} {path}", fault)
    for path, said in _texts(content["form"], ""):
        yield from _places(programme, path, said, form)
        yield from _figures(said, f"{form} {path}", doubt, IN_FORM)


def read(programme: Programme) -> dict[str, str]:
    """Key of each number that rules, checks, steps, conditions and texts read → where they are named."""
    wanted: dict[str, str] = {}
    for kind in ("classify", "award"):
        rule = RULES.get(getattr(programme, kind))
        wanted |= dict.fromkeys(getattr(rule, "numbers", ()), kind)
    if programme.check:
        wanted |= dict.fromkeys(CHECKS[programme.check].numbers, "check")
    for step in programme.steps():
        place = f"route.{step.group}.{step.key}"
        if step.ceilings:
            wanted[step.ceilings] = f"{place}.at"
        if step.options.get("numbers"):  # a table that a step works with
            wanted[str(step.options["numbers"])] = f"{place}.numbers"
        wanted |= _compared(step.when, f"{place}.when")
    for n, row in enumerate(programme.eligibility):
        wanted |= _compared(row.when, f"eligibility[{n}].when")
    return wanted


def _compared(when: Mapping[str, Any] | None, place: str) -> dict[str, str]:
    return {references.key_of(name): f"{place}.{fact}.{test}" for fact, test, name in references.named(when)}


def _frozen(programme: Programme, where: str) -> Iterator[Finding]:
    """What rules, steps, conditions and the levels by amount read is frozen."""
    for name, place in read(programme).items():
        if name not in programme.numbers:
            yield fault(
                f"{where} {place}", "NUMBER_NOT_FROZEN", f"numbers 中没有 {name}", f"{name} is not in numbers", FREEZE
            )


def _unread(programme: Programme, where: str) -> Iterator[Finding]:
    """Nothing is frozen that nothing reads."""
    if programme.life != "application" or not _rules_tell(programme):
        return
    used = {*read(programme), *wording.keys_in(programme),
            *(number for name in (programme.classify, programme.award) if name for number in RULES[name].may_read)}
    listed = [("numbers", n, name) for n, name in enumerate(programme.numbers)]
    listed += [("told", n, name) for n, name in enumerate(programme.told)]
    for attribute, n, name in listed:
        if name in used:
            continue
        yield fault(
            f"{where} {attribute}[{n}]", "NUMBER_UNREAD", f"没有规则使用 {name}", f"nothing reads {name}",
            Text("删去，或改正名称", "remove it, or correct its name"),
        )


def _rules_tell(programme: Programme) -> bool:
    """Do the rules of this programme say which numbers they read?"""
    named = [RULES[name] for name in (programme.classify, programme.award) if name]
    return all(hasattr(rule, "numbers") for rule in named)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """(path, text) of each text in each language."""
    if isinstance(value, Mapping):
        pair = set(value) == {"zh", "en"}
        for key, inner in value.items():
            here = f"{path}.{key}" if path else str(key)
            if pair:
                yield here, str(inner or "")
            else:
                yield from _texts(inner, here)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{n}]")


def _places(programme: Programme, path: str, said: str, where: str) -> Iterator[Finding]:
    """A place in braces names a number of the programme, and stands in a text that is filled in."""
    for found in BRACES.finditer(said):
        place = wording.PLACE.fullmatch(found[0])
        if path.split(".")[0].split("[")[0] not in wording.TEXTS:
            yield _wrong(f"{where} {path}", found[0], Text("这里不会填入数值", "is not filled in here"))
        elif place is None or (place[2] or "") not in wording.FORMS:
            yield _wrong(f"{where} {path}", found[0], Text("写法不对", "is not written as a regional number is"))
        elif references.key_of(place[1]) not in (*programme.numbers, *programme.told):
            yield _wrong(f"{where} {path}", found[0], Text("不在 numbers 或 told 中", "is in neither numbers nor told"))
        elif place[1].endswith("_fen") and place[2] != "yuan":
            yield _wrong(f"{where} {path}", found[0], Text("是金额，后面要加 :yuan", "is money: write :yuan behind it"))


def _wrong(where: str, place: str, why: Text) -> Finding:
    mend = Text(
        "在 who 或 how_much 中写 {键}、{键.部分}（金额后加 :yuan）或 {键}（整表后加 :terms），键要列入 numbers 或 told",
        "in who or how_much write {key}, {key.part:yuan} or {key:terms}, with the key among numbers or told",
    )
    return fault(where, "BAD_PLACE", f"{place} {why.zh}", f"{place} {why.en}", mend)


IN_PAGE = Text("改用地区标准数值，例如 {living_aid.accidental_cap_fen:yuan}",
               "name a regional number instead, such as {living_aid.accidental_cap_fen:yuan}")
IN_FORM = Text("表单中不填入数值：改写为不含数值的文字，数值写在 how_much 或 who 中",
               "no number is filled in here: say it without the figure, which belongs in how_much or who")


def _figures(said: str, where: str, level: Any, mend: Text = IN_PAGE) -> Iterator[Finding]:
    """Sums and percentages differ by place and year, so no text of a programme holds them."""
    found = FIGURE.search(unicodedata.normalize("NFKC", wording.PLACE.sub("", said)))
    if found:
        yield level(
            where, "FIGURE_IN_TEXT", f"文字中写死了数值 {found[0]}", f"the text holds the figure {found[0]}", mend
        )
