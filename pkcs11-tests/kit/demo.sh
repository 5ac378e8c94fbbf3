#!/bin/sh
# demo.sh: shows what the module is for, step by step, with the programs people use. Run by `make demo`, in the
# sandbox, with two simulated cards in the readers:
#   AVAIN_MODULE  the module
#   AVAIN_TOOL    the tool avain
#   AVAIN_CARDS   a folder with the certificates of the first card in 1/ and of the second in 2/
set -eu
cd "$TMPDIR"
module=$AVAIN_MODULE
tool=$AVAIN_TOOL
new_card=$AVAIN_CARDS/1
old_card=$AVAIN_CARDS/2
cat "$new_card"/root.pem "$new_card"/issuing.pem "$old_card"/root.pem "$old_card"/issuing.pem >authorities.pem

# What a holder keeps secret. The programs get it from a file or from the environment, never as an argument.
printf 270519 >pin1
PIN2=190527
export PIN2

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
step='the start'
server=

title() {
    step=$1
    printf '\n%s== %s ==%s\n' "$bold" "$1" "$plain"
}

# Every program writes into this log; it is shown where something fails.
log=$TMPDIR/demo.log
ended() {
    status=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    [ "$status" -eq 0 ] && return
    printf '\n%sThe demo failed at: %s%s\nThe last words of the programs:\n' "$bold" "$step" "$plain"
    tail -n 40 "$log"
} >&2
trap ended EXIT

# The name in a certificate, as people read it.
name_in() {
    openssl x509 -in "$1" -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *commonName *= //p'
}

# --- 1. Activation

title '1. A new card, and the code from its letter'
echo 'The first card is as the post brings it: both PINs are still the transport code from the letter. Its holder'
echo 'types that code and the PINs of his choice; here they come from a file.'
echo
printf '%s\n' 1234567 "$(cat pin1)" "$PIN2" >entries
echo '$ avain activate'
"$tool" --lang en activate --reader '00 00' --pin-file entries >activated 2>"$log" || { cat activated; exit 1; }
sed 's/^/  /' activated
rm entries

# --- 2. The tokens

title '2. Two cards are in the readers; this is what a program sees through the module'
echo "\$ pkcs11-tool --module libavain_pkcs11.so -L"
pkcs11-tool --module "$module" -L >slots 2>>"$log" || { cat slots; exit 1; }
cat slots
grep -q 'FINEID (PIN1)' slots && grep -q 'FINEID (PIN2)' slots

# The label of PIN1's token in the reader whose name ends with these digits, as an address has it. Two cards of one
# country are in the readers, so that of the second ends with its number.
token_in() {
    awk -v slot="$1 (PIN1)" '/^Slot / { here = index($0, slot) > 0 }
        here && sub(/^ *token label *: */, "") { print; exit }' slots | sed 's/ /%20/g; s/(/%28/g; s/)/%29/g'
}
new_token=$(token_in '00 00')
old_token=$(token_in '00 01')
[ "$new_token" != "$old_token" ]

# --- 3. Logging in

title '3. Logging in to a web server with the authentication key (PIN1)'
echo 'A server that lets in only people with a certificate of the (simulated) authority; a client whose'
echo 'private key is on the card. Both are OpenSSL; the client reaches the card through the module.'
echo
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 1 -subj /CN=server \
    -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.pem 2>>"$log"
cat >client.conf <<END
openssl_conf = openssl
[openssl]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = $module
init = 0
END
port=44330

# log_in VERSION CARD TOKEN: one handshake; says whom the server saw.
log_in() {
    port=$((port + 1))
    openssl s_server -accept "$port" -naccept 1 "-$1" -www -cert server.pem -key server.key \
        -CAfile authorities.pem -Verify 2 -verify_return_error >server.log 2>&1 </dev/null &
    server=$!
    # Until it listens.
    tries=0
    until grep -q "$(printf ':%04X 0\{8\}:0000 0A' "$port")" /proc/net/tcp ||
        grep -q "$(printf ':%04X 0\{32\}:0000 0A' "$port")" /proc/net/tcp6; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ]
        sleep 0.05
    done
    key="pkcs11:token=$3;id=%45;type=private;pin-source=file:$TMPDIR/pin1"
    printf 'GET / HTTP/1.0\r\n\r\n' |
        OPENSSL_CONF=client.conf timeout 20 openssl s_client -connect "127.0.0.1:$port" "-$1" -ign_eof \
            -engine pkcs11 -keyform engine -key "$key" -cert "$2/auth.pem" \
            -CAfile server.pem -verify_return_error -verify_ip 127.0.0.1 >client.log 2>&1 || :
    kill "$server" 2>/dev/null || :
    wait "$server" 2>/dev/null || :
    server=
    cat client.log server.log >>"$log"
    # The server's page tells the client what the server knows of it.
    protocol=$(sed -n 's/^ *Protocol *: //p' client.log | head -n1)
    seen=$(sed -n '/^Client certificate/,$s/^ *Subject:.*CN *= *//p' client.log | head -n1)
    [ -n "$seen" ]
    [ "$seen" = "$(name_in "$2/auth.pem")" ]
    echo "  ${protocol:-$1}: the server let in »$seen«"
}
for version in tls1_2 tls1_3; do
    log_in "$version" "$new_card" "$new_token"
    log_in "$version" "$old_card" "$old_token"
done

# --- 4. Signing

title '4. A qualified signature of a document (PIN2)'
printf 'I, the undersigned, sell my boat for 500 euros.\n' >contract.txt
openssl x509 -in "$new_card/sign.pem" -noout -pubkey >sign.key
slot=$(awk '/^Slot / { slot = $3; gsub(/[():]/, "", slot) } /token label.*FINEID \(PIN2\)/ { print slot; exit }' slots)
echo "\$ pkcs11-tool --module libavain_pkcs11.so --slot $slot --login --pin env:PIN2 --sign --id 46 \\
      -m ECDSA-SHA384 --signature-format openssl -i contract.txt -o contract.sig"
pkcs11-tool --module "$module" --slot "$slot" --login --pin env:PIN2 --sign --id 46 \
    -m ECDSA-SHA384 --signature-format openssl -i contract.txt -o contract.sig >>"$log" 2>&1
echo "  the card signed: $(wc -c <contract.sig) bytes"
echo "\$ openssl dgst -sha384 -verify KEY-OF-THE-CERTIFICATE -signature contract.sig contract.txt"
openssl dgst -sha384 -verify sign.key -signature contract.sig contract.txt 2>>"$log" >verdict
sed 's/^/  /' verdict
sed 's/500/900/' contract.txt >forged.txt
if openssl dgst -sha384 -verify sign.key -signature contract.sig forged.txt >>"$log" 2>&1; then
    exit 1
fi
echo '  the same with 900 euros in the contract: refused, as it should be'

title '5. Whose signature is it?'
echo "\$ openssl verify -CAfile AUTHORITIES sign.pem"
openssl verify -CAfile authorities.pem "$new_card/sign.pem" >verdict 2>>"$log"
grep -q ': OK$' verdict
echo "  OK: the authority says that the key belongs to »$(name_in "$new_card/sign.pem")«"

title 'Done'
cat <<END
Real were the module, the tool avain, $(openssl version | cut -d' ' -f1,2), pkcs11-tool, and the card-reader daemon pcscd: all as
they work on your desktop. Simulated were the two cards, their readers, and the authority that issued the
certificates; nobody's identity was involved. Nothing is left running, and no file is left behind.

With a real card and a real reader you need nothing but the module and the tool:
  make install, then avain status
On a desktop there is a window that does the same without a terminal: avain-window. See it now, with a new simulated
card: make demo-window
END
