"""The dates of the papers, looked at where the application is accepted. The applicant's date stands there; what the
office reads on the paper counts, and where nobody finds a date, the office has decided with what there is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.core.text import Text
from casework.documents import validity
from casework.documents.models import HELD_BY, Document
from casework.forms.spec import Field, FormSpec
from casework.programmes import dated
from casework.programmes.spec import PaperNeed, Programme
from casework.workflows import effects
from casework.workflows.steps import common
from casework.workflows.turn import Turn

READ = Text("如与材料不符，请改为材料上的日期。", "Correct it where the paper says another.")


def handed_in(case: Case, programme: Programme) -> list[tuple[PaperNeed, list[Document]]]:
    """The papers of a case that do not count for ever, with their files; the newest hand-in of each."""
    needs = {paper.key: paper for paper in programme.papers if paper.lasts}
    if not needs:
        return []
    newest = _last_files(case) if case.facts.get("supplemented") else {}
    rows = case.documents.filter(made=False, withdrawn_at__isnull=True, kind__in=needs).order_by("kind", "id")
    found = [row for row in rows if row.kind not in newest or str(row.public_id) in newest[row.kind]]
    return [(needs[kind], list(some)) for kind, some in groupby(found, key=lambda row: row.kind)]


def _last_files(case: Case) -> dict[str, set[str]]:
    """The files that came with the last hand-in of each paper: kind → public ids. What a supplement brought stands in
    place of what it was asked for."""
    told = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), data__has_key="documents")
    found: dict[str, set[str]] = {}
    for data in told.order_by("-n").values_list("data", flat=True):
        came = sorted(data["documents"], key=itemgetter("kind"))
        for kind, some in groupby(came, key=itemgetter("kind")):
            found.setdefault(kind, {str(one["id"]) for one in some})
    return found


def last_day(need: PaperNeed, documents: list[Document]) -> date | None:
    """The day until which these files count: the first of theirs, of a series the last; None where nobody knows any."""
    return _deciding(need, (last for one in documents if (last := validity.last_of(one, need.lasts))))


def _told(need: PaperNeed, documents: list[Document]) -> date | None:
    lasts = need.lasts
    return _deciding(need, (day for one in documents if lasts and (day := validity.told_of(one, lasts))))


def _deciding(need: PaperNeed, days: Iterable[date]) -> date | None:
    return (max if need.lasts and need.lasts.series else min)(days, default=None)


def day_of(case: Case, documents: list[Document], today: date) -> date:
    """The day of handing in, on which a paper must count: of the application, or of a later supplement."""
    first = local_date(case.submitted_at) if case.submitted_at else today
    return max([first, *(local_date(one.uploaded_at) for one in documents)])


def pass_form(turn: Turn) -> FormSpec | None:
    """An opinion, and the dates of the papers, filled with what the applicant gave."""
    form = common.pass_form(turn)
    papers = handed_in(turn.case, turn.programme) if form else []
    if form is None or not papers:
        return form
    page = form.pages[0]
    group = replace(page.groups[0], items=(*(_question(need) for need, _documents in papers), *page.groups[0].items))
    told = ((dated.key_of(need.key), _told(need, documents)) for need, documents in papers)
    given = {key: [day.isoformat()] for key, day in told if day}
    return replace(form, pages=(replace(page, groups=(group,)),), given=given)


def _question(need: PaperNeed) -> Field:
    assert need.lasts is not None
    asked = dated.question(Field(need.key, "file", need.title), need.lasts)
    options = {key: value for key, value in asked.options.items() if key != "counts"}  # judged by the day of handing in
    words = Text(f"{need.lasts.words.zh}{READ.zh}", f"{need.lasts.words.en} {READ.en}")
    return replace(asked, help=words, options=options)


def check(turn: Turn) -> list[Problem]:
    """A paper that did not count any more when it was handed in is asked for anew."""
    mend = _("Ask for a new one: the one-time notice names this paper as expired.")
    found = []
    for need, documents, day in _read(turn):
        assert need.lasts is not None
        last = need.lasts.last_day(day)
        if last < day_of(turn.case, documents, turn.today):
            message = _("The paper counted until %(day)s only.") % {"day": date_format(last, "DATE_FORMAT")}
            place = dated.key_of(need.key)
            found.append(Problem(validity.EXPIRED, message, place=place, mend=mend, params={"paper": need.key}))
    return found


def _read(turn: Turn) -> Iterator[tuple[PaperNeed, list[Document], date]]:
    """The papers for which a date was given at this desk."""
    for need, documents in handed_in(turn.case, turn.programme):
        told = str(turn.answers.get(dated.key_of(need.key)) or "")
        if told:
            yield need, documents, date.fromisoformat(told)


def keep(turn: Turn) -> None:
    """A date that the office read otherwise than the applicant counts; the event tells both."""
    read = [(need, documents, _told(need, documents), day) for need, documents, day in _read(turn)]
    changed = [(need, documents, told, day) for need, documents, told, day in read if told != day]
    if not changed:
        return
    turn.facts["paper_dates"] = {
        need.key: {"told": told.isoformat() if told else "", "found": day.isoformat()}
        for need, _files, told, day in changed
    }
    for need, documents, _told_day, day in changed:
        if need.lasts:
            column = validity.column(need.lasts)
            for document in documents:
                setattr(document, column, day)
                turn.tell_row(document, *HELD_BY)
            turn.then(effects.date_papers, documents=documents, column=column, day=day)


def expired(turn: Turn) -> list[str]:
    """Keys of the papers that are known not to have counted when they were handed in."""
    found = []
    for need, documents in handed_in(turn.case, turn.programme):
        last = last_day(need, documents)
        if last is not None and last < day_of(turn.case, documents, turn.today):
            found.append(need.key)
    return found
