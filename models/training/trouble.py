"""One way to say that something is wrong: one line on stderr, then exit code 2 (usage, settings, input) or 1 (failed while working)."""

import sys


def stop(message, code=2):
    print(message, file=sys.stderr)
    sys.exit(code)
