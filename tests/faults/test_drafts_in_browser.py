"""A draft is never lost (S3): people type, something goes wrong, they come back the ordinary way, and every character
is there, on the screen and in the draft.

Each line of PATHS is one mishap on one page of one service with one device. Seen to fail: answers beside a changed form
shown without their line breaks (new_version), and a browser that came back and filled the page with older text than the
draft held (another_device: take the "autocomplete" lines out of forms.js). To see it fail anew, let `flush` in forms.js
return at once (tab_closed).
"""
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from casework.core import clock
from casework.forms import drafts
from tests import walk
from tests.faults import mishaps
from tests.faults.mishaps import PASSWORD, Walk
from tests.faults.typed_pages import lost, standing
from tests.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.promise("S3")]
AID, HOME, LAW, LETTER = "living_aid/request", "hardship_dossier/household", "legal_aid/dispute", "petition/matter"
DEVICES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "plain": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
}
PATHS = [
    ("login_ended", AID, "desk"), ("login_ended", HOME, "phone"), ("login_ended", LETTER, "phone"),
    ("logged_out_in_another_tab", HOME, "desk"), ("logged_out_in_another_tab", LAW, "phone"),
    ("tab_closed", AID, "phone"), ("tab_closed", HOME, "desk"), ("tab_closed", LAW, "desk"),
    ("offline", HOME, "phone"), ("offline", LAW, "desk"), ("offline", LETTER, "phone"),
    ("back_and_forward", AID, "desk"), ("back_and_forward", HOME, "phone"), ("back_and_forward", LAW, "phone"),
    ("reloaded", AID, "phone"), ("reloaded", HOME, "desk"), ("reloaded", LETTER, "desk"),
    ("reloaded_while_a_save_is_on_its_way", AID, "phone"), ("reloaded_while_a_save_is_on_its_way", LETTER, "desk"),
    ("two_tabs_mine_stays", AID, "desk"), ("two_tabs_mine_stays", HOME, "desk"), ("two_tabs_mine_stays", LAW, "phone"),
    ("two_tabs_theirs_stays", LETTER, "phone"), ("two_tabs_theirs_stays", HOME, "phone"),
    ("bad_file", LETTER, "phone"), ("bad_file", LETTER, "plain"),
    ("new_version", AID, "desk"), ("new_version", LAW, "phone"), ("new_version", LETTER, "plain"),
    ("new_version_seen_first_elsewhere", AID, "phone"), ("new_version_seen_first_elsewhere", LETTER, "desk"),
    ("one_bad_value", HOME, "desk"), ("one_bad_value", LAW, "phone"), ("one_bad_value", AID, "plain"),
    ("broken_500", AID, "phone"), ("broken_500", HOME, "desk"),
    ("away_503", LAW, "desk"), ("away_503", HOME, "phone"),
    ("double_click", AID, "desk"), ("double_click", LETTER, "phone"),
    ("another_device", AID, "desk"), ("another_device", LAW, "phone"),
]


@pytest.fixture
def office(live_server: Any, moment: Any, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation behind the live server, with a worker who has a password."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    walk.member(made, "worker")
    user = made.users["worker"]
    user.set_password(PASSWORD)
    user.save()
    return made


@pytest.fixture
def begun(
    request: pytest.FixtureRequest, chromium: Any, live_server: Any, office: Office, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Walk]:
    """A person who has just opened the page of his draft from "my applications"."""
    where, device = request.param
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", **DEVICES[device])
    context.set_default_timeout(8_000)
    mishaps.enter(context, office, "worker", live_server.url)
    service, page_key = where.split("/")
    draft = drafts.start(office.users["worker"], office.version(service), office.now)
    draft = drafts.save(draft, {}, page_key, 0, office.now)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    made = Walk(office, page, where, monkeypatch, draft)
    made.come_back()
    yield made
    context.close()


@pytest.mark.parametrize(
    ("mishap", "begun"), [(mishap, (where, device)) for mishap, where, device in PATHS], indirect=["begun"],
    ids=["-".join(path).replace("/", ".") for path in PATHS],
)
def test_nothing_typed_is_lost(mishap: str, begun: Walk) -> None:
    getattr(mishaps, mishap)(begun)
    assert begun.page.url.endswith(reverse("apply", args=[begun.draft.public_id, begun.where.split("/")[1]]))
    assert begun.expected and lost(begun.expected, standing(begun.page)) == []
    assert lost(begun.expected, mishaps.until_held(begun)) == []
    for text in begun.told:
        assert text in begun.page.locator("#left-behind").inner_text()


def test_the_table_is_as_wide_as_promised() -> None:
    assert len(PATHS) == len(set(PATHS)) >= 30
