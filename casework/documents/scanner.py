"""The hook for a virus scanner: the setting UPLOAD_SCANNER names a function (path) → name of what was found, or "".

The default only knows the test sign that all scanners know; a city names its own, for instance one that asks clamd.
"""
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem, Refused

# In two pieces, so that no scanner takes this file for the thing itself.
TEST_SIGN = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"
DEFAULT = "casework.documents.scanner.known_signs"
BLOCK = 1024 * 1024


def known_signs(path: Path) -> str:
    """Look for the scanners' common test sign anywhere in the file."""
    tail = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if TEST_SIGN in tail + block:
                return "EICAR test file"
            tail = block[-len(TEST_SIGN):]
    return ""


def scan(path: Path) -> None:
    """Raises Refused when the scanner finds something."""
    found = import_string(getattr(settings, "UPLOAD_SCANNER", DEFAULT))(path)
    if found:
        problem = Problem(
            "FILE_VIRUS", _("The virus scanner stopped this file: %(found)s.") % {"found": str(found)[:80]},
            mend=_("Do not open it again. Take a photo of the paper instead."),
        )
        raise Refused([problem])
