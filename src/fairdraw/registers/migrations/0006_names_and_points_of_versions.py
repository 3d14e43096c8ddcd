"""Fill what 0005 added: the name of each version, check points as objects, the comparable form of each alias."""

import unicodedata

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Copy names, widen points, fold aliases; of aliases that only width or blanks tell apart the newest stays."""
    item, version, alias = (
        apps.get_model("registers", name) for name in ("Item", "ItemVersion", "ItemAlias")
    )
    version.objects.update(name=Subquery(item.objects.filter(pk=OuterRef("item")).values("name")[:1]))
    for row in version.objects.exclude(points=[]).iterator():
        row.points = [{"question": point} if isinstance(point, str) else point for point in row.points]
        row.save(update_fields=["points"])
    held = set()
    for row in alias.objects.order_by("-pk"):
        row.plain = "".join(unicodedata.normalize("NFKC", row.wording).split())[:400]
        if row.plain in held:
            row.delete()
            continue
        held.add(row.plain)
        row.save(update_fields=["plain"])


def narrow(apps, schema_editor):
    """Let points be plain texts again."""
    for row in apps.get_model("registers", "ItemVersion").objects.exclude(points=[]).iterator():
        row.points = [point.get("question", "") for point in row.points]
        row.save(update_fields=["points"])


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0005_items_in_detail"),
    ]

    operations = [
        migrations.RunPython(fill, narrow),
        migrations.AlterField(
            model_name="itemalias",
            name="plain",
            field=models.CharField(max_length=400, unique=True),
        ),
    ]
