"""The public id of a login is there, and nobody else's."""
import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_staff_logins")]
    operations = [
        migrations.AlterField(
            "user", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
