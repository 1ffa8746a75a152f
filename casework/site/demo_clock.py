"""The clock of a demonstration: visitors pass the working days of a public notice with one click. It exists in the
embedded setting only; the events written meanwhile carry the demonstration's time."""

import os
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.core import clock
from casework.core.calendar import SHANGHAI, add_working_days, local_date
from casework.site.policy import public
from casework.workflows import timers

STEPS = (1, 6)
ROUNDS = 50


@public
@require_POST
def forward(request: HttpRequest) -> HttpResponse:
    """Go on to the morning after so many working days, and let the timers that fall due run in their order."""
    days = request.POST.get("days", "")
    if not settings.EMBEDDED or days not in {str(step) for step in STEPS}:
        raise Http404
    today = clock.now().astimezone(SHANGHAI)
    target = datetime.combine(add_working_days(local_date(clock.now()), int(days)), today.timetz())
    set_ahead(int((target - today + clock.ahead()).total_seconds()))
    for _round in range(ROUNDS):
        if not timers.fire_due(clock.now()) + timers.run_queued(clock.now()):
            break
    messages.success(request, _("The demonstration's clock now says %(day)s.") % {"day": f"{target:%Y-%m-%d %H:%M}"})
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "home")


def set_ahead(seconds: int) -> None:
    """Write the file whole, so that no reader sees half a number."""
    path = settings.CLOCK_AHEAD_FILE
    assert path is not None  # the embedded setting has one
    part = path.with_suffix(".part")
    part.write_text(str(seconds), encoding="ascii")
    os.replace(part, path)
