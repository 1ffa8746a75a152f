"""What the people of a story read: pages in both languages at its moment, messages, refusals."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core import clock
from casework.notifications.models import Message
from tests.desk import pages
from tests.office import Office


def codes(refusal: Any) -> set[str]:
    """The codes of a refusal."""
    return {problem.code for problem in refusal.value.problems}


def told(office: Office, case: Case, who: str) -> set[str]:
    """The kinds of messages about the case in somebody's inbox."""
    rows = Message.objects.filter(case=case, recipient=office.users[who], channel="inapp")
    return set(rows.values_list("template", flat=True))


class Reader:
    """One login of the office at a browser that asks for one language."""

    def __init__(self, office: Office, who: str, monkeypatch: pytest.MonkeyPatch, language: str = "zh-hans") -> None:
        monkeypatch.setattr(clock, "now", lambda: office.now)
        self.office, self.client = office, Client(headers={"accept-language": language})
        self.client.cookies["django_language"] = language
        self.client.force_login(office.users[who])

    def opens(self, name: str, case: Case) -> HttpResponse:
        """The answer of an address of a case."""
        return self.client.get(reverse(name, args=[case.public_id]))

    def desk(self, case: Case) -> str:
        """The words of the case at the desk."""
        return self._words("desk_case", case)

    def mine(self, case: Case) -> str:
        """The words of the applicant's own page of the case."""
        return self._words("my_case", case)

    def press(self, case: Case, action: str, **typed: object) -> HttpResponse:
        """Fill in the form of an action at the desk and send it."""
        return pages.press(self.client, case, action, **typed)

    def acts(self, case: Case, action: str, **typed: object) -> HttpResponse:
        """Send the form of one of the applicant's own actions."""
        address = reverse("my_act", args=[case.public_id, action])
        page = self.client.get(address)
        assert page.status_code == 200
        seen = self.office.fresh(case).event_n
        return self.client.post(address, {"seen": str(seen), "key": f"{action}-{seen}", **typed})

    def _words(self, name: str, case: Case) -> str:
        answer = self.opens(name, case)
        assert answer.status_code == 200
        return pages.text_of(answer)
