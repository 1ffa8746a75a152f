"""Plans of mutual aid as regional numbers (domain §5.1): what a plan must hold before a claim is looked at by it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casework.core.text import Text
from casework.programmes.rules.faults import RuleFault
from casework.programmes.rules.tables import Table, count, percent, table

# Whole numbers of a plan; what is left out altogether has the customary value.
COUNTS = ("wait_days", "reduced_days", "renewal_gap_days", "file_days", "late_years", "least_level")
# Without these a claim by the plan cannot be judged.
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "mutual_plan": (),
    "mutual_plan_critical": ("plan", "reduced_days", "reduced_percent", "late_years", "least_level", "diseases"),
})


def check_plan(value: Any, where: str) -> None:
    """Is a plan whole? Raises RuleFault."""
    plan = table(value, where)
    for key in (*NEEDED[where], *plan):
        if key in COUNTS:
            count(plan, key, where)
        elif key == "reduced_percent":
            percent(plan, key, where)
        elif key == "plan":
            _text(plan.get(key), f"{where}.{key}")
        elif key in ("diseases", "excluded_causes"):
            _texts(plan, key, where)


def _texts(plan: Table, key: str, where: str) -> None:
    """A list of texts; one that is needed is not empty."""
    found = plan.get(key)
    if not isinstance(found, list) or (not found and key in NEEDED[where]):
        words = Text("这里应为至少一项的列表", "a list with at least one entry is wanted here")
        raise RuleFault(f"{where}.{key}", words)
    for n, one in enumerate(found):
        _text(one, f"{where}.{key}[{n}]")


def _text(value: Any, where: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise RuleFault(where, Text("这里应为文字", "a text is wanted here"))
