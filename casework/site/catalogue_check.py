"""System check: a fault in the catalogue stops `manage.py check`, named with file, line, key and mend (design §3)."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from casework.programmes.checking import findings_in
from casework.programmes.loader import CATALOGUE


@register("catalogue")
def the_catalogue_has_no_faults(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell every error of every programme's folder; what only may be wrong is told by `manage.py programmes --lint`."""
    return [
        Error(
            f"{finding.where}: {finding.message.en} ({finding.code})",
            hint=finding.mend.en,
            id="casework.E002",
        )
        for folder in sorted(CATALOGUE.iterdir())
        if (folder / "programme.yaml").exists()
        for finding in findings_in(folder)
        if finding.level == "error"
    ]
