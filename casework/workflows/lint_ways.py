"""The ways of a route: everything reached, an end from everywhere, choices that the life cycle knows (design §3)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from casework.core.text import Text
from casework.programmes import references
from casework.programmes.finding import Finding, doubt, fault
from casework.programmes.loader import load_catalogue
from casework.programmes.reading import ProgrammeFault
from casework.programmes.spec import GROUPS, Programme, Step
from casework.registers import dossiers
from casework.workflows.assess import NOT_IN
from casework.workflows.choices import Choice, no_problems
from casework.workflows.graph import Graph, graph_of, may_fire, standing_after
from casework.workflows.kinds import KINDS


def findings(programme: Programme, where: str) -> Iterator[Finding]:
    """What is wrong with the ways of a route."""
    graph = graph_of(programme)
    yield from _reached(graph, where)
    for step in programme.steps():
        place = f"{where} route.{step.group}.{step.key}"
        yield from _condition(step.when or {}, place)
        yield from _early(programme, step, place)
        for choice in KINDS[step.kind].choices:
            yield from _fits(programme.life, step, choice, place)
    for n, row in enumerate(programme.eligibility):
        yield from _condition(row.when, f"{where} eligibility[{n}]")
    yield from _registers(programme, where)
    yield from _notices(programme, where)
    yield from _asks(programme, where)


def _reached(graph: Graph, where: str) -> Iterator[Finding]:
    """Every step is reached, and from every step an end."""
    ways = [edge for edge in graph.edges if edge.sort not in ("back", "withdraw", "stay")]
    ways = [edge for edge in ways if edge.otherwise or edge.when is None or not _never(edge.when)]
    onward = Graph(graph.programme, graph.nodes, ways)
    reached, ending = onward.reached(), set[str]()
    for key, node in graph.nodes.items():
        if node.sort == "end":
            ending |= onward.reached(key, backwards=True)
    for key, node in graph.nodes.items():
        if node.sort != "step":
            continue
        place = f"{where} route.{node.group}.{key}"
        if key not in reached:
            yield fault(
                place,
                "UNREACHABLE",
                "没有路径通向这一步",
                "no way leads to this step",
                Text("改正条件，或删去这一步", "correct its condition, or remove the step"),
            )
        if key not in ending:
            yield fault(
                place,
                "NO_END",
                "从这一步走不到结束",
                "no end can be reached from this step",
                Text("换一种能通过的步骤", "take a kind of step that passes"),
            )


def _never(when: Mapping[str, Any]) -> bool:
    """Can a closed condition never hold, whatever the facts are?"""
    for tests in when.values():
        if not isinstance(tests, Mapping):
            continue
        low, high = _bound(tests, "at_least", "above", 1), _bound(tests, "at_most", "below", -1)
        if tests.get("in") == [] or (low is not None and high is not None and low > high):
            return True
    return False


def _bound(tests: Mapping[str, Any], inside: str, outside: str, one: int) -> int | None:
    """The last whole number on one side that a fact may have; None where there is none, or a region decides."""
    found = [tests.get(inside), tests[outside] + one if isinstance(tests.get(outside), int) else None]
    bounds = [value for value in found if isinstance(value, int)]
    return max(bounds, key=lambda value: value * one) if bounds else None


def _condition(when: Mapping[str, Any], place: str) -> Iterator[Finding]:
    """The tests of a condition are of a kind that can be compared."""
    for fact, tests in when.items():
        for name, wanted in tests.items() if isinstance(tests, Mapping) else ():
            if references.is_reference(wanted):
                continue
            if not isinstance(wanted, WANTED.get(name, object)):
                yield fault(
                    f"{place}.when.{fact}.{name}",
                    "WRONG_TEST",
                    f"{name} 的比较值不合要求",
                    f"this cannot be compared by {name}",
                    Text("at_least、at_most、above、below 用整数（分）或 {number: 数值名}，in 用列表",
                         "a whole number (fen) or {number: its name}, or for in a list"),
                )


# What a test compares with; the others take any value.
WANTED: Mapping[str, type] = {"at_least": int, "at_most": int, "above": int, "below": int, "in": list}


def _early(programme: Programme, step: Step, place: str) -> Iterator[Finding]:
    """Nothing is asked for before it is there: the amount before its approval, the frozen numbers before acceptance."""
    kinds = _kinds_before(programme, step)
    if "amount_fen" in (step.when or {}) and "approve" not in kinds:
        yield fault(
            f"{place}.when.amount_fen",
            "TOO_EARLY",
            "批准前没有批准金额",
            "no amount is approved yet",
            Text("用 award_fen 或 requested_fen", "ask for award_fen or requested_fen"),
        )
    compares = any(references.named(step.when))
    frozen_by = FREEZES.get(programme.life, "never")
    early = frozen_by not in kinds and not _at_once(programme)
    if early and (compares or (step.ceilings and programme.life == "application")):
        yield fault(
            f"{place}.at" if step.ceilings else f"{place}.when",
            "TOO_EARLY",
            "这时还没有冻结数值",
            "no numbers are frozen yet",
            Text("放到受理（活动为方案）之后", "put it behind the acceptance, of a campaign behind its plan"),
        )


def _at_once(programme: Programme) -> bool:
    """Is an application accepted, and its numbers frozen, when it is handed in?"""
    return programme.life == "application" and not programme.route.get("submitted")


# The kind of step that freezes the numbers of a case, by life cycle.
FREEZES: Mapping[str, str] = {"application": "accept", "campaign": "plan"}


def _kinds_before(programme: Programme, step: Step) -> set[str]:
    found: set[str] = set()
    for other in programme.steps():
        if other.key == step.key:
            break
        found.add(other.kind)
    return found


def _fits(life: str, step: Step, choice: Choice, place: str) -> Iterator[Finding]:
    """A choice that ends or moves a case must be a transition of its life cycle, from where the step runs."""
    if choice.leads in ("", "on", "back") or may_fire(life, choice.leads, step.group):
        return
    guarded = choice.ready is not no_problems
    if standing_after(life, choice.leads) is None and guarded:
        return
    groups = GROUPS[life]
    fitting = [group for group in groups if may_fire(life, choice.leads, group)]
    # A notice after the decision refuses the choice by itself (steps.objections.open_to_denial); other kinds do not.
    behind = step.kind == "notice" and bool(fitting) and groups.index(step.group) > groups.index(fitting[-1])
    if guarded and (life == "campaign" or step.together or behind):
        finding = doubt
        mend = Text("办理时这个选项会被拒绝；可以保留", "the choice is refused there; you may leave it so")
    else:
        finding = fault
        mend = Text(f"把这一步移到 {' / '.join(fitting)}", f"move the step to {' or '.join(fitting)}")
        mend = mend if fitting else Text("换一种步骤", "take another kind of step")
    yield finding(
        f"{place}.kind",
        "NOT_FROM_HERE",
        f"在“{step.group}”阶段，选项 {choice.key} 不能作“{choice.leads}”",
        f"the choice {choice.key} of {step.kind} cannot {choice.leads} in the standing {step.group}",
        mend,
    )


def _registers(programme: Programme, where: str) -> Iterator[Finding]:
    """Registers that services rest on are filled by some service."""
    known = {dossiers.KIND, *NOT_IN} | ({programme.gives.register} if programme.gives else set())
    with suppress(ProgrammeFault):  # told by the findings of that programme
        known |= {other.gives.register for other in load_catalogue().values() if other.gives}
    if programme.needs and programme.needs not in known:
        yield fault(
            f"{where} needs",
            "NO_SUCH_REGISTER",
            f"没有 {programme.needs} 这个登记册",
            f"there is no register {programme.needs}",
            Text(f"可用：{'、'.join(sorted(known))}", f"there are {', '.join(sorted(known))}"),
        )
    enters = [step for step in programme.steps() if step.kind == "register"]
    if programme.gives and not enters:
        yield fault(
            f"{where} gives",
            "NEVER_ENTERED",
            "路线中没有登记步骤",
            "no step of the route enters it",
            Text("加一个 register 步骤", "add a step of the kind register"),
        )
    until = programme.gives.until if programme.gives else ""
    field = programme.form.field(until) if until else None
    if until and (until not in programme.facts or field is None or field.kind != "date" or not field.required):
        yield fault(
            f"{where} gives.until",
            "NO_LAST_DAY",
            f"{until} 不是必填的日期，或没有列入 facts",
            f"{until} is no required day of the form, or it is not among the facts",
            Text("改成必填的日期项，并列入 facts", "name a required day that is among the facts"),
        )
    for step in enters:
        if not (programme.gives or programme.renews) and programme.key != dossiers.KIND:
            yield fault(
                f"{where} route.{step.group}.{step.key}",
                "NOTHING_TO_ENTER",
                "没有写明登记什么（gives 或 renews）",
                "nothing says what is entered",
                Text("补上 gives 或 renews", "add gives or renews"),
            )


def _notices(programme: Programme, where: str) -> Iterator[Finding]:
    """A notice can hang its days within the limit of its step (domain §4.4)."""
    for step in programme.steps():
        days = step.options.get("days")
        if step.kind == "notice" and isinstance(days, int) and days > step.limit_wd:
            yield fault(
                f"{where} route.{step.group}.{step.key}.limit",
                "NOTICE_TOO_LONG",
                "时限短于公示天数",
                "the limit is shorter than the days of the notice",
                Text("延长时限", "lengthen the limit"),
            )


def _asks(programme: Programme, where: str) -> Iterator[Finding]:
    """Whoever may ask for another look asks for a step that comes later."""
    steps = programme.steps()
    for place, step in enumerate(steps):
        asked = step.options.get("asks")
        if step.kind == "respond" and asked not in [later.key for later in steps[place + 1 :]]:
            yield fault(
                f"{where} route.{step.group}.{step.key}.asks",
                "NO_SUCH_STEP",
                f"后面没有 {asked} 这一步",
                f"there is no step {asked} behind this one",
                Text("写后面一个 re_examine 步骤的键", "name a later step of the kind re_examine"),
            )
