"""Cases in which the applicant acts for a union or an office are known as such."""
from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """Campaigns, and what somebody filed in his own name under a duty."""
    cases, drafts = apps.get_model("cases", "Case"), apps.get_model("forms", "Draft")
    cases.objects.filter(life="campaign").update(for_office=True)
    under_duty = drafts.objects.exclude(duty_role="").filter(case__isnull=False)
    rows = cases.objects.filter(pk__in=under_duty.values("case_id"), applicant_id=models.F("filed_by__person_id"))
    cases.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(for_office=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_claims_by_service"), ("forms", "0003_duty"), ("access", "0004_user_public_id")]
    operations = [
        migrations.AddField(
            "case", "for_office",
            models.BooleanField(
                default=False, help_text="the applicant acts for a union or an office, while he holds the duty"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
