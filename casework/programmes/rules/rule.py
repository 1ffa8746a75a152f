"""What the engine must know of a named rule besides the function itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.core.text import Text
from casework.programmes.rules.awards import check_table
from casework.programmes.rules.faults import RuleFault, worked_out
from casework.programmes.rules.plans import NEEDED, check_plan


@dataclass(frozen=True, slots=True)
class Rule:
    """function: answers, numbers and what its kind adds → facts. kind: "award" (category; earlier if it asks for it) or
    "classify" (day; found_income). numbers: keys of the regional numbers it reads; may_read: of those it reads if its
    table asks for them. asks_earlier: it counts what the person was granted before in the same year. asks_facts: facts
    of the check that it reckons with."""

    name: str
    function: Callable[..., dict[str, Any]]
    kind: str
    numbers: tuple[str, ...]
    asks_earlier: bool = False
    may_read: tuple[str, ...] = ()
    asks_facts: tuple[str, ...] = ()

    def award(self, answers: Mapping[str, Any], numbers: Mapping[str, Any], category: str,
              earlier: Mapping[str, Any] | None, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The facts of an award. earlier: {base_fen, paid_fen, life_paid_fen}, used by rules that ask for it; facts: of
        the case, of which a rule gets those it asks for.

        Raises RuleFault for a table that is missing or wrong, and for whatever else stops the function: a rule that
        fails gives no figure at all."""
        more: dict[str, Any] = {"earlier": earlier or {}} if self.asks_earlier else {}
        if self.asks_facts:
            more["found"] = {name: fact for name, fact in (facts or {}).items() if name in self.asks_facts}
        return self._worked_out(answers, numbers, category, **more)

    def classify(self, *given: Any, **more: Any) -> dict[str, Any]:
        """The facts of a household. Raises RuleFault."""
        return self._worked_out(*given, **more)

    def _worked_out(self, *given: Any, **more: Any) -> dict[str, Any]:
        with worked_out(self.name, self.numbers):
            return self.function(*given, **more)

    def check(self, numbers: Mapping[str, Any]) -> None:
        """Are all tables it reads sound? Asked when they are frozen into a case, so that a fault shows before anybody
        decided by them. Raises RuleFault."""
        for key in self.numbers:
            if key not in numbers:
                raise RuleFault(key, Text("缺少该数值", "this number is missing"))
            check_number(key, numbers[key])


def check_number(key: str, value: Any) -> None:
    """Is a regional number that holds a table of a formula, tables by category, or a plan, sound? Numbers of another
    shape pass. Raises RuleFault."""
    if key in NEEDED:
        check_plan(value, key)
        return
    if not isinstance(value, Mapping):
        return
    if "kind" in value:
        check_table(value, key)
        return
    for name, inner in value.items():
        if isinstance(inner, Mapping) and "kind" in inner:
            check_table(inner, f"{key}.{name}")
