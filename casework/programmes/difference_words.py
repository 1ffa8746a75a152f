"""How the parts of a programme and their values are called in both languages, for the list of differences."""
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import override

from casework.access.models import Role
from casework.core import money
from casework.core.problems import Words
from casework.core.text import Text
from casework.organisations.models import Level
from casework.programmes.fact_words import CHOSEN, FACTS
from casework.programmes.number_words import named
from casework.programmes.reasons import text_of
from casework.programmes.references import is_reference

Fields = Mapping[str, Mapping[str, Any]]
NO_FIELDS: Fields = MappingProxyType({})
NOTHING = Text("未填", "not given")
YES, NO = Text("是", "yes"), Text("否", "no")
# What an attribute is called. One that is not named here is called by its own name.
ATTRIBUTES: Mapping[str, Text] = {
    "title": Text("名称", "title"), "summary": Text("简介", "summary"), "help": Text("说明", "help"),
    "who": Text("适用对象", "who it is for"), "how_much": Text("标准说明", "how much"),
    "item_title": Text("每行的名称", "title of a row"), "life": Text("生命周期", "life cycle"),
    "family": Text("类别", "family"), "needs": Text("前提登记", "register needed before"),
    "numbers": Text("地区标准数值", "regional numbers"), "told": Text("文字中的数值", "numbers of its texts"),
    "classify": Text("认定规则", "rule of classification"),
    "award": Text("金额规则", "rule of the amount"), "fund": Text("资金用途", "purpose of the fund"),
    "exclusive_year": Text("每年一次", "once a year"), "facts": Text("转为事实的填写项", "answers that become facts"),
    "start": Text("可提交者", "who may file"), "for_unit": Text("由单位申请", "for a union"),
    "anonymous": Text("可匿名", "may be anonymous"), "open": Text("受理期间", "days it is open"),
    "once": Text("只可享受一次的依据", "granted once by"), "gives": Text("产生的登记", "entry it gives"),
    "ends": Text("给付后终止的登记", "entry that ends with the payment"),
    "renews": Text("年审的登记", "register it checks each year"),
    "begins_with": Text("预填来源", "services it begins with the answers of"),
    "re_examines": Text("申请复核的期限", "time to ask for a re-examination"),
    "channels": Text("办理渠道", "channels"), "figures": Text("统计指标", "figures"),
    "retention": Text("保存期限", "kept for"), "letters": Text("编号字头", "letters of its numbers"),
    "limit": Text("时限", "limit"),
    "promise": Text("承诺时限", "promised limit"),
    "supplement": Text("补正时限", "time to supplement"),
    "longer": Text("补正最多延长", "most further time to supplement"), "days": Text("公示时间", "days of the notice"),
    "pause": Text("暂停时限", "longest pause"), "required": Text("必填", "required"),
    "valid_months": Text("有效月数", "months it counts"), "valid_until": Text("有效期至", "until when it counts"),
    "series": Text("成套材料", "papers over a time"), "shared": Text("共用材料", "shared with other services"),
    "sample": Text("样例", "sample"),
    "kind": Text("种类", "kind"), "by": Text("办理人", "done by"),
    "at": Text("办理层级", "level"), "maker": Text("制单人", "maker"), "with": Text("并行于", "opens with"),
    "when": Text("条件", "condition"), "silence": Text("逾期视为", "silence means"),
    "on_timeout": Text("逾期转交", "after its limit goes to"), "sign": Text("签字人数", "signatures"),
    "signers": Text("签批人数", "people who sign"), "also": Text("会签人", "also signed by"),
    "need": Text("所需签批数", "signatures needed"), "in_turn": Text("依次签批", "signed in turn"),
    "duty": Text("回避职责", "duty"),
    "standing": Text("所处状态", "standing"), "scope": Text("公示范围", "scope"),
    "shows": Text("公示内容", "what is shown"),
    "ceilings": Text("审批限额", "ceilings"), "min": Text("最小值", "least"),
    "max": Text("最大值", "most"), "paper": Text("对应材料", "paper"), "many": Text("可多份", "several files"),
    "max_files": Text("最多文件数", "most files"), "min_files": Text("最少文件数", "least files"),
    "not_future": Text("不得晚于今天", "not in the future"), "not_past": Text("不得早于今天", "not in the past"),
    "near": Text("距今最多年数", "years from now at most"),
    "default": Text("默认值", "default"), "unit": Text("单位", "unit"), "derived": Text("自动计算", "worked out"),
    "sensitive": Text("敏感信息", "sensitive"), "from": Text("自", "from"), "to": Text("至", "to"),
    "key": Text("代号", "code"), "fields": Text("按", "by"), "register": Text("登记簿", "register"),
    "years": Text("有效年数", "years it counts"), "renew_days": Text("到期前提醒天数", "days it is renewed before"),
    "until": Text("截止日取自", "until the answer"), "ends_on": Text("因何注销", "ends on"),
}
TESTS: Mapping[str, Text] = {
    "equals": Text("等于", "is"), "in": Text("属于", "is one of"), "at_least": Text("不低于", "is at least"),
    "at_most": Text("不高于", "is at most"), "above": Text("高于", "is above"), "below": Text("低于", "is below"),
    "is_true": Text("为真：", "holds:"), "contains": Text("包含", "contains"),
}


# Codes of an attribute in words.
CODES: Mapping[str, Mapping[str, Text]] = {
    "shows": {
        "name": Text("姓名", "name"), "unit": Text("单位", "union"), "kind_of_aid": Text("救助种类", "kind of aid"),
        "category": Text("困难类别", "category"), "amount": Text("金额", "amount"),
    },
    "scope": {
        "unit": Text("本单位", "the union"), "town": Text("本镇（街道）", "the town"),
        "county": Text("本县（区）", "the county"), "city": Text("全市", "the city"),
    },
    "silence": {"accepted": Text("受理", "accepted"), "closed": Text("办结", "closed")},
    "channels": CHOSEN["via"],
    "valid_until": {
        "asked": Text("填表人填写的日期", "the date told"), "school_year": Text("本学年结束", "the school year"),
    },
}


def attribute(name: str) -> Text:
    """What an attribute is called."""
    return ATTRIBUTES.get(name, Text(name, name))


def title_of(data: Any, key: str) -> Text:
    """The title of a step, field or paper, or its key while it has none."""
    title = data.get("title") if isinstance(data, Mapping) else None
    return Text.of(title) if isinstance(title, Mapping) and _is_text(title) else Text(key, key)


def quoted(kind: Text, title: Text) -> Text:
    """步骤“审核” / Step "Review"."""
    return Text(f"{kind.zh}“{title.zh}”", f"{kind.en} “{title.en}”")


def said(name: str, value: Any, fields: Fields = NO_FIELDS) -> Text:
    """A value as a reader says it. name: the attribute it belongs to. fields: the questions that conditions ask of."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return _joined([said(name, inner, fields) for inner in value])
    if isinstance(value, Mapping):
        return _mapped(name, value, fields)
    if name in CODES:
        return CODES[name].get(str(value), Text(str(value), str(value)))
    return WORDED[name](str(value)) if name in WORDED else _days(str(value))


def _mapped(name: str, value: Mapping[str, Any], fields: Fields) -> Text:
    if name == "when":
        return condition(value, fields)
    if is_reference(value):
        return named(value["number"])
    return Text.of(value) if _is_text(value) else _pairs(value, fields)


def in_yuan(value: Any) -> Text:
    """Fen as a reader says them: 5,000.00 yuan."""
    if not isinstance(value, int):
        return said("", value)
    return Text(f"{money.show(value)} 元", f"{money.show(value)} yuan")


def condition(tests: Mapping[str, Any], fields: Fields = NO_FIELDS) -> Text:
    """A closed condition in words. fields: the questions of the form, by key, for answers that are facts."""
    return _joined([_test(fact, wanted, fields) for fact, wanted in tests.items()], Text("，且", " and "))


def denial(code: Any) -> Text:
    """A reason in words, with its code, by which officers know it."""
    words = text_of(str(code))
    return Text(f"{words.zh}（{code}）", f"{words.en} ({code})") if words.zh != str(code) else words


def _test(fact: str, wanted: Any, fields: Fields) -> Text:
    field = fields.get(fact, {})
    called = FACTS.get(fact) or title_of(field, fact)
    if not isinstance(wanted, Mapping):
        wanted = {"equals": wanted}
    found = []
    for name, value in wanted.items():
        word, shown = TESTS.get(name, Text(name, name)), _compared(fact, field, value)
        found.append(Text(f"{called.zh}{word.zh}{shown.zh}", f"{called.en} {word.en} {shown.en}"))
    return _joined(found, Text("，且", " and "))


def _compared(fact: str, field: Mapping[str, Any], value: Any) -> Text:
    """What a fact is compared with: choices by their words, fen as yuan."""
    if isinstance(value, list):
        return _joined([_compared(fact, field, one) for one in value])
    if isinstance(value, bool) or is_reference(value):
        return said("", value)
    choices = CHOSEN.get(fact) or field.get("choices") or {}
    if isinstance(choices, Mapping) and value in choices:
        return said("", choices[value]) if isinstance(choices[value], Mapping) else Text.of(choices[value])
    if isinstance(value, int) and (fact.endswith("_fen") or field.get("kind") == "money"):
        return in_yuan(value)
    return said("", value)


def _who(text: str) -> Text:
    """reviewer@county → 县级审核人 in words of both languages."""
    role, _at, level = text.partition("@")
    who = _both(Role(role).label) if role in Role.values else Text(role, role)
    if not level:
        return who
    where = _both(Level(level).label) if level in Level.values else Text(level, level)
    return Text(f"{who.zh}（{where.zh}）", f"{who.en} ({where.en})")


def _days(text: str) -> Text:
    """5wd → 5 个工作日; 15y → 15 年."""
    if text.endswith("wd") and text[:-2].isdigit():
        return Text(f"{text[:-2]} 个工作日", f"{text[:-2]} working days")
    if text.endswith("y") and text[:-1].isdigit():
        return Text(f"{text[:-1]} 年", f"{text[:-1]} years")
    return Text(text, text)


def _pairs(value: Mapping[str, Any], fields: Fields) -> Text:
    """from: 07-01, to: 08-31."""
    found = []
    for name, inner in value.items():
        called, told = attribute(name), said(name, inner, fields)
        if name == "fields" and isinstance(inner, list):
            told = _joined([title_of(fields.get(str(key)), str(key)) for key in inner])
        found.append(Text(f"{called.zh} {told.zh}", f"{called.en} {told.en}"))
    return _joined(found, Text("，", ", "))


WORDED: Mapping[str, Callable[[str], Text]] = {
    "by": _who, "maker": _who, "also": _who, "start": _who, "on_timeout": _who, "ends_on": denial,
    "numbers": named, "told": named, "ceilings": named,
}


def _joined(texts: list[Text], between: Text | None = None) -> Text:
    between = between or Text("、", ", ")
    return Text(between.zh.join(text.zh for text in texts), between.en.join(text.en for text in texts))


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"zh", "en"}


def _both(words: Words) -> Text:
    with override("zh-hans"):
        zh = str(words)
    with override("en"):
        return Text(zh, str(words))
