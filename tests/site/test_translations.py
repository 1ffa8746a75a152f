"""Both languages are whole: every text has Chinese, the Chinese fits its English, and no page speaks by chance."""
import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from babel.messages.catalog import Message
from django.apps import apps
from django.conf import settings
from django.utils.translation import override

from casework.core.text import listed
from casework.oversight import words
from casework.programmes.checks import work
from casework.site import translations
from casework.workflows import applicant, sheets
from casework.workflows import told as told_words
from casework.workflows.kinds import KINDS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")
# ASCII punctuation beside a Chinese character. Between digits it stays: 1,234.50.
NARROW = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]")
# Letters, bank files and the demonstration's people are Chinese in every language.
ALL_CHINESE = (
    "casework/papers/", "casework/demo/", "casework/funds/bank_layouts/", "casework/workflows/letters.py",
    "casework/workflows/statements.py", "casework/workflows/re_examination_letter.py",
)
# Chinese that stands alone and may: what people type, signs of money, names.
LONE = {
    "casework/access/actor.py": {"系统"},
    "casework/core/money.py": {"元"},
    "casework/core/scanner.py": {"〇零一二三四五六七八九"},
    "casework/forms/conditions.py": {" 元"},
    "casework/forms/controls.py": {"是"},
    "casework/forms/kinds/choice.py": {"是", "否"},
    "casework/forms/kinds/number.py": {" 元"},
    "casework/people/persons.py": {"匿名"},  # the name of a caller who gave none, in the file of a Chinese office
    # What an advertisement of work must not say.
    "casework/programmes/checks/work.py": set(work.SHUTS_OUT) | set(work.TAKES_MONEY),
    "casework/programmes/facts.py": {"是", "否"},
    "casework/settings.py": {"简体中文"},
    "casework/studio/spans.py": {"永久", "日", "天"},  # what a policy officer may type
    "casework/workflows/letter_facts.py": {"系统"},
    # The default text of a public notice, which hangs in Chinese.
    "casework/workflows/steps/notice.py": {
        "困难职工帮扶工作规定", "有关规定", "根据", "，经审核，现将",
        "拟定名单予以公示。如有异议，请在公示期内向本会反映。",
    },
    "casework/notifications/templates.py": {"年", "月", "日"},
}


class Said(NamedTuple):
    """A piece of text in the source and the nodes around it, innermost first."""

    file: str
    line: int
    text: str
    around: list[ast.AST]


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of the product, parsed."""
    for path in sorted((settings.BASE_DIR / "casework").rglob("*.py")):
        yield str(path.relative_to(settings.BASE_DIR)), ast.parse(path.read_text(encoding="utf-8"))


def chinese_of_source() -> Iterator[Said]:
    """Every Chinese text of the code; docstrings, patterns and help for developers are none."""
    for file, tree in sources():
        yield from _walk(file, tree, [])


def _walk(file: str, node: ast.AST, around: list[ast.AST]) -> Iterator[Said]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
        return
    if isinstance(node, ast.keyword) and node.arg == "help_text":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
        yield Said(file, node.lineno, node.value, [node, *around])
    for child in ast.iter_child_nodes(node):
        yield from _walk(file, child, [node, *around])


def english_beside(said: Said) -> bool:
    """Is the text one of a pair: {"zh": …, "en": …}, zh=…, en=…, or the next argument of the same call?"""
    nodes = iter(said.around)
    inner = next(nodes)
    for outer in nodes:
        if isinstance(outer, ast.JoinedStr | ast.FormattedValue | ast.BinOp | ast.keyword):
            inner = outer
            continue
        return _paired(outer, inner)
    return False


def _paired(outer: ast.AST, inner: ast.AST) -> bool:
    if isinstance(outer, ast.Call) and inner in outer.args:
        after = outer.args[outer.args.index(inner) + 1 :]
        return bool(after) and _is_english(after[0])
    if isinstance(outer, ast.Call) and isinstance(inner, ast.keyword):
        return inner.arg == "zh" and any(given.arg == "en" for given in outer.keywords)
    if isinstance(outer, ast.arguments):
        return {"zh", "en"} <= {given.arg for given in [*outer.args, *outer.kwonlyargs]}
    if isinstance(outer, ast.Dict):
        return {"zh", "en"} <= {key.value for key in outer.keys if isinstance(key, ast.Constant)}
    return False


def _is_english(node: ast.AST) -> bool:
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return bool(texts) and not any(CHINESE.search(text) for text in texts)


def messages() -> list[tuple[str, Message]]:
    """(part, message) of every file of Chinese."""
    return [
        (path.parts[-4], message)
        for path in translations.catalogues() for message in translations.read(path) if message.id
    ]


def forms_of(value: str | tuple[str, ...] | list[str]) -> list[str]:
    """A text or its plural forms as a list."""
    return [value] if isinstance(value, str) else list(value)


def test_every_text_of_the_product_has_chinese() -> None:
    known = len({(place.context, place.text) for place in translations.texts_of_source()})
    assert known > 500, "the texts of the source are not found"
    assert [f"{place.file}:{place.line} {place.text}" for place in translations.missing()] == []


def test_no_chinese_is_a_guess_and_no_text_has_two() -> None:
    assert translations.fuzzy() == []
    assert translations.clashes() == []


def test_chinese_keeps_the_placeholders_of_its_english() -> None:
    wrong = []
    for part, message in messages():
        wanted = sorted(HOLE.findall(forms_of(message.id)[-1]))
        wrong += [
            f"{part}: {message.id!r} {told!r}"
            for told in forms_of(message.string) if sorted(HOLE.findall(told)) != wanted
        ]
    assert wrong == []


def test_chinese_is_chinese_with_wide_punctuation() -> None:
    wrong = []
    for part, message in messages():
        for told in forms_of(message.string):
            mute = ENGLISH.search(HOLE.sub("", forms_of(message.id)[0])) and not CHINESE.search(told)
            # A hole stands for a character: what is filled in beside the comma is mostly Chinese.
            if mute or NARROW.search(re.sub(r"%\(\w+\)[sd]|\{\w+\}", "字", told)) or CHINESE.search(str(message.id)):
                wrong.append(f"{part}: {message.id!r} {told!r}")
    assert wrong == []


def test_chinese_of_the_code_has_its_english_beside_it() -> None:
    lone = [
        f"{said.file}:{said.line} {said.text}"
        for said in chinese_of_source()
        if not said.file.startswith(ALL_CHINESE) and said.text not in LONE.get(said.file, ())
        and not english_beside(said)
    ]
    assert lone == []


def test_what_may_stand_alone_is_still_there() -> None:
    there = {(said.file, said.text) for said in chinese_of_source()}
    assert [(file, text) for file, texts in LONE.items() for text in texts if (file, text) not in there] == []


def test_chinese_of_the_code_has_wide_punctuation() -> None:
    # 金额(元) is how some banks head their column.
    wrong = [said for said in chinese_of_source() if NARROW.search(said.text) and said.text != "金额(元)"]
    assert [f"{said.file}:{said.line} {said.text}" for said in wrong] == []


def test_services_are_told_in_both_languages() -> None:
    pairs = 0
    wrong = []
    for path in sorted((settings.BASE_DIR / "casework/programmes/catalogue").rglob("*.yaml")):
        for pair in pairs_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
            pairs += 1
            zh, en = str(pair.get("zh") or ""), str(pair.get("en") or "")
            if bool(zh) != bool(en) or NARROW.search(zh) or re.search(r"[%\d][,;:!?()][\u4e00-\u9fff]", zh):
                wrong.append(f"{path.parent.name}/{path.name}: {pair}")
            if CHINESE.search(en):
                wrong.append(f"{path.parent.name}/{path.name}: {pair}")
    assert pairs > 100
    assert wrong == []


def pairs_of(data: object) -> Iterator[dict[str, object]]:
    """Every {zh, en} of a file."""
    if isinstance(data, dict):
        if {"zh", "en"} & data.keys():
            yield data
        for value in data.values():
            yield from pairs_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from pairs_of(value)


def test_problems_are_never_bare_strings() -> None:
    bare = []
    for file, tree in sources():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) != "Problem":
                continue
            told = [*call.args[1:2], *(given.value for given in call.keywords if given.arg in ("message", "mend"))]
            bare += [f"{file}:{call.lineno}" for text in told if isinstance(text, ast.Constant | ast.JoinedStr)]
    assert bare == []


def lists_of_choices() -> dict[str, list[tuple[str, object]]]:
    """Every list of words a person chooses from or reads as a standing: name → (key, words)."""
    found: dict[str, list[tuple[str, object]]] = {}
    for model in apps.get_models():
        if model.__module__.startswith("casework."):
            for field in model._meta.get_fields():
                choices = [(str(key), told) for key, told in getattr(field, "choices", None) or []]
                # Keys that are their own words are read by the machine alone.
                if any(key != told for key, told in choices):
                    found[f"{model.__name__}.{field.name}"] = choices
    found["steps"] = [(kind.key, kind.title) for kind in KINDS.values()]
    found["applicant"] = [(choice.key, choice.title) for choice in applicant.CHOICES]
    for kind in KINDS.values():
        found[f"step {kind.key}"] = [(choice.key, choice.title) for choice in kind.choices]
    found |= {name: list(getattr(words, name).items()) for name in ("ACTIONS", "COLUMNS", "VIAS")}
    found |= {name: list(getattr(told_words, name).items()) for name in ("FIELDS", "REFUSALS")}
    found["LINES"] = list(sheets.LINES.items())
    return found


@pytest.mark.parametrize("name", sorted(lists_of_choices()))
def test_choices_are_told_apart_in_both_languages(name: str) -> None:
    choices = lists_of_choices()[name]
    with override("zh-hans"):
        chinese = [str(told) for _key, told in choices]
    with override("en"):
        english = [str(told) for _key, told in choices]
    assert [told for told in chinese if not CHINESE.search(told)] == []
    assert [told for told in english if CHINESE.search(told)] == []
    assert len(set(chinese)) == len(set(english)) == len(choices), (chinese, english)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "受理、审核"), ("en", "受理, 审核")])
def test_lists_are_separated_as_the_language_does(language: str, said: str) -> None:
    with override(language):
        assert listed(["受理", "审核"]) == said


def test_templates_speak_through_the_catalogues() -> None:
    # These are served when nothing else works, or are letters; 中文 names the language in itself.
    free = ("500.html", "503.html", "papers/")
    root = settings.BASE_DIR / "templates"
    wrong = []
    for path in sorted(root.rglob("*.html")):
        name = str(path.relative_to(root))
        plain = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", _text(path), flags=re.DOTALL)
        if not name.startswith(free) and CHINESE.search(plain.replace(">中文<", "")):
            wrong.append(name)
    assert wrong == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
