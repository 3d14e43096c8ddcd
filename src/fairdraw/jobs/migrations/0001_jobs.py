"""The table of long work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=64)),
                ("arguments", models.JSONField(default=dict)),
                ("lock_key", models.CharField(blank=True, max_length=128)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "没有完成"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("actor_code", models.CharField(max_length=64)),
                ("actor", models.JSONField()),
                ("put_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("heard_at", models.DateTimeField(null=True)),
                ("done_count", models.BigIntegerField(default=0)),
                ("total_count", models.BigIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=200)),
                ("result", models.JSONField(null=True)),
                ("person_error", models.TextField(blank=True)),
                ("troubles", models.JSONField(default=list)),
                ("traceback", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["actor_code", "-put_at"], name="job_of_actor"),
                    models.Index(fields=["state", "heard_at"], name="job_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "running", "done", "failed"])),
                        name="job_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running"), models.Q(("lock_key", ""), _negated=True)),
                        fields=("lock_key",),
                        name="job_with_a_lock_key_runs_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "state__in",
                                    [
                                        "done",
                                        "failed",
                                    ],
                                ),
                            ),
                            models.Q(("ended_at__isnull", True), ("state__in", ["queued", "running"])),
                            _connector="OR",
                        ),
                        name="job_has_an_end_when_it_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            models.Q(
                                ("attempt__gte", 1),
                                ("heard_at__isnull", False),
                                ("started_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="job_that_runs_was_started",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_count__gte", 0), ("total_count__gte", 0)),
                        name="job_counts_are_not_negative",
                    ),
                ],
            },
        ),
    ]
