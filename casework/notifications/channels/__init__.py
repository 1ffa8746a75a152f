"""One file a channel, each with `send(message)`: it returns when the message was handed over, or raises one of
these."""


class Permanent(Exception):
    """It can never be delivered like this; a person must look at it. The text begins with a code of troubles.WORDS."""


class Temporary(Exception):
    """It may work later. The text begins with a code of troubles.WORDS."""
