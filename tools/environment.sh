#!/bin/sh
# Make or bring up to date the environment: environment.sh PYTHON VENV LOCK STAMP
set -eu
python=$1 venv=$2 lock=$3 stamp=$4

command -v "$python" >/dev/null 2>&1 || {
  echo "woozle needs Python 3.11 or later, and '$python' is not there. Install it, or name it: PYTHON=/path/to/python3 make" >&2
  exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "woozle needs Python 3.11 or later; '$python' is $("$python" -c 'import platform; print(platform.python_version())')." \
    "Name a later one: PYTHON=/path/to/python3 make" >&2
  exit 1
}
"$python" -c 'import venv, ensurepip' 2>/dev/null || {
  echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv" >&2
  exit 1
}

# Without its first stamp the environment is new or was left half-made: begin anew.
if [ ! -f "$venv/run.stamp" ]; then
  echo "Making the environment in $venv (some minutes, once)." >&2
  rm -rf "$venv"
  "$python" -m venv "$venv"
else
  echo "Bringing the environment in $venv up to date with $lock." >&2
fi
rm -f "$venv/$stamp"
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$venv/bin/python" -m pip install --quiet --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
touch "$venv/$stamp"
