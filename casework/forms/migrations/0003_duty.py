"""A draft begun under a duty remembers it. Of the drafts not handed in yet, those of people who held a duty when they
began them are the office's, but for those about the owner himself; what applicants began stays as it is."""
import json

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def remember(apps, schema_editor):
    """Enter the duty of what officers have begun: one that may start the service, else the first they held."""
    draft, assignment = apps.get_model("forms", "Draft"), apps.get_model("access", "RoleAssignment")
    rows = draft.objects.filter(case__isnull=True, owner__assignments__isnull=False).distinct()
    own = Q(for_person=F("owner__person")) | Q(came_from__applicant=F("owner__person"))
    about_himself = set(rows.filter(own).values_list("pk", flat=True))
    for row in rows.select_related("programme").order_by("pk").iterator():
        programme = json.loads(row.programme.content["text"])["programme"]
        starters = {str(start).partition("@")[0] for start in programme.get("start") or ("unit_handler",)}
        held = assignment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=row.created_at), user=row.owner_id,
            valid_from__lte=row.created_at,
        ).order_by("pk")
        found = next(iter(sorted(held, key=lambda one: one.role not in starters)), None)
        if found is not None and row.pk not in about_himself:
            row.duty_role, row.duty_place_id = found.role, found.organisation_id
            row.save(update_fields=["duty_role", "duty_place"])


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0002_policy_officer"),
        ("forms", "0002_came_from"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="duty_role",
            field=models.CharField(blank=True, default="", max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draft",
            name="duty_place",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
