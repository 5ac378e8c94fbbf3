#!/bin/sh
# set-up.sh clients|suites FOLDER: puts into FOLDER what the tests run and the distribution has no package of.
#   clients  a Python environment with the programs of requirements/clients.txt, and a package for Node.js
#   suites   a Python environment with the suites of requirements/suites.txt, the tests that come only with the source
#            packages of PyKCS11 and python-pkcs11, and OpenSC's p11test, built from the distribution's source package
# Does nothing if FOLDER was made by this script from these requirements. There are two environments because pyHanko
# requires python-pkcs11 0.9, and the suite is that of 0.10.
set -eu
here=$(dirname "$(readlink -f "$0")")
what=$1 folder=$2
requirements="$here/requirements/$what.txt"
state=$(cat "$0" "$requirements" "$here/scripts/suites/older_python.py" | sha256sum)
[ "$(cat "$folder/state" 2>/dev/null || :)" != "$state" ] || exit 0

echo "Installing what $what need from PyPI into $folder; this takes some minutes, once"
rm -rf "$folder"
python3 -m venv "$folder/venv"
python="$folder/venv/bin/python"
# A program of its own in Debian, a part of npm elsewhere.
node_gyp() {
    if command -v node-gyp >/dev/null; then
        node-gyp "$@"
        return
    fi
    node "$(npm root --global)/npm/node_modules/node-gyp/bin/node-gyp.js" "$@"
}
install() {
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" "$@"
}
if [ "$what" = clients ]; then
    install
    # Its part in C++ is built here, with the headers of the Node.js that is installed.
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" graphene-pk11@2.3.6 pkcs11js@2.1.7
    headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    (cd "$folder/node_modules/pkcs11js" && node_gyp rebuild --nodedir="$headers") >"$folder/node-gyp.log" 2>&1 || {
        cat "$folder/node-gyp.log"
        exit 1
    }
    echo "$state" >"$folder/state"
    exit 0
fi
# pkcs11-check asks for Python 3.12, and older_python.py makes it run with an older one too.
install --ignore-requires-python
"$python" "$here/scripts/suites/older_python.py"

mkdir -p "$folder/tests"
for package in pykcs11 python-pkcs11; do
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary "$package" \
        --dest "$folder/sources" "$(grep "^$package==" "$requirements")"
done
# Beside their sources, the tests would import those instead of the installed package.
tar -xf "$folder"/sources/pykcs11-*.tar.* -C "$folder/tests" --strip-components=1 --wildcards '*/test/*'
tar -xf "$folder"/sources/python_pkcs11-*.tar.* -C "$folder/tests" --strip-components=1 --wildcards '*/tests/*'

# The distribution's source packages, without touching the system's own lists.
sources="$folder/apt"
mkdir -p "$sources/lists/partial" "$sources/parts"
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -e "$list" ] || sed -n '/debian\|ubuntu/s/^deb /deb-src /p' "$list" >>"$sources/parts/source.list"
done
for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources; do
    [ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" >"$sources/parts/$(basename "$list")"
done
from_source() {
    apt-get -qq -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$sources/parts" \
        -o "Dir::State::Lists=$sources/lists" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" \
        -o APT::Sandbox::User= "$@"
}
from_source update
(cd "$folder/sources" && from_source source --download-only opensc)
mkdir -p "$folder/opensc"
tar -xf "$folder"/sources/opensc_*.orig.tar.* -C "$folder/opensc" --strip-components=1
: >"$folder/opensc/src/config.h"
cc -w -O1 -DHAVE_CONFIG_H -DENABLE_OPENSSL -I "$folder/opensc/src" -o "$folder/p11test" \
    "$folder"/opensc/src/tests/p11test/*.c -lcmocka -lcrypto -ldl

echo "$state" >"$folder/state"
