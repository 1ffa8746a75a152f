"""The first case in words: what the worker answers, and what each person of the offices decides. Walked in a browser by
test_first_case.py, over plain HTTP by test_city.py. A double underscore in a name stands for a dot."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from casework.core.calendar import SHANGHAI
from casework.demo.numbers import id_number

OWN_WORDS = "纺织厂门口的老梧桐树下"
UNION = "秦岭示范纺织厂工会"
CONTACT = "区总工会 0914-2388888"


class Worker(NamedTuple):
    """Somebody who signs up and applies, with a spouse at home."""

    name: str
    spouse: str
    serial: int

    @property
    def id_no(self) -> str:
        """The worker's ID number, synthetic."""
        return id_number("611002", "19660512", self.serial)

    @property
    def login(self) -> dict[str, Any]:
        """What the page of signing up asks."""
        return {"name": self.name, "id_no": self.id_no, "phone": PHONE, "password": OWN_WORDS, "agree": True}

    @property
    def person(self) -> dict[str, Any]:
        """The first page of the dossier, the union aside."""
        at_home = {
            "address": "商州区城关街道东背街 12 号", "marital": "married", "health": "chronic",
            "medical_insurance": "employee",
        }
        return {**at_home, "name": self.name, "id_no": self.id_no, "phone": PHONE}

    @property
    def household(self) -> dict[str, Any]:
        """The third page: the spouse, whose signature stands beside it."""
        return {
            "members__0__name": self.spouse, "members__0__relation": "spouse", "members__0__health": "chronic",
            "members__0__id_no": id_number("611002", "19680320", self.serial + 1), "members__0__work": "unable",
        }

    @property
    def account(self) -> dict[str, Any]:
        """The page with the worker's own card."""
        return {"account_name": self.name, **CARD}


PHONE = "13900002345"
FIRST, SECOND = Worker("陈桂兰", "刘建军", 417), Worker("赵玉珍", "钱大勇", 421)
THIRD = Worker("孙秀英", "马成林", 425)
WORK: dict[str, Any] = {"work": "retired", "unit_name": "秦岭示范纺织厂"}
SIGNED, PROVED = "members__0__authorisation", "rigid__0__proof"  # where a photograph belongs to a row
MONEY: dict[str, Any] = {
    "incomes__0__member": "self", "incomes__0__kind": "transfer", "incomes__0__amount": "26000",
    "rigid__0__member": "0", "rigid__0__kind": "medical", "rigid__0__amount": "18000", "rigid__0__reimbursed": "6000",
}
SITUATION: dict[str, Any] = {
    "housing": "bought", "homes": "1", "vehicle": "none", "business": "none", "needs": ["living"],
    "cause_main": "family_illness",
    "statement": "爱人长期患病，我的退休金不够两个人看病和吃饭。",
}
CONSENTS = ("general_consent", "sensitive_consent", "income_check_authorisation", "truth_pledge")
WISH: dict[str, Any] = {"months": "6", "amount": "5000", "reason": "家庭支出大，生活困难。"}
CARD_NO = "6222021234567890128"
CARD: dict[str, Any] = {"card_no": CARD_NO, "card_no__again": CARD_NO, "bank": "中国邮政储蓄银行"}


class Step(NamedTuple):
    """One decision. days: working days that pass after it."""

    username: str
    action: str
    answers: dict[str, Any] = {}
    days: int = 0


def until_spring() -> int:
    """Seconds to ten in the morning of the next 2 March: two whole cases end before the year and its funds do."""
    now = datetime.now(SHANGHAI)
    spring = datetime(now.year, 3, 2, 10, tzinfo=SHANGHAI)
    return int((spring.replace(year=now.year + (spring < now)) - now).total_seconds())


def notice(username: str, step: str, photos: Sequence[str]) -> list[Step]:
    """A notice hangs for its days, and its result is confirmed."""
    board = {"photo_start": photos[0], "photo_end": photos[1]}
    return [
        Step(username, f"{step}.post", {"contact": CONTACT}, days=6), Step(username, f"{step}.confirm", board),
    ]


def dossier_way(photos: Sequence[str], today: str) -> list[Step]:
    """The dossier's way, each step by the person whose it is. photos: of the visit and of the boards."""
    visit = {
        "visited_on": today, "place": "东背街社区", "met": "本人及配偶", "housing": "自有住房一套，58 平方米",
        "finding": "夫妻二人靠退休金生活", "difficulty": "配偶长期服药", "agrees": "true", "photos": list(photos[:2]),
        "signature": photos[2],
    }
    meeting = {"held_on": today, "present": "7", "in_favour": "7", "opinion": "情况属实，同意上报"}
    return [
        Step("unit_handler", "unit_check.pass", {"opinion": "材料齐全，予以受理"}),
        Step("investigator", "visit.record", visit),
        Step("investigator2", "visit.sign"),
        Step("unit_chair", "discuss.pass", meeting),
        *notice("unit_chair", "unit_notice", photos),
        Step("organiser", "town_check.pass"),
        Step("case_officer", "means_check.send", {"office": "商州区民政局"}),
        Step("case_officer", "means_check.result", {"result": "consistent", "opinion": "与申报一致"}),
        Step("reviewer", "review.pass", {"opinion": "符合建档条件"}),
        Step("approver", "approve.pass"),
        *notice("publicity_officer", "county_notice", photos),
        Step("case_officer", "register.pass"),
    ]


def aid_way(photos: Sequence[str]) -> list[Step]:
    """The way of living aid, up to the payment."""
    return [
        Step("unit_handler", "unit_check.pass", {"opinion": "材料齐全"}),
        Step("reviewer", "review.pass", {"opinion": "符合条件"}),
        Step("approver", "approve.pass", {"amount": "5000", "opinion": "同意"}),
        *notice("publicity_officer", "county_notice", photos),
    ]
