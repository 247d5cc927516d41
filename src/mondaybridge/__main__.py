"""The door of ``mondaybridge`` and ``python -m mondaybridge``."""

import sys

from mondaybridge.cli.app import run


def main() -> None:
    """Run the command line."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
