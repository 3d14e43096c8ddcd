"""Whose password somebody else knows (初始密码): it is changed at the first sign-in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_agencies_and_accounts")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="first_password",
            field=models.BooleanField(default=False, verbose_name="初始密码"),
        ),
    ]
