"""Start the command `woozle`; Ctrl-C ends it quietly at any moment, even while modules are still loading."""

import atexit
import contextlib
import os
import signal
import sys


def main() -> None:
    """Run the command `woozle`."""
    # A shell makes background jobs ignore interruptions; this one should still end when interrupted.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.modules["rfc3987_syntax"] = None  # pyright: ignore[reportArgumentType]  # see woozle.declared.import_jsonschema
    try:
        from woozle.commands.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("woozle: Interrupted. What was there before is unchanged.\n")
        # A thread that was importing when the interruption came may hang for ever, so we do not wait for it.
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(130)


if __name__ == "__main__":
    main()
