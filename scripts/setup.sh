#!/bin/sh
# Makes an environment with uv: scripts/setup.sh FOLDER (the project's "." or the assistant's "bot").
# Brings uv into .tools/ where `uv --version` does not work. What is missing is said in one sentence.
set -u

UV_VERSION=0.13.9
PYTHON_VERSION=3.11
NEEDED_KB=4500000 # both environments and uv's cache

fail() {
    printf 'make setup: %s\n' "$1" >&2
    exit 1
}

enough_disk() {
    free=$(df -Pk . | awk 'NR == 2 { print $4 }')
    [ -d bot/.venv ] || [ "${free:-$NEEDED_KB}" -ge "$NEEDED_KB" ] ||
        fail "the disk is too full: $((free / 1024)) MB are free here, about $((NEEDED_KB / 1024)) MB are needed."
}

any_python() {
    for name in python$PYTHON_VERSION python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    fail "no Python was found: install Python $PYTHON_VERSION (Debian: apt-get install python3 python3-venv; macOS: brew install python@$PYTHON_VERSION)."
}

find_uv() {
    if uv --version >/dev/null 2>&1; then
        echo uv
        return
    fi
    if ! .tools/bin/uv --version 2>/dev/null | grep -q "^uv $UV_VERSION"; then
        python=$(any_python) || exit 1
        echo "Bringing uv $UV_VERSION into .tools/ ..." >&2
        rm -rf .tools
        "$python" -m venv .tools >.tools.log 2>&1 || {
            tail -n 5 .tools.log >&2
            rm -rf .tools .tools.log
            fail "$python cannot make a virtual environment (Debian: apt-get install python3-venv)."
        }
        .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" >>.tools.log 2>&1 || {
            tail -n 5 .tools.log >&2
            rm -rf .tools .tools.log
            fail "uv could not be installed from PyPI: check the connection and pip's settings."
        }
        rm -f .tools.log
    fi
    echo .tools/bin/uv
}

cd "$(dirname "$0")/.." || exit 1
folder=${1:-.}
enough_disk
uv=$(find_uv) || exit 1
case $uv in /* | uv) ;; *) uv=$PWD/$uv ;; esac

# The system's Python comes first; where it is missing uv fetches one, if it may.
"$uv" python find "$PYTHON_VERSION" >/dev/null 2>&1 || "$uv" python install --quiet "$PYTHON_VERSION" >/dev/null 2>&1 ||
    fail "Python $PYTHON_VERSION is missing and could not be fetched: install it (Debian 12: apt-get install python3; macOS: brew install python@$PYTHON_VERSION)."

echo "Making the environment in $folder/.venv ..."
# --locked for who changes the dependencies is `uv lock`; here the lock file is taken as it is.
unset VIRTUAL_ENV
(cd "$folder" && "$uv" sync --frozen --quiet --python "$PYTHON_VERSION") || {
    enough=$(df -Pk . | awk 'NR == 2 { print $4 }')
    [ "${enough:-1}" -ge 10240 ] || fail "the disk is full; free some 4 GB and try again."
    fail "the environment in $folder/.venv could not be made (uv's words above)."
}
touch "$folder/.venv/.ready"
