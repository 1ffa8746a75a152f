"""What letters and messages say of a turn: facts of the case as plain JSON, masked (domain §4.10, §4.11).

Runs inside the door, after the event was written: it only reads, a few queries a letter.
"""
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import override

from casework.cases.models import Case
from casework.core import money
from casework.core.calendar import add_working_days, local_date, working_days_between
from casework.core.masks import mask_name
from casework.core.text import Text
from casework.organisations.models import Organisation
from casework.papers import kinds
from casework.people.persons import pinyin_of
from casework.programmes.reasons import DENIALS, FINAL, NOT_ACCEPTED, PROBLEM_KINDS, Reason, text_of
from casework.programmes.spec import NO_TEXT
from casework.workflows import corrections, re_examination_letter, re_examining, sheets, statements
from casework.workflows import letter_facts as facts
from casework.workflows.models import Decision, PublicNotice
from casework.workflows.turn import Turn

PAIRED_SURNAMES = frozenset({
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "端木",
    "南宫", "夏侯",
})


def common(turn: Turn) -> dict[str, Any]:
    """Parameters of every message. No diagnosis, no amount, no full name: it may travel as SMS.

    salutation: surname and 同志. reason: why the case ended, "" while it runs. The parameters ending in _en are for
    messages in English; days are ISO dates.
    """
    case, programme, office = turn.case, turn.programme, office_of(turn)
    reason = text_of(case.outcome) if case.outcome else Text("", "")
    surname = surname_of(case.applicant.name)
    return {
        "number": case.number, "query_code": case.query_code, "programme": programme.title.zh,
        "programme_en": programme.title.en, "salutation": f"{surname}同志", "salutation_en": pinyin_of(surname).title(),
        "promised_on": facts.iso(case.promised_on), "today": turn.today.isoformat(), "organisation": office.name,
        "organisation_en": office.name_en or office.name, "phone": phone_of(case, office),
        "hand_in_by": facts.iso(add_working_days(turn.today, programme.clock.supplement_wd)),
        "reason": reason.zh, "reason_en": reason.en, "step": turn.step.title.zh if turn.step else "",
        "step_en": turn.step.title.en if turn.step else "",
    }


def content(kind: str, turn: Turn) -> dict[str, Any]:
    """What stands in a paper of this kind, as `papers.kinds` describes it. Raises KeyError for an unknown kind."""
    data: dict[str, Any] = {**_base(turn), **BUILDERS[kind](turn)}
    return data


def office_of(turn: Turn) -> Organisation:
    """Who speaks: the desk of the task, else the union that handles the case."""
    return turn.task.organisation if turn.task is not None else turn.case.organisation


def phone_of(case: Case, office: Organisation) -> str:
    """The window's phone: the office's own, else the county's."""
    return office.phone or (case.county.phone if case.county else "")


def surname_of(name: str) -> str:
    """The surname by which a person is addressed."""
    return name[:2] if name[:2] in PAIRED_SURNAMES and len(name) > 2 else name[:1]


def _base(turn: Turn) -> kinds.Common:
    case, office = turn.case, office_of(turn)
    return {
        "family": turn.programme.family, "case": case.number, "matter": facts.words(turn.programme.title),
        "applicant": {"name": mask_name(case.applicant.name), "id_no": facts.masked_id(case)},
        "unit": case.organisation.name, "day": turn.today.isoformat(),
        "office": {"name": office.name, "phone": phone_of(case, office), "address": office.address},
    }


def _acceptance(turn: Turn) -> dict[str, Any]:
    case, clock = turn.case, turn.programme.clock
    return {
        "query_code": case.query_code, "received": facts.received(turn),
        "accepted_on": facts.local_iso(case.accepted_at),
        "limit_wd": _days(case, case.due_on) or clock.limit_wd,
        "promise_wd": _days(case, case.promised_on) or clock.promise_wd, "promised_on": facts.iso(case.promised_on),
        "officer": facts.officer(turn), "silence": turn.decision == "silence",
    }


def _days(case: Case, end: date | None) -> int:
    """Working days from acceptance to a date, as they were promised."""
    if case.accepted_at is None or end is None:
        return 0
    return working_days_between(local_date(case.accepted_at), end) - case.paused_wd


def _one_time_notice(turn: Turn) -> dict[str, Any]:
    papers = {paper.key: paper for paper in turn.programme.papers}
    titles, items = corrections.titles(turn.programme), []
    for row in turn.facts.get("items", []):
        paper = papers.get(str(row["item"]))
        items.append({
            "item": titles[str(row["item"])].zh, "rule": paper.help.zh if paper else "",
            "sample": paper.sample.zh if paper else "",
            "problem": PROBLEM_KINDS[str(row["problem"])].zh, "wanted": str(row.get("wanted") or ""),
        })
    return {
        "items": items, "supplement_wd": turn.programme.clock.supplement_wd, "officer": facts.officer(turn),
        "hand_in_by": facts.iso(add_working_days(turn.today, turn.programme.clock.supplement_wd)),
        "second": bool(turn.facts.get("second")), "supervisor_reason": str(turn.facts.get("supervisor_reason") or ""),
        "accepted": turn.case.accepted_at is not None,
    }


def _refusal(turn: Turn, reasons: Callable[[str], Reason | None]) -> dict[str, Any]:
    code = str(turn.facts.get("code") or turn.case.outcome)
    reason, office = reasons(code), office_of(turn)
    words = reason.text if reason else text_of(code)
    appeal = statements.REVIEW_TEXT if statements.reviewed(turn.programme) else reason.appeal if reason else NO_TEXT
    final = re_examining.final(turn)
    higher = re_examining.above(turn.case, office)
    return {
        "code": code, "reason": facts.words(words), "clause": facts.words(reason.clause if reason else NO_TEXT),
        "facts": str(turn.facts.get("opinion") or turn.facts.get("reply") or ""), "lines": [],
        "right_body": str(turn.facts.get("right_body") or ""),
        "appeal": facts.words(FINAL if final else appeal), "once": not statements.reviewed(turn.programme),
        "higher": higher.name if higher else "", "final": final,
        "ended_entry": str(turn.facts.get("ended_entry") or ""),
    }


def _not_accepted(turn: Turn) -> dict[str, Any]:
    return _refusal(turn, NOT_ACCEPTED.get)


def _denial(turn: Turn) -> dict[str, Any]:
    return {**_refusal(turn, DENIALS.get), "lines": facts.summary_lines(turn.case)}


def _approval(turn: Turn) -> dict[str, Any]:
    case, entry = turn.case, turn.case.entry
    account = case.account if case.amount_fen else None
    return {
        "category": facts.category_words(case.category), "amount_fen": case.amount_fen, "year": case.year,
        "lines": list(case.facts.get("award_lines", [])) if case.amount_fen else facts.summary_lines(case),
        "bank": account.bank if account else "", "card": f"****{account.last4}" if account else "",
        "register_no": entry.number if entry else "",
        "verified_until": facts.iso(entry.verified_until if entry else None),
    }


def _calculation(turn: Turn) -> dict[str, Any]:
    worked_out = turn.case.facts
    return {
        "lines": list(worked_out.get("award_lines", [])), "award_fen": int(worked_out.get("award_fen") or 0),
        "calculated_by": facts.officer(turn),
    }


def _approval_form(turn: Turn) -> dict[str, Any]:
    case, entry = turn.case, turn.case.entry
    return {
        "phone": facts.masked_phone(case), "via": case.via, "submitted_on": facts.local_iso(case.submitted_at),
        "accepted_on": facts.local_iso(case.accepted_at), "year": case.year, "requested_fen": case.requested_fen,
        "amount_fen": case.amount_fen, "category": facts.category_words(case.category),
        "members": facts.members(turn), "blocks": facts.blocks(turn), "lines": list(case.facts.get("lines", [])),
        "award_lines": list(case.facts.get("award_lines", [])),
        "received": facts.received(turn), "opinions": facts.opinions(turn),
        "register_no": entry.number if entry else "",
    }


def _visit_form(turn: Turn) -> dict[str, Any]:
    """The sheet as it was recorded last in this step, with both names."""
    rows = Decision.objects.filter(task=turn.task, decision="record").select_related("event", "user").order_by("-id")
    recorded = rows[:1].get()
    taken = [file["kind"] for file in recorded.event.data.get("documents", [])]
    with override("zh-hans"):
        lines = sheets.lines(recorded.event.data)
    return {
        "rows": [{"label": label, "value": value} for label, value in lines],
        "investigators": [recorded.user.first_name if recorded.user else "", facts.officer(turn)],
        "photos": taken.count("photos"), "signatures": taken.count("signature"),
    }


def _public_notice(turn: Turn) -> dict[str, Any]:
    notice = PublicNotice.objects.filter(case=turn.case, task=turn.task).order_by("-id").first()
    if notice is None:
        raise RuntimeError("the notice is hung before its paper is ordered")
    shows = turn.step.options.get("shows", []) if turn.step else []
    rows = [notice_row(row, shows) for row in notice.rows]
    sums = [money.fen(row["amount"]) for row in rows if row["amount"]]
    return {
        # Nobody but the office learns from the board whose application it was: no ID number, no case number.
        "case": "", "applicant": {"name": mask_name(turn.case.applicant.name), "id_no": ""},
        "text": notice.text, "contact": notice.contact, "days": notice.days, "rows": rows,
        "first_day": facts.local_iso(notice.posted_at),
        "last_day": facts.iso(add_working_days(local_date(notice.posted_at), notice.days)),
        "shows_category": "category" in shows, "shows_amount": "amount" in shows,
        "total_fen": sum(sums) if sums else None,
    }


def notice_row(row: Mapping[str, Any], shows: Collection[str]) -> kinds.NoticeRow:
    """A row of the board: only the columns that the route shows."""
    return {
        "name": str(row.get("name", "")), "unit": str(row.get("unit", "")),
        "kind_of_aid": str(row.get("kind_of_aid", "")),
        "category": facts.category_words(str(row.get("category", ""))) if "category" in shows else "",
        "amount": str(row.get("amount", "")) if "amount" in shows else "",
    }


# These tell nothing that the turn itself has written elsewhere, such as an opinion.
FROM_THE_CASE = frozenset({
    "acceptance_notice", "one_time_notice", "not_accepted_notice", "denial_notice", "approval_notice",
})
BUILDERS: dict[str, Callable[[Turn], dict[str, Any]]] = {
    "acceptance_notice": _acceptance, "one_time_notice": _one_time_notice, "not_accepted_notice": _not_accepted,
    "denial_notice": _denial, "approval_notice": _approval, "approval_form": _approval_form,
    "visit_form": _visit_form, "public_notice": _public_notice, "calculation_sheet": _calculation,
    "referral": statements.referral, "handling_opinion": statements.handling_opinion,
    "aid_grant": statements.aid_grant, "appointment": statements.appointment,
    "closing_report": statements.closing_report,
    "review_opinion": statements.review_opinion, "recheck_opinion": statements.recheck_opinion,
    re_examining.LETTER: re_examination_letter.decision,
}
