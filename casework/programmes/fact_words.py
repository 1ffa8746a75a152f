"""The facts of a case and what they can be, in both languages; a fact without words is told by its question."""
from collections.abc import Mapping
from types import MappingProxyType

from casework.core.text import Text
from casework.programmes.reasons import CATEGORIES, DENIALS, text_of

FACTS: Mapping[str, Text] = MappingProxyType({
    "category": Text("困难类别", "category"),
    "exclusions": Text("不予建档情形", "exclusions"),
    "check_refused": Text("拒绝核对或入户", "check or visit refused"),
    "no_visit": Text("不能入户的原因", "why no visit was made"),
    "visit_disagrees": Text("入户调查与申报不一致", "visit disagrees with the declaration"),
    "not_supported": Text("不予支持的环节", "steps that do not support it"),
    "award_fen": Text("核定金额", "award"),
    "award_limit": Text("受何种封顶限制", "cap that cut the award"),
    "amount_fen": Text("批准金额", "amount approved"),
    "requested_fen": Text("申请金额", "amount asked for"),
    "pc_fen": Text("人均月收入", "income a head and month"),
    "insured": Text("已参保", "insured"),
    "reduced": Text("在减额期内", "in the reduced days"),
    "disease_unlisted": Text("不在保障病种内", "disease not on the list"),
    "not_first": Text("不是首次确诊", "not a first diagnosis"),
    "shares": Text("持有份数", "shares held"),
    "expert_supports": Text("专家认为符合标准", "the expert finds the criteria met"),
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
    "gone": Text("不再慰问的原因", "why not served"),
    "answered": Text("当场答复", "answered at once"),
    "satisfied": Text("群众满意", "the caller is content"),
    "vetoed": Text("一票否决", "vetoed"),
    "passed": Text("达标", "passed"),
    "score": Text("得分", "score"),
    "entitled": Text("符合援助条件", "entitled to aid"),
    "urgent": Text("时效将满", "a time limit is near"),
    "days_left": Text("距时效届满天数", "days before the time limit"),
    "fee_due": Text("应付律师补贴", "a subsidy is due"),
    "important": Text("重要事项", "important"),
    "asked_review": Text("已请求复查", "a review was asked for"),
    "asked_recheck": Text("已请求复核", "a recheck was asked for"),
    "joint": Text("联名信访", "a joint petition"),
    "late_days": Text("逾期天数", "days too late"),
    "in_household": Text("属于共同生活家庭成员", "lives in the household"),
    "told_late": Text("报案超过期限", "told too late"),
    "outside_aid_fen": Text("已获其他资助", "aid from elsewhere"),
    "own_cost_fen": Text("个人自付费用", "own cost"),
    "award_base_fen": Text("计算基数", "base of the award"),
    "income_fen": Text("家庭月收入", "income of the household a month"),
    "means_income_fen": Text("核对月收入", "income found by the means check"),
    "rigid_fen": Text("刚性支出", "rigid expenses"),
    "line_fen": Text("低保标准", "subsistence line"),
    "event_fen": Text("意外事件支出", "cost of the event"),
    "loss_fen": Text("意外损失", "loss"),
    "waiting_for_funds": Text("等待资金", "waiting for funds"),
})
# What a fact of few values can be.
CHOSEN: Mapping[str, Mapping[str, Text]] = MappingProxyType({
    "category": MappingProxyType({**CATEGORIES, "": Text("没有档案", "no dossier")}),
    "award_limit": MappingProxyType({
        "event": Text("单次封顶", "the cap of an event"), "year": Text("年度封顶", "the cap of a year"),
        "life": Text("终身封顶", "the cap of a life"), "rest": Text("剩余费用", "what is left of the cost"),
        "asked": Text("申请金额", "the amount asked for"),
        "none": Text("该类别没有标准", "no standard for the category"),
        "": Text("未受限制", "nothing"),
    }),
    "via": MappingProxyType({
        "online": Text("网上", "online"), "window": Text("窗口", "the window"), "assisted": Text("代办", "with help"),
        "hotline": Text("热线", "the hotline"),
    }),
    "gone": MappingProxyType({code: text_of(code) for code in ("DECEASED", "MOVED_AWAY", "NOT_ELIGIBLE")}),
    "exclusions": MappingProxyType({
        code: reason.text for code, reason in DENIALS.items() if code.startswith("EXCL_")
    }),
})
