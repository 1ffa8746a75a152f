"""From a fresh clone to a site that answers: set up, bring the database up to date, load the demonstration, serve.

    python -m tools.run [--host 127.0.0.1] [--port 8000]
"""
import argparse
import sys

from tools import database, serve
from tools.machine import Trouble, tell_trouble, var_dir
from tools.setup import setup
from tools.stamps import only_one


def main() -> int:
    """Run everything from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    try:
        serve.check_port(options.host, options.port)
        setup()
        var = var_dir()
        with only_one(var / "setup.lock"):
            database.migrate(var)
            database.load_demo(var)
        serve.serve(options.host, options.port)
    except Trouble as trouble:
        return tell_trouble(trouble)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
