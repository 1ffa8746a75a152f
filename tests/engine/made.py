"""Programmes made for a test: small, and published as any other."""

import datetime as dt
import itertools
from typing import Any

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.programmes.loader import build, frozen, hash_of
from casework.programmes.models import ProgrammeVersion
from casework.workflows import intake
from tests.office import Office

_numbers = itertools.count(1)
ONE_PAGE: dict[str, Any] = {
    "pages": [
        {
            "key": "request",
            "title": {"zh": "申请", "en": "Request"},
            "groups": [
                {
                    "key": "request",
                    "title": {"zh": "申请", "en": "Request"},
                    "items": [
                        {"key": "union", "kind": "union", "title": {"zh": "工会", "en": "Union"}},
                        {"key": "id_no", "kind": "resident_id", "title": {"zh": "身份证号", "en": "ID number"}},
                        {"key": "name", "kind": "person_name", "title": {"zh": "姓名", "en": "Name"}},
                        {"key": "amount", "kind": "money", "title": {"zh": "金额", "en": "Amount"}},
                        {"key": "bill", "kind": "text", "title": {"zh": "票据号", "en": "Bill"}},
                        {"key": "urgent", "kind": "bool", "title": {"zh": "紧急", "en": "Urgent"}},
                    ],
                }
            ],
        }
    ]
}


def step(kind: str, by: str, **more: Any) -> dict[str, Any]:
    """One step of a route."""
    return {"kind": kind, "by": by, "limit": "3wd", "title": {"zh": kind, "en": kind}, **more}


def programme(route: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The content of a small programme; its form asks for a union, a person, an amount, a bill and a yes or no."""
    words = {"zh": "试验", "en": "Trial"}
    rules = {
        "key": f"trial_{next(_numbers)}", "version": 1, "title": words, "summary": words, "papers": {},
        "total": {"limit": "20wd", "promise": "15wd"}, "route": route,
    }
    return {"programme": {**rules, **more}, "form": ONE_PAGE}


def publish(content: dict[str, Any], now: dt.datetime) -> ProgrammeVersion:
    """Freeze a content as a version."""
    build(content)
    return ProgrammeVersion.objects.create(
        key=content["programme"]["key"], version=1, content=frozen(content), content_hash=hash_of(content),
        published_at=now, effective_from=local_date(now),
    )


def hand_in(office: Office, version: ProgrammeVersion, who: str, **answers: Any) -> Case:
    """A case of it, handed in by this person."""
    case, _event = intake.open_case(version, answers, office.actor(who), f"made-{next(_numbers)}", office.now)
    return Case.objects.get(pk=case.pk)
