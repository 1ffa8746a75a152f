"""manage.py workflow_graph KEY: the route of a service as Mermaid text, SVG or BPMN 2.0."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.core import clock
from casework.core.calendar import local_date
from casework.programmes import parameters
from casework.programmes.loader import load_catalogue
from casework.programmes.spec import Programme
from casework.workflows.bpmn import bpmn
from casework.workflows.layout import NoLayout
from casework.workflows.picture import Picture, picture_of
from casework.workflows.svg import svg

SHAPES = {"step": ("[", "]"), "wait": ("[/", "/]"), "choice": ("{{", "}}"), "fork": ("[", "]"), "join": ("[", "]")}
ARROWS = {"back": "-.->", "silence": "-.->"}


class Command(BaseCommand):
    """Nothing is read from the database, unless a region is named."""

    help = "Draw the route of a service: Mermaid text to the screen, or a file with --svg or --bpmn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which service, where to, in which language."""
        parser.add_argument("key", help="key of the service, such as living_aid")
        target = parser.add_mutually_exclusive_group()
        target.add_argument("--svg", metavar="FILE", help="write a picture")
        target.add_argument("--bpmn", metavar="FILE", help="write BPMN 2.0 with its drawing")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the words")
        parser.add_argument("--region", help="tell the regional numbers of today for this region, such as 610000")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw it."""
        programme = load_catalogue().get(options["key"])
        if programme is None:
            raise CommandError(f"There is no service {options['key']}: there are {', '.join(load_catalogue())}")
        lang, region = options["lang"], options["region"]
        numbers = parameters.entered(programme.numbers, region, local_date(clock.now())) if region else {}
        try:
            if options["svg"]:
                Path(options["svg"]).write_text(svg(programme, lang, numbers), encoding="utf-8")
            elif options["bpmn"]:
                Path(options["bpmn"]).write_text(bpmn(programme, lang, numbers), encoding="utf-8")
            else:
                self.stdout.write(mermaid(programme, lang, numbers))
        except NoLayout as error:
            raise CommandError(str(error)) from error


def mermaid(programme: Programme, lang: str, numbers: Mapping[str, Any]) -> str:
    """The route as text that Mermaid draws. numbers: regional numbers whose values are told."""
    picture = picture_of(programme, lang, numbers)
    lines = ["flowchart TD"]
    for group, words in picture.groups.items():
        lines += [f'  subgraph {group}["{words}"]', *_shapes(picture, group, "    "), "  end"]
    lines += _shapes(picture, "", "  ")
    for arrow in picture.arrows:
        label = f'|"{arrow.label}"|' if arrow.label else ""
        lines.append(f"  {_name(arrow.source)} {ARROWS.get(arrow.sort, '-->')}{label} {_name(arrow.target)}")
    return "\n".join(lines)


def _shapes(picture: Picture, group: str, indent: str) -> list[str]:
    found = []
    for shape in picture.shapes:
        if shape.group == group:
            left, right = SHAPES.get(shape.sort, ("([", "])"))
            words = "<br/>".join((shape.title or " ", *shape.below)).replace('"', "'")
            found.append(f'{indent}{_name(shape.key)}{left}"{words}"{right}')
    return found


def _name(key: str) -> str:
    """A key as Mermaid takes it."""
    return "n_" + re.sub(r"\W", "_", key)
