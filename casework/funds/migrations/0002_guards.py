"""The ledger in the database itself, on both engines: entries are never changed, the legs of a transaction sum to zero
at commit, a payment keeps what was approved and moves only forward.

SQLite has no constraint triggers. There a small table holds each transaction that does not yet sum to zero, with a
deferred foreign key that points nowhere: the database refuses the commit until the row is gone.
"""
from django.db import migrations

APPEND_ONLY = ("funds_transaction", "funds_ledgerentry", "funds_bankresult")
KEPT = ("funds_payment", "funds_batch", "funds_reservation")
FIXED = {
    "funds_payment": ("number", "case_id", "instalment", "fund_id", "fen", "payee_id", "account_id", "account_digest"),
    "funds_batch": ("number", "fund_id", "maker_person", "count", "total_fen"),
    "funds_reservation": ("case_id", "instalment", "fund_id", "fen"),
}
FORWARD = {
    "funds_payment": {
        "queued": ("batched", "cancelled"), "batched": ("queued", "exported"),
        "exported": ("paid", "returned", "outcome_unknown"), "outcome_unknown": ("paid", "returned"),
        "paid": (), "returned": (), "cancelled": (),
    },
    "funds_batch": {
        "made": ("checked", "rejected"), "checked": ("exported",), "exported": ("reconciled",),
        "reconciled": (), "rejected": (),
    },
    "funds_reservation": {"open": ("used", "released"), "used": ("open",), "released": ()},
}
CODE = "USING ERRCODE = 'integrity_constraint_violation'"

POSTGRES_FUNCTIONS = [
    f"""
    CREATE FUNCTION funds_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP {CODE}; END $$
    """,
    f"""
    CREATE FUNCTION funds_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '%: what was approved stays, and moves only forward', TG_TABLE_NAME {CODE}; END $$
    """,
    f"""
    CREATE FUNCTION funds_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wanted bigint; total numeric; legs bigint;
    BEGIN
        IF TG_TABLE_NAME = 'funds_transaction' THEN wanted := NEW.id; ELSE wanted := NEW.transaction_id; END IF;
        SELECT COALESCE(SUM(fen), 0), COUNT(*) INTO total, legs FROM funds_ledgerentry WHERE transaction_id = wanted;
        IF total <> 0 OR legs = 0 THEN
            RAISE EXCEPTION 'the legs of ledger transaction % sum to %', wanted, total {CODE};
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608
]
SQLITE_BALANCE = [
    """
    CREATE TABLE funds_unbalanced (
        transaction_id bigint NOT NULL PRIMARY KEY, fen bigint NOT NULL,
        never bigint NOT NULL DEFAULT -1 REFERENCES funds_transaction (id) DEFERRABLE INITIALLY DEFERRED)
    """,
    """
    CREATE TRIGGER funds_transaction_opens AFTER INSERT ON funds_transaction
    BEGIN INSERT INTO funds_unbalanced (transaction_id, fen) VALUES (NEW.id, 0); END
    """,
    """
    CREATE TRIGGER funds_ledgerentry_balances AFTER INSERT ON funds_ledgerentry
    BEGIN
        INSERT INTO funds_unbalanced (transaction_id, fen) VALUES (NEW.transaction_id, NEW.fen)
            ON CONFLICT (transaction_id) DO UPDATE SET fen = fen + excluded.fen;
        DELETE FROM funds_unbalanced WHERE transaction_id = NEW.transaction_id AND fen = 0;
    END
    """,
]
SQLITE_BALANCE_BACK = [
    "DROP TRIGGER IF EXISTS funds_transaction_opens", "DROP TRIGGER IF EXISTS funds_ledgerentry_balances",
    "DROP TABLE IF EXISTS funds_unbalanced",
]


def _conditions(table, forward=None):
    """SQL that is true when an UPDATE changes what stays or moves backwards. forward: other ways than those above."""
    fixed = [f"NEW.{column} <> OLD.{column}" for column in FIXED.get(table, ())]
    steps = [
        "OLD.state = '{}' AND NEW.state NOT IN ({})".format(state, ", ".join(f"'{to}'" for to in (state, *further)))
        for state, further in (forward or FORWARD[table]).items()
    ]
    return " OR ".join(f"({part})" for part in (*fixed, *steps))


def _sqlite():
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END"
            )
    for table in KEPT:
        yield (
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} WHEN {_conditions(table)}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: what was approved stays, and moves only forward'); END"
        )
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is kept: DELETE refused'); END"
        )
    yield from SQLITE_BALANCE


def _postgres():
    yield from POSTGRES_FUNCTIONS
    refuse = "FOR EACH STATEMENT EXECUTE FUNCTION funds_append_only()"
    for table in APPEND_ONLY:
        yield f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} {refuse}"
    for table in KEPT:
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table} {refuse}"
        yield (
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({_conditions(table)}) EXECUTE FUNCTION funds_stays()"
        )
    for table in ("funds_transaction", "funds_ledgerentry"):
        yield (
            f"CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_balanced()"
        )


def forwards(apps, schema_editor):
    """Put the guards up."""
    for statement in _postgres() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    """Take them down."""
    if schema_editor.connection.vendor == "postgresql":
        for name in ("funds_append_only", "funds_stays", "funds_balanced"):
            schema_editor.execute(f"DROP FUNCTION {name}() CASCADE", params=None)
        return
    names = [f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")]
    names += [f"{table}_{what}" for table in KEPT for what in ("stays", "kept")]
    for statement in (*(f"DROP TRIGGER IF EXISTS {name}" for name in names), *SQLITE_BALANCE_BACK):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial"), ("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
