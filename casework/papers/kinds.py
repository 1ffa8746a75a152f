"""The kinds of paper: title, word of the number, template, and the shape of what stands in each (domain §4.11).

Every `data` is plain JSON, frozen when the paper is ordered. Names and numbers in it are masked; the full name of the
applicant is put in when a letter addressed to him is made. Money in fen, days as ISO dates.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NotRequired, TypedDict

from casework.core.text import Text


class Holder(TypedDict):
    """The applicant, masked."""

    name: str
    id_no: str


class Office(TypedDict):
    """Who issues the paper."""

    name: str
    phone: str
    address: str


class Words(TypedDict):
    """A phrase in both languages."""

    zh: str
    en: str


class Line(TypedDict):
    """One line a rule worked out. unit: fen, people, …"""

    zh: str
    en: str
    value: int
    unit: str


class Common(TypedDict):
    """What stands in every paper of a case. family: of the programme, for the number. day: local date of the event."""

    family: str
    case: str
    matter: Words
    applicant: Holder
    unit: str
    office: Office
    day: str


class Received(TypedDict):
    """A paper handed in, and how many files of it."""

    title: str
    count: int


class Acceptance(Common):
    """受理通知书. silence: accepted because the limit to answer had passed."""

    query_code: str
    received: list[Received]
    accepted_on: str
    limit_wd: int
    promise_wd: int
    promised_on: str
    officer: str
    silence: bool


class NoticeItem(TypedDict):
    """One thing to mend. rule: what the paper has to be like; sample: what one looks like, or ""."""

    item: str
    problem: str
    rule: str
    wanted: str
    sample: NotRequired[str]


class OneTimeNotice(Common):
    """一次性告知书. accepted: asked after acceptance, when nothing lapses."""

    items: list[NoticeItem]
    hand_in_by: str
    supplement_wd: int
    officer: str
    second: bool
    supervisor_reason: str
    accepted: NotRequired[bool]


class Refusal(Common):
    """不予受理通知书 and 不予批准通知书. facts: what was found; higher: where to ask for a review; once: it is the
    only one, which it is unless said; final: none can be asked for any more; ended_entry: number of the dossier that
    ends with the refusal, or ""."""

    code: str
    reason: Words
    clause: Words
    facts: str
    lines: list[Line]
    right_body: str
    appeal: Words
    higher: str
    once: NotRequired[bool]
    final: NotRequired[bool]
    ended_entry: NotRequired[str]


class Approval(Common):
    """批准通知书. amount_fen: None when no money is given; register_no: number of the dossier entered, or ""."""

    category: str
    amount_fen: int | None
    lines: list[Line]
    year: int | None
    bank: str
    card: str
    register_no: str
    verified_until: str


class Calculation(Common):
    """核算书 (理赔计算书). lines: every line to the fen; award_fen: what they come to; calculated_by: the officer."""

    lines: list[Line]
    award_fen: int
    calculated_by: str


class Opinion(TypedDict):
    """What one office said on the application form."""

    step: str
    organisation: str
    name: str
    decision: str
    opinion: str
    day: str


class Member(TypedDict):
    """A member of the household, masked."""

    name: str
    relation: str
    sex: str
    age: str
    id_no: str
    work: str


class Told(TypedDict):
    """One answer of the application in words."""

    label: str
    value: str


class Block(TypedDict):
    """Answers that belong together: the person, the unit, the household."""

    title: str
    rows: list[Told]


class Form(Common):
    """申请审批表."""

    phone: str
    via: str
    submitted_on: str
    accepted_on: str
    year: int | None
    requested_fen: int | None
    amount_fen: int | None
    category: str
    members: list[Member]
    blocks: list[Block]
    lines: list[Line]
    award_lines: list[Line]
    received: list[Received]
    opinions: list[Opinion]
    register_no: str


class NoticeRow(TypedDict):
    """One masked row of a public notice."""

    name: str
    unit: str
    kind_of_aid: str
    category: str
    amount: str


class PublicNotice(Common):
    """公示. shows_*: which columns the route allows."""

    text: str
    contact: str
    first_day: str
    last_day: str
    days: int
    rows: list[NoticeRow]
    shows_category: bool
    shows_amount: bool
    total_fen: NotRequired[int | None]


class RosterRow(TypedDict):
    """One payment of a roster, masked. payment: its number."""

    no: int
    payment: str
    name: str
    unit: str
    id_masked: str
    account_masked: str
    bank: str
    amount_fen: int
    case: str


class Roster(TypedDict):
    """发放花名册. purposes: what the fund is for, in words."""

    family: str
    day: str
    office: Office
    batch: str
    fund: str
    source: str
    purposes: str
    rows: list[RosterRow]
    count: int
    total_fen: int
    maker: str
    made_on: str
    checker: str
    checked_on: str


class Row(TypedDict):
    """One labelled line of a statement."""

    label: str
    value: str


class VisitForm(Common):
    """入户调查表. rows: the lines of the sheet; investigators: who recorded it and who signs; photos: how many.
    signatures: how many pictures of what the person visited signed on paper; without any he signs this sheet."""

    rows: list[Row]
    investigators: list[str]
    photos: int
    signatures: NotRequired[int]


class Statement(Common):
    """转送函, 处理意见书 and the like. to: whom it goes to, "" = the person. text: what was found or decided, as it was
    written. appeal: how to ask for another look, "" where it is final."""

    to: str
    opening: str
    rows: list[Row]
    heading: str
    text: str
    appeal: str


@dataclass(frozen=True, slots=True)
class Kind:
    """word: its sign in the number 机关代字〔年〕序号. addressed: goes to the applicant, whose full name it bears."""

    title: Text
    word: str
    template: str
    addressed: bool = True


KINDS: Mapping[str, Kind] = MappingProxyType({
    "acceptance_notice": Kind(Text("受理通知书", "Notice of acceptance"), "受", "papers/acceptance_notice.html"),
    "one_time_notice": Kind(Text("一次性告知书", "One-time notice"), "告", "papers/one_time_notice.html"),
    "not_accepted_notice": Kind(Text("不予受理通知书", "Notice of non-acceptance"), "不受", "papers/refusal.html"),
    "approval_form": Kind(Text("申请审批表", "Application and approval form"), "审", "papers/approval_form.html"),
    "approval_notice": Kind(Text("批准通知书", "Notice of approval"), "批", "papers/approval_notice.html"),
    "calculation_sheet": Kind(Text("核算书", "Calculation sheet"), "算", "papers/calculation_sheet.html"),
    "denial_notice": Kind(Text("不予批准通知书", "Notice of refusal"), "不批", "papers/refusal.html"),
    "referral": Kind(Text("转送函", "Letter of referral"), "转", "papers/statement.html", addressed=False),
    "handling_opinion": Kind(Text("处理意见书", "Opinion on the petition"), "意", "papers/statement.html"),
    "review_opinion": Kind(Text("复查意见书", "Opinion on the review"), "复查", "papers/statement.html"),
    "recheck_opinion": Kind(Text("复核意见书", "Opinion on the recheck"), "复核", "papers/statement.html"),
    "re_examination_decision": Kind(
        Text("复核决定书", "Decision on the re-examination"), "复决", "papers/statement.html",
    ),
    "aid_grant": Kind(Text("同意法律援助决定书", "Decision to give legal aid"), "法援", "papers/statement.html"),
    "appointment": Kind(Text("指派函", "Letter of appointment"), "派", "papers/statement.html", addressed=False),
    "closing_report": Kind(Text("结案报告", "Closing report"), "结", "papers/statement.html"),
    "public_notice": Kind(Text("公示", "Public notice"), "示", "papers/public_notice.html", addressed=False),
    "visit_form": Kind(Text("入户调查表", "Sheet of the home visit"), "访", "papers/visit_form.html", addressed=False),
    "payment_roster": Kind(Text("发放花名册", "Payment roster"), "发", "papers/payment_roster.html", addressed=False),
})
# The sign of the line of work in the number, e.g. 援 for aid.
FAMILY_WORDS: Mapping[str, str] = MappingProxyType(
    {"aid": "援", "mutual_aid": "互", "organisation": "组", "rights": "维"}
)


def title(kind: str) -> Text:
    """The name of a kind; an unknown kind is called by its key."""
    return KINDS[kind].title if kind in KINDS else Text(kind, kind)
