"""Staff logins: a public id, the office that keeps the login, and how long a first password counts."""
import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """An id for every login; whoever holds a duty is kept by the office of his first one."""
    users, duties = apps.get_model("access", "User"), apps.get_model("access", "RoleAssignment")
    for user in users.objects.iterator():
        first = duties.objects.filter(user=user).order_by("pk").first()
        users.objects.filter(pk=user.pk).update(
            public_id=uuid.uuid4(), office_id=first.organisation_id if first else None
        )


class Migration(migrations.Migration):
    dependencies = [("access", "0002_policy_officer"), ("organisations", "0002_closes_on")]
    operations = [
        migrations.AddField("user", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, null=True)),
        migrations.AddField(
            "user", "office",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField("user", "first_password_until", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
