"""A rule that cannot be worked out says where, what and how to mend it; it never guesses a figure."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from casework.core.text import Text

CORRECT = Text(
    "请政策管理人员更正该数值，注明依据和生效日期。",
    "The policy officer enters a corrected value with its source and date.",
)


class RuleFault(Exception):
    """where: the regional number and the key inside it, such as "mutual_hospital.tiers[1].to_fen"; what is wrong there;
    mend: how to put it right. Both in both languages."""

    def __init__(self, where: str, what: Text, mend: Text = CORRECT) -> None:
        self.where, self.what, self.mend = where, what, mend
        super().__init__(f"{where}: {what.en}")


@contextmanager
def worked_out(name: str, numbers: Iterable[str]) -> Iterator[None]:
    """Whatever stops a named function becomes a fault of the numbers it reads. Raises RuleFault."""
    try:
        yield
    except KeyError as error:
        missing = str(error.args[0]) if error.args else name
        raise RuleFault(missing, Text("缺少该数值", "this number is missing")) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        kind = type(error).__name__
        words = Text(f"无法计算（{kind}）", f"it cannot be worked out ({kind})")
        raise RuleFault(", ".join(numbers) or name, words) from error
