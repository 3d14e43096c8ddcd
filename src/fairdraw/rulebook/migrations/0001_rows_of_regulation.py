from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="HolidayDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("is_workday", models.BooleanField()),
                ("name", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ClassRateRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("set_code", models.CharField(max_length=32)),
                ("stratum", models.CharField(max_length=16)),
                ("ratio", models.CharField(max_length=16)),
                ("order", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="classraterule_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="classraterule_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="classraterule_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="classraterule_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="classraterule_origin_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("amount", models.IntegerField(default=0)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("workdays", "个工作日"),
                            ("days", "日"),
                            ("months", "个月"),
                            ("years", "年"),
                            ("date", "固定日期"),
                        ],
                        max_length=8,
                    ),
                ),
                ("extension", models.PositiveIntegerField(default=0)),
                ("month_day", models.CharField(blank=True, default="", max_length=5)),
                ("rolls", models.BooleanField(default=False)),
                ("starts", models.CharField(max_length=64)),
                ("ends", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="deadlinerule_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="deadlinerule_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="deadlinerule_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="deadlinerule_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="deadlinerule_origin_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["workdays", "days", "months", "years", "date"])),
                        name="deadlinerule_unit_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("unit", "date"), models.Q(("month_day", ""), _negated=True), ("amount", 0)
                            ),
                            models.Q(models.Q(("unit", "date"), _negated=True), ("month_day", "")),
                            _connector="OR",
                        ),
                        name="deadlinerule_is_a_length_or_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="edition_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExclusionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("needs_note", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="exclusionrule_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="exclusionrule_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="exclusionrule_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="exclusionrule_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="exclusionrule_origin_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExemptFieldRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="exemptfieldrule_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="exemptfieldrule_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="exemptfieldrule_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="exemptfieldrule_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="exemptfieldrule_origin_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="exemptfieldrule_says_why"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=200)),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="knownyear_origin_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("for_problem", models.BooleanField()),
                ("for_clean", models.BooleanField()),
                ("needs_number", models.BooleanField(default=False)),
                ("needs_reason", models.BooleanField(default=False)),
                ("deadline", models.CharField(blank=True, default="", max_length=16)),
                ("order", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="measurerule_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="measurerule_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="measurerule_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="measurerule_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="measurerule_origin_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Number",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=24)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="number_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="number_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="number_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="number_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="number_origin_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultCodeRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, default="", max_length=255)),
                ("label", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("clause", models.CharField(blank=True, default="", max_length=200)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("C", "已见原文"),
                            ("C2", "见于转述"),
                            ("P", "外地做法，供参考"),
                            ("R", "待核实"),
                            ("I", "本系统建议值"),
                        ],
                        max_length=2,
                    ),
                ),
                ("shown_as_law", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shipped", "随系统提供"), ("office", "本机关设定")],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("identifier", models.CharField(max_length=32)),
                ("is_problem", models.BooleanField()),
                ("is_status", models.BooleanField()),
                ("alone", models.BooleanField(default=False)),
                ("excludes", models.CharField(blank=True, default="", max_length=64)),
                ("headline_order", models.PositiveSmallIntegerField()),
                ("next_step", models.CharField(max_length=200)),
                ("evidence", models.CharField(blank=True, default="", max_length=32)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "scope", "starts_on"), name="resultcoderule_starts_once_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="resultcoderule_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["C", "C2", "P", "R", "I"])),
                        name="resultcoderule_certainty_is_a_tag",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown_as_law", False),
                            models.Q(
                                ("certainty__in", ["C", "C2"]), models.Q(("document", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="resultcoderule_is_law_only_with_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["shipped", "office"])),
                        name="resultcoderule_origin_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_problem", False), ("is_status", False), _connector="OR"),
                        name="resultcoderule_is_problem_or_status",
                    ),
                ],
            },
        ),
    ]
