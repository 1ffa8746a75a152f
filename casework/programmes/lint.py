"""Faults of a programme that its own files show: texts, form, papers, facts, numbers, reasons.

What needs the engine — kinds of step, ways, money — stands in casework.workflows.lint."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from casework.access.models import Role
from casework.core.text import Text
from casework.forms.spec import Field, Repeat
from casework.programmes import facts, lint_form, lint_numbers
from casework.programmes.checks import CHECKS
from casework.programmes.finding import Finding, doubt, fault
from casework.programmes.reasons import DENIALS, NOT_ACCEPTED, Reason
from casework.programmes.spec import PaperNeed, Programme

HAN = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2}")
# Kinds of field whose answers name or describe a person: they never become facts, which stand in the log for good.
PRIVATE_KINDS = frozenset({"person_name", "file", "longtext"})
FREE_KINDS = frozenset({"text"})
MONTHS_MOST = 600  # that a paper may count
PAGE_KEYS = ("key", "title", "help", "groups")
GROUP_KEYS = ("key", "title", "help", "items")
REPEAT_KEYS = ("repeat", "title", "item_title", "help", "min", "max", "when", "fields")
ROWS = Text(
    "多行明细写成 items 中的一项，其中有 repeat、title、item_title、min、max、fields",
    "rows are one of the items: {repeat: its key, title, item_title, min, max, fields: […]}",
)


def findings(programme: Programme, content: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong with the texts and data of a programme."""
    rules, form = f"{programme.key}/programme.yaml", f"{programme.key}/form.yaml"
    yield from _texts(content["programme"], rules, "")
    yield from _texts(content["form"], form, "")
    yield from _stray(content["form"], form)
    yield from lint_form.findings(programme.form, form)
    yield from _union(programme, form)
    yield from _channels(programme, rules)
    yield from _papers(programme, rules, form)
    yield from _shared(programme, rules)
    yield from _facts(programme, rules)
    yield from _once(programme, rules)
    yield from lint_numbers.findings(programme, content, rules, form)
    yield from _clock(programme, rules)
    yield from _reasons(programme, rules)


def _texts(value: Any, where: str, path: str) -> Iterator[Finding]:
    """Every pair of texts is there in both languages, each in its own."""
    if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
        yield from _pair(value, f"{where} {path}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, where, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _texts(inner, where, f"{path}[{n}]")


def _pair(pair: Mapping[str, Any], where: str) -> Iterator[Finding]:
    zh, en = str(pair["zh"] or ""), str(pair["en"] or "")
    for language, text in (("zh", zh), ("en", en)):
        if not text.strip():
            yield fault(
                f"{where}.{language}",
                "TEXT_MISSING",
                f"缺少 {language} 文字",
                f"the text in {language} is empty",
                Text("补上文字", "write it"),
            )
    if zh and not HAN.search(zh) and LETTERS.search(zh):
        yield fault(
            f"{where}.zh",
            "WRONG_LANGUAGE",
            "中文文字里没有汉字",
            "the Chinese text holds no Chinese",
            Text("改成中文", "write it in Chinese"),
        )
    if HAN.search(en):
        yield fault(
            f"{where}.en",
            "WRONG_LANGUAGE",
            "英文文字里有汉字",
            "the English text holds Chinese",
            Text("改成英文", "write it in English"),
        )


def _stray(data: Mapping[str, Any], where: str) -> Iterator[Finding]:
    """Keys of pages, groups and rows that mean nothing and would be passed over; the loader refuses those of fields."""
    for p, page in enumerate(data["pages"]):
        yield from _unmeant(page, PAGE_KEYS, f"{where} pages[{p}]")
        for g, group in enumerate(page.get("groups", ())):
            yield from _unmeant(group, GROUP_KEYS, f"{where} pages[{p}].groups[{g}]")
            for i, item in enumerate(group.get("items", ())):
                if "repeat" in item:
                    yield from _unmeant(item, REPEAT_KEYS, f"{where} pages[{p}].groups[{g}].items[{i}]")


def _unmeant(data: Mapping[str, Any], known: tuple[str, ...], where: str) -> Iterator[Finding]:
    for key in data:
        if key not in known:
            there = Text(f"可用：{'、'.join(known)}", f"there are {', '.join(known)}")
            yield fault(
                f"{where}.{key}",
                "UNKNOWN_KEY",
                f"{key} 在这里没有意义，会被忽略",
                f"{key} means nothing here and would be passed over",
                ROWS if key == "repeat" else there,
            )


def _union(programme: Programme, where: str) -> Iterator[Finding]:
    """The case belongs to a union: the form asks for it (or an office), unless a register, the office that files, the
    refused case or the life cycle tells it (workflows.intake.place_of). Without it nothing could be handed in."""
    told = programme.needs or programme.for_unit or programme.life == "campaign" or programme.re_examines
    if told or programme.form.field("union") or programme.form.field("office"):
        return
    if not (programme.may_start(Role.APPLICANT) or programme.may_start(Role.UNIT_HANDLER)):
        return
    yield fault(
        f"{where} pages",
        "NO_UNION",
        "表单没有询问所在工会，也没有可依据的登记册，申请会被拒绝",
        "nothing tells to which union a case belongs, so that every application would be refused",
        Text("加一个填写项 {key: union, kind: union}", "add a field {key: union, kind: union}"),
    )


def _channels(programme: Programme, rules: str) -> Iterator[Finding]:
    """Somebody can apply: a service that is not open online is started by an office."""
    people = (Role.APPLICANT, Role.UNIT_HANDLER)
    if programme.online or any(start.role not in people for start in programme.start):
        return
    yield fault(
        f"{rules} channels",
        "NOBODY_STARTS",
        "不开放网上办理，又没有工作人员可以受理登记，谁也无法申请",
        "it is not open online and no office starts it, so that nobody can apply",
        Text(
            "start 中写上窗口，例如 window_clerk@county，或开放 online",
            "name a window in start, such as window_clerk@county, or open it online",
        ),
    )


def _papers(programme: Programme, rules: str, where: str) -> Iterator[Finding]:
    """Every paper has its field, every file its paper, and what must be handed in must be answered."""
    papers = {paper.key: paper for paper in programme.papers}
    asked: dict[str, Field] = {}
    for place, item, _here in lint_form.placed(programme.form):
        if not isinstance(item, Field) or item.kind != "file":
            continue
        paper = item.paper
        if paper not in asked or item.required:
            asked[paper] = item
        if paper not in papers:
            yield fault(
                f"{where} {place}.paper",
                "NO_SUCH_PAPER",
                f"papers 里没有 {paper}",
                f"there is no paper {paper}",
                Text("在 papers 中列出它", "list it under papers"),
            )
    for key, need in papers.items():
        yield from _months(need, f"{rules} papers.{key}.valid_months")
        field = asked.get(key)
        if field is None:
            yield fault(
                f"{rules} papers.{key}",
                "PAPER_WITHOUT_FIELD",
                "表单里没有上传这份材料的字段",
                "the form has no file field for this paper",
                Text("在表单中加一个 file 字段", "add a file field"),
            )
        elif need.required and not field.required:
            yield fault(
                f"{rules} papers.{key}",
                "PAPER_OPTIONAL",
                "材料必交，但表单字段不是必填",
                "the paper is required, its field is not",
                Text("两处写成一致", "say the same in both places"),
            )


def _shared(programme: Programme, rules: str) -> Iterator[Finding]:
    """What other services ask for, too, is asked for outside of rows."""
    files = [item for item in programme.form.items() if isinstance(item, Field) and item.kind == "file"]
    rows = [item for item in programme.form.items() if isinstance(item, Repeat)]
    inside = {field.paper for repeat in rows for field in repeat.fields if field.kind == "file"}
    alone = inside - {field.paper for field in files}
    for need in programme.papers:
        if need.shared and need.key in alone:
            yield fault(
                f"{rules} papers.{need.key}.shared",
                "SHARED_IN_ROWS",
                "只按行收取的材料属于不同的人，不能共用",
                "a paper asked for in rows alone belongs to different people: it cannot be handed in once for all",
                Text("删去 shared，或在多行明细以外也收取", "take shared away, or ask for it outside the rows, too"),
            )


def _months(need: PaperNeed, where: str) -> Iterator[Finding]:
    """A paper that counts for months counts for one at least, and not for a lifetime."""
    if need.lasts and not need.lasts.until and not 1 <= need.lasts.months <= MONTHS_MOST:
        yield fault(
            where,
            "PAPER_MONTHS",
            f"有效期 {need.lasts.months} 个月不可能",
            f"a paper cannot count for {need.lasts.months} months",
            Text(f"写 1 至 {MONTHS_MOST}；长期有效的删去这一项", f"1 to {MONTHS_MOST}; without an end take it away"),
        )


def _facts(programme: Programme, where: str) -> Iterator[Finding]:
    """Facts come from answers that are no personal data; conditions ask for facts that exist."""
    fields = {item.key: item for item in programme.form.items()}
    for n, name in enumerate(programme.facts):
        item = fields.get(name)
        if item is None:
            yield lint_form.no_field(f"{where} facts[{n}]", name)
        else:
            yield from _private(item, name, f"{where} facts[{n}]")
    known = facts.known(programme)
    for n, row in enumerate(programme.eligibility):
        yield from _unknown(row.when, known, f"{where} eligibility[{n}].when")
        if not row.when or {} in row.when.values():
            yield fault(
                f"{where} eligibility[{n}].when",
                "REFUSES_ALL",
                "这一行没有条件，会拒绝所有人",
                "this row has no condition: it would refuse everybody",
                Text("写明什么情况下拒绝，或删去这一行", "say when it refuses, or take the row away"),
            )
    for step in programme.steps():
        yield from _unknown(step.when or {}, known, f"{where} route.{step.group}.{step.key}.when")


def _private(item: Field | Repeat, name: str, where: str) -> Iterator[Finding]:
    """Facts stand in the log for good, so they hold nothing that names or describes a person (domain §4.4)."""
    fields = item.fields if isinstance(item, Repeat) else (item,)
    mend = Text("改用选择题或数字", "ask for a choice or a number instead")
    if any(field.sensitive or field.kind in PRIVATE_KINDS for field in fields):
        yield fault(
            where,
            "PRIVATE_FACT",
            f"{name} 含有个人信息，不能作为案件事实",
            f"{name} holds personal data: it cannot be a fact",
            mend,
        )
    elif any(field.kind in FREE_KINDS for field in fields):
        yield doubt(
            where,
            "FREE_TEXT_FACT",
            f"{name} 是自由文字，可能写进个人信息",
            f"{name} is free text: somebody may write personal data into it",
            mend,
        )


def _unknown(when: Mapping[str, Any], known: frozenset[str], where: str) -> Iterator[Finding]:
    for name in sorted(set(when) - known):
        yield fault(
            f"{where}.{name}",
            "NO_SUCH_FACT",
            f"没有名为 {name} 的事实",
            f"there is no fact {name}",
            Text(f"可用：{'、'.join(sorted(known))}", f"there are {', '.join(sorted(known))}"),
        )


def _once(programme: Programme, where: str) -> Iterator[Finding]:
    """What may be granted once is made of answers, and of facts that the check finds out."""
    found = CHECKS[programme.check].names if programme.check else ()
    for n, row in enumerate(programme.once):
        for m, name in enumerate(row.fields):
            if name not in found and programme.form.field(name.replace(".*.", ".0.")) is None:
                yield lint_form.no_field(f"{where} once[{n}].fields[{m}]", name)
    if programme.once and not programme.exclusive_year and programme.form.field("year") is not None:
        yield doubt(
            f"{where} once",
            "YEAR_TOO",
            "表单里有 year：同一家庭一年只能获批一件，不论 once 怎么写",
            "the form has a field year: a household is granted one a year, whatever once says",
            Text("另取键名，例如 care_year；确实如此就写 exclusive_year: true",
                 "call it otherwise, such as care_year; where it is meant so, say exclusive_year: true"),
        )


def _clock(programme: Programme, where: str) -> Iterator[Finding]:
    clock = programme.clock
    if clock.promise_wd > clock.limit_wd:
        yield fault(
            f"{where} total.promise",
            "PROMISE_TOO_LONG",
            "承诺时限长于法定时限",
            "the promise is longer than the limit",
            Text("改短", "shorten it"),
        )
    for name, days in (("limit", clock.limit_wd), ("promise", clock.promise_wd), ("supplement", clock.supplement_wd)):
        if not days:
            yield doubt(
                f"{where} total.{name}",
                "NO_TIME",
                "时限为零",
                "the limit is zero",
                Text("至少一个工作日", "at least one working day"),
            )


def _reasons(programme: Programme, where: str) -> Iterator[Finding]:
    """Every refusal has its text, the clause it rests on and the way to appeal, in both languages (domain §4.10)."""
    used = {row.deny: f"{where} eligibility[{n}].deny" for n, row in enumerate(programme.eligibility)}
    for code, reason in {**DENIALS, **NOT_ACCEPTED}.items():
        if not _whole(reason):
            yield fault(
                used.get(code, f"{where} route"),
                "REASON_BARE",
                f"理由 {code} 缺少文字、依据或复核提示",
                f"the reason {code} lacks its text, clause or way to appeal",
                Text("在 reasons.py 中补全两种语言", "complete it in reasons.py in both languages"),
            )


def _whole(reason: Reason) -> bool:
    return all(text.strip() for pair in (reason.text, reason.clause, reason.appeal) for text in pair)
