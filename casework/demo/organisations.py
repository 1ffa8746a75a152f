"""The tree: the province, two cities with their counties, a few towns, parks and grassroots unions (domain §1).

Places and region codes are real; towns' unions and everything below are invented for the demonstration.
"""
from datetime import datetime
from functools import cache
from typing import NamedTuple

from casework.demo.numbers import union_code
from casework.organisations import tree
from casework.organisations.models import Level, Organisation


class Node(NamedTuple):
    """One organisation. above: key of its parent; short: 机关代字 for the numbers of papers."""

    key: str
    above: str
    level: str
    name: str
    name_en: str
    region: str
    short: str = ""


TREE = (
    Node("province", "", Level.PROVINCE, "陕西省总工会", "Shaanxi Federation of Trade Unions", "610000", "陕工"),
    Node("shangluo", "province", Level.CITY, "商洛市总工会", "Shangluo City Federation", "611000", "商工"),
    Node("shangzhou", "shangluo", Level.COUNTY, "商州区总工会", "Shangzhou District Federation", "611002", "商州工"),
    Node("luonan", "shangluo", Level.COUNTY, "洛南县总工会", "Luonan County Federation", "611021", "洛工"),
    Node("danfeng", "shangluo", Level.COUNTY, "丹凤县总工会", "Danfeng County Federation", "611022", "丹工"),
    Node("shangnan", "shangluo", Level.COUNTY, "商南县总工会", "Shangnan County Federation", "611023", "商南工"),
    Node("shanyang", "shangluo", Level.COUNTY, "山阳县总工会", "Shanyang County Federation", "611024", "山工"),
    Node("zhenan", "shangluo", Level.COUNTY, "镇安县总工会", "Zhen'an County Federation", "611025", "镇工"),
    Node("zhashui", "shangluo", Level.COUNTY, "柞水县总工会", "Zhashui County Federation", "611026", "柞工"),
    Node("chengguan", "shangzhou", Level.TOWN, "城关街道总工会", "Chengguan Subdistrict Union", "611002", "城关工"),
    Node("shahezi", "shangzhou", Level.TOWN, "沙河子镇总工会", "Shahezi Town Union", "611002", "沙工"),
    Node("jinghe", "shangzhou", Level.TOWN, "荆河产业园工会联合会", "Jinghe Industrial Park Union", "611002", "荆园工"),
    Node("textile", "chengguan", Level.GRASSROOTS, "秦岭示范纺织厂工会", "Qinling Model Textile Mill Union", "611002"),
    Node("express", "chengguan", Level.GRASSROOTS, "城关快递物流联合工会", "Chengguan Couriers' Joint Union", "611002"),
    Node("machine", "jinghe", Level.GRASSROOTS, "丹江示范机械公司工会", "Danjiang Model Machinery Union", "611002"),
    Node("school", "shahezi", Level.GRASSROOTS, "沙河子示范小学工会", "Shahezi Model Primary School Union", "611002"),
    Node("qianyou", "zhashui", Level.TOWN, "乾佑街道总工会", "Qianyou Subdistrict Union", "611026", "乾工"),
    Node("panlong", "zhashui", Level.TOWN, "盘龙产业园工会联合会", "Panlong Industrial Park Union", "611026", "盘园工"),
    Node("fungus", "panlong", Level.GRASSROOTS, "柞水示范木耳公司工会", "Zhashui Model Fungus Union", "611026"),
    Node("yulin", "province", Level.CITY, "榆林市总工会", "Yulin City Federation", "610800", "榆工"),
    Node("dingbian", "yulin", Level.COUNTY, "定边县总工会", "Dingbian County Federation", "610825", "定工"),
    Node("dingbian_town", "dingbian", Level.TOWN, "定边街道总工会", "Dingbian Subdistrict Union", "610825", "定街工"),
    Node("saltworks", "dingbian_town", Level.GRASSROOTS, "定边示范盐化厂工会", "Model Saltworks Union", "610825"),
    Node("luonan_town", "luonan", Level.TOWN, "洛南城关街道总工会", "Luonan Subdistrict Union", "611021", "洛城工"),
    Node("walnut", "luonan_town", Level.GRASSROOTS, "洛南示范核桃公司工会", "Luonan Model Walnut Union", "611021"),
    Node("danfeng_town", "danfeng", Level.TOWN, "龙驹寨街道总工会", "Longjuzhai Subdistrict Union", "611022", "龙工"),
    Node("winery", "danfeng_town", Level.GRASSROOTS, "丹凤示范葡萄酒厂工会", "Danfeng Model Winery Union", "611022"),
    Node("shangnan_town", "shangnan", Level.TOWN, "商南城关街道总工会", "Shangnan Town Union", "611023", "南城工"),
    Node("tea", "shangnan_town", Level.GRASSROOTS, "商南示范茶业公司工会", "Shangnan Model Tea Union", "611023"),
    Node("shanyang_town", "shanyang", Level.TOWN, "山阳城关街道总工会", "Shanyang Town Union", "611024", "山城工"),
    Node("herbs", "shanyang_town", Level.GRASSROOTS, "山阳示范中药材公司工会", "Shanyang Model Herbs Union", "611024"),
    Node("zhenan_town", "zhenan", Level.TOWN, "永乐街道总工会", "Yongle Subdistrict Union", "611025", "永工"),
    Node("silk", "zhenan_town", Level.GRASSROOTS, "镇安示范缫丝厂工会", "Zhen'an Model Silk Mill Union", "611025"),
)
AREA_CODES = {"6108": "0912", "6110": "0914"}  # of the telephone, by city; the province's is Xi'an's


def load(now: datetime) -> None:
    """Add the organisations that are missing."""
    known = {row.name: row for row in Organisation.objects.filter(name__in=[node.name for node in TREE])}
    made: dict[str, Organisation] = {}
    for serial, node in enumerate(TREE, 1):
        made[node.key] = known.get(node.name) or tree.make(
            node.name, node.level, made.get(node.above), region=node.region, name_en=node.name_en,
            credit_code=union_code(node.region, serial), short_name=node.short, phone=_phone(node, serial),
            address=f"{node.name}职工服务中心",
        )


def _phone(node: Node, serial: int) -> str:
    return f"{AREA_CODES.get(node.region[:4], '029')}-23{serial:05d}"


@cache
def names() -> dict[str, str]:
    """Name by key."""
    return {node.key: node.name for node in TREE}


def by_key() -> dict[str, Organisation]:
    """The loaded organisations by key. One query."""
    found = {row.name: row for row in Organisation.objects.filter(name__in=names().values())}
    return {key: found[name] for key, name in names().items() if name in found}
