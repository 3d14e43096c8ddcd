"""Former short names of units, so that files that still write them are understood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_to_0003"),
    ]

    operations = [
        migrations.AddField(
            model_name="formername",
            name="short_name",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
