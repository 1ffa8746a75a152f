"""New keys for fields, papers and choices that are not published yet, and what follows when something is renamed."""
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.studio import adding, conditions
from casework.studio.places import Content, Path, named, value_at

Wish = tuple[Path, str]


def renamed(content: Content, wishes: list[Wish]) -> tuple[list[Problem], dict[str, str]]:
    """Rename in place. wishes: (place of the key, new key). Returns what cannot be, and old place → new place of what
    is found by its key."""
    problems, moved = [], {}
    for path, new in wishes:
        if new in _others(content, path):
            words = _("The key %(key)s is taken.") % {"key": new}
            problems.append(Problem("KEY_TAKEN", words, place=named(path)))
        elif path[:2] == adding.PAPERS:
            _paper(content, str(path[2]), new)
            moved[named(path[:-1])] = named((*adding.PAPERS, new))
        elif path[-3] == "choices":
            _in_place(value_at(content, path[:-2]), str(path[-2]), new)
            moved[named(path[:-1])] = named((*path[:-2], new))
        else:
            _field(content, path[:-1], new)
    return problems, moved


def _others(content: Content, path: Path) -> set[str]:
    if path[:2] == adding.PAPERS:
        return set(content["programme"]["papers"])
    if path[-3] == "choices":
        return set(value_at(content, path[:-2]))
    if path[-3] == "fields":
        return {str(item["key"]) for item in value_at(content, path[:-2])}
    return adding.taken(content)


def _in_place(holder: dict[str, Any], old: str, new: str) -> None:
    """Another key at the same place of a mapping."""
    pairs = [(new if key == old else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(pairs)


def _paper(content: Content, old: str, new: str) -> None:
    """A paper; the fields that take it follow, and one that was made with it takes its key, too."""
    _in_place(content["programme"]["papers"], old, new)
    keys = adding.taken(content)
    for _place, items in adding.lists_of_items(content):
        for item in items:
            if adding.is_file_of(item, old):
                item["paper"] = new
                if item["key"] == old and new not in keys:
                    item["key"] = new


def _field(content: Content, path: Path, new: str) -> None:
    """A field; the conditions and facts that name it follow. A file without the name of its paper keeps its paper."""
    item = value_at(content, path)
    old, item["key"] = item["key"], new
    if item.get("kind") == "file":
        item.setdefault("paper", old)
    for holder in _holders(content, path):
        if old in (holder.get("when") or {}):
            _in_place(holder["when"], old, new)
    if path[-2] != "fields":
        rules = content["programme"]
        if "facts" in rules:
            rules["facts"] = [new if name == old else name for name in rules["facts"]]


def _holders(content: Content, path: Path) -> Iterator[dict[str, Any]]:
    """Whatever may have a condition that looks at this field."""
    inside = path[-2] == "fields"
    for place, item in conditions.items_of(content):
        if not inside or place[:-1] == path[:-1]:
            yield item
    if not inside:
        yield from content["programme"].get("eligibility") or ()
        for steps in content["programme"]["route"].values():
            yield from (steps or {}).values()


def follow(act: str, moved: dict[str, str]) -> str:
    """A button pressed in the same form as its place was renamed."""
    for old, new in moved.items():
        verb, colon, where = act.rpartition(":")
        if f"{where}.".startswith(f"{old}."):
            act = f"{verb}{colon}{new}{where.removeprefix(old)}"
    return act
