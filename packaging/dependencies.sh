#!/bin/sh
# dependencies.sh [--tests|--clients|--browsers|--suites|--miri|--desktop|--desktop-tests|--deb|--rpm|--arch|--flatpak|--roots|
# --windows|--processors|--macos]: makes sure that this system has what `make demo` needs (with --tests: `make check`,
# --clients: `make check-clients`, --suites: `make suites`, --miri: `make miri`, --desktop: `make desktop`, --desktop-tests:
# `make check-desktop`, --deb, --rpm and --arch: packages, --browsers: `make check-deb`, --flatpak: `make check-flatpak`,
# --roots: `make check-packages`, --windows, --processors and --macos: `make check-windows` and so on). If nothing is missing,
# it prints nothing. On Debian and Ubuntu it installs what is missing with apt, through sudo if not run as root; elsewhere it
# says what to install, and fails.
set -eu
PATH=$PATH:/usr/sbin:/sbin
rust_minimum=1.89

# what          | how to see that it is there | Debian and Ubuntu       | Fedora             | Arch                   | what for
needs='
cc              | command -v cc               | gcc libc6-dev            | gcc                | gcc                    | linking
pkg-config      | command -v pkg-config       | pkg-config               | pkgconf-pkg-config | pkgconf                | finding libpcsclite
libpcsclite     | pkg-config libpcsclite      | libpcsclite-dev          | pcsc-lite-devel    | pcsclite               | talking to pcscd
pcscd           | command -v pcscd            | pcscd                    | pcsc-lite          | pcsclite               | the card-reader daemon
virtual reader  | virtual_reader              | vsmartcard-vpcd          | ?                  | virtualsmartcard (AUR) | readers for simulated cards
pkcs11-tool     | command -v pkcs11-tool      | opensc                   | opensc             | opensc                 | a program that uses the module
openssl         | command -v openssl          | openssl                  | openssl            | openssl                | TLS, verifying signatures
OpenSSL engine  | openssl engine -t pkcs11    | libengine-pkcs11-openssl | openssl-pkcs11     | libp11                 | OpenSSL with keys of a module
p11-kit         | command -v p11-kit          | p11-kit                  | p11-kit            | p11-kit                | a program that uses the module
NSS tools       | command -v certutil         | libnss3-tools            | nss-tools          | nss                    | whom browsers trust
ip              | command -v ip               | iproute2                 | iproute            | iproute2               | a private network for the tests
unshare         | command -v unshare          | util-linux               | util-linux-core    | util-linux             | a sandbox for the tests
mount           | command -v mount            | mount                    | util-linux-core    | util-linux             | a sandbox for the tests
'
# The programs that are tested with the module.
clients='
curl            | command -v curl             | curl                     | curl               | curl                   | web login
OpenSSL provider| openssl_module pkcs11.so    | pkcs11-provider          | pkcs11-provider    | pkcs11-provider        | OpenSSL with keys of a module
ssh, ssh-agent  | command -v ssh-agent        | openssh-client           | openssh-clients    | openssh                | login to another machine
sshd            | command -v sshd             | openssh-server           | openssh-server     | openssh                | the other machine
git             | command -v git              | git                      | git                | git                    | signed commits
p11-kit modules | p11_kit_client              | p11-kit-modules          | p11-kit-server     | p11-kit                | the module in a sandbox
GnuTLS          | command -v gnutls-cli       | gnutls-bin               | gnutls-utils       | gnutls                 | TLS
jarsigner       | command -v jarsigner        | default-jdk-headless     | java-devel         | jdk-openjdk            | Java with keys of a module
gpgsm           | command -v gpgsm            | gpgsm                    | gnupg2-smime       | gnupg                  | signed mail
gpg-agent       | command -v gpg-agent        | gpg-agent                | gnupg2             | gnupg                  | signed mail
pkcs11 for gpg  | command -v gnupg-pkcs11-scd | gnupg-pkcs11-scd         | gnupg-pkcs11-scd   | gnupg-pkcs11-scd       | GnuPG with keys of a module
pdfsig          | command -v pdfsig           | poppler-utils            | poppler-utils      | poppler                | verifying signed PDFs
Firefox         | command -v firefox-esr    | firefox-esr              | firefox            | firefox                | web login
Chromium        | command -v chromium       | chromium                 | chromium           | chromium               | web login
Xvfb            | command -v Xvfb           | xvfb                     | xorg-x11-server-Xvfb | xorg-server-xvfb     | a screen for Chromium
xdotool         | command -v xdotool        | xdotool                  | xdotool            | xdotool                | typing into Chromium
openbox         | command -v openbox        | openbox                  | openbox            | openbox                | windows that get the keys
Thunderbird     | command -v thunderbird    | thunderbird              | thunderbird        | thunderbird            | signed and encrypted mail
NSS tools       | command -v cmsutil        | libnss3-tools            | nss-tools          | nss                    | the tools of NSS
NSS             | pkg-config nss            | libnss3-dev              | nss-devel          | nss                    | its version
p11-kit, dev    | pkg-config p11-kit-1      | libp11-kit-dev           | p11-kit-devel      | p11-kit                | where its proxy module is
LibreOffice     | command -v soffice        | libreoffice-writer-nogui | libreoffice-writer | libreoffice-still      | signed documents
UNO for Python  | python_uno                | python3-uno              | libreoffice-pyuno  | libreoffice-still      | driving LibreOffice
python3-venv    | python3 -m ensurepip --version | python3-venv           | python3            | python                 | programs from PyPI
npm             | command -v npm            | npm                      | nodejs-npm         | npm                    | programs from npm
Node headers    | node_headers              | libnode-dev              | nodejs-devel       | nodejs                 | programs from npm
C++             | command -v c++            | g++                      | gcc-c++            | gcc                    | programs from npm
zip             | command -v zip            | zip                      | zip                | zip                    | signed containers
unzip           | command -v unzip          | unzip                    | unzip              | unzip                  | signed containers
xmlsec1         | command -v xmlsec1        | xmlsec1                  | xmlsec1            | xmlsec                 | verifying signed containers
OpenVPN         | command -v openvpn        | openvpn                  | openvpn            | openvpn                | a private network
wpa_supplicant  | command -v wpa_supplicant | wpasupplicant            | wpa_supplicant     | wpa_supplicant         | its version
eapol_test      | command -v eapol_test     | eapoltest                | wpa_supplicant     | ?                      | login to a network
hostapd         | command -v hostapd        | hostapd                  | hostapd            | hostapd                | the network
stunnel         | command -v stunnel4       | stunnel4                 | stunnel            | stunnel                | web login for other programs
osslsigncode    | command -v osslsigncode   | osslsigncode             | osslsigncode       | osslsigncode           | signed programs
sbsign          | command -v sbsign         | sbsigntool               | sbsigntools        | sbsigntools            | signed boot loaders
a boot loader   | ls /usr/lib/systemd/boot/efi | systemd-boot-efi      | systemd-boot-unsigned | systemd             | something to sign
cryptenroll     | command -v systemd-cryptenroll | systemd              | systemd-udev       | systemd                | encrypted disks
cryptsetup      | command -v cryptsetup     | cryptsetup-bin           | cryptsetup         | cryptsetup             | encrypted disks
SSSD            | command -v sssd           | sssd-common              | sssd-common        | sssd                   | login to this computer
pam_p11         | has_library security/pam_p11.so     | libpam-p11               | pam_p11            | pam_p11 (AUR)          | login to this computer
pamtester       | command -v pamtester      | pamtester                | pamtester          | pamtester (AUR)        | login to this computer
kinit           | command -v kinit          | krb5-user                | krb5-workstation   | krb5                   | Kerberos
krb5kdc         | command -v krb5kdc        | krb5-kdc                 | krb5-server        | krb5                   | the KDC
kadmin.local    | command -v kadmin.local   | krb5-admin-server        | krb5-server        | krb5                   | the KDC
PKINIT          | has_library krb5/plugins/preauth/pkinit.so | krb5-pkinit | krb5-pkinit     | krb5                   | Kerberos with a card
'
[ "${1-}" != --clients ] || needs=$needs$clients

if [ "${1-}" = --tests ]; then
    needs="$needs
valgrind        | command -v valgrind         | valgrind                 | valgrind           | valgrind               | checking the module's memory
strace          | command -v strace           | strace                   | strace             | strace                 | tracing what programs connect to
gdb             | command -v gcore          | gdb                      | gdb                | gdb                    | looking for PINs in core dumps
setcap          | command -v setcap         | libcap2-bin              | libcap             | libcap                 | a program with more rights than its user
c++             | command -v c++              | g++                      | gcc-c++            | gcc                    | our header in C++
p11-kit headers | pkg-config p11-kit-1        | libp11-kit-dev           | p11-kit-devel      | p11-kit                | the example in C
"
fi

if [ "${1-}" = --suites ]; then
    needs="$needs
Python          | python3 -m ensurepip --version | python3-venv        | python3            | python                 | the suites written in Python
cmocka          | pkg-config cmocka         | libcmocka-dev            | libcmocka-devel    | cmocka                 | p11test of OpenSC
libcrypto       | pkg-config libcrypto      | libssl-dev               | openssl-devel      | openssl                | p11test of OpenSC
p11tool         | command -v p11tool        | gnutls-bin               | gnutls-utils       | gnutls                 | a program that uses the module
NSS tools       | command -v modutil        | libnss3-tools            | nss-tools          | nss                    | programs that use the module
"
fi

# The agent and the window.
case ${1-} in --desktop*)
    needs="$needs
GTK 4.6         | pkg-config --atleast-version=4.6 gtk4 | libgtk-4-dev             | gtk4-devel         | gtk4                   | the window
GLib            | pkg-config gio-2.0        | libglib2.0-dev           | glib2-devel        | glib2                  | the session bus
"
esac

if [ "${1-}" = --desktop-tests ]; then
    needs="$needs
Xvfb            | command -v Xvfb             | xvfb                     | xorg-x11-server-Xvfb | xorg-server-xvfb     | a screen without a monitor
metacity        | command -v metacity         | metacity                 | metacity           | metacity               | windows that get the keys
xdotool         | command -v xdotool          | xdotool                  | xdotool            | xdotool                | typing
xev             | command -v xev              | x11-utils                | xev                | xorg-xev               | a program that is typed into meanwhile
dbus-daemon     | command -v dbus-daemon      | dbus-daemon              | dbus-daemon        | dbus                   | a session bus
AT-SPI          | ls /usr/libexec/at-spi-bus-launcher | at-spi2-core     | at-spi2-core       | at-spi2-core           | what screen readers see
dunst           | command -v dunst            | dunst                    | dunst              | dunst                  | notifications
import          | command -v import           | imagemagick              | ImageMagick        | imagemagick            | pictures of the window
desktop entries | command -v desktop-file-validate | desktop-file-utils  | desktop-file-utils | desktop-file-utils     | checking our entry
AppStream       | command -v appstreamcli     | appstream                | appstream          | appstream              | checking our metadata
systemd         | ls /lib/systemd/systemd     | systemd                  | systemd            | systemd                | our unit under its manager
gcore           | command -v gcore            | gdb                      | gdb                | gdb                    | looking for PINs in memory
Firefox         | command -v firefox-esr      | firefox-esr              | firefox            | firefox                | pages that sign
Chromium        | command -v chromium         | chromium                 | chromium           | chromium               | pages that sign
NSS tools       | command -v certutil         | libnss3-tools            | nss-tools          | nss                    | whom browsers trust
Python          | command -v python3          | python3                  | python3            | python                 | a service with pages that sign
"
fi

case ${1-} in
# Those of the clients that packages are tried with.
--browsers)
    needs=$needs$(echo "$clients" | grep -E '^(Firefox|Chromium|Xvfb|xdotool|openbox|NSS tools|python3-venv) ')
    ;;
--flatpak)
    needs="$needs
flatpak         | command -v flatpak        | flatpak                  | flatpak            | flatpak                | programs in its sandbox
dbus-daemon     | command -v dbus-run-session | dbus-daemon            | dbus-daemon        | dbus                   | a session bus
p11-kit modules | p11_kit_client            | p11-kit-modules          | p11-kit-server     | p11-kit                | the module in a sandbox
"
    ;;
--deb)
    needs="$needs
debhelper       | command -v dh             | debhelper                | debhelper          | debhelper (AUR)        | packages for Debian
dpkg            | command -v dpkg-buildpackage | dpkg-dev              | dpkg-dev           | dpkg                   | packages for Debian
lintian         | command -v lintian        | lintian                  | ?                  | ?                      | checking packages for Debian
p11tool         | command -v p11tool        | gnutls-bin               | gnutls-utils       | gnutls                 | using what is installed
"
    ;;
--rpm)
    needs="$needs
rpmbuild        | command -v rpmbuild       | rpm                      | rpm-build          | rpm-tools              | packages for Fedora
rpmlint         | command -v rpmlint        | rpmlint                  | rpmlint            | rpmlint (AUR)          | checking packages for Fedora
"
    ;;
--arch)
    needs="$needs
makepkg         | command -v makepkg        | makepkg                  | ?                  | pacman                 | packages for Arch
pacman          | command -v pacman         | pacman-package-manager   | ?                  | pacman                 | installing packages for Arch
bsdtar          | command -v bsdtar         | libarchive-tools         | bsdtar             | libarchive             | packages for Arch
"
    ;;
--macos)
    needs="$needs
llvm-nm         | command -v llvm-nm        | llvm                     | llvm               | llvm                   | what a library has
"
    ;;
--processors)
    needs="$needs
gcc for arm64   | libc_for aarch64 | gcc-aarch64-linux-gnu libc6-dev-arm64-cross | gcc-aarch64-linux-gnu | aarch64-linux-gnu-gcc | programs for arm64
gcc for armhf   | libc_for arm     | gcc-arm-linux-gnueabihf libc6-dev-armhf-cross | ? | arm-linux-gnueabihf-gcc (AUR) | programs for armhf
gcc for i686    | libc_for i686    | gcc-i686-linux-gnu libc6-dev-i386-cross | ?            | ?                      | programs for i686
QEMU            | command -v qemu-aarch64   | qemu-user                | qemu-user          | qemu-user              | running them
npm             | command -v npm            | npm                      | nodejs-npm         | npm                    | the header of PKCS #11
"
    ;;
--windows)
    needs="$needs
mingw-w64       | command -v x86_64-w64-mingw32-gcc | gcc-mingw-w64-x86-64-posix | mingw64-gcc | mingw-w64-gcc   | programs for Windows
mingw-w64, C++  | command -v x86_64-w64-mingw32-g++ | g++-mingw-w64-x86-64-posix | mingw64-gcc-c++ | mingw-w64-gcc | programs for Windows
Wine            | command -v wine           | wine wine64              | wine               | wine                   | running them
npm             | command -v npm            | npm                      | nodejs-npm         | npm                    | Node.js for Windows
wixl            | command -v wixl           | wixl                     | msitools           | msitools               | packages for Windows
osslsigncode    | command -v osslsigncode   | osslsigncode             | osslsigncode       | osslsigncode           | signing them
"
    ;;
--roots)
    needs="$needs
mmdebstrap      | command -v mmdebstrap     | mmdebstrap               | mmdebstrap         | mmdebstrap (AUR)       | other distributions to try packages in
gpg             | command -v gpg            | gpg                      | gnupg2             | gnupg                  | the key of an archive
curl            | command -v curl           | curl                     | curl               | curl                   | the key of an archive
"
    ;;
esac

fail() {
    echo "$@" >&2
    exit 1
}

# Where Debian, Fedora and a build from source put it.
virtual_reader() {
    for root in /usr/lib /usr/lib64 /usr/local/lib; do
        [ -e "$root/pcsc/drivers/serial/libifdvpcd.so" ] && return
    done
    return 1
}

# In the folder where OpenSSL keeps its providers.
openssl_module() {
    [ -e "$(openssl version -m | cut -d'"' -f2)/$1" ]
}

has_library() {
    ls /usr/lib/*-linux-gnu/"$1" /usr/lib64/"$1" /usr/lib/"$1" 2>/dev/null | grep -q .
}

# Beside the program, wherever it is installed.
node_headers() {
    [ -e "$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node/node.h" ]
}

# A compiler for another processor, and what it links with.
libc_for() {
    ls /usr/bin/"$1"-linux-gnu*-gcc && ls /usr/"$1"-linux-gnu*/include/stdio.h
}

python_uno() {
    /usr/bin/python3 -c 'import uno'
}

p11_kit_client() {
    for folder in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib; do
        [ -e "$folder/pkcs11/p11-kit-client.so" ] && return
    done
    return 1
}

# The lines of the table that are not satisfied.
missing() {
    echo "$needs" | while IFS= read -r line; do
        probe=$(echo "$line" | cut -d'|' -f2)
        [ -z "$line" ] || $probe >/dev/null 2>&1 </dev/null || echo "$line"
    done
}

install_with_apt() {
    # shellcheck disable=SC2086
    set -- $1
    root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "Install these as root, then try again: apt-get install $*"
        root='sudo'
    fi
    echo "Installing with apt${root:+ (through sudo)}, for the tests with virtual card readers: $*"
    log=$(mktemp)
    # The package lists may be missing or too old: then fetch them and try once more.
    if ! apt_get "$root" install "$@" && ! { apt_get "$root" update && apt_get "$root" install "$@"; }; then
        cat "$log" >&2
        fail "apt could not install: $*"
    fi
    rm -f "$log"
}

apt_get() {
    root=$1 command=$2
    shift 2
    $root env DEBIAN_FRONTEND=noninteractive apt-get -y -q ${sources:+-o "Dir::Etc::sourceparts=$sources"} \
        "$command" --no-install-recommends "$@" >"$log" 2>&1 </dev/null
}

# Debian 12 has pkcs11-provider in its backports. They are used this once; the system's own list of sources is not
# changed.
sources=
add_backports() {
    # shellcheck source=/dev/null
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME-}")" = bookworm ] || return 0
    # shellcheck disable=SC2016
    archive=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | head -n1)
    [ -n "$archive" ] || return 0
    sources=$(mktemp -d)
    trap 'rm -rf "$sources"' EXIT
    chmod 755 "$sources"
    cp /etc/apt/sources.list.d/* "$sources"
    echo "deb $archive bookworm-backports main" >"$sources/backports.list"
}

check_rust() {
    if ! command -v cargo >/dev/null; then
        [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ] && fail "Rust is installed but not in PATH: . ~/.cargo/env"
        fail "Rust $rust_minimum or newer is needed: https://rustup.rs says how to install it."
    fi
    version=$(cargo --version | cut -d' ' -f2)
    [ "$(printf '%s\n' "$rust_minimum" "$version" | sort -V | head -n1)" = "$rust_minimum" ] ||
        fail "Rust $rust_minimum or newer is needed and this is $version: rustup update, or https://rustup.rs"
    lints=
    case $1 in --tests | --desktop-tests) lints='rustfmt clippy' ;; esac
    for component in $lints; do
        "cargo-${component#rust}" --version >/dev/null 2>&1 && continue
        echo "Installing the Rust component $component, for make check"
        rustup --quiet component add "$component" || fail "cargo has no $component: install it, then try again."
    done
    case $1 in
    --tests) systems='i686-unknown-linux-gnu armv7-unknown-linux-gnueabihf x86_64-pc-windows-gnu i686-pc-windows-gnu' ;;
    --windows) systems=x86_64-pc-windows-gnu ;;
    --processors) systems='aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf i686-unknown-linux-gnu' ;;
    --macos) systems=aarch64-apple-darwin ;;
    *) return 0 ;;
    esac
    # Their standard library, to compile the module for them. A folder is named where there is none, too.
    for target in $systems; do
        ls "$(rustc --print target-libdir --target "$target")"/libstd-*.rlib >/dev/null 2>&1 && continue
        echo "Installing Rust's standard library for $target"
        rustup --quiet target add "$target" || fail "rustup could not install Rust's standard library for $target."
    done
}

# Miri is a part of nightly Rust, and builds the standard library from its source.
check_miri() {
    sysroot=$(rustc +nightly --print sysroot 2>/dev/null) &&
        cargo +nightly miri --version >/dev/null 2>&1 && [ -e "$sysroot/lib/rustlib/src" ] && return
    echo "Installing nightly Rust with Miri"
    { rustup +nightly show active-toolchain >/dev/null 2>&1 ||
        rustup --quiet toolchain install nightly --no-self-update --profile minimal; } &&
        rustup --quiet component add --toolchain nightly miri rust-src ||
        fail "rustup could not install nightly Rust with Miri."
}

lacking=$(missing)
if [ -n "$lacking" ]; then
    if ! command -v apt-get >/dev/null; then
        echo "Not on this system (what | Debian and Ubuntu | Fedora | Arch | what for; Fedora and Arch untried):"
        echo "$lacking" | cut -d'|' -f1,3-
        fail "Install these, then try again. The virtual reader: https://frankmorgner.github.io/vsmartcard/"
    fi
    [ "${1-}" != --clients ] || add_backports
    install_with_apt "$(echo "$lacking" | cut -d'|' -f3)"
    lacking=$(missing)
    [ -z "$lacking" ] || fail "apt has installed the packages, and yet these are missing:
$lacking"
fi
check_rust "${1-}"
[ "${1-}" != --miri ] || check_miri
