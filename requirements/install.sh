#!/usr/bin/env bash
# Make .venv from requirements/<set>.txt; do nothing where it is up to date.
# Usage: requirements/install.sh dev|bench
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
wanted=${1:-dev}
pins=requirements/$wanted.txt
stamp=.venv/.installed
uv_version=0.13.9

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

# What was installed, from what, where: any change installs again.
print_key() { cat "$pins" pyproject.toml | cksum; printf '%s\n' "$PWD"; }

is_current() {
    [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || return 1
    [ -f "$stamp.$wanted" ] && [ "$(print_key)" = "$(cat "$stamp.$wanted")" ]
}

# A usable Python has the right version and can make environments.
find_python() {
    local name
    for name in ${BASE_PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
            >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo "no Python 3.11, 3.12 or 3.13 with venv found; install one, or name it: make ... BASE_PYTHON=/path/to/python" >&2
    return 1
}

# uv is ten times faster; pip reads further configurations, so it is the second try.
install_pins() {
    .venv/bin/uv pip install --python .venv/bin/python --compile-bytecode --require-hashes -r "$pins" && return
    say "uv could not install (see above); trying pip, which takes about two minutes"
    .venv/bin/python -m pip install --progress-bar off --require-hashes -r "$pins"
}

is_current && exit 0
started=$SECONDS
if ! { [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    python=$(find_python)
    say "environment: .venv with $("$python" --version) ($python)"
    rm -rf .venv
    "$python" -m venv .venv
fi
rm -f "$stamp".*
say "installing $(grep -c '==' "$pins") pinned packages of $pins (half a minute on a fresh machine)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
install_pins
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e . 
print_key >"$stamp.$wanted"
say "environment ready after $((SECONDS - started)) s"
