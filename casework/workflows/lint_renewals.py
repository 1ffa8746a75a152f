"""Faults of a service that checks a register every year, of one whose form begins with earlier answers, and of one that
looks at refusals again."""
from collections.abc import Iterator
from contextlib import suppress

from casework.core.text import Text
from casework.programmes.finding import Finding, fault
from casework.programmes.loader import load_catalogue
from casework.programmes.reading import ProgrammeFault
from casework.programmes.spec import Programme
from casework.registers import dossiers


def findings(programme: Programme, where: str) -> Iterator[Finding]:
    """What is wrong with `renews`, `begins_with` and `re_examines`."""
    yield from _renews(programme, where)
    yield from _begins_with(programme, where)
    yield from _re_examines(programme, where)


def _renews(programme: Programme, where: str) -> Iterator[Finding]:
    renews = programme.renews
    if renews is None:
        return
    if renews.register != dossiers.KIND:
        yield fault(
            f"{where} renews.register",
            "NO_YEARLY_CHECK",
            f"{renews.register} 不是每年核查的登记册",
            f"{renews.register} is no register that is checked every year",
            Text(f"可用：{dossiers.KIND}", f"there is {dossiers.KIND}"),
        )
    if programme.needs != renews.register or not programme.classify or programme.gives or programme.for_unit:
        yield fault(
            f"{where} renews",
            "NOTHING_TO_RENEW",
            "年审要有在册的前提（needs）和认定规则（classify），不能另有 gives 或 for_unit",
            "a yearly check rests on the entry and finds its category anew, and makes no entry of its own",
            Text(
                f"写上 needs: {renews.register} 和 classify，去掉 gives、for_unit",
                f"write needs: {renews.register} and classify; take gives and for_unit away",
            ),
        )
    if not any(step.kind == "register" for step in programme.steps()):
        yield fault(
            f"{where} renews",
            "NEVER_ENTERED",
            "路线中没有登记步骤",
            "no step of the route enters the result",
            Text("加一个 register 步骤", "add a step of the kind register"),
        )


def _begins_with(programme: Programme, where: str) -> Iterator[Finding]:
    known = {programme.key}
    with suppress(ProgrammeFault):  # told by the findings of that programme
        known |= set(load_catalogue())
    for n, key in enumerate(programme.begins_with):
        if key not in known:
            yield fault(
                f"{where} begins_with[{n}]",
                "NO_SUCH_SERVICE",
                f"没有 {key} 这个服务",
                f"there is no service {key}",
                Text("改成已有服务的键", "name a service of the catalogue"),
            )


def _re_examines(programme: Programme, where: str) -> Iterator[Finding]:
    """A refusal is lifted by an approval, of a service that gives nothing itself (domain §4.3)."""
    if not programme.re_examines:
        return
    approves = any(step.kind == "approve" for step in programme.steps())
    gives = programme.fund_purpose or programme.gives or programme.renews or programme.needs or programme.for_unit
    if not approves or gives or programme.life != "application":
        yield fault(
            f"{where} re_examines",
            "NEVER_UPHELD",
            "复核要有审批步骤，本身不给资金、登记，也没有前提条件",
            "a re-examination has an approval, and neither money, an entry nor a condition of its own",
            Text("加一个 approve 步骤，去掉 fund、gives、renews、needs、for_unit",
                 "add a step of the kind approve; take fund, gives, renews, needs and for_unit away"),
        )
