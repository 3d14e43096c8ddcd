"""Find targets by their day of registration: scopes of the newly registered, and the list in that order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0002_low_risk_base"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="target",
            index=models.Index(fields=["registered_on", "draw_code"], name="target_registered"),
        ),
    ]
