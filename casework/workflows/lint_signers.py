"""Several desks that sign one approval: enough of them, none twice, each able to."""
from collections.abc import Collection, Iterator

from casework.core.text import Text
from casework.programmes.finding import Finding, fault
from casework.programmes.spec import Step
from casework.workflows import seats

MOST = 8


def findings(step: Step, able: Collection[str], place: str) -> Iterator[Finding]:
    """What is wrong with who signs. able: the roles that can decide a case."""
    if not isinstance(step.options.get("also"), list):
        yield from _alone(step, place)
        return
    yield from _count(step, place)
    seen: list[seats.Desk] = []
    for role, level in seats.desks(step):
        if (role, level) in seen or (seen and step.ceilings and role == step.role):
            yield fault(
                f"{place}.also", "DESK_TWICE", f"{role}@{level} 写了两次", f"{role}@{level} may stand there twice",
                Text("同一岗位多人签批写 signers", "several people of one desk are written with signers"),
            )
        elif seen and role not in able:
            yield fault(
                f"{place}.also", "ROLE_UNABLE", f"{role} 看不到案件，或不得作决定",
                f"{role} sees no case, or may not decide",
                Text("换一个角色", "name another role"),
            )
        seen.append((role, level))


def _alone(step: Step, place: str) -> Iterator[Finding]:
    for name in ("need", "in_turn"):
        if name in step.options:
            yield fault(
                f"{place}.{name}", "NO_FURTHER_SIGNERS", f"只有一个岗位签批，{name} 没有意义",
                f"one desk signs alone, so {name} means nothing",
                Text("在 also 中写其他签批岗位，或删去", "name the other desks under also, or remove it"),
            )


def _count(step: Step, place: str) -> Iterator[Finding]:
    count, need = len(seats.desks(step)), seats.needed(step)
    if "signers" in step.options:
        yield fault(
            f"{place}.signers", "TWO_WAYS_TO_SIGN", "also 与 signers 不能同时写", "also and signers do not go together",
            Text("删去其中一个", "remove one of them"),
        )
    if need > count or count > MOST:
        yield fault(
            f"{place}.need", "NEVER_ENOUGH", f"{count} 个岗位凑不齐 {need} 个签批",
            f"{count} desks never give {need} signatures",
            Text(f"岗位不超过 {MOST} 个，need 不超过岗位数", f"at most {MOST} desks, and need no more than there are"),
        )
    elif need < count and seats.in_turn(step):
        yield fault(
            f"{place}.need", "NEVER_ASKED", "依次签批时，后面的岗位永远轮不到",
            "in turn, the last desks would never be asked",
            Text("删去 need，或删去 in_turn", "remove need, or in_turn"),
        )
