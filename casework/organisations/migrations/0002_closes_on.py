"""An organisation is there until a day, instead of being there or not."""
from datetime import date
from typing import Any

from django.db import migrations, models


def close(apps: Any, schema_editor: Any) -> None:
    """What was closed stays closed."""
    apps.get_model("organisations", "Organisation").objects.filter(active=False).update(closes_on=date(2026, 1, 1))


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        migrations.AddField(
            "organisation", "closes_on",
            models.DateField(null=True, blank=True, help_text="the first day on which it is no more"),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
        migrations.RemoveField("organisation", "active"),
    ]
