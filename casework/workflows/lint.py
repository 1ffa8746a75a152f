"""Faults of a programme that only the engine sees: its steps, the ways of its route, its money.

casework.programmes.checking calls findings() beside its own checks; imports run downward only."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from casework.programmes.finding import Finding
from casework.programmes.spec import Programme
from casework.workflows import lint_money, lint_renewals, lint_steps, lint_ways
from casework.workflows.kinds import KINDS


def findings(programme: Programme, content: Mapping[str, Any]) -> list[Finding]:
    """Everything that is wrong with the route of a programme. Steps of unknown kinds hide what lies behind them."""
    where = f"{programme.key}/programme.yaml"
    found: Iterator[Finding] = lint_steps.findings(programme, where)
    if all(step.kind in KINDS for step in programme.steps()):
        found = chain(found, lint_ways.findings(programme, where), lint_money.findings(programme, where))
        found = chain(found, lint_renewals.findings(programme, where))
    return list(found)
