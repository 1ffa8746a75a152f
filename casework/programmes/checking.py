"""What is wrong with the content of a programme, for the check of a draft.

The checks of the language stand here below; those that need the engine (step kinds, routes to money) stand above it and
are named in the settings, for imports run downward only.
"""
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from casework.core.text import Text
from casework.programmes import folders, lint
from casework.programmes.finding import Finding
from casework.programmes.loader import build, content_of
from casework.programmes.reading import ProgrammeFault

__all__ = ["Finding", "findings", "findings_in"]

SHAPE = Text(
    "有一项内容的形式不对，例如该写成列表的地方写成了文字",
    "a value has another shape than is wanted, such as text in place of a list",
)
HIDES = Text("改正后再检查一次：在此之前看不到其他错误", "mend it, then check again: it hides all other faults")


def findings(content: Mapping[str, Any]) -> list[Finding]:
    """Everything that is wrong with the content. A fault that keeps it from being built hides all others."""
    try:
        programme = build(content)
    except ProgrammeFault as fault:
        return [Finding("error", fault.where, "NOT_BUILT", fault.message, HIDES)]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return [Finding("error", f"{error}"[:200], "SHAPE", SHAPE)]
    found = list(lint.findings(programme, content))
    for name in settings.PROGRAMME_CHECKS:
        found += import_string(name)(programme, content)
    return found


def findings_in(folder: Path) -> list[Finding]:
    """Everything that is wrong in a programme's folder, with the lines of its files."""
    try:
        content = content_of(folder)
    except ProgrammeFault as fault:
        return [Finding("error", f"{folder.name}/{fault.where}", "NOT_BUILT", fault.message, HIDES)]
    return [replace(found, where=folders.with_line(found.where, folder)) for found in findings(content)]
