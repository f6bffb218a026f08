"""``python -m jixiao`` and the command ``jixiao``."""

import signal

# Ctrl-C while the imports below go on would show where in them it came; so it just ends.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from jixiao.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
