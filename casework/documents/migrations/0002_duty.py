"""A file uploaded under a duty remembers it. Of the files that belong to no case yet, those of people who held a duty
when they uploaded them are taken for the office's."""
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def remember(apps, schema_editor):
    """Enter the duty of the files that lie in drafts."""
    document, assignment = apps.get_model("documents", "Document"), apps.get_model("access", "RoleAssignment")
    rows = document.objects.filter(case__isnull=True, made=False, owner__assignments__isnull=False).distinct()
    for row in rows.order_by("pk").iterator():
        held = assignment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=row.uploaded_at), user=row.owner_id,
            valid_from__lte=row.uploaded_at,
        ).order_by("pk").first()
        if held is not None:
            row.duty_role, row.duty_place_id = held.role, held.organisation_id
            row.save(update_fields=["duty_role", "duty_place"])


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0002_policy_officer"),
        ("documents", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="duty_role",
            field=models.CharField(blank=True, default="", max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="document",
            name="duty_place",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
