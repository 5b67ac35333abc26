#!/bin/sh
# Chromium for the tests in a browser, unless there is one. Installing it takes root and Debian's packages; where it
# can't be had, one line says so and the exit code is 1.
find_it() { [ -n "$CHROMIUM" ] || command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_it >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the tests in a browser."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1
    find_it >/dev/null && exit 0
fi
echo "There is no Chromium: install one (apt-get install chromium), or name it in the environment variable CHROMIUM."
exit 1
