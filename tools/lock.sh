#!/bin/sh
# Resolve the requirements: lock.sh UV. The user's lock first; the developers' keeps its versions.
set -eu
uv=$1
options="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade"
"$uv" pip compile pyproject.toml --extra lab --group build $options -o requirements.lock
"$uv" pip compile pyproject.toml --extra lab --group build --group dev -c requirements.lock $options -o requirements-dev.lock
