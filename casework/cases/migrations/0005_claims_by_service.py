from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_standings_and_claims")]

    operations = [
        migrations.RemoveConstraint(model_name="claimedkey", name="granted_once"),
        migrations.AddField(
            model_name="claimedkey", name="service", field=models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="claimedkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("granted", True)), fields=("service", "kind", "digest"), name="granted_once"
            ),
        ),
    ]
