"""All addresses of the site; each part lists its own."""
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

PARTS = ("site", "portal", "desk", "oversight", "studio", "offices")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"casework.{part}.urls")) for part in PARTS if find_spec(f"casework.{part}.urls")
]

handler400 = "casework.site.errors.bad_request"
handler403 = "casework.site.errors.forbidden"
handler404 = "casework.site.errors.not_found"
handler500 = "casework.site.errors.broken"
