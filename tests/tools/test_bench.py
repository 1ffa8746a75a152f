"""The measured case and its twin by hand write the same rows; else the ratio would say nothing."""
import datetime as dt

import pytest

from casework.programmes.loader import CATALOGUE
from casework.workflows.models import Decision, Task
from tools.bench import bulk, by_hand, lifecycle, measure
from tools.bench.town import ROUTE, Town, person_of

pytestmark = pytest.mark.django_db


def test_sql_by_hand_writes_what_the_door_writes(moment: dt.datetime) -> None:
    town = Town(moment)
    recording = measure.record(town)
    names = [name for name, _writes in recording.transitions]
    assert names == ["submit", *(f"{key}.pass" for key, *_rest in ROUTE)]
    by_hand.prove(recording, by_hand.statements(recording), person_of(town.applicants(1)[0]))


def test_a_forgotten_row_is_found(moment: dt.datetime) -> None:
    town = Town(moment)
    recording = measure.record(town)
    name, writes = recording.transitions[1]
    lean = by_hand.statements(recording)
    lean[1] = by_hand.Statement(recording, [write for write in writes if write.table != "workflows_timer"])
    with pytest.raises(RuntimeError, match=name):
        by_hand.prove(recording, lean, person_of(town.applicants(1)[0]))


def test_every_statement_of_a_case_is_counted(moment: dt.datetime) -> None:
    town = Town(moment)
    sent = lifecycle.statements(town, town.applicants(1)[0])
    assert len(sent) == 1 + len(ROUTE)
    assert all(any("audit_event" in sql for sql in statements) for statements in sent.values())


@pytest.mark.postgres
def test_many_decisions_are_measured_against_the_same_rows(moment: dt.datetime) -> None:
    town = Town(moment)
    recording = measure.record(town)
    found = bulk.measure(town, recording, by_hand.statements(recording), 3)
    assert (found["name"], found["cases"]) == ("bulk", 3) and found["ratio"] > 0
    decided = Decision.objects.filter(step="unit_check").values_list("decision", "opinion")
    assert list(decided) == [("pass", "同意")] * 8  # two to record by, three through the door, three by hand
    assert set(Task.objects.filter(step="county_check", state="open").values_list("round", flat=True)) == {1}


def test_the_whole_catalogue_is_measured() -> None:
    found = measure.catalogue()
    assert found["services"] == len(list(CATALOGUE.glob("*/programme.yaml")))
    assert found["ratio"] > 0
