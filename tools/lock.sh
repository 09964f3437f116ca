#!/bin/sh
# Resolve the requirements: lock.sh UV. The user's lock first; all others keep its versions.
set -eu
uv=$1
options="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade"
"$uv" pip compile pyproject.toml --group build $options -o requirements.lock
"$uv" pip compile pyproject.toml --extra lab --group build -c requirements.lock $options -o requirements-lab.lock
"$uv" pip compile pyproject.toml --extra lab --extra classroom --group build -c requirements-lab.lock $options -o requirements-classroom.lock
"$uv" pip compile pyproject.toml --extra ingest --group build -c requirements-classroom.lock $options -o requirements-ingest.lock
"$uv" pip compile pyproject.toml --extra big --group build -c requirements-ingest.lock -c requirements-classroom.lock $options -o requirements-big.lock
"$uv" pip compile pyproject.toml --extra lab --extra classroom --extra ingest --extra big --group build --group dev -c requirements-classroom.lock -c requirements-ingest.lock -c requirements-big.lock $options -o requirements-dev.lock
# uv itself, which installs the others; where it has no build for a machine, pip does.
echo uv | "$uv" pip compile - -c requirements-dev.lock $options --no-annotate -o requirements-uv.lock
