"""A programme as a folder of two files: written so that reading it again gives the same content, hash and all.

Faults name file, line, key and mend, as in the catalogue.
"""
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from casework.programmes.loader import build, content_of, hash_of, read_yaml
from casework.programmes.reading import ProgrammeFault

FILES = ("programme.yaml", "form.yaml")
WIDTH = 120
_PLACE = re.compile(r"[^.\[\]\s]+")


class _Dumper(yaml.SafeDumper):
    """Small mappings on one line, lists indented, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Every value is written out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand under their key."""
        super().increase_indent(flow, False)


def _text_node(dumper: _Dumper, text: str) -> yaml.Node:
    """Signs that other editors change unseen are written as escapes."""
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def texts(content: Mapping[str, Any]) -> dict[str, str]:
    """The files of a programme: name → YAML text."""
    return {
        "programme.yaml": _written(content["programme"]),
        "form.yaml": _written(content["form"]),
    }


def write(content: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the files into a folder, made if it is not there. Raises FileExistsError rather than overwrite, ValueError
    when the files would not give the content back."""
    paths = [folder / name for name in FILES]
    there = [path.name for path in paths if path.exists()]
    if there:
        raise FileExistsError(f"{folder} already holds {', '.join(there)}")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in zip(paths, texts(content).values(), strict=True):
        path.write_text(text, encoding="utf-8")
    if hash_of(content_of(folder)) != hash_of(content):
        raise ValueError("the files do not give the content back")
    return paths


def read(folder: Path) -> dict[str, Any]:
    """The content of a folder, built once to find faults. Raises ProgrammeFault with file, line, key and mend."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing == ["form.yaml"] and "like" in read_yaml(folder / "programme.yaml"):
        missing = []  # the form is that of the other programme
    if missing:
        raise ProgrammeFault(
            str(folder), f"缺少 {'、'.join(missing)}：两个文件都要有",
            f"there is no {' and no '.join(missing)}: both files are needed",
        )
    content = content_of(folder)
    try:
        build(content)
    except ProgrammeFault as fault:
        raise ProgrammeFault(with_line(fault.where, folder), *fault.message) from fault
    return content


def with_line(where: str, folder: Path) -> str:
    """A place such as "key/programme.yaml route.accepted.review.by" with the line of its file."""
    name = next((name for name in FILES if name in where), None)
    if name is None or not (folder / name).is_file():
        return where
    line = line_of((folder / name).read_text(encoding="utf-8"), where.partition(name)[2])
    return where.replace(name, f"{name} line {line}", 1) if line else where


def line_of(text: str, keys: str) -> int | None:
    """The line of the deepest node that the keys lead to, counted from 1; None when they lead nowhere."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    line = None
    for key in _PLACE.findall(keys):
        found = _below(node, key)
        if found is None:
            break
        line, node = found
    return line


def _below(node: yaml.Node | None, key: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return name.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
        return node.value[int(key)].start_mark.line + 1, node.value[int(key)]
    return None


def _written(data: Any) -> str:
    return yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH,
    )
