#!/usr/bin/env bash
# Renew the pins: every package with the hashes of its files, and no index or host names.
# bench.txt holds everything; dev.txt and production.txt are parts of it, at the same versions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
upgrade=("$@")
# uv keeps the versions that stand; `make lock ARGS=--upgrade` takes the newest.
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-header --no-emit-index-url --no-emit-find-links "$@" pyproject.toml
}
echo '==> requirements/bench.txt'
compile "${upgrade[@]}" --all-extras -o requirements/bench.txt
echo '==> requirements/dev.txt'
compile --extra airflow --extra postgres --extra apprise --extra dev \
    -c requirements/bench.txt -o requirements/dev.txt
echo '==> requirements/production.txt'
compile --extra airflow --extra postgres --extra apprise --extra production \
    -c requirements/bench.txt -o requirements/production.txt
git --no-pager diff --stat -- requirements || true
