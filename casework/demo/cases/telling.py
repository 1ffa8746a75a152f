"""Tells all stories in the order of time, on an installation that has no events yet."""
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction

from casework.audit.models import Event
from casework.core.calendar import local_date
from casework.demo import loading
from casework.demo.cases import aid, employment, hardship, matters, people, rights, rounds
from casework.demo.cases.acts import Run, Story, moment
from casework.demo.cases.stage import Stage, let_time_pass
from casework.funds.models import Batch

STORIES: tuple[Story, ...] = (
    *hardship.STORIES, *aid.STORIES, *matters.STORIES, *employment.STORIES, *rights.STORIES, *rounds.STORIES,
)
# The office opens so many working days before the first application.
EARLIER = 2
# No two stories happen in the same minute.
APART = timedelta(minutes=3)


class Item(NamedTuple):
    """Something that happens. order: among what happens at one moment."""

    at: datetime
    order: int
    do: Callable[[datetime], None]


def load(now: datetime) -> int:
    """Load the demonstration as of the days before, and tell the stories; all or nothing. Returns how many cases were
    added: none where anything was written before, since a log does not go back in time."""
    with transaction.atomic():
        if Event.objects.exists():
            loading.load(now)
            return 0
        items = sorted(_items(now), key=lambda item: item[:2])
        begin = moment(local_date(now), max(story.day for story in STORIES) + EARLIER, "08:30")
        loading.load(begin)
        people.load(begin)
        year = local_date(begin).year
        for item in items:
            if local_date(item.at).year != year:
                year = local_date(item.at).year
                loading.load(item.at)  # the funds and covers of the new year
            let_time_pass(item.at)
            item.do(item.at)
        let_time_pass(now)
        if local_date(now).year != year:
            loading.load(now)
    return len(STORIES)


def _items(now: datetime) -> Iterator[Item]:
    """Everything that happens, in no order yet."""
    stage, today = Stage(), local_date(now)
    for number, story in enumerate(STORIES):
        apart = APART * (number % 8)
        yield Item(moment(today, story.day, story.time) + apart, number, partial(stage.open, story))
        for step, act in enumerate(story.acts, 1):
            yield Item(moment(today, act.day, act.time) + apart, number, partial(stage.act, story, step, act))
    for run in aid.RUNS:
        yield from _paying(stage, run, now)


def _paying(stage: Stage, run: Run, now: datetime) -> Iterator[Item]:
    """The stages of a batch that were reached."""
    made: list[Batch] = []

    def make(at: datetime) -> None:
        made.append(stage.make_batch(run.stories, at))

    later = ((run.checked, stage.check_batch), (run.sent, stage.send_batch), (run.answered, stage.answer_batch))
    today = local_date(now)
    yield Item(moment(today, *run.made), len(STORIES), make)
    for when, work in later:
        if when is not None:
            yield Item(moment(today, *when), len(STORIES), partial(_with_batch, made, work))


def _with_batch(made: list[Batch], work: Callable[[Batch, datetime], None], at: datetime) -> None:
    """The batch exists when its next stage comes."""
    work(made[0], at)
