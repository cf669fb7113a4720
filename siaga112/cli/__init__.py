"""The command line ``siaga112 [--config FILE] COMMAND``.

Exit status: 0 done, 1 the thing asked for failed, 2 wrong use or wrong configuration. Nothing is imported here, so that
what every run does first comes first.
"""

import os
import signal
import sys

OURS_ALONE = 0o077
"""The umask: whatever the program writes, and a server or tool that it starts, can hold what citizens said."""


def main() -> None:
    """Entry point of the console script."""
    os.umask(OURS_ALONE)
    wanted = signal.getsignal(signal.SIGINT)
    if wanted is signal.default_int_handler:
        # Ctrl-C in the middle of an import would be a traceback; so it ends the program as any signal does.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from siaga112.cli.mistakes import one_line_errors, require_text  # noqa: PLC0415
    from siaga112.cli.root import cli  # noqa: PLC0415

    with one_line_errors():
        signal.signal(signal.SIGINT, wanted)
        require_text(sys.argv)
        sys.exit(cli.main(prog_name="siaga112", standalone_mode=False) or 0)
