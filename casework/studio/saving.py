"""Reading a section that was sent: what was changed is written to its place, and what follows from it is set right."""
import copy
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.studio import adding, conditions, keys, measures, questions
from casework.studio.places import Content, value_at, with_value
from casework.studio.sections import NOTHING_PUBLISHED, SECTIONS


def read_section(
    post: QueryDict, section: str, content: Content, published: Content = NOTHING_PUBLISHED,
    measured: measures.Measures = measures.NO_MEASURES,
) -> tuple[Content, list[Problem], dict[str, str]]:
    """The content with what was typed in this section, what is wrong with it, and what is found at another place now:
    old place → new place. published: the content in force, whose keys stay. measured: numbers that conditions can be
    compared with."""
    problems: list[Problem] = []
    changed, wishes = content, []
    for question in (one for block in SECTIONS[section][1](content, published, measured) for one in block.all):
        text = questions.typed(question, post)
        if text is None:
            continue
        value, found = questions.read(question, text)
        problems += found
        if questions.stands(question, text, content):
            continue
        if question.kind != "key":
            changed = with_value(changed, question.path, value)
        elif not found:
            wishes.append((question.path, str(value)))
    if changed is content and not wishes:
        return content, problems, {}
    changed = copy.deepcopy(changed)
    _settle(content, changed)
    doubles, moved = keys.renamed(changed, wishes)
    return changed, [*problems, *_bare(changed), *doubles], moved


def _settle(before: Content, after: Content) -> None:
    """What follows from what was typed."""
    for place, item in conditions.items_of(after):
        old = value_at(before, place)
        if old.get("kind") != item.get("kind"):
            adding.suited(item)
    _questions_of_papers(before, after)
    _without_empty(after)
    measures.settle(before, after)


def _questions_of_papers(before: Content, after: Content) -> None:
    """The question of a paper says what the paper says, as long as it did so before."""
    papers = after["programme"].get("papers") or {}
    for key, old in (before["programme"].get("papers") or {}).items():
        paper = papers[key] or {}
        for _place, item in conditions.items_of(after):
            if not adding.is_file_of(item, key):
                continue
            if item.get("title") == old.get("title"):
                item["title"] = dict(paper["title"])
            wanted = bool(paper.get("required", True))
            if bool(item.get("required")) == bool(old.get("required", True)) != wanted:
                item["required"] = wanted


def _without_empty(content: Content) -> None:
    """Without the empty mappings that unanswered questions leave behind."""
    rules = content["programme"]
    for name in ("how_much", "open"):
        if name in rules and not rules[name]:
            del rules[name]
    steps = [step for group in rules["route"].values() for step in (group or {}).values()]
    items = [item for _place, item in conditions.items_of(content)]
    needs = [need for need in (rules.get("papers") or {}).values() if need]
    for holder in [*steps, *items, *needs, *(rules.get("eligibility") or [])]:
        _without_empty_tests(holder)
        if "deny" not in holder and "when" in holder and not holder["when"]:
            del holder["when"]
        for text in ("help", "sample"):
            if text in holder and not holder[text]:
                del holder[text]


def _without_empty_tests(holder: dict[str, Any]) -> None:
    when = holder.get("when") or {}
    for fact in [fact for fact, tests in when.items() if tests == {}]:
        del when[fact]


def _bare(content: Content) -> list[Problem]:
    """Rows of the table that would refuse everybody."""
    rows = content["programme"].get("eligibility") or []
    return [
        Problem("NO_CONDITION", _("Row %(n)s has no condition: it would refuse everybody.") % {"n": n + 1},
                place=f"programme.eligibility.{n}", mend=_("Add a condition, or take the row away."))
        for n, row in enumerate(rows) if not row.get("when")
    ]
