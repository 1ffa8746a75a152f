"""Reading pages and pressing their buttons as a browser would: hidden fields are taken from the page itself."""
import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case

FORM = re.compile(r"<form[^>]*>.*?</form>", re.S)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def text_of(answer: HttpResponse) -> str:
    """The page as its reader sees it: no tags, entities read, spaces single."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def case_url(case: Case) -> str:
    """Address of the case page."""
    return reverse("desk_case", args=[case.public_id])


def hidden_of(answer: HttpResponse, action: str) -> dict[str, str]:
    """The hidden fields of the form of an action on the case page."""
    for form in FORM.findall(answer.content.decode()):
        fields = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
        if fields.get("action") == action:
            return fields
    raise AssertionError(f"the page offers no form for {action}")


def press(client: Client, case: Case, action: str, page: HttpResponse | None = None, **typed: Any) -> HttpResponse:
    """Open the case, fill in the form of an action, send it. page: an older screen to send it from."""
    seen = page or client.get(case_url(case))
    fields = hidden_of(seen, action)
    return client.post(reverse("desk_do", args=[case.public_id]), {**fields, **typed})
