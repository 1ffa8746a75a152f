"""A county with a case, its applicant and an officer; and a short way to tell them something."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db import transaction

from casework.access.models import RoleAssignment, User
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case, State
from casework.notifications import deliver, outbox
from casework.notifications.models import Message
from casework.organisations import tree
from casework.organisations.models import Level
from casework.people import persons
from casework.programmes.models import ProgrammeVersion

STAMP = {
    "user": None, "person": "", "name": "test", "role": "", "organisation": "", "via": "online", "system": "test",
    "address": "",
}  # fmt: skip
PARAMS = {
    "number": "商州困建〔2026〕12号", "query_code": "K7P2QX", "programme": "困难职工建档",
    "programme_en": "Hardship dossier", "salutation": "王同志", "promised_on": "2026-12-14",
    "hand_in_by": "2026-12-15", "organisation": "商州区总工会", "organisation_en": "Shangzhou Federation",
    "phone": "0914-2388888", "reason": "", "reason_en": "", "step": "县级审核", "step_en": "County review",
}  # fmt: skip
PHONE = "13900001234"


class Sender:
    """applicant has a phone and an e-mail address; officer works at the county."""

    def __init__(self, now: dt.datetime) -> None:
        self.now, self.count = now, 0
        self.county = tree.make("商州区总工会", Level.COUNTY, None, region="611002")
        self.union = tree.make("秦岭纺织厂工会", Level.GRASSROOTS, self.county, region="611002")
        self.far = tree.make("柞水县总工会", Level.COUNTY, None, region="611026")
        self.applicant = self.user("applicant", phone=PHONE, email="wang@example.com")
        self.officer = self.user("officer", email="officer@example.com")
        RoleAssignment.objects.create(
            user=self.officer, role="case_officer", organisation=self.county, valid_from=now - dt.timedelta(days=9)
        )
        self.case = self._case()

    def user(self, name: str, phone: str = "", email: str = "", person: Any = None) -> User:
        """A login of a person of its own, or of a given one."""
        self.count += 1
        number = f"61100219800101{self.count:03d}X"
        person = person or persons.find_or_make(number, "王建国", phone, now=self.now)
        return User.objects.create(username=f"{name}-{self.count}", email=email, person=person)

    def _case(self) -> Case:
        version = ProgrammeVersion.objects.create(
            key="test", version=1, content={}, content_hash="0" * 64, published_at=self.now,
            effective_from=self.now.date(),
        )
        return Case.objects.create(
            number="商州困建〔2026〕12号", query_code="K7P2QX", programme=version, key="test", state=State.SUBMITTED,
            applicant=self.applicant.person, filed_by=self.applicant, organisation=self.union, county=self.county,
            created_at=self.now,
        )

    def event(self) -> Event:
        """Something that happened."""
        self.count += 1
        return record.record("setting", f"told-{self.count}", "test", STAMP, {}, self.now)

    def tell(self, template: str = "accepted", *users: User, event: Event | None = None, **params: Any) -> Event:
        """Tell the users (the applicant, when none is named) in a transaction of its own."""
        with transaction.atomic():
            event = event or self.event()
            outbox.tell(self.case, event, template, users or [self.applicant], PARAMS | params, self.now)
        return event

    def one(self, channel: str, template: str = "accepted", **params: Any) -> Message:
        """Tell the applicant, and return the row of one channel."""
        event = self.tell(template, **params)
        return Message.objects.get(event=event, channel=channel, recipient=self.applicant)

    def deliver(self, message: Message, after: dt.timedelta = dt.timedelta(0)) -> bool:
        """Try to send it, some time later; the row is read afresh."""
        sent = deliver.deliver(message.pk, self.now + after)
        message.refresh_from_db()
        return sent


def sms_box() -> list[dict[str, Any]]:
    """What the file adapter has written."""
    return [json.loads(path.read_text()) for path in sorted((settings.VAR_DIR / "sms").glob("*.json"))]


def empty_sms_box() -> None:
    """Throw away what the file adapter has written."""
    for path in (settings.VAR_DIR / "sms").glob("*"):
        path.unlink()
