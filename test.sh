#!/bin/sh
# sh test.sh [pytest 参数]  建好环境，跑完静态检查和全部测试（SQLite、PostgreSQL、浏览器）
# 环境变量 TEST_* 见 tools/boot_stages.py 开头
. "$(dirname -- "$0")/tools/python.sh"
exec "$python" "$here/tools/boot.py" test "$@"
