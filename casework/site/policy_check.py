"""System check: an address whose view declares no policy stops `manage.py check` (promise R1)."""
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from casework.site.policy import policy_of


def all_patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its pattern, includes unfolded."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from all_patterns(entry, path)
        else:
            yield path, entry


@register("security")
def every_view_has_a_policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name every view that does not say who may open it."""
    return [
        Error(
            f"The view of /{path} does not say who may open it.",
            hint="Decorate it with public, signed_in, applicant or staff(…) of casework.site.policy.",
            obj=pattern.name or path,
            id="casework.E001",
        )
        for path, pattern in all_patterns()
        if policy_of(pattern.callback) is None
    ]
