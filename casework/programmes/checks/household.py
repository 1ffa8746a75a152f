"""The people of a household, in every form that asks for them (domain §4.6, §4.7)."""

from collections.abc import Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault

ROWS = "members"  # the rows that become parties of the case
APPLICANT = Text(
    "这是申请人本人的身份证号；申请人已计入家庭，不再列为成员。",
    "This is the applicant's own ID number. The applicant counts already and is no further member.",
)


def people_faults(answers: Mapping[str, Any]) -> list[Fault]:
    """Everybody stands in a household once: income a head is divided by the people in it. answers: as the form has read
    them, so that a number is written in one way only."""
    own = answers.get("id_no")
    found, seen = [], dict[str, int]()
    for n, row in enumerate(answers.get(ROWS) or ()):
        number = row.get("id_no")
        if not number:
            continue
        if number == own:
            found.append(Fault(f"{ROWS}.{n}.id_no", APPLICANT))
        elif number in seen:
            first = seen[number] + 1
            words = Text(
                f"与家庭成员 {first} 的身份证号相同；每人只列一次。",
                f"Member {first} has the same ID number: list everybody once.",
            )
            found.append(Fault(f"{ROWS}.{n}.id_no", words))
        seen.setdefault(number, n)
    return found
