"""
Draws: frames, sources, parts, lists, assignments (抽取、底册、选派; vdraw/1).

``draw`` and ``draw_part`` are the protocol's tables (§13), with its unique indexes and triggers on both
databases. Frames are content-addressed files, fsynced before the sealing transaction commits; only drawn
and reserve rows become rows here.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency, User
from fairdraw.draws.states import ENDED, FINISHED, DrawState, Purpose
from fairdraw.files.models import StoredFile
from fairdraw.plans.models import Task
from fairdraw.registers.models import Inspector, Target


class Draw(models.Model):
    """A draw of a pool of one or more tasks (抽取): one attempt under its number."""

    id = models.CharField(primary_key=True, max_length=36)
    org = models.CharField(max_length=36)
    number = models.CharField(_("抽取编号"), max_length=20)
    attempt = models.PositiveIntegerField(default=1)
    prev = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=10, default=DrawState.DRAFT.value)
    seal = models.CharField(max_length=64, null=True, unique=True)
    seed_hash = models.CharField(max_length=64, null=True, unique=True)
    result_root = models.CharField(max_length=64, null=True)
    agency = models.ForeignKey(Agency, models.PROTECT)
    year = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=1)
    suite = models.CharField(max_length=8, default="sha256")
    prf = models.CharField(max_length=8, default="keyhash")
    approval_code = models.CharField(_("审批核对码"), max_length=16, blank=True)
    register_seq = models.BigIntegerField(default=0)  # of the last change of the register in the frozen lists
    disclose_to = models.CharField(max_length=10, default="auditors")
    disclose_when = models.CharField(max_length=6, default="task")
    beacon_kind = models.CharField(max_length=20, blank=True)
    beacon_round = models.CharField(max_length=40, blank=True)
    beacon_value = models.CharField(max_length=250, blank=True)
    prepared_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    commit_by = models.DateTimeField(null=True)
    reveal_by = models.DateTimeField(null=True)
    reveals_opened_at = models.DateTimeField(null=True)
    reveals_closed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    ended_by = models.CharField(max_length=20, blank=True)
    ended_second = models.CharField(max_length=20, blank=True)
    disclosed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "draw"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "number", "attempt"], name="draw_attempt_is_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["org", "number"],
                condition=~models.Q(state__in=[s.value for s in ENDED]),
                name="draw_one_live",
            ),
            models.CheckConstraint(condition=models.Q(attempt__gte=1), name="draw_attempt_counts_from_one"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in DrawState]), name="draw_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="draft", seal__isnull=True)
                    | (~models.Q(state="draft") & models.Q(seal__isnull=False))
                ),
                name="only_a_draft_has_no_seal",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(
                        state__in=[s.value for s in FINISHED],
                        seed_hash__isnull=False,
                        result_root__isnull=False,
                    )
                    | (
                        ~models.Q(state__in=[s.value for s in FINISHED])
                        & (models.Q(seed_hash__isnull=True) | models.Q(result_root__isnull=True))
                    )
                ),
                name="only_a_finished_draw_has_a_result",
            ),
        ]


class DrawPart(models.Model):
    """One task of a draw: at most one live row for a task and purpose (一项任务只抽一次)."""

    draw = models.ForeignKey(Draw, models.CASCADE, db_column="draw", related_name="parts")
    org = models.CharField(max_length=36)
    task = models.CharField(max_length=20)  # the task's number
    part = models.CharField(max_length=200)  # its part codes in the plan: "T" or "T.a,T.b"
    purpose = models.CharField(max_length=10)
    live = models.PositiveSmallIntegerField(default=1)

    class Meta:
        db_table = "draw_part"
        constraints = [
            models.UniqueConstraint(fields=["draw", "task"], name="a_task_stands_once_in_a_draw"),
            models.UniqueConstraint(
                fields=["org", "task", "purpose"], condition=models.Q(live=1), name="part_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=[p.value for p in Purpose]), name="part_has_a_known_purpose"
            ),
            models.CheckConstraint(condition=models.Q(live__in=[0, 1]), name="live_is_yes_or_no"),
        ]


class DrawFile(models.Model):
    """A file of a draw by its name in the bundle: ``frame.tsv``, ``plan.json``, ``seed.txt`` …"""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    stored = models.ForeignKey(StoredFile, models.PROTECT, db_column="sha256")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "name"], name="a_draw_has_each_file_once")]


class DrawSecret(models.Model):
    """The server's share and the blind key, encrypted under a key outside the database (vdraw/1 §7.1)."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="secret")
    ciphertext = models.BinaryField()
    deposit = models.ForeignKey(StoredFile, models.PROTECT, null=True)


class DrawSource(models.Model):
    """A person of the draw and the share (抽取参与人): locked, then opened."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="sources")
    source = models.CharField(max_length=36)  # p1, p2, …
    position = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, models.PROTECT, null=True)
    office = models.ForeignKey(Agency, models.PROTECT)
    role = models.CharField(max_length=10)  # initiator, supervisor, witness
    commitment = models.CharField(max_length=64, blank=True)
    envelope = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    committed_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    share = models.CharField(max_length=128, blank=True)
    revealed_at = models.DateTimeField(null=True)
    by_envelope = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "source"], name="a_source_stands_once_in_a_draw"),
            models.UniqueConstraint(
                fields=["draw", "user"], condition=models.Q(user__isnull=False), name="a_person_has_one_part"
            ),
        ]


class DrawnList(models.Model):
    """A list of drawn targets of one task: drawn here, or received from elsewhere (抽取名单; N14, N18)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="lists")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="lists")
    source = models.CharField(max_length=12)  # own, provincial, dispatched
    drawn_by = models.CharField(_("抽取机关"), max_length=100, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    drawn_on = models.DateField(null=True)
    received = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(source="own"), name="a_task_has_one_list_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=~models.Q(source="own"), name="a_task_has_one_received_list"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["own", "provincial", "dispatched"]),
                name="list_has_a_known_source",
            ),
        ]


class ListOrigin(models.Model):
    """
    Where a received list comes from, and how its rows were matched (名单来源; N14): never changed.

    ``matched`` counts the rows by how they were matched; ``chosen`` are the rows that a person settled:
    ``[{"row", "name", "code"}]``.
    """

    drawn_list = models.OneToOneField(DrawnList, models.PROTECT, related_name="origin")
    division = models.CharField(_("派发处室"), max_length=100, blank=True)
    document_title = models.CharField(_("文件名称"), max_length=200, blank=True)
    received_by = models.CharField(max_length=20)
    received_name = models.CharField(_("接收人"), max_length=40, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    matched: Any = models.JSONField(default=dict)
    chosen: Any = models.JSONField(default=list)


class ReceivedRow(models.Model):
    """A row of a received list and the target of the register that it names (外部名单的一行): never changed."""

    drawn_list = models.ForeignKey(DrawnList, models.PROTECT, related_name="received_rows")
    row = models.PositiveIntegerField()
    target = models.ForeignKey(Target, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drawn_list", "target"], name="a_target_is_received_once"),
            models.UniqueConstraint(fields=["drawn_list", "row"], name="a_row_names_one_target"),
        ]


class ReturnedRow(models.Model):
    """A row of a received list that cannot be checked here (退回清单): unmatched, foreign, dead."""

    drawn_list = models.ForeignKey(DrawnList, models.PROTECT, related_name="returned")
    row = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=36, blank=True)
    reason = models.CharField(max_length=200)


class DrawnRow(models.Model):
    """A target that was drawn, or a reserve (抽中对象、备选), with what was sealed about it."""

    drawn_list = models.ForeignKey(DrawnList, models.PROTECT, related_name="rows")
    task = models.ForeignKey(Task, models.PROTECT, related_name="drawn_rows")
    target = models.ForeignKey(Target, models.PROTECT, related_name="drawn_rows")
    part = models.CharField(max_length=32)
    stratum = models.CharField(max_length=32)
    rank = models.PositiveIntegerField()
    reserve = models.BooleanField(default=False)
    prn = models.CharField(max_length=16, blank=True)
    unit = models.CharField(max_length=32, blank=True)
    kind_as_sealed = models.CharField(max_length=24)
    class_as_sealed = models.CharField(max_length=1, blank=True)
    probability_num = models.PositiveIntegerField(null=True)
    probability_den = models.PositiveIntegerField(null=True)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True)
    replaced_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drawn_list", "part", "target"], name="a_target_is_drawn_once_in_a_part"
            ),
            models.UniqueConstraint(
                fields=["drawn_list", "part", "stratum", "rank"], name="a_rank_is_given_once"
            ),
        ]


class DrawnTeam(models.Model):
    """The inspectors dealt to a target by a draw (选派): one row a slot, in the bytes of ``assign.tsv``."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="teams")
    target = models.ForeignKey(Target, models.PROTECT)
    slot = models.CharField(max_length=32)
    inspector = models.ForeignKey(Inspector, models.PROTECT)
    prn = models.CharField(max_length=16)
    bundle = models.PositiveIntegerField(null=True)
    team = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "target", "slot"], name="a_slot_has_one_inspector"),
        ]
