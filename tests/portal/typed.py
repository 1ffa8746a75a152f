"""What a person types into the pages of a form, made of the answers other tests give to the engine."""
import html
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.core import money
from casework.forms import drafts
from casework.forms.models import Draft
from casework.forms.spec import Field, Page, Repeat
from casework.programmes.loader import programme_of
from tests.office import Office

Typed = dict[str, Any]


def typed_page(page: Page, answers: Mapping[str, Any]) -> Typed:
    """The fields of one page as a browser would send them."""
    made: Typed = {}
    for item in page.items():
        if isinstance(item, Repeat):
            for number, row in enumerate(answers.get(item.key) or []):
                made |= {f"{item.key}.{number}.{f.key}": typed(f, row[f.key]) for f in item.fields if f.key in row}
        elif item.key in answers:
            made[item.key] = typed(item, answers[item.key])
            if item.again:
                made[item.again] = made[item.key]
    return {name: value for name, value in made.items() if value not in ("", [])}


def typed(field: Field, value: Any) -> Any:
    """One answer as it is typed: yuan for fen, "true" for a ticked box, nothing for an empty one."""
    if isinstance(value, bool):
        return "true" if value else ""
    if field.kind == "money":
        return str(money.yuan(value))
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def begin(client: Client, key: str) -> Draft:
    """Press "apply" and find the draft."""
    client.post(reverse("apply_start", args=[key]), {"fresh": "1"})
    return Draft.objects.filter(case__isnull=True).latest("id")


def send_page(client: Client, draft: Draft, page: str, values: Typed, go: str = "next", **more: Any) -> HttpResponse:
    """Send one page of the form from a screen that is up to date (or the revision given)."""
    revision = Draft.objects.only("revision").get(pk=draft.pk).revision
    return client.post(
        reverse("apply", args=[draft.public_id, page]), {"seen_revision": revision, **values, "go": go, **more}
    )


def fill(client: Client, draft: Draft, answers: Mapping[str, Any]) -> None:
    """Type every page of the form; each must be taken."""
    for page in programme_of(draft.programme).form.pages:
        answer = send_page(client, draft, page.key, typed_page(page, answers))
        assert answer.status_code == 302, (page.key, text_of(answer)[:2000])


def send(client: Client, draft: Draft) -> HttpResponse:
    """Hand in."""
    return client.post(reverse("apply_send", args=[draft.public_id]))


def loaded(draft: Draft) -> dict[str, list[str]]:
    """What the draft holds now."""
    return drafts.load(Draft.objects.get(pk=draft.pk))


def text_of(answer: HttpResponse) -> str:
    """The page as its reader sees it: no tags, entities read, spaces single."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def values_in(answer: HttpResponse) -> list[str]:
    """Everything that stands in the page's controls: value attributes, texts of textareas."""
    source = answer.content.decode()
    found = re.findall(r'value="([^"]*)"', source) + re.findall(r"<textarea[^>]*>\n?(.*?)</textarea>", source, re.S)
    return [html.unescape(value) for value in found]


def bare(answer: HttpResponse) -> str:
    """The page without what changes with each request: marks against forgery."""
    return re.sub(r'value="[A-Za-z0-9]{64}"|X-CSRFToken": "[^"]+"', "", answer.content.decode())


def union_of(office: Office) -> str:
    """Public id of the workers' union."""
    return str(office.orgs["union"].public_id)
