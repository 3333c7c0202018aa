"""How the reader's commands refuse bad input: one line, exit code 2."""
import sys


def refuse(message):
    """Prints the line to stderr and ends the program with exit code 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)
