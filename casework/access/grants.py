"""Cases opened to one person: what he may see and do there beyond his duties (design §5), kept by guardian."""
from django.db.models import Model
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm

from casework.access.models import User

HELP = "help_case"


def open_to(user: User, case: Model) -> None:
    """From now on this person sees this case and works on what is his there."""
    assign_perm(f"cases.{HELP}", user, case)


def take_back(user_id: int, case_id: int) -> None:
    """From now on he does not."""
    rows = UserObjectPermission.objects.filter(
        user_id=user_id, object_pk=str(case_id), permission__codename=HELP,
        content_type__app_label="cases", content_type__model="case",
    )
    rows.delete()
