"""What a check of a programme finds: where, what and how to mend it, in both languages."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.core.text import Text
from casework.programmes.spec import NO_TEXT


@dataclass(frozen=True, slots=True)
class Finding:
    """level: error or warning. where: file, line where known, and key. message, mend: in both languages."""

    level: str
    where: str
    code: str
    message: Text
    mend: Text = NO_TEXT

    def as_json(self) -> dict[str, Any]:
        """The finding as its row keeps it."""
        return {**asdict(self), "message": self.message._asdict(), "mend": self.mend._asdict()}

    def as_problem(self) -> Problem:
        """The finding as a page tells it."""
        told = _("%(where)s: %(message)s") % {"where": self.where, "message": self.message}
        return Problem(self.code, told, place=self.where, mend=str(self.mend))


def fault(where: str, code: str, zh: str, en: str, mend: Text = NO_TEXT) -> Finding:
    """An error."""
    return Finding("error", where, code, Text(zh, en), mend)


def doubt(where: str, code: str, zh: str, en: str, mend: Text = NO_TEXT) -> Finding:
    """A warning: it may be meant so."""
    return Finding("warning", where, code, Text(zh, en), mend)
