"""The database of this installation: a SQLite file (default) or PostgreSQL, by ``DATABASE_URL``."""

from __future__ import annotations

from typing import Any

import environ

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    # FULL: with NORMAL, simulated power cuts lost acknowledged commits.
    # recursive_triggers: else REPLACE removes a row without firing its delete trigger.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; "
        "PRAGMA temp_store=MEMORY;"
    ),
}


def from_url(url: str) -> dict[str, Any]:
    """Django's description of the database that *url* names."""
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = dict(SQLITE_OPTIONS)
        config["CONN_MAX_AGE"] = 600
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config
