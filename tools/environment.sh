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

case $stamp in
  run.stamp) part="to build reports" ;;
  lab.stamp) part="for JupyterLab" ;;
  classroom.stamp) part="for the classroom" ;;
  big.stamp) part="for collections of many posts" ;;
  ingest.stamp) part="to read pages, PDFs, archives and bibliographies" ;;
  *) part="for developers" ;;
esac
count=$(grep -c '^[A-Za-z0-9]' "$lock")
export PIP_DISABLE_PIP_VERSION_CHECK=1

# Without its first stamp the environment is new or was left half-made: begin anew.
if [ ! -f "$venv/run.stamp" ] && [ "$stamp" = run.stamp ]; then
  echo "1 of 3  Making the environment in $venv." >&2
  rm -rf "$venv"
  "$python" -m venv "$venv"
  # uv installs six times faster than pip; where it has no build for this machine, pip does all.
  "$venv/bin/python" -m pip install --quiet --require-hashes --only-binary :all: -r requirements-uv.lock 2>/dev/null ||
    echo "        There is no uv for this machine: pip installs, which takes some minutes." >&2
fi
rm -f "$venv/$stamp"
echo "2 of 3  Installing what is needed $part ($count packages, from $lock)." >&2
if [ -x "$venv/bin/uv" ]; then
  quiet=$([ -t 2 ] || echo --quiet)  # with bars where somebody looks on
  # Packages are copied and not linked: the environment stands when uv's cache is emptied.
  "$venv/bin/uv" pip install $quiet --python "$venv/bin/python" --link-mode copy --require-hashes -r "$lock"
else
  "$venv/bin/python" -m pip install --quiet --require-hashes -r "$lock"
fi
if [ "$stamp" = classroom.stamp ] || [ "$stamp" = dev.stamp ] || [ -f "$venv/classroom.stamp" ] || [ -f "$venv/dev.stamp" ]; then
  # The sandbox can't keep what it compiles. Compiled files name the place where they were: here the one seen inside.
  echo "        Compiling them." >&2
  packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  "$venv/bin/python" -m compileall -q -f -j 0 -s "$packages" -p /python "$packages" >/dev/null 2>&1 || true
fi
echo "3 of 3  Installing woozle itself." >&2
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
touch "$venv/$stamp"
