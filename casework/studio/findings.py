"""What lint says, beside the place it speaks of."""
import re
from collections.abc import Iterable

from casework.programmes.checking import Finding

_ROW = re.compile(r"\[(\d+)\]")


def place_of(finding: Finding) -> str:
    """The place of a finding as a path of the content: "programme.route.accepted.review"."""
    text = _ROW.sub(r".\1", finding.where)
    file, _yaml, rest = text.partition(".yaml")
    part = "form" if file.endswith("form") else "programme"
    words = [word for word in re.split(r"[\s:]+", rest) if word and not word.isdigit() and word != "line"]
    return ".".join([part, *(word.strip(".") for word in words)])


def beside(findings: Iterable[Finding], key: str) -> list[Finding]:
    """The findings of one block of a section."""
    if not key:
        return []
    return [finding for finding in findings if f"{place_of(finding)}.".startswith(f"{key}.")]
