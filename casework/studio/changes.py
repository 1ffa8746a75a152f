"""Rows and steps of a draft: taken away, moved, switched off and on; adding.py adds. Each act is a word and a place."""
import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from casework.studio import adding
from casework.studio.places import Content, path_of, value_at

Act = Callable[[Content, Content, str], Content]


class UnknownAct(Exception):
    """A button that this page does not have."""


def apply(content: Content, base: Content, act: str, picked: str = "") -> Content:
    """Do one act on a copy. base: the version the draft began from, for steps that are switched on again. picked: what
    was chosen for what is added. Raises UnknownAct for an act or a place that does not exist."""
    verb, _colon, where = act.partition(":")
    if verb not in _ACTS and verb != "add":
        raise UnknownAct(act)
    changed = copy.deepcopy(content)
    try:
        return adding.add(changed, where, picked) if verb == "add" else _ACTS[verb](changed, base, where)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnknownAct(act) from error


def _holder(content: Content, where: str) -> tuple[Any, str | int]:
    """The list or mapping a place stands in, and its key there. Only the open parts of a draft can be changed."""
    path = path_of(where)
    if path[:2] not in adding.OPEN or len(path) < 3:
        raise KeyError(where)
    holder = value_at(content, path[:-1])
    if holder is None:
        raise KeyError(where)
    return holder, path[-1]


def _remove(content: Content, base: Content, where: str) -> Content:
    holder, key = _holder(content, where)
    del holder[key]
    path = path_of(where)
    if path[:-1] == adding.PAPERS:
        _unask(content, str(key))
    if path[-2] == "when" and not holder:
        del value_at(content, path[:-2])["when"]
    if path[-2] == "also" and not holder:  # one desk signs alone again
        step = value_at(content, path[:-2])
        for name in ("also", "need", "in_turn"):
            step.pop(name, None)
    return content


def _unask(content: Content, paper: str) -> None:
    """A paper that is not wanted is not asked for either."""
    for _place, items in adding.lists_of_items(content):
        items[:] = [item for item in items if not adding.is_file_of(item, paper)]


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


_ACTS: Mapping[str, Act] = MappingProxyType({"remove": _remove, "off": _remove, "up": _up, "down": _down, "on": _on})
