"""manage.py programme_import: a folder becomes the draft of a programme's next version."""
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.access.duties import actor_of
from casework.access.models import User
from casework.core import clock
from casework.core.problems import Refused
from casework.programmes import drafts, folders
from casework.programmes.reading import ProgrammeFault


class Command(BaseCommand):
    """Make a draft in the name of a policy officer. It is published in the studio, by the way of every draft."""

    help = "Make a draft of a programme from a folder. Never publishes: a second person approves it first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="folder with programme.yaml and form.yaml")
        parser.add_argument("--by", required=True, metavar="LOGIN", help="login of the policy officer who does it")
        parser.add_argument("--note", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, begin the draft, and say what comes next."""
        now = clock.now()
        try:
            content = folders.read(options["folder"])
            user = User.objects.get(username=options["by"])
            key = str(content["programme"]["key"])
            draft = drafts.begin(key, actor_of(user, now), now, content, options["note"])
        except ProgrammeFault as fault:
            raise CommandError(f"{fault.where}: {fault.message}") from fault
        except User.DoesNotExist as error:
            raise CommandError(f"there is no login {options['by']}") from error
        except Refused as refusal:
            told = " ".join(f"{problem.message} {problem.mend}".strip() for problem in refusal.problems)
            raise CommandError(told) from refusal
        base = f"version {draft.base.version}" if draft.base else "nothing: it is new"
        self.stdout.write(f"Draft {draft.public_id} of {key}, from {base}. Check it, then have it approved.")
