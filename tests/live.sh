#!/bin/sh
# A capture on the loopback interface, as far as this machine allows one: the handshake is shown
# while the capture runs, the report when SIGINT ends it.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"
cd "$scratch" || exit 99

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=gateway -out gateway.pem \
	2>/dev/null || skip "openssl makes no certificate"
: >server
: >out
: >err
openssl s_server -accept 127.0.0.1:0 -cert gateway.pem -key key.pem -tls1_2 -www >server 2>&1 &
server=$!
wait_for grep '^ACCEPT' server || skip "openssl does not serve"
port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' server)

begun=$(date +%s)
"$HANDSPAN" --json --all -i lo -f "tcp port $port" >out 2>err &
handspan=$!
wait_for begun
if ! grep -q 'capturing' err; then
	kill "$server"
	wait "$handspan"
	[ $? -eq 4 ] && skip "no capture here: $(tail -n 1 err)"
	fail "no capture: $(tail -n 1 err)"
	finish
fi
echo Q | openssl s_client -connect "127.0.0.1:$port" -tls1_2 >client 2>&1

wait_for grep '"event":"handshake"' out || fail "no handshake is shown while the capture runs"
openssl s_client -connect "127.0.0.1:$port" -tls1_2 -verify_return_error </dev/null >client 2>&1
wait_for grep '"id":"server-certificate-rejected"' out || fail "no finding is shown while the capture runs"
kill -INT "$handspan"
wait "$handspan"
status=$?
[ "$status" -eq 1 ] || fail "SIGINT: exit status $status: $(tail -n 1 err)"
late=$(jq -c --argjson begun "$begun" --argjson over "$(date +%s)" 'select(.event == "finding" and .live).time |
	select(sub("\\..*"; "Z") | fromdate | . < $begun or . > $over)' out)
[ -z "$late" ] || fail "a finding is said at another time than it is: $late"
for live in true null; do
	n=$(jq -c 'select(.id == "server-certificate-rejected" and .live == '$live')' out | wc -l)
	[ "$n" -eq 1 ] || fail "a finding is said $n times, live: $live"
done
shown=$(jq -r 'select(.event == "handshake") | .server_certificates[0].sha1' out | sort -u)
sent=$(openssl x509 -in gateway.pem -outform DER | openssl dgst -sha1 -r | cut -d' ' -f1)
[ "$shown" = "$sent" ] || fail "the certificate shown is $shown, not $sent"
tail -n 1 out | grep -q '"event":"summary"' || fail "no summary at the end"
kill "$server"
finish
