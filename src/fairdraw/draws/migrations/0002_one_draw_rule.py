"""
The one-draw rule in the database (vdraw/1 §13): whatever the program does, a task is drawn once.

SQLite and PostgreSQL refuse the same statements. SQLite needs ``recursive_triggers``, else REPLACE removes
a row without firing its delete trigger; a start-up check tries it.
"""

# ruff: noqa: S608 -- constants of this file, nothing from outside
from django.db import migrations

ARROWS = [
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
]
ALLOWED = ", ".join(f"'{arrow}'" for arrow in ARROWS)
ENDED = "('voided', 'failed')"
FIXED = ("id", "org", "number", "attempt", "prev", "level", "suite", "prf", "agency_id", "year")
ONCE = ("seal", "seed_hash", "result_root")
WRONG_ORG = (
    "(SELECT rehearsal FROM accounts_installation WHERE id = 1) IS NULL OR "
    "(SELECT rehearsal FROM accounts_installation WHERE id = 1) <> (NEW.org LIKE 'rehearsal-%')"
)


def _changed(columns, distinct):
    return " OR ".join(f"NEW.{c} {distinct} OLD.{c}" for c in columns)


def _reset(columns, distinct):
    return " OR ".join(f"(OLD.{c} IS NOT NULL AND NEW.{c} {distinct} OLD.{c})" for c in columns)


def rules(distinct):
    """(table, name, moment, condition on which the statement is refused, message)."""
    taken = (
        "EXISTS (SELECT 1 FROM draw d WHERE d.id = NEW.id OR (d.org = NEW.org AND d.number = NEW.number AND "
        f"(d.attempt = NEW.attempt OR d.state NOT IN {ENDED})))"
    )
    slot = (
        "EXISTS (SELECT 1 FROM draw_part p WHERE (p.draw = NEW.draw AND p.task = NEW.task) OR "
        "(p.org = NEW.org AND p.task = NEW.task AND p.purpose = NEW.purpose AND p.live = 1))"
    )
    part_of_draft = "EXISTS (SELECT 1 FROM draw d WHERE d.id = {row}.draw AND d.state = 'draft'{more})"
    live = f"(CASE WHEN (SELECT d.state FROM draw d WHERE d.id = NEW.draw) IN {ENDED} THEN 0 ELSE 1 END)"
    own = part_of_draft.format(row="NEW", more=" AND d.org = NEW.org")
    return [
        ("draw", "draw_begins_as_draft", "BEFORE INSERT", "NEW.state <> 'draft'", "a draw begins as a draft"),
        ("draw", "draw_org_fits", "BEFORE INSERT", WRONG_ORG, "org does not fit the installation"),
        ("draw", "draw_is_new", "BEFORE INSERT", taken, "the number has a live draw"),
        ("draw", "draw_identity", "BEFORE UPDATE", _changed(FIXED, distinct), "a draw keeps its identity"),
        ("draw", "draw_set_once", "BEFORE UPDATE", _reset(ONCE, distinct), "seal and result are set once"),
        (
            "draw",
            "draw_follows_arrows",
            "BEFORE UPDATE",
            f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({ALLOWED})",
            "no such move",
        ),
        (
            "draw",
            "draw_has_a_part",
            "BEFORE UPDATE",
            "OLD.state = 'draft' AND NEW.state <> 'draft' AND NOT EXISTS (SELECT 1 FROM draw_part p WHERE p.draw = NEW.id)",
            "a sealed draw has a task",
        ),
        ("draw", "draw_stays", "BEFORE DELETE", "OLD.state <> 'draft'", "a sealed draw is never deleted"),
        (
            "draw_part",
            "part_joins_a_draft",
            "BEFORE INSERT",
            f"NEW.live <> 1 OR NOT {own}",
            "parts join a draft",
        ),
        ("draw_part", "part_is_new", "BEFORE INSERT", slot, "the task stands in a live draw"),
        (
            "draw_part",
            "part_keeps_its_task",
            "BEFORE UPDATE",
            _changed(("id", "draw", "org", "task", "part", "purpose"), distinct),
            "a part never changes",
        ),
        (
            "draw_part",
            "part_lives_as_its_draw",
            "BEFORE UPDATE",
            f"NEW.live <> {live}",
            "live is what the draw says",
        ),
        (
            "draw_part",
            "part_stays",
            "BEFORE DELETE",
            "NOT " + part_of_draft.format(row="OLD", more=""),
            "a sealed part is never deleted",
        ),
        ("draws_drawfile", "draw_file_is_final", "BEFORE UPDATE", "1 = 1", "a file of a draw never changes"),
        (
            "draws_drawfile",
            "draw_file_stays",
            "BEFORE DELETE",
            "NOT EXISTS (SELECT 1 FROM draw d WHERE d.id = OLD.draw_id AND d.state = 'draft')",
            "a file of a sealed draw is never deleted",
        ),
        (
            "draws_drawnrow",
            "drawn_row_is_final",
            "BEFORE UPDATE",
            _changed(
                ("id", "drawn_list_id", "task_id", "target_id", "part", "stratum", "rank", "prn"), distinct
            ),
            "a drawn row never changes",
        ),
        ("draws_drawnrow", "drawn_row_stays", "BEFORE DELETE", "1 = 1", "a drawn row is never deleted"),
        ("draws_drawnteam", "drawn_team_is_final", "BEFORE UPDATE", "1 = 1", "a dealt team never changes"),
        ("draws_drawnteam", "drawn_team_stays", "BEFORE DELETE", "1 = 1", "a dealt team is never deleted"),
        (
            "accounts_installation",
            "installation_keeps_its_org",
            "BEFORE UPDATE",
            _changed(("id", "org", "rehearsal"), distinct),
            "an installation keeps its org",
        ),
        (
            "accounts_installation",
            "installation_stays",
            "BEFORE DELETE",
            "1 = 1",
            "an installation is never deleted",
        ),
    ]


def _sqlite():
    for table, name, moment, condition, message in rules("IS NOT"):
        yield (
            f"CREATE TRIGGER {name} {moment} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    yield (
        f"CREATE TRIGGER draw_ends AFTER UPDATE OF state ON draw WHEN NEW.state IN {ENDED} "
        "BEGIN UPDATE draw_part SET live = 0 WHERE draw = NEW.id; END"
    )


def _postgresql():
    for table, name, moment, condition, message in rules("IS DISTINCT FROM"):
        row = "OLD" if moment == "BEFORE DELETE" else "NEW"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$"
        )
        yield f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    yield (
        "CREATE FUNCTION draw_ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE draw_part SET live = 0 WHERE draw = NEW.id; RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER draw_ends AFTER UPDATE OF state ON draw FOR EACH ROW WHEN (NEW.state IN {ENDED}) "
        "EXECUTE FUNCTION draw_ends()"
    )
    yield (
        "CREATE FUNCTION never_truncated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'this table is never truncated' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in ("draw", "draw_part", "draws_drawfile", "draws_drawnrow", "draws_drawnteam"):
        yield (
            f"CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION never_truncated()"
        )


def _drop(vendor):
    tables = {name: table for table, name, *_rest in rules("IS NOT")} | {"draw_ends": "draw"}
    for name, table in tables.items():
        yield f"DROP TRIGGER {name}" if vendor == "sqlite" else f"DROP TRIGGER {name} ON {table}"
        if vendor == "postgresql":
            yield f"DROP FUNCTION {name}()"
    if vendor == "postgresql":
        for table in ("draw", "draw_part", "draws_drawfile", "draws_drawnrow", "draws_drawnteam"):
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
