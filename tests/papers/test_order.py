"""Numbers without gaps, once an event and kind, and a broker that is away."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from kombu.exceptions import OperationalError

from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.papers import order, tasks
from casework.papers.check import lookup
from casework.papers.models import Counter, Paper
from tests.papers.conftest import Ordering, event_of
from tests.papers.samples import data_of


@pytest.mark.django_db
def test_numbers_count_up_by_office_kind_and_year(
    ordering: Ordering, county: Organisation, moment: dt.datetime
) -> None:
    numbers = [ordering().number, ordering().number, ordering("denial_notice").number, ordering().number]
    assert numbers == [
        "商州工援受〔2026〕1号", "商州工援受〔2026〕2号", "商州工援不批〔2026〕1号", "商州工援受〔2026〕3号",
    ]  # fmt: skip
    assert order.next_number("acceptance_notice", county, "aid", 2027) == "商州工援受〔2027〕1号"
    unnamed = tree.make("秦岭示范纺织厂工会", Level.GRASSROOTS, county, region="611002")
    assert order.next_number("acceptance_notice", unnamed, "", 2026) == "秦岭示范纺织厂工会受〔2026〕1号"


@pytest.mark.django_db
def test_the_year_is_that_of_the_office_not_of_greenwich(ordering: Ordering, county: Organisation) -> None:
    new_year = dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC)
    with transaction.atomic():
        paper = order.order(
            "denial_notice", None, event_of("night", new_year), data_of("denial_notice"), new_year, organisation=county
        )
    assert paper.number == "商州工援不批〔2027〕1号"


@pytest.mark.django_db
def test_two_offices_of_one_name_never_share_a_number(county: Organisation) -> None:
    namesake = tree.make("商州区第二总工会", Level.COUNTY, None, region="611002", short_name="商州工")
    first = order.next_number("acceptance_notice", county, "aid", 2026)
    assert order.next_number("acceptance_notice", namesake, "aid", 2026) != first


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back(county: Organisation, ordering: Ordering, moment: dt.datetime) -> None:
    ordering()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        event = event_of("lost", moment)
        order.order("acceptance_notice", None, event, data_of("acceptance_notice"), moment, organisation=county)
        raise ZeroDivisionError
    assert ordering().number.endswith("〕2号")
    assert Paper.objects.count() == Counter.objects.get().last == 2


@pytest.mark.django_db
def test_the_same_event_orders_a_kind_once(county: Organisation, moment: dt.datetime) -> None:
    with transaction.atomic():
        event = event_of("twice", moment)
        papers = [
            order.order("denial_notice", None, event, data_of("denial_notice"), moment, organisation=county)
            for _ in range(3)
        ]
        other = order.order("approval_form", None, event, data_of("approval_form"), moment, organisation=county)
    assert {paper.pk for paper in papers} == {papers[0].pk} != {other.pk}
    assert Counter.objects.get(series__contains="不批").last == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_ordered(county: Organisation, moment: dt.datetime) -> None:
    with transaction.atomic():
        event = event_of("outside", moment)
    with pytest.raises(TransactionManagementError):
        order.order("denial_notice", None, event, data_of("denial_notice"), moment, organisation=county)


@pytest.mark.django_db
def test_somebody_must_issue_it(moment: dt.datetime) -> None:
    with pytest.raises(ValueError, match="organisation"), transaction.atomic():
        order.order("payment_roster", None, event_of("nobody", moment), data_of("payment_roster"), moment)


@pytest.mark.django_db(transaction=True)
def test_threads_leave_no_gap_and_take_no_number_twice(
    county: Organisation, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads order 12 papers each; every third order is rolled back."""
    monkeypatch.setattr(order, "wake", lambda paper: None)
    troubles: list[BaseException] = []

    class Lost(Exception):
        pass

    def work(who: str) -> None:
        try:
            for turn in range(12):
                try:
                    with transaction.atomic():
                        event = event_of(f"{who}-{turn}", moment)
                        order.order(
                            "denial_notice", None, event, data_of("denial_notice"), moment, organisation=county
                        )
                        if turn % 3 == 0:
                            raise Lost
                except Lost:
                    pass
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    taken = sorted(int(number.split("〕")[1][:-1]) for number in Paper.objects.values_list("number", flat=True))
    assert taken == list(range(1, 17))


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_stops_nobody(
    ordering: Ordering, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.make_paper, "apply_async", away)
    paper = ordering()
    assert Paper.objects.get(pk=paper.pk).state == "due"


@pytest.mark.django_db
def test_codes_are_looked_up_as_people_type_them(ordering: Ordering) -> None:
    paper = ordering()
    code = paper.check_code
    assert len(code) == 16
    for typed in (code, code.lower(), " ".join(code[n : n + 4] for n in range(0, 16, 4)), f"{code[:8]}-{code[8:]}"):
        assert lookup(typed) == paper
    for wrong in ("", " ", code[:-1], code + "2", "'; --", "\x00", "查验码"):
        assert lookup(wrong) is None
