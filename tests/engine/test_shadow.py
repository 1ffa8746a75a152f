"""Shadow run: a draft over decided cases tells which decisions and amounts change, and writes nothing else."""
import datetime as dt
import json
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.programmes import drafts, numbers
from casework.programmes.models import ProgrammeDraft
from casework.workflows import shadow
from casework.workflows.models import ShadowRow, ShadowRun
from tests import walk
from tests.engine.versions import Next
from tests.office import Office
from tests.programmes.officers import hire

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def decided(office: Office) -> list[Case]:
    """Two cases of living aid, one granted, one refused by the reviewer for a reason no rule gives."""
    start = end = office.now
    for who in ("worker", "worker_b"):
        office.now = start
        walk.dossier(office, who, members=0, income=1_500_000)
        end = max(end, office.now)
    office.now = end
    granted = walk.go(office, walk.living_case(office, amount=700_000), walk.LIVING)
    refused = walk.go(office, walk.living_case(office, "worker_b", amount=700_000), walk.LIVING, until="review")
    office.do(refused, "review.deny", "reviewer", **walk.DENY)
    return [office.fresh(granted), office.fresh(refused)]


def drafted(office: Office, new: Next) -> ProgrammeDraft:
    """A draft with these changes."""
    actor = office.actor("policy")
    draft = drafts.begin("living_aid", actor, office.now)
    return drafts.save(draft, new.content, draft.revision, actor, office.now)


def fresh(office: Office) -> Next:
    """The version in force, to be changed."""
    return Next(json.loads(office.version("living_aid").content["text"]))


def run(office: Office, draft: ProgrammeDraft, chunk: int = 1, **given: Any) -> ShadowRun:
    """A whole run, a case a chunk, each read afresh as a worker does."""
    made = shadow.start(draft, office.actor("policy"), office.now, **given)
    while shadow.work_off(shadow.get(made.public_id), office.now, chunk):
        pass
    return shadow.get(made.public_id)


def test_a_draft_that_changes_no_rule_changes_nothing(office: Office) -> None:
    decided(office)
    new = fresh(office)
    new.content["programme"]["title"]["zh"] = "生活困难救助"
    done = run(office, drafted(office, new))
    assert (done.state, done.totals["cases"], done.totals["changed"], done.totals["need_fen"]) == ("done", 2, 0, 0)
    assert shadow.rows_of(done) == [] and len(shadow.rows_of(done, changed=None)) == 2
    assert done.totals["fen_before"] == done.totals["fen_after"] == 700_000


def test_a_stricter_condition_names_the_case_and_the_money(office: Office) -> None:
    granted, _refused = decided(office)
    new = fresh(office)
    new.content["programme"]["eligibility"].append({"when": {"category": granted.category}, "deny": "NO_DOSSIER"})
    done = run(office, drafted(office, new))
    row = next(row for row in shadow.rows_of(done) if row.case_id == granted.pk)
    assert (row.number, row.before["granted"], row.after["granted"], row.after["code"]) == (
        granted.number, True, False, "NO_DOSSIER"
    )
    assert (done.totals["granted_before"], done.totals["granted_after"], done.totals["need_fen"]) == (1, 0, -700_000)


def test_proposed_numbers_change_the_amount_and_the_row_says_why(office: Office) -> None:
    granted, _refused = decided(office)
    table = {"deep_multiple": 5, "relative_multiple": 5, "accidental_percent": 15, "accidental_cap_fen": 1_000_000}
    day = office.now.date() + dt.timedelta(days=40)
    proposed = numbers.propose("living_aid", "611000", table, day, "试算", office.actor("policy"), office.now)
    new = fresh(office)
    new.content["programme"]["title"]["zh"] = "生活困难救助"
    done = run(office, drafted(office, new), numbers=[proposed])
    row = next(row for row in shadow.rows_of(done) if row.case_id == granted.pk)
    award = 5 * 72_000
    assert (row.before["fen"], row.after["fen"], row.why["award_fen"]) == (700_000, award, [700_000, award])
    assert done.totals["need_fen"] == award - 700_000


def test_days_and_queues_are_told_by_role(office: Office) -> None:
    decided(office)
    new = fresh(office)
    new.change("review", limit="4wd")
    new.insert(before="review")
    done = run(office, drafted(office, new)).totals
    # Both took the review; the new look comes to both, for both went through its standing.
    assert done["days_after"] - done["days_before"] == 2 * (4 - 10) + 2 * 3
    assert done["tasks_after"]["organiser"] == 2 and "organiser" not in done["tasks_before"]
    assert done["tasks_after"]["reviewer"] == done["tasks_before"]["reviewer"] == 2


def test_what_a_person_decided_stays_decided(office: Office) -> None:
    _granted, refused = decided(office)
    new = fresh(office)
    new.content["programme"]["eligibility"] = []
    done = run(office, drafted(office, new))
    row = ShadowRow.objects.get(run=done, case=refused)
    assert (row.before["granted"], row.after["granted"], row.changed) == (False, False, False)


def test_a_rule_without_its_number_is_told_and_stops_nothing(office: Office) -> None:
    decided(office)
    new = fresh(office)
    new.content["programme"]["numbers"].append("no_such_number")
    done = run(office, drafted(office, new))
    assert (done.totals["cases"], done.totals["trouble"]) == (2, 2)
    assert {row.why["trouble"] for row in shadow.rows_of(done)} == {"PARAMETER_MISSING"}


def test_nothing_is_written_but_the_run_and_its_event(office: Office) -> None:
    cases = decided(office)
    draft = drafted(office, fresh(office))
    events = Event.objects.count()
    run(office, draft)
    assert Event.objects.count() == events + 1
    event = Event.objects.latest("id")
    assert (event.subject_kind, event.subject_id, event.action) == ("programme", "living_aid", "shadow_run")
    for case in cases:
        now = office.fresh(case)
        assert (now.facts, now.parameters, now.category, now.event_n) == (
            case.facts, case.parameters, case.category, case.event_n
        )


def test_the_time_of_the_run_counts_by_the_day_of_acceptance(office: Office) -> None:
    granted, _refused = decided(office)
    draft = drafted(office, fresh(office))
    assert granted.accepted_at is not None
    day = office.now.date()
    assert run(office, draft, since=day + dt.timedelta(days=60), until=day + dt.timedelta(days=90)).totals["cases"] == 0


def test_a_chunk_that_fails_is_done_again_and_counted_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(office)
    made = shadow.start(drafted(office, fresh(office)), office.actor("policy"), office.now)
    with monkeypatch.context() as patch:
        patch.setattr(shadow, "_added", lambda totals, rows: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            shadow.work_off(made, office.now, 1)
    assert not ShadowRow.objects.exists()
    while shadow.work_off(shadow.get(made.public_id), office.now, 1):
        pass
    assert shadow.work_off(shadow.get(made.public_id), office.now, 1) is False
    assert shadow.get(made.public_id).totals["cases"] == ShadowRow.objects.count() == 2


def test_only_policy_officers_run_one_and_only_of_a_draft_that_can_be_built(office: Office) -> None:
    draft = drafted(office, fresh(office))
    for who in ("admin", "approver", "auditor"):
        with pytest.raises(Refused) as refusal:
            shadow.start(draft, office.actor(who), office.now)
        assert refusal.value.status == 403
    draft.content = draft.content.replace("reviewer@county", "reviewer@contry")
    with pytest.raises(Refused) as refusal:
        shadow.start(draft, office.actor("policy"), office.now)
    assert refusal.value.codes == {"NOT_BUILT"}
