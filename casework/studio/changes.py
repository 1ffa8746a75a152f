"""Rows and steps of a draft: added, taken away, moved, switched off and on. Each act is a word and a place."""
import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from casework.studio.places import Content, Path, value_at

Act = Callable[[Content, Content, str], Content]


class UnknownAct(Exception):
    """A button that this page does not have."""


def path_of(text: str) -> Path:
    """A path from its written form; numbers are places in lists."""
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 6 else part for part in text.split("."))


def apply(content: Content, base: Content, act: str) -> Content:
    """Do one act on a copy. base: the version the draft began from, for steps that are switched on again. Raises
    UnknownAct for an act or a place that does not exist."""
    verb, _colon, where = act.partition(":")
    if verb not in _ACTS:
        raise UnknownAct(act)
    changed = copy.deepcopy(content)
    try:
        return _ACTS[verb](changed, base, where)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnknownAct(act) from error


def _holder(content: Content, where: str) -> tuple[Any, str | int]:
    """The list or mapping a place stands in, and its key there. Only the open parts of a draft can be changed."""
    path = path_of(where)
    if path[:2] not in _OPEN or len(path) < 3:
        raise KeyError(where)
    holder = value_at(content, path[:-1])
    if holder is None:
        raise KeyError(where)
    return holder, path[-1]


_OPEN = (
    ("programme", "who"), ("programme", "papers"), ("programme", "eligibility"), ("programme", "route"),
    ("form", "pages"),
)


def _remove(content: Content, base: Content, where: str) -> Content:
    holder, key = _holder(content, where)
    del holder[key]
    return content


def _move(content: Content, where: str, by: int) -> Content:
    holder, key = _holder(content, where)
    if isinstance(holder, list):
        assert isinstance(key, int)
        to = key + by
        if not 0 <= to < len(holder):
            raise IndexError(where)
        holder[key], holder[to] = holder[to], holder[key]
        return content
    keys = list(holder)
    at = keys.index(key)
    to = at + by
    if not 0 <= to < len(keys):
        raise IndexError(where)
    keys[at], keys[to] = keys[to], keys[at]
    ordered = {name: holder[name] for name in keys}
    holder.clear()
    holder.update(ordered)
    return content


def _up(content: Content, base: Content, where: str) -> Content:
    return _move(content, where, -1)


def _down(content: Content, base: Content, where: str) -> Content:
    return _move(content, where, 1)


def _on(content: Content, base: Content, where: str) -> Content:
    """Put a step of the base version back, after the step it followed there if that is still on."""
    _programme, _route, group, key = path_of(where)
    before = base["programme"]["route"][group]
    steps = content["programme"]["route"].setdefault(group, {})
    if key in steps:
        raise KeyError(where)
    order = list(before)
    kept = list(steps)
    earlier = [name for name in order[: order.index(key)] if name in steps]
    at = kept.index(earlier[-1]) + 1 if earlier else 0
    kept.insert(at, str(key))
    content["programme"]["route"][group] = {name: steps.get(name) or before[name] for name in kept}
    return content


def switched_off(content: Content, base: Content) -> list[tuple[str, Mapping[str, str]]]:
    """Steps of the base version that the draft does without: (place, title)."""
    found = []
    for group, steps in (base["programme"].get("route") or {}).items():
        here = content["programme"]["route"].get(group) or {}
        off = {key: step for key, step in (steps or {}).items() if key not in here}
        found += [(f"programme.route.{group}.{key}", step["title"]) for key, step in off.items()]
    return found


def _add(content: Content, base: Content, where: str) -> Content:
    what, _colon, place = where.partition(":")
    rules = content["programme"]
    if what == "who":
        rules.setdefault("who", []).append({"zh": "新条件", "en": "New condition"})
    elif what == "paper":
        rules.setdefault("papers", {})[_fresh("paper", rules.get("papers") or {})] = {
            "title": {"zh": "新材料", "en": "New paper"}, "required": False
        }
    elif what == "field":
        path = path_of(place)
        items = value_at(content, path)
        if path[:2] not in _OPEN or not isinstance(items, list):
            raise KeyError(where)
        items.append({"key": _fresh("question", _keys_of(content)), "kind": "text", "max": 200,
                      "title": {"zh": "新问题", "en": "New question"}})
    else:
        raise KeyError(where)
    return content


def _keys_of(content: Content) -> set[str]:
    groups = [group for page in content["form"]["pages"] for group in page["groups"]]
    items = [item for group in groups for item in group["items"]]
    inner = [field for item in items for field in item.get("fields") or ()]
    return {str(item.get("key") or item.get("repeat")) for item in [*items, *inner]}


def _fresh(stem: str, taken: Any) -> str:
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


_ACTS: Mapping[str, Act] = MappingProxyType(
    {"remove": _remove, "off": _remove, "up": _up, "down": _down, "on": _on, "add": _add}
)
