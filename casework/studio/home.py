"""All services by family: which version is in force, how many cases run under it, and the drafts on their way."""
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.cases.models import ENDED, Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.programmes import drafts
from casework.programmes.loader import programme_of
from casework.programmes.models import LIVE, ProgrammeDraft, ProgrammeVersion
from casework.programmes.versions import all_current
from casework.site.families import FAMILIES
from casework.site.policy import staff
from casework.studio.draft import title_of
from casework.studio.scope import READERS, may_write


@staff(*READERS)
@require_safe
def studio_home(request: HttpRequest) -> HttpResponse:
    """Every service with its version, its running cases and its drafts; those of which no version is in force, too."""
    rows = all_current(local_date(clock.now()))
    running = dict(Case.objects.exclude(state__in=ENDED).order_by().values_list("key").annotate(Count("pk")))
    waiting = {draft.key: draft for draft in ProgrammeDraft.objects.filter(state__in=LIVE).select_related("author")}
    families: dict[str, list[dict[str, object]]] = {}
    for row in sorted(rows, key=lambda row: row.key):
        programme = programme_of(row)
        families.setdefault(programme.family, []).append({
            "programme": programme, "version": row, "running": running.get(row.key, 0),
            "draft": waiting.get(row.key),
        })
    order = [*FAMILIES, *(family for family in families if family not in FAMILIES)]
    shown = [(FAMILIES.get(family, (family, ""))[0], families[family]) for family in order if family in families]
    there = {row.key for row in rows}
    coming = ProgrammeVersion.objects.exclude(key__in=there).order_by("key", "version")
    context = {
        "families": shown, "may_write": may_write(request),
        "new": [
            {"draft": draft, "title": title_of(drafts.content_of_draft(draft))}
            for key, draft in sorted(waiting.items()) if key not in there
        ],
        "coming": [{"version": row, "title": programme_of(row).title} for row in coming],
    }
    return render(request, "studio/home.html", context)
