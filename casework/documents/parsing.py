"""Runs parse_child on a file and turns its answer into words."""
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem, Refused, Words

CHILD = Path(__file__).with_name("parse_child.py")
SECONDS = 40
_RESAVE = _("Open it, save or print it as a new PDF, or take a photo of the paper.")
_AGAIN = _("Open the file to see whether it is whole, then upload it again or take a new photo.")
REASONS: dict[str, tuple[Words, Words]] = {
    "BROKEN": (_("The file is damaged and cannot be opened."), _AGAIN),
    "PIXELS": (
        _("The picture has too many pixels."), _("Take the photo with a lower resolution, or send a screenshot of it.")
    ),
    "BOMB": (_("The file unpacks to far more than it seems."), _("Save the paper as a new PDF or take a photo of it.")),
    "ENCRYPTED": (_("The file is locked with a password, so nobody could read it."), _RESAVE),
    "PDF_ACTIVE": (_("The PDF holds scripts, attachments or other things that act by themselves."), _RESAVE),
    "PDF_PAGES": (_("The PDF has no page, or more than 300."), _("Send the pages that matter.")),
    "PDF_OBJECTS": (_("The PDF is built too intricately to be checked."), _RESAVE),
    "OFD_PART": (_("The OFD file holds parts that do not belong into one."), _RESAVE),
    "SLOW": (_("Opening the file took too long."), _RESAVE),
}


class Unreadable(Refused):
    """The file was opened and is not one we can keep."""

    def __init__(self, code: str) -> None:
        message, mend = REASONS.get(code, REASONS["BROKEN"])
        super().__init__([Problem(f"FILE_{code}", message, mend=mend)])


def run(task: str, kind: str, source: Path, out: Path, *numbers: int) -> dict[str, Any]:
    """Let the child check or preview a file. numbers: side and page of a preview. Raises Unreadable. A child that was
    killed for its memory or time, or died in the parser, refuses the file too."""
    command = [sys.executable, "-I", str(CHILD), task, kind, str(source), str(out), *map(str, numbers)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, arguments are paths we made
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False, close_fds=True,
            env={"PATH": "/usr/bin:/bin", "MALLOC_ARENA_MAX": "2"},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("SLOW") from None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise Unreadable("SLOW" if done.returncode in (-24, -9) else "BROKEN") from None
    if "code" in found:
        raise Unreadable(found["code"])
    return dict(found)
