"""What is added to a draft: conditions of who may apply, papers with their question, questions, choices, rows of the
table, conditions. Each is whole at once: it can be read and drawn before anybody has typed a word."""
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from casework.forms.spec import NEAR_KINDS
from casework.studio import conditions
from casework.studio.fields import KIND_WORDS, OF_SOMETHING
from casework.studio.places import Content, Path, path_of, value_at
from casework.workflows.lint_signers import MOST

PAPERS: Path = ("programme", "papers")
# The parts of a draft that rows are added to and taken from.
OPEN = (
    ("programme", "who"), PAPERS, ("programme", "eligibility"), ("programme", "route"), ("form", "pages"),
)
FIRST_REASON = "NOT_ELIGIBLE"
# Desks an approval may be given to besides; whoever adds one chooses another where it does not fit.
SIGNERS = tuple(
    f"{role}@{level}" for role in ("approver", "finance_officer", "reviewer") for level in ("county", "city", "town")
)


def add(content: Content, where: str, picked: str) -> Content:
    """Add what `where` names, such as "field:form.pages.0.groups.0.items". Raises KeyError, TypeError or ValueError for
    what no button adds."""
    what, _colon, place = where.partition(":")
    path = path_of(place) if place else ()
    if path and path[:2] not in OPEN:
        raise KeyError(where)
    _ADD[what](content, path, picked)
    return content


def _who(content: Content, path: Path, picked: str) -> None:
    content["programme"].setdefault("who", []).append({"zh": "新条件", "en": "New condition"})


def _paper(content: Content, path: Path, picked: str) -> None:
    """A paper, and the question that takes it under the heading that was chosen; the last one where none was."""
    lists = {".".join(map(str, place)): items for place, items in lists_of_items(content) if place[-1] == "items"}
    papers = content["programme"].setdefault("papers", {})
    key, title = fresh("paper", {*papers, *taken(content)}), {"zh": "新材料", "en": "New paper"}
    lists[picked or list(lists)[-1]].append({
        "key": key, "kind": "file", "paper": key, "many": True, "max_files": 9, "title": dict(title),
    })
    papers[key] = {"title": title, "required": False}


def _field(content: Content, path: Path, picked: str) -> None:
    items = value_at(content, path)
    if not isinstance(items, list) or path[-1] not in ("items", "fields"):
        raise KeyError(path)
    kind = picked or "text"
    if kind not in KIND_WORDS or kind in OF_SOMETHING:
        raise KeyError(kind)
    item = {"key": fresh("question", taken(content)), "kind": kind, "title": {"zh": "新问题", "en": "New question"}}
    items.append(item)
    suited(item)


def _choice(content: Content, path: Path, picked: str) -> None:
    item = value_at(content, path)
    if item.get("kind") not in ("enum", "multi"):
        raise KeyError(path)
    _one_more(item)


def _one_more(item: dict[str, Any]) -> None:
    choices = item.setdefault("choices", {})
    choices[fresh("choice", choices)] = {"zh": "新选项", "en": "New choice"}


def suited(item: dict[str, Any]) -> None:
    """What a kind of field needs, and nothing that belongs to another kind."""
    kind = item["kind"]
    for name, kinds in _OF_KINDS.items():
        if kind not in kinds:
            item.pop(name, None)
    if kind in ("enum", "multi") and not item.get("choices"):
        _one_more(item)
    if kind == "file":
        item.setdefault("many", True)


_OF_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "choices": ("enum", "multi"), "paper": ("file",), "many": ("file",), "max_files": ("file",),
    "min_files": ("file",), "min": ("int", "year"), "max": ("text", "longtext", "int", "year", "money", "multi"),
    "not_future": ("date",), "not_past": ("date",), "near": NEAR_KINDS, "of": tuple(OF_SOMETHING),
})


def _row(content: Content, path: Path, picked: str) -> None:
    row: dict[str, Any] = {"when": {}, "deny": FIRST_REASON}
    content["programme"].setdefault("eligibility", []).append(row)
    _condition(content, ("programme", "eligibility", len(content["programme"]["eligibility"]) - 1), picked)


def _condition(content: Content, path: Path, picked: str) -> None:
    """One more condition of a row, a step or a field. An answer that a table or a route looks at becomes a fact."""
    of_form = path[0] == conditions.FORM
    known = conditions.answers_before(content, path) if of_form else conditions.facts_for(content)
    fact = known[picked]
    holder = value_at(content, path)
    when = holder.setdefault("when", {})
    if fact.key in when:
        raise KeyError(picked)
    when[fact.key] = conditions.begun(path, fact)
    own = {item.get("key") for place, item in conditions.items_of(content) if place[-2] != "fields"}
    if not of_form and fact.key in own:
        facts = content["programme"].setdefault("facts", [])
        facts += [fact.key] if fact.key not in facts else []


def _signer(content: Content, path: Path, picked: str) -> None:
    """One more desk that signs an approval: the first that does not sign yet."""
    step = value_at(content, path)
    desk = next_signer(step) if path[1] == "route" else None
    if desk is None:
        raise KeyError(path)
    step.setdefault("also", []).append(desk)


def next_signer(step: Mapping[str, Any]) -> str | None:
    """The desk that would sign a step besides; None where no more may, or none is left."""
    signing = [str(step.get("by")), *(step.get("also") or ())]
    if step.get("kind") != "approve" or len(signing) >= MOST:
        return None
    return next((desk for desk in SIGNERS if desk not in signing), None)


_ADD: Mapping[str, Callable[[Content, Path, str], None]] = MappingProxyType({
    "who": _who, "paper": _paper, "field": _field, "choice": _choice, "row": _row, "when": _condition,
    "signer": _signer,
})


def lists_of_items(content: Content) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """Every list of fields with its place."""
    for p, page in enumerate(content["form"]["pages"]):
        for g, group in enumerate(page["groups"]):
            place: Path = ("form", "pages", p, "groups", g, "items")
            yield place, group["items"]
            for n, item in enumerate(group["items"]):
                if "repeat" in item:
                    yield (*place, n, "fields"), item["fields"]


def is_file_of(item: Mapping[str, Any], paper: str) -> bool:
    """Does this field take the paper?"""
    return item.get("kind") == "file" and item.get("paper", item.get("key")) == paper


def taken(content: Content) -> set[str]:
    """The keys that fields and rows have."""
    items = [item for _place, items in lists_of_items(content) for item in items]
    return {str(item.get("key") or item.get("repeat")) for item in items}


def fresh(stem: str, there: Any) -> str:
    """A key that nobody has yet."""
    number = 1
    while f"{stem}_{number}" in there:
        number += 1
    return f"{stem}_{number}"
