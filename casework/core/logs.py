"""What the log may hold (promise I6): faults with their place in the code, never a personal number."""
import logging
import re

from casework.core.scanner import find_private

# A row of digits long enough to be a mobile, an ID number or a card, and no part of a hash or public id.
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])\d{11,19}[Xx]?(?![0-9A-Za-z])")
WITHHELD = "[withheld: this line holds a personal number]"


class MaskedFormatter(logging.Formatter):
    """Formats a record with its traceback, then masks what an exception took along from somebody's answers."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record; a line that still shows a number written in another way is withheld."""
        return "\n".join(_clean(line) for line in super().format(record).splitlines())


def _clean(line: str) -> str:
    masked = _NUMBER.sub(lambda match: f"{match.group()[:3]}****", line)
    return WITHHELD if find_private(masked) else masked
