"""Places in the content of a draft: reading and writing one value by its path, such as route.accepted.review.limit."""
import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Path = tuple[str | int, ...]
Content = dict[str, Any]


def named(path: Path) -> str:
    """A path as the name of an input: "programme.title.zh"."""
    return ".".join(str(part) for part in path)


def path_of(text: str) -> Path:
    """A path from its written form; numbers are places in lists."""
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 6 else part for part in text.split("."))


def value_at(content: Any, path: Path) -> Any:
    """The value at a path, None where there is none."""
    for part in path:
        if isinstance(part, int):
            if not isinstance(content, Sequence) or isinstance(content, str) or part >= len(content):
                return None
            content = content[part]
        elif isinstance(content, Mapping):
            content = content.get(part)
        else:
            return None
    return content


def with_value(content: Content, path: Path, value: Any) -> Content:
    """A copy with another value at the path; None takes the key away. Mappings on the way are made."""
    changed = copy.deepcopy(content)
    inner: Any = changed
    for part, following in pairwise(path):
        if isinstance(inner, dict) and inner.get(part) is None:
            inner[part] = [] if isinstance(following, int) else {}
        inner = inner[part]
    last = path[-1]
    if value is None and isinstance(inner, dict):
        inner.pop(last, None)
    else:
        inner[last] = value
    return changed
