"""Families of services, in the order pages show them: words and icon."""
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Words

FAMILIES: dict[str, tuple[Words, str]] = {
    "aid": (_("Help in hardship"), "heart"),
    "mutual_aid": (_("Mutual aid"), "shield"),
    "employment": (_("Work and training"), "tool"),
    "rights": (_("Rights and legal aid"), "scale"),
    "organisation": (_("Union matters"), "users"),
    "honour": (_("Honours and selections"), "check"),
    "care": (_("Care and honour"), "heart"),
}
