"""Somebody on staff at his pages: what he opens, what he sends, what he is told."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.access.models import RoleAssignment, User
from casework.audit.models import Event
from casework.notifications.models import Message
from tests.office import Office

REASON = "岗位调整"


class Desk:
    """One person with a browser."""

    def __init__(self, office: Office, name: str) -> None:
        self.office, self.user = office, office.users[name]
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.user)

    def get(self, name: str, *args: Any, **query: Any) -> HttpResponse:
        """Open a page."""
        return self.client.get(reverse(name, args=args), query)

    def send(self, page: str, *args: Any, **fields: Any) -> HttpResponse:
        """Send a form of a page; the reason goes with it unless another is given."""
        return self.client.post(reverse(page, args=args), {"reason": REASON, **fields})

    def on_login(self, name: str, act: str, **fields: Any) -> HttpResponse:
        """Do something about a login."""
        return self.send("offices_login", self.office.users[name].public_id, act=act, **fields)

    def give(self, name: str, role: str, place: str, **dates: Any) -> HttpResponse:
        """Give a duty from today."""
        days = {"valid_from": self.office.now.date().isoformat(), **dates}
        return self.on_login(name, "give", role=role, office=self.office.orgs[place].name, **days)

    def end(self, row: RoleAssignment, **fields: Any) -> HttpResponse:
        """End a duty."""
        return self.send("offices_login", row.user.public_id, act="end", duty=row.pk, **fields)

    def on_union(self, place: str, act: str, **fields: Any) -> HttpResponse:
        """Do something about an organisation."""
        return self.send("offices_union", self.office.orgs[place].public_id, act=act, **fields)


def codes(answer: HttpResponse) -> set[str]:
    """The codes of the problems a page tells."""
    return {problem.code for problem in answer.context["problems"]}


def told(user: User) -> list[str]:
    """The messages of a person, oldest first."""
    rows = Message.objects.filter(recipient=user, channel="inapp", state="sent")
    return list(rows.order_by("pk").values_list("template", flat=True))


def last_event(kind: str, subject: Any) -> Event:
    """The newest event of a chain."""
    return Event.objects.filter(subject_kind=kind, subject_id=str(subject)).latest("n")


def held(office: Office, name: str, role: str = "") -> RoleAssignment:
    """The duty of a person, of this role if he has several."""
    rows = RoleAssignment.objects.filter(user=office.users[name])
    return (rows.filter(role=role) if role else rows).latest("pk")


def later(office: Office, **days: float) -> dt.datetime:
    """A moment after the office's."""
    return office.now + dt.timedelta(**days)
