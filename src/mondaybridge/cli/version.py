"""``mondaybridge version``: which bridge this is, and which versions it speaks."""


def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    from mondaybridge.cli.output import print_line

    print_line(f"mondaybridge {installed('mondaybridge')}")
