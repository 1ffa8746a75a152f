"""The next version of a programme: written, checked, approved by a second person, published; each act an event."""
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from casework.access.assign import substitute
from casework.access.models import Role
from casework.audit.models import Event
from casework.core.problems import Refused
from casework.programmes import drafts, versions
from casework.programmes.loader import hash_of, programme_of
from casework.programmes.models import DraftRevision, ProgrammeDraft, ProgrammeVersion
from casework.workflows.guards import READING_ROLES
from tests.office import Office
from tests.papers.conftest import STAMP
from tests.programmes.officers import approved, hire, limit, publish, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def refused(act: Callable[[], Any], code: str, status: int) -> Refused:
    """The act is refused with this code and nothing else."""
    with pytest.raises(Refused) as refusal:
        act()
    assert (refusal.value.codes, refusal.value.status) == ({code}, status)
    return refusal.value


def put_in_force(office: Office, draft: ProgrammeDraft, day: dt.date | None = None) -> ProgrammeVersion:
    """Publish an approved draft."""
    return drafts.publish_draft(draft, day or office.now.date(), office.actor("policy"), office.now)


def rewrite(office: Office, draft: ProgrammeDraft, days: int, who: str = "policy") -> ProgrammeDraft:
    """Save another limit of the review."""
    content = limit(drafts.content_of_draft(draft), days)
    return drafts.save(draft, content, draft.revision, office.actor(who), office.now)


def told(key: str = "living_aid") -> list[str]:
    """What the chain of a programme tells since its first version."""
    rows = Event.objects.filter(subject_kind="programme", subject_id=key).order_by("n")
    return [event.action for event in rows][1:]


def test_a_draft_goes_its_whole_way_and_each_act_is_told(office: Office) -> None:
    draft = written(office)
    row = publish(office, draft)
    assert told() == ["draft_begin", "draft_save", "draft_check", "draft_approve", "publish"]
    assert (row.version, programme_of(row).step("review").limit_wd) == (2, 7)
    assert programme_of(office.version("living_aid")).step("review").limit_wd == 10
    assert versions.current("living_aid", office.now.date()) == row
    kept = drafts.get(draft.public_id)
    assert (kept.state, kept.published, kept.effective_from) == ("published", row, office.now.date())
    assert kept.base == office.version("living_aid") and drafts.live("living_aid") is None
    assert hash_of(drafts.content_of_draft(kept)) == row.content_hash


def test_the_events_name_the_draft_the_persons_and_the_content(office: Office) -> None:
    draft = written(office)
    publish(office, draft)
    rows = list(Event.objects.filter(subject_kind="programme", subject_id="living_aid").order_by("n"))[1:]
    names = [event.actor["name"] for event in rows]
    assert names == ["职员policy"] * 3 + ["职员policy_2", "职员policy"]
    assert {event.actor["role"] for event in rows} == {Role.POLICY_OFFICER.value}
    assert {event.data["draft"] for event in rows[:-1]} == {str(draft.public_id)}
    hashes = {event.data["content_hash"] for event in rows if "content_hash" in event.data}
    assert len(hashes) == 1, "what was saved, approved and published is the same content"


def test_before_its_day_the_version_before_counts(office: Office) -> None:
    day = office.now.date() + dt.timedelta(days=30)
    row = publish(office, written(office), day)
    assert versions.current("living_aid", day - dt.timedelta(days=1)).version == 1
    assert versions.current("living_aid", day) == row


def test_a_draft_that_is_wrong_is_not_approved(office: Office) -> None:
    draft = written(office)
    content = drafts.content_of_draft(draft)
    content["programme"]["route"]["accepted"]["review"]["by"] = "reviewer@contry"
    draft = drafts.save(draft, content, draft.revision, office.actor("policy"), office.now)
    refused(lambda: drafts.check(draft, draft.revision, office.actor("policy"), office.now), "NOT_BUILT", 422)
    kept = drafts.get(draft.public_id)
    assert kept.state == "draft" and "contry" in kept.findings[0]["message"]["zh"]
    assert Event.objects.filter(action="draft_check").latest("id").data["faults"] == 1
    refused(lambda: drafts.approve(draft, draft.revision, office.actor("policy_2"), office.now), "DRAFT_ELSEWHERE", 409)


@pytest.mark.parametrize("spoil", [
    {"route": []}, {"total": 3}, {"who": 5}, {"papers": "all"}, {"eligibility": 7}, {"title": []}, {"numbers": 4},
])
def test_any_shape_is_a_finding_and_never_a_crash(office: Office, spoil: dict[str, Any]) -> None:
    draft = written(office)
    content = drafts.content_of_draft(draft)
    content["programme"] |= spoil
    draft = drafts.save(draft, content, draft.revision, office.actor("policy"), office.now)
    with pytest.raises(Refused):
        drafts.check(draft, draft.revision, office.actor("policy"), office.now)
    assert drafts.get(draft.public_id).findings


def test_what_changes_nothing_is_no_version(office: Office) -> None:
    draft = drafts.begin("living_aid", office.actor("policy"), office.now)
    refused(lambda: drafts.check(draft, 1, office.actor("policy"), office.now), "NOTHING_CHANGED", 422)


# A second person. To see it fail: take out the call of officers.second_person.


def test_no_author_of_any_revision_approves(office: Office) -> None:
    draft = written(office)
    second = rewrite(office, draft, 8, "policy_2")
    drafts.check(second, second.revision, office.actor("policy"), office.now)
    for who in ("policy", "policy_2"):
        actor = office.actor(who)
        refused(partial(drafts.approve, second, second.revision, actor, office.now), "SAME_HANDS", 403)
    assert drafts.get(draft.public_id).state == "checked"


def test_a_second_login_of_the_author_is_no_second_person(office: Office) -> None:
    office.hire("policy_again", "policy_officer", "city", office.users["policy"].person)
    draft = written(office)
    drafts.check(draft, draft.revision, office.actor("policy"), office.now)
    refused(lambda: drafts.approve(draft, draft.revision, office.actor("policy_again"), office.now), "SAME_HANDS", 403)


def test_neither_is_whoever_stands_in_for_the_author(office: Office) -> None:
    draft = written(office)
    drafts.check(draft, draft.revision, office.actor("policy"), office.now)
    office.hire("helper", "policy_officer", "county")
    until = office.now + dt.timedelta(days=1)
    substitute(office.users["policy"], office.users["helper"], "policy_officer", office.orgs["city"], office.now,
               until, STAMP, office.now)
    refused(lambda: drafts.approve(draft, draft.revision, office.actor("helper"), office.now), "SAME_HANDS", 403)


def test_what_is_approved_is_what_was_read(office: Office) -> None:
    """The author saves once more while the second person reads: the approval of the old text is refused."""
    draft = written(office)
    drafts.check(draft, draft.revision, office.actor("policy"), office.now)
    newer = rewrite(office, draft, 60)
    drafts.check(newer, newer.revision, office.actor("policy"), office.now)
    refused(lambda: drafts.approve(draft, draft.revision, office.actor("policy_2"), office.now), "STALE_DRAFT", 409)
    drafts.approve(newer, newer.revision, office.actor("policy_2"), office.now)


def test_another_save_takes_the_approval_away(office: Office) -> None:
    draft = approved(office, written(office))
    again = rewrite(office, draft, 9)
    assert (again.state, again.approved_by, again.checked_at) == ("draft", None, None)
    refused(lambda: put_in_force(office, again), "DRAFT_ELSEWHERE", 409)


def test_two_screens_never_overwrite_each_other_unseen(office: Office) -> None:
    draft = written(office, 7)
    mine = limit(drafts.content_of_draft(draft), 12)
    refusal = refused(
        lambda: drafts.save(draft, mine, draft.revision - 1, office.actor("policy_2"), office.now), "STALE_DRAFT", 409
    )
    params = refusal.problems[0].params
    assert '"7wd"' in params["theirs"] and '"12wd"' in params["mine"] and params["revision"] == draft.revision
    assert drafts.get(draft.public_id).content == draft.content


# Who may.


@pytest.mark.parametrize("who", ["admin", "auditor", "approver", "reviewer", "supervisor", "officer"])
def test_nobody_else_writes_drafts(office: Office, who: str) -> None:
    refused(lambda: drafts.begin("living_aid", office.actor(who), office.now), "NOT_POLICY_OFFICER", 403)
    draft = written(office)
    actor, content = office.actor(who), drafts.content_of_draft(draft)
    for act in (
        lambda: drafts.save(draft, content, draft.revision, actor, office.now),
        lambda: drafts.check(draft, draft.revision, actor, office.now),
        lambda: drafts.approve(draft, draft.revision, actor, office.now),
        lambda: drafts.publish_draft(draft, office.now.date(), actor, office.now),
        lambda: drafts.drop(draft, actor, office.now),
    ):
        refused(act, "NOT_POLICY_OFFICER", 403)
    assert told() == ["draft_begin", "draft_save"]


def test_a_county_writes_and_the_city_puts_in_force(office: Office) -> None:
    draft = written(office, who="policy_county")
    drafts.check(draft, draft.revision, office.actor("policy_county"), office.now)
    refused(lambda: drafts.approve(draft, draft.revision, office.actor("policy_far"), office.now), "LEVEL_TOO_LOW", 403)
    drafts.approve(draft, draft.revision, office.actor("policy"), office.now)


def test_a_policy_officer_sees_no_case(office: Office) -> None:
    assert Role.POLICY_OFFICER not in READING_ROLES


# One at a time, and nothing is lost.


def test_one_draft_of_a_programme_at_a_time(office: Office) -> None:
    draft = written(office)
    refused(lambda: drafts.begin("living_aid", office.actor("policy_2"), office.now), "DRAFT_UNDER_WAY", 409)
    drafts.drop(draft, office.actor("policy"), office.now, "不再需要")
    drafts.begin("living_aid", office.actor("policy_2"), office.now)
    assert ProgrammeDraft.objects.filter(key="living_aid").count() == 2
    assert told() == ["draft_begin", "draft_save", "draft_drop", "draft_begin"]
    refused(lambda: drafts.check(draft, draft.revision, office.actor("policy"), office.now), "DRAFT_ELSEWHERE", 409)


def test_every_revision_stays_readable(office: Office) -> None:
    draft = written(office, 7)
    rewrite(office, draft, 9, "policy_2")
    rows = DraftRevision.objects.filter(draft=draft).order_by("n")
    limits = [drafts.content_of_draft(row)["programme"]["route"]["accepted"]["review"]["limit"] for row in rows]
    assert limits == ["10wd", "7wd", "9wd"]


def test_a_version_published_meanwhile_is_not_undone_unseen(office: Office) -> None:
    draft = approved(office, written(office))
    versions.freeze("living_aid", limit(drafts.content_of_draft(draft), 20), office.now, office.now.date(), STAMP)
    refused(lambda: put_in_force(office, draft), "BASE_MOVED", 409)
    assert ProgrammeVersion.objects.filter(key="living_aid").count() == 2


def test_no_version_is_in_force_before_it_was_published(office: Office) -> None:
    draft, yesterday = approved(office, written(office)), office.now.date() - dt.timedelta(days=1)
    refused(lambda: put_in_force(office, draft, yesterday), "EFFECTIVE_IN_THE_PAST", 422)


def test_a_draft_is_of_its_own_programme(office: Office) -> None:
    draft = written(office)
    content = drafts.content_of_draft(draft)
    content["programme"]["key"] = "hardship_dossier"
    for wrong in (content, {}, {"programme": 1, "form": {}}, {"programme": {"key": "living_aid"}}, {"a": "\x00"}):
        save = partial(drafts.save, draft, wrong, draft.revision, office.actor("policy"), office.now)
        refused(save, "NOT_A_PROGRAMME", 422)
    refused(lambda: drafts.begin("no_such", office.actor("policy"), office.now), "NOTHING_TO_BEGIN_WITH", 422)
    refused(lambda: drafts.begin("../living_aid", office.actor("policy"), office.now), "NOTHING_TO_BEGIN_WITH", 422)


def test_no_number_of_a_person_enters_the_log_by_a_note(office: Office) -> None:
    refused(
        lambda: drafts.begin("living_aid", office.actor("policy"), office.now, note="见 610825198001010018 一案"),
        "PRIVATE_DATA", 422,
    )
