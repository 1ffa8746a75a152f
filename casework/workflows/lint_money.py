"""The way to the money: a fund, an account, an approval on every path, and never fewer than two people (promise R4).

Paths are counted with every condition taken both ways, whether or not the facts could ever agree to it: the route
itself must be safe."""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes.finding import Finding, doubt, fault
from casework.programmes.spec import Programme, Step
from casework.workflows import seats

Duties = frozenset[str]
LEAST_PEOPLE = 2


def findings(programme: Programme, where: str) -> Iterator[Finding]:
    """What is wrong with the way to the money."""
    pays = [step for step in programme.steps() if step.kind in PAY_KINDS]
    yield from _fund(programme, pays, where)
    yield from _twice(programme, where)
    for step in pays:
        place = f"{where} route.{step.group}.{step.key}"
        if str(step.options.get("maker", "")).partition("@")[0] == step.role:
            yield fault(
                f"{place}.maker",
                "MAKER_IS_CASHIER",
                "制单与出纳是同一角色",
                "maker and cashier are one role",
                Text("制单由 finance_officer 担任", "let the finance_officer make the batch"),
            )
        yield from _hands(programme, step, place)


def _twice(programme: Programme, where: str) -> Iterator[Finding]:
    """A second approval by the same desk: duties are kept apart, not the steps of one duty, so one person may decide
    both."""
    first: dict[tuple[str, str, str], str] = {}
    for step in (step for step in programme.steps() if step.kind == "approve"):
        for desk in [(step.duty, *desk) for desk in seats.desks(step)]:
            if first.setdefault(desk, step.key) == step.key:
                continue
            yield doubt(
                f"{where} route.{step.group}.{step.key}.by",
                "SAME_DESK",
                f"{step.key} 与 {first[desk]} 可由同一人办理",
                f"one person may decide both {step.key} and {first[desk]}",
                Text("要求另一人时，写一个本路线未用的职责，如 duty: visit；否则可以保留",
                     "where another person is wanted, give it a duty that no other step of the route has, such as "
                     "duty: visit; else leave it so"),
            )


def _fund(programme: Programme, pays: list[Step], where: str) -> Iterator[Finding]:
    if pays and not programme.fund_purpose:
        yield fault(
            f"{where} route.{pays[0].group}.{pays[0].key}",
            "PAY_WITHOUT_FUND",
            "发放没有资金来源",
            "there is no fund to pay from",
            Text("写明 fund", "name its purpose under fund"),
        )
    if programme.life != "application" or not programme.fund_purpose:
        return
    if not pays and not any(step.kind in OTHER_WAYS for step in programme.steps()):
        yield fault(
            f"{where} fund",
            "FUND_WITHOUT_PAY",
            "写了资金，路线中却没有发放",
            "no step pays from the fund",
            Text("加发放步骤，或删去 fund", "add a step that pays, or remove fund"),
        )
    if not programme.award and not any(step.kind in AMOUNT_KINDS for step in programme.steps()):
        yield fault(
            f"{where} fund",
            "FUND_WITHOUT_AWARD",
            "没有计算金额的规则",
            "no rule finds the amount",
            Text("写明 award", "name the rule under award"),
        )
    asks = programme.form.field("card_no") or any(step.kind in ACCOUNT_KINDS for step in programme.steps())
    if pays and not asks:
        yield fault(
            f"{where} route.{pays[0].group}.{pays[0].key}",
            "PAY_WITHOUT_ACCOUNT",
            "表单没有收款账户（card_no）",
            "the form asks for no account (card_no)",
            Text("在表单中加上", "add it to the form"),
        )


# Kinds of step that give what was approved without the bank.
OTHER_WAYS = frozenset({"deliver", "handover"})
# Kinds of step that write down an account which the form does not ask for.
ACCOUNT_KINDS = frozenset({"payee", "conduct"})
# Kinds of step that pay by the bank; and those that find the amount by a table themselves.
PAY_KINDS = frozenset({"pay", "pay_lawyer"})
AMOUNT_KINDS = frozenset({"fee"})


def _hands(programme: Programme, pay: Step, place: str) -> Iterator[Finding]:
    """Every path to this payment takes two people at least, one of whom approved it."""
    paths = duties_to(programme, pay)
    if any(len(duties) < LEAST_PEOPLE for duties in paths):
        yield fault(
            place,
            "ONE_PERSON",
            "有一条路径只经一人之手就能付款",
            "on one path a single person reaches the money",
            Text("付款前要有另一人的审核或审批", "let another person review or approve on every path before it"),
        )
    if any("approve" not in duties for duties in paths) and not _one_of_them(programme, pay):
        yield fault(
            place,
            "UNAPPROVED",
            "有一条路径未经审批就能付款",
            "on one path money is paid without an approval",
            Text("审批不能带条件", "an approval must not hang on a condition"),
        )


def _one_of_them(programme: Programme, pay: Step) -> bool:
    """Do the conditional approvals before a payment share out all answers of one required question, so that always one
    of them is asked for? Only a fact that is answered at the start, and never changed, can promise that."""
    before = programme.steps()[: programme.steps().index(pay)]
    conditions = [step.when or {} for step in before if step.duty == "approve"]
    named = {fact for when in conditions for fact in when}
    if len(named) != 1 or any(len(when) != 1 for when in conditions):
        return False
    fact = named.pop()
    field = programme.form.field(fact)
    if field is None or not field.required or field.when or fact not in programme.facts or field.kind != "enum":
        return False
    return set(field.choices) <= {value for when in conditions for value in _values(when[fact])}


def _values(tests: Any) -> list[Any]:
    """The values a test asks for, where it asks for nothing else."""
    if not isinstance(tests, Mapping):
        return [tests]
    if len(tests) != 1:
        return []
    return [tests["equals"]] if "equals" in tests else list(tests.get("in", []))


def duties_to(programme: Programme, goal: Step) -> set[Duties]:
    """The exclusive duties used up by people on each path to a step, its own with them. One person can hold one of
    them only, so their number is the least number of people. What passes in silence has used up none; what runs
    beside the step may come after it."""
    paths: set[Duties] = {frozenset()}
    for group in programme.groups:
        for stage in programme.stages(group):
            if goal in stage:
                return {duties | _used(goal) for duties in paths}
            for step in stage:
                paths = {after for duties in paths for after in _through(step, duties)}
    return paths


def _through(step: Step, duties: Duties) -> set[Duties]:
    found = {duties | _used(step)}
    if step.when is not None or step.options.get("silence"):
        found.add(duties)
    return found


def _used(step: Step) -> Duties:
    """The exclusive duty of a step; each further signature under it is a person more."""
    if not step.duty:
        return frozenset()
    more = range(2, seats.needed(step) + 1)
    return frozenset({step.duty, *(f"{step.duty} {number}" for number in more)})
