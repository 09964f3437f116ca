"""The entry of the command: an interruption ends it quietly from the first moment on, while modules load too."""

import sys


def main() -> None:
    """Run the command `woozle`."""
    try:
        from woozle.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("woozle: interrupted; what stood before stands still.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
