"""The switch between Chinese and English."""
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as switch

from casework.access.models import User
from casework.site.policy import public


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and, for messages sent later, with the login."""
    wanted = request.POST.get("language", "")
    if request.user.is_authenticated and wanted in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=wanted)
    return switch(request)
