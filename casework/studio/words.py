"""Names of facts, regional numbers and their parts in both languages; a key without words stands for itself."""
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casework.access.models import Role
from casework.cases.models import State
from casework.core import money
from casework.core.text import Text
from casework.organisations.models import Level
from casework.programmes.spec import Programme

FACTS: Mapping[str, Text] = MappingProxyType({
    "category": Text("困难类别", "category"),
    "exclusions": Text("不予建档情形", "exclusions"),
    "check_refused": Text("拒绝核对", "means check refused"),
    "award_fen": Text("核定金额", "award"),
    "award_limit": Text("受何种封顶限制", "cap that cut the award"),
    "amount_fen": Text("批准金额", "amount approved"),
    "requested_fen": Text("申请金额", "amount asked for"),
    "pc_fen": Text("人均月收入", "income a head and month"),
    "insured": Text("已参保", "insured"),
    "waiting": Text("在等待期内", "in the waiting period"),
    "cover_ended": Text("保障期已结束", "cover has ended"),
    "cause_excluded": Text("属于免责情形", "cause is excluded"),
    "late": Text("超过申请时限", "claimed too late"),
    "level_too_low": Text("医院级别不够", "level of the hospital is too low"),
    "hard": Text("属于就业困难群体", "of a group hard to employ"),
    "recognised": Text("认定为就业困难人员", "recognised as hard to employ"),
    "placed": Text("已就业", "placed"),
    "stable": Text("稳定就业", "stable employment"),
    "below_minimum": Text("低于最低工资", "below the minimum wage"),
    "members": Text("共同生活人数", "people living together"),
    "via": Text("受理渠道", "channel"),
})
NUMBERS: Mapping[str, Text] = MappingProxyType({
    "subsistence_line": Text("月低保标准", "Subsistence line a month"),
    "minimum_wage": Text("月最低工资", "Minimum wage a month"),
    "living_aid": Text("生活救助标准", "Living aid"),
    "medical_aid": Text("医疗救助标准", "Medical aid"),
    "tuition_aid": Text("金秋助学标准", "Tuition aid"),
    "mutual_hospital": Text("住院互助金档次", "Mutual aid: hospital tiers"),
    "mutual_plan": Text("互助保障计划", "Plan of mutual aid"),
    "temporary_aid": Text("临时救助标准", "Temporary aid"),
    "condolence": Text("慰问标准", "Condolence"),
    "standard_home": Text("职工之家验收标准", "Standard of a workers' home"),
    "approval_levels": Text("审批权限", "Ceilings of approval"),
    "approval_levels_mutual": Text("互助理赔审批权限", "Ceilings of approval: mutual claims"),
    "approval_levels_medical": Text("医疗救助审批权限", "Ceilings of approval: medical aid"),
    "deep": Text("深度困难", "Deep hardship"),
    "relative": Text("相对困难", "Relative hardship"),
    "accidental": Text("意外致困", "Accidental hardship"),
    "deep_multiple": Text("深度困难：低保标准倍数", "Deep: times the line"),
    "relative_multiple": Text("相对困难：低保标准倍数", "Relative: times the line"),
    "accidental_percent": Text("意外致困：损失比例（%）", "Accidental: percent of the loss"),
    "accidental_cap_fen": Text("意外致困：封顶", "Accidental: cap"),
    "kind": Text("计算方式", "Formula"),
    "tiers": Text("档次", "Tiers"),
    "bands": Text("区间", "Bands"),
    "to_fen": Text("至", "Up to"),
    "from_fen": Text("自", "From"),
    "percent": Text("比例（%）", "Percent"),
    "amount_fen": Text("金额", "Amount"),
    "deductible_fen": Text("起付线", "Deductible"),
    "cap_year_fen": Text("年度封顶", "Cap a year"),
    "cap_event_fen": Text("单次封顶", "Cap an event"),
    "cap_life_fen": Text("终身封顶", "Cap a life"),
    "cap_fen": Text("封顶", "Cap"),
    "county": Text("县（区）总工会", "County"),
    "city": Text("市总工会", "City"),
    "province": Text("省总工会", "Province"),
    "national": Text("全国总工会", "National"),
})


def number_words(key: str) -> str:
    """A regional number or one of its parts in words."""
    return str(NUMBERS.get(key, key))


def fact_words(fact: str, programme: Programme | None = None) -> str:
    """A fact in words: of the table above, else the question of the form whose answer it is."""
    if fact in FACTS:
        return str(FACTS[fact])
    field = programme.form.field(fact) if programme else None
    return str(field.title) if field else fact


def who_words(role: str, level: str) -> str:
    """A role with its level in words."""
    name = str(Role(role).label) if role in Role.values else role
    return f"{name} · {Level(level).label}" if level in Level.values else name


def state_words(group: str) -> str:
    """A standing in words."""
    return str(State(group).label) if group in State.values else group


def value_words(value: Any, fact: str = "") -> str:
    """What a fact is compared with; money in yuan."""
    if isinstance(value, list):
        return "、".join(value_words(part, fact) for part in value)
    if fact.endswith("_fen") and isinstance(value, int):
        return f"{money.show(value)} {Text('元', 'yuan')}"
    if value == "" or value is None:
        return "—"
    return str(Text("是", "yes") if value is True else Text("否", "no") if value is False else value)
