"""Triggers of the second wall: a case changes its standing only with an event behind it; answers are append-only."""
from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER case_moves_with_event BEFORE UPDATE OF state ON cases_case
    WHEN NEW.state <> OLD.state AND (
        NEW.event_n <= OLD.event_n OR NOT EXISTS (
            SELECT 1 FROM audit_event WHERE subject_kind = 'case'
            AND subject_id = substr(NEW.public_id, 1, 8) || '-' || substr(NEW.public_id, 9, 4) || '-'
                || substr(NEW.public_id, 13, 4) || '-' || substr(NEW.public_id, 17, 4) || '-' || substr(NEW.public_id, 21)
            AND n = NEW.event_n))
    BEGIN SELECT RAISE(ABORT, 'a case changes its state only with an event'); END
    """,
    "CREATE TRIGGER case_is_kept BEFORE DELETE ON cases_case BEGIN SELECT RAISE(ABORT, 'cases are kept'); END",
    "CREATE TRIGGER answers_no_update BEFORE UPDATE ON cases_answers BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END",
    "CREATE TRIGGER answers_no_delete BEFORE DELETE ON cases_answers BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END",
]
SQLITE_BACK = ["case_moves_with_event", "case_is_kept", "answers_no_update", "answers_no_delete"]
POSTGRES = [
    """
    CREATE FUNCTION case_moves_with_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND (NEW.event_n <= OLD.event_n OR NOT EXISTS (
            SELECT 1 FROM audit_event WHERE subject_kind = 'case' AND subject_id = NEW.public_id::text
            AND n = NEW.event_n)) THEN
            RAISE EXCEPTION 'a case changes its state only with an event' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER case_moves_with_event BEFORE UPDATE OF state ON cases_case FOR EACH ROW EXECUTE FUNCTION case_moves_with_event()",
    """
    CREATE FUNCTION cases_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    "CREATE TRIGGER case_is_kept BEFORE DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_kept()",
    "CREATE TRIGGER answers_kept BEFORE UPDATE OR DELETE ON cases_answers FOR EACH ROW EXECUTE FUNCTION cases_kept()",
]
POSTGRES_BACK = [
    "DROP TRIGGER IF EXISTS case_moves_with_event ON cases_case",
    "DROP TRIGGER IF EXISTS case_is_kept ON cases_case",
    "DROP TRIGGER IF EXISTS answers_kept ON cases_answers",
    "DROP FUNCTION IF EXISTS case_moves_with_event()",
    "DROP FUNCTION IF EXISTS cases_kept()",
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE_BACK:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        for statement in POSTGRES_BACK:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial"), ("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
