"""Carries one act out, through the same doors as the pages: intake, the door, payment runs, timers."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.access.actor import Actor
from casework.access.duties import actor_of
from casework.access.models import User
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.demo.cases.acts import THAT_DAY, THE_AWARD, Act, Story, Upload
from casework.demo.cases.pictures import AS_PDF, TITLES, picture, two_pages
from casework.documents import formats, store
from casework.funds.models import Batch, Payment
from casework.programmes import versions
from casework.workflows import intake, payruns, timers
from casework.workflows.commands import Command
from casework.workflows.door import perform
from casework.workflows.models import Timer

ANSWER_HEAD = "payment number,amount,result,return code,reference"
TIMERS_MOST = 1000
WITH_PICTURES = ("members", "rigid")  # lists of a form whose rows hold an Upload


class Stage:
    """now: the moment of the act; it only goes forward."""

    def __init__(self) -> None:
        self.cases: dict[str, int] = {}
        self._pictures = 0
        self._users: dict[str, User] = {}
        self._actors: dict[str, Actor] = {}

    def actor(self, login: str, now: datetime) -> Actor:
        """A person as the engine sees him; nobody's duties change while the stories are told."""
        if login not in self._actors:
            self._actors[login] = actor_of(self._user(login), now)
        return self._actors[login]

    def _user(self, login: str) -> User:
        if login not in self._users:
            self._users[login] = User.objects.get(username=login)
        return self._users[login]

    def open(self, story: Story, now: datetime) -> None:
        """Hand the application of a story in."""
        given = self._with_rows(story.who, story.form(now), now) | self._uploaded(story.who, story.files, now)
        version = versions.current(story.service, local_date(now))
        case, _event = intake.open_case(version, given, self.actor(story.who, now), f"demo-{story.key}", now)
        self.cases[story.key] = case.pk

    def act(self, story: Story, number: int, act: Act, now: datetime) -> None:
        """One click of one person, on what he sees at that moment."""
        case = Case.objects.only("event_n", "facts").get(pk=self.cases[story.key])
        known = {THAT_DAY: local_date(now).isoformat(), THE_AWARD: case.facts.get("award_fen")}
        told = act.answers.items()
        given = {key: known.get(value, value) if isinstance(value, str) else value for key, value in told}
        given = {key: value(case) if callable(value) else value for key, value in given.items()}
        given |= self._uploaded(act.who, act.files, now)
        key = f"demo-{story.key}-{number}"
        perform(Command(case.pk, act.action, self.actor(act.who, now), case.event_n, key, given), now)

    def _uploaded(self, login: str, wanted: Mapping[str, int], now: datetime) -> dict[str, list[str]]:
        """Pictures of these kinds, uploaded by this person."""
        return {kind: [self._upload(login, kind, now) for _ in range(count)] for kind, count in wanted.items()}

    def _with_rows(self, login: str, answers: dict[str, Any], now: datetime) -> dict[str, Any]:
        """The same answers with their pictures, those that belong to rows, too."""
        return {
            key: [self._row(login, row, now) for row in value] if key in WITH_PICTURES else value
            for key, value in self._row(login, answers, now).items()
        }

    def _row(self, login: str, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return {
            key: [self._upload(login, one.kind, now)] if isinstance(one, Upload) else one
            for key, one in row.items()
        }

    def _upload(self, login: str, field: str, now: datetime) -> str:
        kind, user = field.removesuffix("_paper"), self._user(login)
        self._pictures += 1
        if kind in AS_PDF:
            data = two_pages(kind, user.first_name, self._pictures)
            kept = store.keep(data, kind, f"{TITLES[kind]}.pdf", formats.PDF, now, owner=user, pages=2)
        else:
            data = picture(kind, user.first_name, self._pictures)
            kept = store.keep(data, kind, f"{TITLES[kind]}.jpg", formats.JPEG, now, owner=user)
        return str(kept.public_id)

    # Money

    def make_batch(self, stories: tuple[str, ...], now: datetime) -> Batch:
        """The finance officer puts the waiting payments of these cases into a batch."""
        cases = [self.cases[key] for key in stories]
        waiting = list(Payment.objects.select_related("fund").filter(case__in=cases, state="queued").order_by("pk"))
        chosen = [payment.pk for payment in waiting]
        return payruns.make(waiting[0].fund, chosen, self.actor("finance_officer", now), now)

    def check_batch(self, batch: Batch, now: datetime) -> None:
        """The first cashier checks it."""
        payruns.check(batch, self.actor("cashier", now), now, approve=True)

    def send_batch(self, batch: Batch, now: datetime) -> None:
        """The second cashier fetches the file for the bank."""
        batch.refresh_from_db()
        payruns.export(batch, self.actor("cashier2", now), now)

    def answer_batch(self, batch: Batch, now: datetime) -> None:
        """The bank has paid everything; the cases hear of it."""
        batch.refresh_from_db()
        rows = [
            f"{payment.number},{payment.fen / 100:.2f},success,,B{place:06d}"
            for place, payment in enumerate(batch.payments.order_by("pk"), 1)
        ]
        data = "\r\n".join([ANSWER_HEAD, *rows, ""]).encode("utf-8-sig")
        payruns.take_result(batch, data, self.actor("cashier", now), now)
        timers.run_queued(now)


def let_time_pass(until: datetime) -> None:
    """Fire every timer up to that moment, each when it falls due, as the beat does."""
    for _ in range(TIMERS_MOST):
        due = Timer.objects.filter(state="set", due_at__lte=until).order_by("due_at").values_list("due_at", flat=True)
        first = due.first()
        if first is None:
            return
        timers.fire_due(first)
        timers.run_queued(first)
