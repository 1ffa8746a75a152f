"""What anybody may check: public notices while they hang, and whether a paper is genuine."""
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from casework.core.masks import mask_name
from casework.papers import check
from casework.portal import letters
from casework.programmes.loader import programme_of
from casework.site.policy import public
from casework.workflows import queries
from casework.workflows.models import PublicNotice


@public
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The notices that hang now."""
    hanging = queries.running_notices()
    shown = [{"notice": notice, "programme": programme_of(notice.case.programme)} for notice in hanging]
    return render(request, "portal/notices.html", {"rows": shown})


@public
@require_safe
def notice(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One notice; 404 once it has been taken down (domain §4.4)."""
    found: PublicNotice = queries.running_notice(public_id)
    return render(request, "portal/notice.html", {
        "notice": found, "programme": programme_of(found.case.programme), "heads": letters.notice_heads(found.rows),
        "rows": letters.notice_rows(found.rows),
    })


@public
@require_safe
def paper_check_form(request: HttpRequest) -> HttpResponse:
    """Type the code printed under a letter's QR sign."""
    code = request.GET.get("code", "").strip()
    if code:
        return redirect("paper_check", code[:40].replace("/", ""))
    return render(request, "portal/paper_check.html", {"asked": False})


@public
@require_safe
def paper_check(request: HttpRequest, code: str) -> HttpResponse:
    """Is this letter ours? Number, kind, day and office only, the name masked; the same page for every unknown code."""
    paper = check.lookup(code)
    holder = mask_name(paper.case.applicant.name) if paper and paper.case else ""
    return render(request, "portal/paper_check.html", {
        "asked": True, "paper": paper, "kind": letters.paper_title(paper.kind) if paper else "", "holder": holder,
        "code": code[:24],
    })
