#!/bin/bash
# quantise.py on both networks with random weights. Needs no data.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"${PYTHON:-/usr/bin/python3}" "$here/check_quantise.py"
