# Sets $here (this tree) and $python (3.11 or newer); sourced by run.sh and test.sh, which have the same $0.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)

find_python() {
    for python in "$here/.venv/bin/python" python3 python3.11 python3.12 python3.13 python3.14; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    return 1
}

if ! find_python; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo '[fairdraw] 没有 Python 3.11 或更新版本，正在安装' >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -q >&2 && apt-get install -y -q --no-install-recommends python3 python3-venv >&2
    fi
    if ! find_python; then
        echo '缺少 Python 3.11 或更新版本，请执行：sudo apt-get install python3 python3-venv' >&2
        exit 2
    fi
fi
