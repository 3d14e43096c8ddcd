#!/bin/sh
# sh run.sh                 首次：建好环境和演练装置并启动；以后：直接启动
# sh run.sh year [选项]     演练一个年度；其余命令见 sh run.sh --help
. "$(dirname -- "$0")/tools/python.sh"
exec "$python" "$here/tools/boot.py" run "$@"
