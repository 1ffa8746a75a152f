"""Standards of the demonstration: what assessors give marks for, and from which mark a grade is reached (domain §5.6).

The indicators are the common ones; every federation enters its own with their source."""

from typing import Any


def _item(key: str, group: tuple[str, str], item: tuple[str, str], full: int) -> dict[str, Any]:
    return {
        "key": key, "group": dict(zip(("zh", "en"), group, strict=True)),
        "item": dict(zip(("zh", "en"), item, strict=True)), "full": full,
    }


def _veto(key: str, item: tuple[str, str]) -> dict[str, Any]:
    return _item(key, ("一票否决", "Excluded when"), item, 0) | {"veto": True}


ORGANISATION, RIGHTS, SERVICE = ("组织健全", "Organisation"), ("维权机制", "Rights"), ("服务职工", "Service")
HOME: dict[str, Any] = {
    "items": [
        _item("committee", ORGANISATION, ("工会委员会按期换届、分工明确", "Committee elected in time"), 15),
        _item("members", ORGANISATION, ("职工入会率", "Share of workers who are members"), 10),
        _item("dues", ORGANISATION, ("工会经费足额拨缴、独立账户", "Dues paid in full, an account of its own"), 10),
        _item("congress", RIGHTS, ("职工代表大会每年召开", "Workers' congress held every year"), 15),
        _item("bargaining", RIGHTS, ("工资集体协商合同在有效期内", "Wage agreement in force"), 10),
        _item("openness", RIGHTS, ("厂务公开", "Matters of the unit made open"), 5),
        _item("place", SERVICE, ("活动阵地与设施", "Rooms and equipment"), 15),
        _item("help", SERVICE, ("走访慰问、困难帮扶", "Visits, help in hardship"), 10),
        _item("vote", SERVICE, ("会员评家满意率 80% 以上", "At least 80 % of the members content"), 10),
        _veto("wages", ("拖欠职工工资", "Wages in arrears")),
        _veto("accident", ("发生较大以上安全事故", "A grave accident at work")),
    ],
    "pass": {"qualified": 80, "advanced": 90, "model": 95},
    "gap": 10,
    "least": 2,
    "reward_fen": {"qualified": 200_000, "advanced": 500_000, "model": 1_000_000},
}
