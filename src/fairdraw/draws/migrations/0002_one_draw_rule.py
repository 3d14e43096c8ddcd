"""
The one-draw rule in the database (vdraw/1 §13): whatever the program does, a task is drawn once.

SQLite and PostgreSQL refuse the same statements. On SQLite, REPLACE removes the row in its way without firing
that row's delete trigger unless ``recursive_triggers`` is on; so every insert, and every update of a unique
column, also looks for the rows that could be in the way, the rowid included (NEW.rowid is -1 where none was
given). On PostgreSQL the triggers are ENABLE ALWAYS, so that ``session_replication_role`` does not lift them.

A later migration that rebuilds one of these tables on SQLite loses its triggers and has to make them again;
``fairdraw.draws.guards.missing`` notices.
"""

# ruff: noqa: S608 -- constants of this file, nothing from outside
from django.db import migrations

ARROWS = (
    "draft>sealed",
    "sealed>revealing",
    "sealed>voided",
    "sealed>failed",
    "revealing>waiting",
    "revealing>drawn",
    "revealing>failed",
    "waiting>drawn",
    "waiting>failed",
    "drawn>disclosed",
)
ENDED = "('voided', 'failed')"
# What a draw is, given with its insert; what it becomes, each set once; texts that are filled once.
FIXED = (
    *(
        "id",
        "org",
        "number",
        "attempt",
        "prev",
        "agency_id",
        "year",
        "level",
        "suite",
        "prf",
        "approval_code",
    ),
    *("register_seq", "disclose_to", "disclose_when", "beacon_kind", "beacon_round", "prepared_at"),
)
ONCE = (
    *("seal", "seed_hash", "result_root", "sealed_at", "commit_by", "reveal_by", "reveals_opened_at"),
    *("reveals_closed_at", "drawn_at", "ended_at", "disclosed_at"),
)
FILLED_ONCE = ("beacon_value", "ended_reason", "ended_by", "ended_second")
ROW_FIXED = (
    *("id", "drawn_list_id", "task_id", "target_id", "part", "stratum", "rank", "reserve", "prn", "unit"),
    *("kind_as_sealed", "class_as_sealed", "probability_num", "probability_den"),
)
# Tables whose rows are only ever added to a draw, with the keys that a second row could take.
KEYS = {
    "draw_part": (("id",), ("draw", "task")),
    "draws_drawfile": (("id",), ("draw_id", "name")),
    "draws_drawsecret": (("id",), ("draw_id",)),
    "draws_drawsource": (("id",), ("draw_id", "source"), ("draw_id", "user_id")),
    "draws_drawnrow": (
        ("id",),
        ("drawn_list_id", "part", "target_id"),
        ("drawn_list_id", "part", "stratum", "rank"),
        ("replaced_by_id",),
    ),
    "draws_drawnteam": (("id",), ("draw_id", "target_id", "slot")),
}
GUARDED = ("draw", *KEYS, "draws_drawnlist", "accounts_installation")


def _any(*conditions):
    return " OR ".join(f"({condition})" for condition in conditions)


def _held(table, columns):
    same = " AND ".join(f"x.{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} x WHERE {same})"


def _state(of, states):
    named = ", ".join(f"'{state}'" for state in states)
    return f"EXISTS (SELECT 1 FROM draw d WHERE d.id = {of} AND d.state IN ({named}))"


class Rules:
    """The conditions on which statements are refused, in the words of one database."""

    def __init__(self, *, distinct, has_rowid):
        self.distinct, self.has_rowid = distinct, has_rowid

    def changed(self, *columns):
        return _any(*(f"NEW.{column} {self.distinct} OLD.{column}" for column in columns))

    def reset(self, *columns):
        return _any(*(f"OLD.{c} IS NOT NULL AND NEW.{c} {self.distinct} OLD.{c}" for c in columns))

    def refilled(self, *columns):
        return _any(*(f"OLD.{c} <> '' AND NEW.{c} {self.distinct} OLD.{c}" for c in columns))

    def rowid_taken(self, table):
        return [f"EXISTS (SELECT 1 FROM {table} x WHERE x.rowid = NEW.rowid)"] if self.has_rowid else []

    def rowid_moved(self):
        return ["NEW.rowid <> OLD.rowid"] if self.has_rowid else []

    def all(self):
        """(table, name, moment, condition on which the statement is refused, message)."""
        yield from self.of_draw()
        yield from self.of_part()
        yield from self.of_sources()
        yield from self.of_files_and_rows()
        yield from self.of_installation()

    def of_draw(self):
        installed = "(SELECT i.{} FROM accounts_installation i WHERE i.id = 1)"
        org_fits = (
            f"NEW.org = {installed.format('org')} AND "
            f"{installed.format('rehearsal')} = (substr(NEW.org, 1, 10) = 'rehearsal-')"
        )
        live = (
            "EXISTS (SELECT 1 FROM draw d WHERE d.org = NEW.org AND d.number = NEW.number AND "
            f"(d.attempt = NEW.attempt OR d.state NOT IN {ENDED}))"
        )
        keys = [_held("draw", (column,)) for column in ("id", "seal", "seed_hash")]
        taken = _any(live, *keys, *self.rowid_taken("draw"))
        twice = _any(
            *(
                f"EXISTS (SELECT 1 FROM draw d WHERE d.id <> NEW.id AND d.{c} = NEW.{c})"
                for c in ("seal", "seed_hash")
            )
        )
        arrow = "(OLD.state || '>' || NEW.state)"
        allowed = ", ".join(f"'{arrow}'" for arrow in ARROWS)
        without_grounds = _any(
            "NEW.state = 'voided' AND (NEW.ended_reason = '' OR NEW.ended_by = '' OR NEW.ended_second = '')",
            "NEW.state = 'voided' AND NEW.ended_by = NEW.ended_second",
            "NEW.state = 'failed' AND (NEW.ended_reason = '' OR NEW.ended_by = '')",
        )
        past_the_number = _any(
            f"{arrow} = 'revealing>drawn' AND NEW.beacon_kind <> ''",
            f"{arrow} = 'revealing>waiting' AND NEW.beacon_kind = ''",
            f"{arrow} = 'waiting>drawn' AND NEW.beacon_value = ''",
        )
        named = "EXISTS (SELECT 1 FROM draw_part p WHERE p.draw = NEW.id)"
        yield from (
            ("draw", "draw_begins_as_draft", "INSERT", "NEW.state <> 'draft'", "a draw begins as a draft"),
            (
                "draw",
                "draw_org_fits",
                "INSERT",
                f"({org_fits}) IS NOT TRUE",
                "org does not fit the installation",
            ),
            ("draw", "draw_is_new", "INSERT", taken, "the number has a live draw"),
            (
                "draw",
                "draw_identity",
                "UPDATE",
                _any(self.changed(*FIXED), *self.rowid_moved()),
                "a draw keeps its identity",
            ),
            (
                "draw",
                "draw_set_once",
                "UPDATE",
                _any(self.reset(*ONCE), self.refilled(*FILLED_ONCE)),
                "seal and result are set once",
            ),
            ("draw", "draw_is_the_only_one", "UPDATE", twice, "seal and seed belong to one draw"),
            (
                "draw",
                "draw_follows_arrows",
                "UPDATE",
                f"NEW.state <> OLD.state AND {arrow} NOT IN ({allowed})",
                "no such move",
            ),
            ("draw", "draw_has_its_number", "UPDATE", past_the_number, "no such move without its number"),
            (
                "draw",
                "draw_ends_for_a_reason",
                "UPDATE",
                without_grounds,
                "an ended draw says why and by whom",
            ),
            (
                "draw",
                "draw_has_a_part",
                "UPDATE",
                f"OLD.state = 'draft' AND NEW.state <> 'draft' AND NOT {named}",
                "a sealed draw has a task",
            ),
            ("draw", "draw_stays", "DELETE", "OLD.state <> 'draft'", "a sealed draw is never deleted"),
        )

    def of_part(self):
        own = "EXISTS (SELECT 1 FROM draw d WHERE d.id = NEW.draw AND d.state = 'draft' AND d.org = NEW.org)"
        live = (
            "EXISTS (SELECT 1 FROM draw_part x WHERE x.org = NEW.org AND x.task = NEW.task "
            "AND x.purpose = NEW.purpose AND x.live = 1)"
        )
        taken = _any(live, *(_held("draw_part", key) for key in KEYS["draw_part"]))
        says = f"(CASE WHEN {_state('NEW.draw', ('voided', 'failed'))} THEN 0 ELSE 1 END)"
        fixed = self.changed("id", "draw", "org", "task", "part", "purpose")
        yield from (
            (
                "draw_part",
                "part_joins_a_draft",
                "INSERT",
                f"NEW.live <> 1 OR NOT {own}",
                "parts join a draft",
            ),
            ("draw_part", "part_is_new", "INSERT", taken, "the task stands in a live draw"),
            ("draw_part", "part_keeps_its_task", "UPDATE", fixed, "a part never changes"),
            (
                "draw_part",
                "part_lives_as_its_draw",
                "UPDATE",
                f"NEW.live <> {says}",
                "live is what the draw says",
            ),
            (
                "draw_part",
                "part_stays",
                "DELETE",
                f"NOT {_state('OLD.draw', ('draft',))}",
                "a sealed part is never deleted",
            ),
        )

    def of_sources(self):
        source, secret = "draws_drawsource", "draws_drawsecret"
        locked = _any(
            self.refilled("commitment"),
            self.reset("committed_at", "envelope_id"),
            f"({self.changed('commitment', 'committed_at', 'envelope_id')}) "
            f"AND NOT {_state('NEW.draw_id', ('sealed',))}",
        )
        opened = _any(
            self.refilled("salt", "share"),
            self.reset("revealed_at"),
            f"({self.changed('salt', 'share', 'revealed_at', 'by_envelope')}) "
            f"AND NOT {_state('NEW.draw_id', ('revealing',))}",
        )
        kept = _any(
            self.changed("id", "draw_id"),
            self.reset("deposit_id"),
            f"({self.changed('ciphertext')}) "
            f"AND NOT {_state('NEW.draw_id', ('sealed', 'revealing', 'waiting'))}",
        )
        yield from (
            (
                source,
                "source_joins_a_draft",
                "INSERT",
                f"NOT {_state('NEW.draw_id', ('draft',))}",
                "sources join a draft",
            ),
            (
                source,
                "source_keeps_its_person",
                "UPDATE",
                self.changed("id", "draw_id", "source", "position", "user_id", "office_id", "role"),
                "a source keeps its person",
            ),
            (source, "commitment_is_final", "UPDATE", locked, "a commitment is final, made after the seal"),
            (source, "reveal_is_final", "UPDATE", opened, "a reveal is final, after commitments closed"),
            (secret, "secret_is_kept", "UPDATE", kept, "the secret of a draw is kept"),
        )
        for table, name in ((source, "source_stays"), (secret, "secret_stays")):
            condition = f"NOT {_state('OLD.draw_id', ('draft',))}"
            yield (table, name, "DELETE", condition, "what was sealed is never deleted")

    def of_files_and_rows(self):
        file, row, team = "draws_drawfile", "draws_drawnrow", "draws_drawnteam"
        final = _any(
            self.changed(*ROW_FIXED),
            self.reset("replaced_by_id"),
            self.refilled("replaced_reason"),
            f"({self.changed('replaced_by_id')}) AND {_held(row, ('replaced_by_id',))}",
        )
        yield from (
            (file, "draw_file_is_final", "UPDATE", "1 = 1", "a file of a draw never changes"),
            (
                file,
                "draw_file_stays",
                "DELETE",
                f"NOT {_state('OLD.draw_id', ('draft',))}",
                "a file of a sealed draw is never deleted",
            ),
            (row, "drawn_row_is_final", "UPDATE", final, "a drawn row never changes"),
            (row, "drawn_row_stays", "DELETE", "1 = 1", "a drawn row is never deleted"),
            (team, "drawn_team_is_final", "UPDATE", "1 = 1", "a dealt team never changes"),
            (team, "drawn_team_stays", "DELETE", "1 = 1", "a dealt team is never deleted"),
        )
        for table, keys in KEYS.items():
            if table != "draw_part":
                taken = _any(*(_held(table, key) for key in keys))
                yield (table, f"{table}_is_new", "INSERT", taken, "that row is there")

    def of_installation(self):
        table = "accounts_installation"
        yield from (
            (table, "installation_is_new", "INSERT", f"EXISTS (SELECT 1 FROM {table})", "installed already"),
            (
                table,
                "installation_keeps_its_org",
                "UPDATE",
                self.changed("id", "org", "rehearsal"),
                "an installation keeps its org",
            ),
            (table, "installation_stays", "DELETE", "1 = 1", "an installation is never deleted"),
        )


SQLITE = Rules(distinct="IS NOT", has_rowid=True)
POSTGRESQL = Rules(distinct="IS DISTINCT FROM", has_rowid=False)


def _sqlite():
    for table, name, verb, condition, message in SQLITE.all():
        yield (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    yield (
        f"CREATE TRIGGER draw_ends AFTER UPDATE OF state ON draw WHEN NEW.state IN {ENDED} "
        "BEGIN UPDATE draw_part SET live = 0 WHERE draw = NEW.id; END"
    )


def _refusal(name, body):
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _raise(message):
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"


def _postgresql():
    made = []
    for table, name, verb, condition, message in POSTGRESQL.all():
        row = "OLD" if verb == "DELETE" else "NEW"
        yield _refusal(name, f"IF {condition} THEN {_raise(message)} END IF; RETURN {row};")
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        made.append((table, name))
    yield _refusal("draw_ends", "UPDATE draw_part SET live = 0 WHERE draw = NEW.id; RETURN NULL;")
    yield (
        f"CREATE TRIGGER draw_ends AFTER UPDATE OF state ON draw FOR EACH ROW WHEN (NEW.state IN {ENDED}) "
        "EXECUTE FUNCTION draw_ends()"
    )
    yield _refusal("never_truncated", _raise("this table is never truncated"))
    for table in GUARDED:
        yield (
            f"CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION never_truncated()"
        )
        made.append((table, f"{table}_is_never_truncated"))
    for table, name in [*made, ("draw", "draw_ends")]:
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def _drop(vendor):
    names = [(table, name) for table, name, *_rest in SQLITE.all()] + [("draw", "draw_ends")]
    for table, name in names:
        yield f"DROP TRIGGER {name}" if vendor == "sqlite" else f"DROP TRIGGER {name} ON {table}"
        if vendor == "postgresql":
            yield f"DROP FUNCTION {name}()"
    if vendor == "postgresql":
        for table in GUARDED:
            yield f"DROP TRIGGER {table}_is_never_truncated ON {table}"
        yield "DROP FUNCTION never_truncated()"


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in _sqlite() if vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in _drop(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_draws"), ("accounts", "0001_agencies_and_accounts")]
    operations = [migrations.RunPython(install, remove)]
