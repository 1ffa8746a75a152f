"""The questions of the form as a section of the studio: each with its kind, its choices and when it is asked."""
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Words
from casework.core.text import Text
from casework.forms.kinds import KINDS
from casework.studio import conditions
from casework.studio.measures import NO_MEASURES, Measures
from casework.studio.places import Content, Path, named
from casework.studio.questions import FORM, Act, Block, Question, both, row_acts
from casework.studio.words import said

KIND_WORDS: Mapping[str, Text] = MappingProxyType({
    "text": Text("一行文字", "Line of text"), "longtext": Text("多行文字", "Several lines"),
    "int": Text("整数", "Whole number"), "money": Text("金额", "Money"), "date": Text("日期", "Date"),
    "year": Text("年度", "Year"), "school_year": Text("学年", "School year"),
    "enum": Text("单选", "One of several"), "multi": Text("多选", "Several of many"),
    "bool": Text("是或否", "Yes or no"),
    "consent": Text("同意或承诺", "Consent or pledge"), "file": Text("上传材料", "Upload of a paper"),
    "person_name": Text("姓名", "Name of a person"), "resident_id": Text("居民身份证号", "Resident ID number"),
    "phone": Text("手机号码", "Mobile number"), "bank_card": Text("银行卡号", "Bank card number"),
    "credit_code": Text("统一社会信用代码", "Unified credit code"), "region": Text("行政区划代码", "Region code"),
    "icd": Text("疾病编码", "Code of the disease"), "union": Text("所在工会", "Union of the applicant"),
    "office": Text("受理的工会", "Office"), "member_ref": Text("家庭成员", "Member of the household"),
    "listed": Text("从登记册选择", "Chosen from a register"),
})
# Kinds that say by themselves what they take from: they are not made by choosing a kind.
OF_SOMETHING = frozenset({"listed", "member_ref"})
NEAR_WORDS = _("Years from now at most (0: this year only)")
MEASURES: Mapping[str, Mapping[str, Words]] = MappingProxyType({
    "text": {"max": _("Most characters")}, "longtext": {"max": _("Most characters")},
    "int": {"min": _("Least"), "max": _("Most")}, "year": {"min": _("Least"), "max": _("Most"), "near": NEAR_WORDS},
    "school_year": {"near": NEAR_WORDS},
    "multi": {"max": _("Most choices")},
    "file": {"min_files": _("Least files"), "max_files": _("Most files")},
})
KEY_HELP = _("Small letters, digits and _. It stays as it is once it is published.")


def _under(page: Mapping[str, str], part: Mapping[str, str]) -> str:
    """The page of the form, and the part of it where that says more."""
    return " · ".join(dict.fromkeys((said(page), said(part))))


def form(content: Content, published: Content, measured: Measures = NO_MEASURES) -> list[Block]:
    """The questions of the form, page by page."""
    kept, blocks = keys_of(published), []
    for place, title, items in lists_of(content):
        for n, item in enumerate(items):
            blocks.append(_item_block(content, (*place, n), title, item, len(items), kept))
        add = Act(f"add:field:{named(place)}", _("Add a question here"), kinds_for(""), _("Kind of field"))
        blocks.append(Block("", acts=(add,)))
    return blocks


def kinds_for(kind: str) -> dict[str, Text | str]:
    """The kinds a field can have: those that need nothing else, and the one it has."""
    return {key: KIND_WORDS.get(key, key) for key in sorted(KINDS, key=_order)
            if key not in OF_SOMETHING or key == kind}


def _order(kind: str) -> int:
    return list(KIND_WORDS).index(kind) if kind in KIND_WORDS else len(KIND_WORDS)


def lists_of(content: Content) -> Iterator[tuple[Path, str, list[dict[str, Any]]]]:
    """Every list of fields with its place and what it is called: those under a heading, and those of rows."""
    for p, page in enumerate(content["form"].get("pages") or []):
        for g, group in enumerate(page.get("groups") or []):
            place: Path = (FORM, "pages", p, "groups", g, "items")
            items = group.get("items") or []
            yield place, _under(page["title"], group["title"]), items
            for n, item in enumerate(items):
                if "repeat" in item:
                    yield (*place, n, "fields"), _under(page["title"], item["title"]), item["fields"]


def keys_of(content: Content) -> set[str]:
    """The keys of all fields, those of rows with the name of their row: "members.name"."""
    found: set[str] = set()
    for _page, group in ((page, group) for page in content["form"].get("pages") or [] for group in page["groups"]):
        for item in group["items"]:
            found.add(str(item.get("key") or item.get("repeat")))
            found |= {f"{item['repeat']}.{inner['key']}" for inner in item.get("fields") or ()}
    return found


def full_key(content: Content, path: Path, item: Mapping[str, Any]) -> str:
    """The key of a field as keys_of tells it."""
    key = str(item.get("key") or item.get("repeat"))
    if path[-2] != "fields":
        return key
    row = next(row for place, row in conditions.items_of(content) if place == path[:-2])
    return f"{row['repeat']}.{key}"


def _item_block(
    content: Content, path: Path, title: str, item: Mapping[str, Any], count: int, kept: set[str]
) -> Block:
    known = full_key(content, path, item) in kept
    asked: list[Question] = both((*path, "title"), _("Question"))
    more: list[Question] = []
    if "repeat" not in item:
        if not known:
            asked.insert(0, Question((*path, "key"), _("Key"), "key", empty=False, help=KEY_HELP))
        asked += _of_field(content, path, item)
        more = [*both((*path, "help"), _("Help"), empty=True), *_seldom(path, item)]
    facts = conditions.answers_for(content, path)
    asked += conditions.questions_of(content, (*path, "when"), facts)
    acts = (
        *row_acts(path, count), *_choice_acts(path, item),
        *conditions.acts_of(
            content, (*path, "when"), facts, last=True, offered=conditions.answers_before(content, path)
        ),
    )
    note = str(item.get("key") or item.get("repeat")) if known or "repeat" in item else ""
    return Block(title, tuple(asked), named(path), acts, note, tuple(more))


def _of_field(content: Content, path: Path, item: Mapping[str, Any]) -> Iterator[Question]:
    kind = str(item.get("kind"))
    yield Question((*path, "kind"), _("Kind of field"), "choice", kinds_for(kind), empty=False)
    yield Question((*path, "required"), _("Must be answered"), "yes_no")
    if kind == "file":
        papers = content["programme"].get("papers") or {}
        named_papers = {key: Text.of(paper["title"]) for key, paper in papers.items()}
        there = str(item.get("paper", item["key"]))
        first = {} if there in papers else {"": Text("请选择", "choose one")}
        # Without a name of its own a file is the paper of its key.
        path_of_paper: Path = (*path, "paper") if "paper" in item or there not in papers else ()
        if path_of_paper:
            yield Question(path_of_paper, _("Paper it is"), "choice", {**first, **named_papers}, empty=False)
    for code in item.get("choices") or ():
        words = _("Choice “%(code)s”") % {"code": code}
        yield from both((*path, "choices", code), words)


def _seldom(path: Path, item: Mapping[str, Any]) -> Iterator[Question]:
    """What is changed more rarely: lengths, and whether the answer is sealed and masked."""
    kind = str(item.get("kind"))
    for name, words in MEASURES.get(kind, {}).items():
        yield Question((*path, name), words, "whole")
    if kind == "money":
        yield Question((*path, "max"), _("Most (yuan)"), "yuan")
    if kind in KINDS and not KINDS[kind].sensitive:
        yield Question((*path, "sensitive"), _("Sensitive: sealed, and masked on pages"), "yes_no")


def _choice_acts(path: Path, item: Mapping[str, Any]) -> Iterator[Act]:
    if item.get("kind") not in ("enum", "multi"):
        return
    yield Act(f"add:choice:{named(path)}", _("Add a choice"))
    choices = item.get("choices") or {}
    for code, words in choices.items() if len(choices) > 1 else ():
        what = {"choice": Text.of(words)}
        yield Act(f"remove:{named((*path, 'choices', code))}", _("Take away the choice: %(choice)s") % what)
