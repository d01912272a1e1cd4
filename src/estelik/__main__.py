"""Runs the command line: ``python -m estelik``."""

from estelik.cli import main

if __name__ == "__main__":
    main()
