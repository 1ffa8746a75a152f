"""The table of field kinds; a new kind is added to one of these files, or to one of its own."""
from casework.forms.kinds import choice, identity, listed, moment, number, office, reference, schooling, text
from casework.forms.kinds.base import Kind

KINDS: dict[str, Kind] = {
    kind.key: kind
    for module in (text, number, moment, choice, identity, listed, reference, schooling, office)
    for kind in module.KINDS
}
