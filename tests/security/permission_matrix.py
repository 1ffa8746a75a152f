"""Makes the tables of rights: `python -m tests.security.permission_matrix [KEY …] [--write]`, called by
`make rights`. Works on a database of its own, which is thrown away."""

import argparse
import datetime as dt
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
MORNING = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        make(asked.keys, write=asked.write)
    finally:
        teardown_databases(made, verbosity=0)


def make(keys: list[str], *, write: bool) -> None:
    """The tables of these services, or of all; a table without its service goes."""
    from casework.programmes.loader import load_catalogue
    from tests.security.cast import staged
    from tests.security.permission_table import FOLDER, difference, path_of, written
    from tests.security.surveyor import survey

    catalogue = load_catalogue()
    with staged(MORNING) as cast:
        for key in keys or sorted(catalogue):
            text = written(catalogue[key], survey(cast, key))
            if not write:
                print(text)
                continue
            print(difference(key, text) or f"{key}: as it was")
            FOLDER.mkdir(exist_ok=True)
            path_of(key).write_text(text, encoding="utf-8")
    if write:
        for path in FOLDER.glob("*.md"):
            if path.stem not in catalogue:
                path.unlink()
                print(f"{path.stem}: gone")


if __name__ == "__main__":
    main()
