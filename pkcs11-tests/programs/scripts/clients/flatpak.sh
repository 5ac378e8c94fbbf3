#!/bin/sh
# flatpak.sh FOLDER: makes a flatpak that is called like Firefox, and installs it for the user. It runs a shell, and beside
# that has pkcs11-tool and the client of p11-kit of this system. Nothing is fetched.
set -eu
folder=$1
runtime=$folder/runtime app=$folder/app name=fi.avain.Runtime
mkdir -p "$runtime/usr" "$runtime/files" "$app/files" "$app/export"

# Each file where it is, with the libraries that it needs; all of them below /usr, as in every runtime.
copy() {
    for file in "$@"; do
        mkdir -p "$runtime/usr/$(dirname "${file#/usr}")"
        cp --dereference "$file" "$runtime/usr/${file#/usr}"
    done
}
for file in /usr/bin/sh /usr/bin/pkcs11-tool /usr/lib/*/pkcs11/p11-kit-client.so; do
    # shellcheck disable=SC2046
    copy "$file" $(ldd "$file" | grep -o '/[^ ]*')
done

printf '[Runtime]\nname=%s\nruntime=%s/%s/1\n' $name $name "$(uname -m)" >"$runtime/metadata"
printf '[Application]\nname=org.mozilla.firefox\nruntime=%s/%s/1\ncommand=sh\n' $name "$(uname -m)" >"$app/metadata"
flatpak build-export --runtime "$folder/repository" "$runtime" 1
flatpak build-export "$folder/repository" "$app" 1
flatpak --user remote-add --no-gpg-verify here "file://$folder/repository"
# It asks the system's bus about parental controls.
# shellcheck disable=SC2016
dbus-run-session sh -c 'DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$@"' sh \
    flatpak --user install --assumeyes --noninteractive here $name//1 org.mozilla.firefox//1
