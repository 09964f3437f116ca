"""The entry of the command: an interruption ends it quietly from the first moment on, while modules load too."""

import atexit
import contextlib
import os
import signal
import sys


def main() -> None:
    """Run the command `woozle`."""
    # A shell starts what runs in the background with interruptions ignored; it shall end by one all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.modules["rfc3987_syntax"] = None  # pyright: ignore[reportArgumentType]  # see woozle.declared.import_jsonschema
    try:
        from woozle.commands.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("woozle: Interrupted. What was there before is unchanged.\n")
        # A thread that imported something when the interruption came may wait for ever: nobody waits for it.
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(130)


if __name__ == "__main__":
    main()
