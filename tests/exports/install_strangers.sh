#!/bin/sh
# The quiz software that the exported questions are tried with, none of it ours: it is installed into .strangers/ from
# npm's registry. Where it can't be had, one line says so and the exit code is 1.
cd "$(dirname "$0")/../.." || exit 1
wanted="gift-pegjs@1.0.2 @citolab/qti-convert@0.3.52 @citolab/qti-components@7.27.4"
[ "$(cat .strangers/installed 2>/dev/null)" = "$wanted" ] && exit 0
if command -v npm >/dev/null; then
    echo "Installing the quiz software that exported questions are tried with."
    # shellcheck disable=SC2086
    npm install --silent --ignore-scripts --no-audit --no-fund --prefix .strangers $wanted >/dev/null 2>&1 &&
        echo "$wanted" >.strangers/installed && exit 0
fi
echo "Exported questions can't be tried with other software: npm and its registry are needed."
exit 1
