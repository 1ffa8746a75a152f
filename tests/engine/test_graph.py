"""The graph of a route: what follows what, conditions, steps beside each other, and where each choice leads."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from casework.programmes.loader import build
from casework.workflows import applicant
from casework.workflows.choices import Choice
from casework.workflows.graph import Graph, graph_of
from casework.workflows.kinds import KINDS
from tests.engine import made
from tests.engine.made import step

CHECK = step("check", "case_officer@county")
CHOICES = [(kind.key, choice) for kind in KINDS.values() for choice in kind.choices] + [
    ("case", choice) for choice in applicant.CHOICES
]


def graph(route: dict[str, Any], **more: Any) -> Graph:
    return graph_of(build(made.programme(route, **more)))


def ways(found: Graph, *sorts: str) -> set[tuple[str, str, str]]:
    return {(e.source, e.target, e.action) for e in found.edges if e.sort in sorts}


def test_a_standing_without_steps_is_passed_and_the_last_one_ends_the_case() -> None:
    found = graph({"submitted": {"one": CHECK}, "settled": {"two": CHECK}})
    assert ways(found, "on") == {
        ("start", "one", "submit"),
        ("one", "two", "one.pass"),
        ("one", "two", "one.not_supported"),
        ("two", "end.closed", "two.pass"),
        ("two", "end.closed", "two.not_supported"),
    }


def test_a_condition_is_a_fork_in_the_road() -> None:
    found = graph({"submitted": {"one": CHECK, "two": {**CHECK, "when": {"urgent": True}}, "three": CHECK}})
    ask = found.leaving("if.two")
    assert [(e.target, e.when, e.otherwise) for e in ask] == [
        ("two", {"urgent": True}, False),
        ("three", {"urgent": True}, True),
    ]


def test_steps_beside_each_other_lie_between_a_fork_and_a_join() -> None:
    found = graph({"submitted": {"one": CHECK, "two": {**CHECK, "with": "one"}, "three": CHECK}})
    assert {e.target for e in found.leaving("fork.one")} == {"one", "two"}
    assert {e.target for e in found.edges if e.source in ("one", "two") and e.sort == "on"} == {"join.one"}
    assert [e.target for e in found.leaving("join.one")] == ["three"]


def test_returns_denials_and_silence_are_ways_of_their_own() -> None:
    accept = step("accept", "window_clerk@county", silence="accepted")
    found = graph(
        {"submitted": {"accept": accept}, "accepted": {"look": CHECK, "review": step("review", "reviewer@county")}}
    )
    assert ways(found, "back") == {
        ("look", "accept", "look.return"),
        ("review", "accept", "review.return"),
        ("review", "look", "review.return"),
    }
    assert ways(found, "end") == {
        ("accept", "end.not_accepted", "accept.not_accept"),
        ("review", "end.denied", "review.deny"),
    }
    assert ("accept", "look", "accept.silence") in ways(found, "silence")
    assert ("wait.accept", "end.withdrawn", "lapse") in ways(found, "silence")


def test_an_enquiry_has_no_denial() -> None:
    route = {
        "registered": {"accept": step("accept", "window_clerk@county")},
        "accepted": {"r": step("review", "reviewer@county")},
    }
    assert not [e for e in graph(route, life="enquiry").edges if e.target == "end.denied"]


def test_what_can_be_reached_is_found_both_ways() -> None:
    found = graph({"submitted": {"one": CHECK, "two": CHECK}})
    assert found.reached() >= {"one", "two", "end.closed"}
    assert found.reached("end.closed", backwards=True) >= {"start", "one", "two"}


def called(function: Callable[..., Any], seen: set[str]) -> Iterator[str]:
    """Where a function of a step brings the case, read from its source and that of its module's functions."""
    if function.__qualname__ in seen:
        return
    seen.add(function.__qualname__)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "fire" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
            yield str(node.args[1].value)
        elif name in WAYS:
            yield WAYS[name]
        elif isinstance(node.func, ast.Name) and inspect.isfunction(inner := function.__globals__.get(name)):
            yield from called(inner, seen)


WAYS = {"pass_step": "on", "return_to": "back", "deny": "deny", "apply_pass": "on"} | {
    "back_to": "back", "reopen": "reopen", "apply_return": "back", "apply_deny": "deny", "apply_not_supported": "on",
}


@pytest.mark.parametrize(("kind", "choice"), CHOICES, ids=[f"{kind}.{choice.key}" for kind, choice in CHOICES])
def test_every_choice_says_where_it_leads(kind: str, choice: Choice) -> None:
    found = set(called(choice.apply, set()))
    assert (choice.leads in found) if choice.leads else not found, f"its function leads to {found or 'nothing'}"
