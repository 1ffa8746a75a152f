"""The way of the two programmes, step by step, for tests that need a case at a certain place."""

from collections.abc import Callable
from typing import Any

from casework.cases.models import Case
from casework.documents import store
from casework.funds.models import Batch, Payment
from casework.workflows import payruns
from tests.doubles.bank import Bank
from tests.filled import dossier_answers, living_answers, temporary_answers
from tests.office import Office

NAMES = ("赵小兰", "钱卫国", "孙玉梅", "周长河", "吴春生")
Move = Callable[[Office, Case], None]


def accept(office: Office, case: Case) -> None:
    """The union's handler finds the papers complete."""
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")


def record_visit(office: Office, case: Case) -> None:
    """The first investigator writes the sheet."""
    photos = [office.upload("visitor_1", "photos"), office.upload("visitor_1", "photos", 7)]
    office.do(
        case,
        "visit.record",
        "visitor_1",
        visited_on=office.now.date().isoformat(),
        place="城关街道东背街社区",
        met="本人",
        housing="自有住房一套,60 平方米",
        finding="家庭收入低,医疗支出大,情况属实",
        difficulty="长期患病",
        agrees=True,
        photos=photos,
        signature=[office.upload("visitor_1", "signature")],
    )


def visit(office: Office, case: Case) -> None:
    """Two investigators visit: one writes, the other signs."""
    record_visit(office, case)
    office.do(case, "visit.sign", "visitor_2")


def discuss(office: Office, case: Case) -> None:
    """The union committee supports the application."""
    office.do(
        case, "discuss.pass", "chair", held_on=office.now.date().isoformat(), present=7, in_favour=7, opinion="同意上报"
    )


def notice(step: str, who: str) -> Move:
    """A notice is posted, its days pass, its result is confirmed."""

    def run(office: Office, case: Case) -> None:
        office.do(case, f"{step}.post", who, text="现将拟定名单予以公示。", contact="区总工会 0914-2388888")
        office.now = case.notices.latest("id").ends_at
        office.tick()
        office.do(
            case,
            f"{step}.confirm",
            who,
            photo_start=[office.upload(who, "photo_start")],
            photo_end=[office.upload(who, "photo_end")],
        )

    return run


def town_check(office: Office, case: Case) -> None:
    """The town union passes it up."""
    office.do(case, "town_check.pass", "organiser")


def means_check(office: Office, case: Case) -> None:
    """The civil affairs office answers that all is as declared."""
    office.do(case, "means_check.send", "officer", office="区民政局")
    office.do(case, "means_check.result", "officer", result="consistent", opinion="与申报一致")


def review(office: Office, case: Case) -> None:
    """The department passes it."""
    office.do(case, "review.pass", "reviewer", opinion="符合条件")


def approve(office: Office, case: Case) -> None:
    """The chair in charge approves, with the amount the rule found where money is given."""
    award = office.fresh(case).facts.get("award_fen")
    extra: dict[str, Any] = {"amount": award} if award else {}
    office.do(case, "approve.pass", "approver", **extra)


def register(office: Office, case: Case) -> None:
    """The dossier is entered."""
    office.do(case, "register.pass", "officer")


DOSSIER: dict[str, Move] = {
    "unit_check": accept,
    "visit": visit,
    "discuss": discuss,
    "unit_notice": notice("unit_notice", "chair"),
    "town_check": town_check,
    "means_check": means_check,
    "review": review,
    "approve": approve,
    "county_notice": notice("county_notice", "publicity"),
    "register": register,
}
REVIEW: dict[str, Move] = {
    "visit": visit, "means_check": means_check, "review": review, "approve": approve, "register": register,
}
LIVING: dict[str, Move] = {
    "unit_check": accept,
    "review": review,
    "approve": approve,
    "county_notice": notice("county_notice", "publicity"),
}


def go(office: Office, case: Case, route: dict[str, Move], until: str = "") -> Case:
    """Walk the route up to, not including, the step named; to its end without one."""
    for step, move in route.items():
        if step == until:
            break
        move(office, case)
    return office.fresh(case)


def member(office: Office, who: str = "worker") -> None:
    """A worker with a login of his own."""
    if who not in office.users:
        office.user(who, office.person(NAMES[len(office.users) % len(NAMES)] if who != "worker" else "李建国"))


def dossier_case(office: Office, who: str = "worker", **changes: Any) -> Case:
    """A worker's application for a dossier, handed in."""
    member(office, who)
    return office.apply(who, "hardship_dossier", dossier_answers(office, who, **changes))


def dossier(office: Office, who: str = "worker", **changes: Any) -> Case:
    """A worker whose dossier is in force."""
    return go(office, dossier_case(office, who, **changes), DOSSIER)


def living_case(office: Office, who: str = "worker", **changes: Any) -> Case:
    """An application for living aid by a worker with a dossier, handed in."""
    return office.apply(who, "living_aid", living_answers(office, who, **changes))


def temporary_case(office: Office, who: str = "worker", **changes: Any) -> Case:
    """An application for temporary aid by a worker without a dossier, handed in."""
    member(office, who)
    return office.apply(who, "temporary_aid", temporary_answers(office, who, **changes))


ITEMS = [{"item": "id_card", "problem": "UNCLEAR", "wanted": "身份证正反面清晰照片"}]


def enter_phase(office: Office, case: Case, step: str, phase: str) -> None:
    """From the opening of a step into one of its inner stages."""
    who = "chair" if step == "unit_notice" else "publicity"
    if phase == "waiting":
        office.do(case, f"{step}.one_time_notice", "handler", items=ITEMS)
    elif phase == "recorded":
        record_visit(office, case)
    elif phase == "sent":
        office.do(case, f"{step}.send", "officer", office="区民政局")
    elif phase in ("posted", "stopped", "ended"):
        office.do(case, f"{step}.post", who, text="现将拟定名单予以公示。", contact="区总工会 0914-2388888")
        if phase == "stopped":
            office.do(case, f"{step}.object", who, text="邻居反映家中有车")
        if phase == "ended":
            office.now = case.notices.latest("id").ends_at
            office.tick()


def settle(office: Office, case: Case, *, returned: bool = False, paid: bool = True) -> None:
    """The finance desk's part: batch made, checked, sent, and answered by the bank; without either, nothing yet."""
    if not returned and not paid:
        return
    batch = send_batch(office, [case])
    outcome = {case.number: "returned" if returned else "paid"}
    answer_batch(office, batch, outcome)


def send_batch(office: Office, cases: list[Case]) -> Batch:
    """Make, check and export a batch of the queued payments of these cases."""
    waiting = list(Payment.objects.filter(case__in=cases, state="queued").order_by("id"))
    batch = payruns.make(waiting[0].fund, [payment.pk for payment in waiting], office.actor("finance"), office.now)
    payruns.check(batch, office.actor("cashier"), office.now, approve=True)
    payruns.export(batch, office.actor("cashier_2"), office.now)
    batch.refresh_from_db()
    return batch


def answer_batch(office: Office, batch: Batch, outcome: dict[str, str]) -> None:
    """The bank answers: outcome by case number, "paid" or "returned" (a closed card)."""
    returned = {
        p.number: "CARD_CLOSED" for p in batch.payments.select_related("case") if outcome[p.case.number] == "returned"
    }
    payruns.take_result(
        batch, Bank().answer(store.open_file(batch.file).read(), returned), office.actor("cashier"), office.now
    )
    office.tick()


TEMPORARY: dict[str, Move] = {
    "unit_check": accept,
    "review": review,
    "approve": approve,
    "pay": settle,
    "after_notice": notice("after_notice", "publicity"),
}
SHEET: dict[str, Any] = {
    "visited_on": "2026-11-20",
    "place": "东背街社区",
    "met": "本人",
    "housing": "自有住房一套",
    "finding": "情况属实",
    "difficulty": "长期患病",
    "agrees": True,
}
BOARD = ("photo_start", "photo_end")
WORDS = {"opinion": "已核实"}
POST = {"text": "现将拟定名单予以公示。", "contact": "区总工会 0914-2388888"}
DENY = {"code": "FALSE_DATA", "opinion": "申报与事实不符"}
# What each action is answered with, files aside.
ANSWERS: dict[str, dict[str, Any]] = {
    "unit_check.one_time_notice": {"items": ITEMS},
    "unit_check.not_accept": {"code": "NOT_MEMBER", "opinion": "不是会员"},
    "visit.record": SHEET,
    "visit.no_visit": {"why": "absent", "attempts": [{"on": "2026-11-19"}, {"on": "2026-11-20"}],
                       "opinion": "无人应门"},
    "visit.redo": WORDS,
    "discuss.pass": {"held_on": "2026-11-20", "present": 7, "in_favour": 7, "opinion": "同意上报"},
    "discuss.not_supported": {"held_on": "2026-11-20", "present": 7, "in_favour": 2, "opinion": "不同意上报"},
    "means_check.send": {"office": "区民政局"},
    "means_check.result": {"result": "consistent", "opinion": "与申报一致"},
    "review.deny": DENY,
    "approve.deny": DENY,
    "rate.give": {"stars": "5"},
} | {
    f"{step}.{key}": words
    for step in ("unit_notice", "county_notice")
    for key, words in {
        "post": POST,
        "object": {"text": "邻居反映家中有车"},
        "dismiss": {"reply": "经查不实"},
        "change_list": {"reply": "名单更正"},
        "uphold": {"reply": "经查属实"},
    }.items()
}
