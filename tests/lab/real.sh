#!/bin/bash
# A real AnyConnect login on a real network: ocserv and openconnect in two network namespaces,
# captured by tcpdump and read by handspan with the right hash in the phone's configuration and with
# a wrong one; and a call of an openconnect that has the wrong one itself, and refuses. Nothing
# leaves the namespaces, and all that is made here is gone at the end.
#
# usage: real.sh     as root, HANDSPAN naming the program; 77 where it cannot run
# shellcheck disable=SC2016,SC2317 # jq's variables; functions that are called by name
# shellcheck source=tests/lab/cable.sh
. "$(dirname "$(readlink -f "$0")")/cable.sh"

phone_ip=203.0.113.10 gateway_ip=198.51.100.1
phone=handspan$$p gateway=handspan$$g
tls=+VERS-TLS1.2:+SIGN-ALL:+COMP-ALL:+RSA:+SHA1:+AES-256-CBC # as GnuTLS says it
# network gives both their addresses.
network() {
	cable "$phone" "$gateway"
	ip -n "$phone" addr add $phone_ip/24 dev eth0
	ip -n "$phone" route add default via 203.0.113.1
	ip -n "$gateway" addr add 203.0.113.1/24 dev eth0
	ip -n "$gateway" addr add $gateway_ip/32 dev lo
}

certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$scratch/key.pem" -out "$scratch/cert.pem" \
		-days 3650 -sha256 -subj /CN=vpn.example.com \
		-addext "subjectAltName=IP:$gateway_ip" 2>"$scratch/openssl.log" || broken "no certificate"
	openssl x509 -in "$scratch/cert.pem" -outform der | openssl dgst -sha1 -binary | base64
}

start_gateway() {
	echo throw-away | ocpasswd -c "$scratch/passwd" phone
	cat >"$scratch/ocserv.conf" <<-END
		auth = "plain[passwd=$scratch/passwd]"
		listen-host = $gateway_ip
		tcp-port = 443
		udp-port = 443
		run-as-user = root
		run-as-group = root
		isolate-workers = false
		socket-file = $scratch/ocserv.sock
		use-occtl = false
		server-cert = $scratch/cert.pem
		server-key = $scratch/key.pem
		device = vpns
		ipv4-network = 10.10.1.0/24
		cisco-client-compat = true
		dtls-legacy = true
		tls-priorities = "NONE:%SERVER_PRECEDENCE:$tls"
	END
	ip netns exec "$gateway" ocserv -f -d 1 -c "$scratch/ocserv.conf" >"$scratch/ocserv.log" 2>&1 &
	wait_for listens || broken "ocserv does not start"
}

listens() {
	ip netns exec "$gateway" ss -ltnH 'sport = :443' | grep -q .
}

# start_capture writes what comes by from now on to NAME.pcap.
start_capture() {
	: >"$scratch/tcpdump.log"
	ip netns exec "$phone" tcpdump -Z root -i eth0 -U --immediate-mode -w "$scratch/$1.pcap" \
		"tcp port 443 or udp port 443 or icmp" 2>"$scratch/tcpdump.log" &
	tcpdump=$!
	wait_for grep 'listening on' "$scratch/tcpdump.log" || broken "tcpdump does not start"
}

stop_capture() {
	sleep 0.5
	kill "$tcpdump"
	wait "$tcpdump"
}

# pin gives the hash that openconnect knows a gateway by: of its key, not of its certificate.
pin() {
	openssl x509 -in "$scratch/cert.pem" -pubkey -noout | openssl pkey -pubin -outform der |
		openssl dgst -sha256 -binary | base64
}

# dial starts a phone that trusts a pin.
dial() {
	echo throw-away | timeout -k 3 90 ip netns exec "$phone" openconnect -v --non-inter \
		--passwd-on-stdin -u phone --script-tun --script 'sleep 90' --no-system-trust \
		--useragent 'Cisco SVC IPPhone Client v1.0 (1.0)' --servercert "pin-sha256:$1" \
		--dtls-ciphers=AES256-SHA --gnutls-priority \
		"NONE:$tls" \
		"https://$gateway_ip/" >"$scratch/openconnect.log" 2>&1 &
	openconnect=$!
}

# good_call lets the phone log in, waits for DTLS, and hangs up.
good_call() {
	start_capture good
	dial "$(pin)"
	wait_for grep 'Established DTLS' "$scratch/openconnect.log" || broken "no DTLS comes up"
	kill "$openconnect"
	wait "$openconnect"
	stop_capture
}

# refused_call lets a phone meet a gateway that it does not trust.
refused_call() {
	start_capture refused
	dial "$(head -c 32 /dev/urandom | base64)"
	wait "$openconnect" && broken "openconnect trusts any certificate"
	stop_capture
}

# config writes the configuration of a phone that was given a hash.
config() {
	cat >"$scratch/SEP001122334455.cnf.xml" <<-END
		<?xml version="1.0" encoding="UTF-8"?>
		<device>
		 <vpnGroup>
		  <mtu>1290</mtu><failConnectTime>30</failConnectTime><authMethod>0</authMethod>
		  <autoNetDetect>0</autoNetDetect><enableHostIDCheck>0</enableHostIDCheck>
		  <addresses><url1>https://$gateway_ip/</url1></addresses>
		  <credentials><hashAlg>0</hashAlg><certHash1>$1</certHash1></credentials>
		 </vpnGroup>
		</device>
	END
}

# ask runs handspan on a call, and wants an exit status: ask CALL STATUS.
ask() {
	answer=$scratch/answer.json
	timeout 60 "$HANDSPAN" --json --phone-config "$scratch/SEP001122334455.cnf.xml" \
		"$scratch/$1.pcap" >"$answer" 2>"$scratch/handspan.log"
	got=$?
	[ $got -eq "$2" ] || fail "$1 call: exit status $got, not $2: $(tail -n 1 "$scratch/handspan.log")"
}

# holds wants something to be true of the answer's events together: holds WHAT JQ-EXPRESSION.
holds() {
	jq -se --arg hash "$hash" --arg wrong "$wrong" --arg phone $phone_ip --arg gateway $gateway_ip \
		"$2" "$answer" >/dev/null || fail "$1: $(jq -c 'select(.event == "finding")' "$answer")"
}

both_up='[.[] | select(.event == "handshake" and .client.ip == $phone
	and .server.ip == $gateway)] |'

mismatch='(map(select(.event == "handshake" and .client.ip == $phone)) | map(.id)) as $mine |
	any(.[]; .event == "finding" and .id == "cert-hash-mismatch" and .gateway == $gateway + ":443"
		and (.handshakes | length > 0 and all(IN($mine[])))
		and .expected == [$wrong] and ([.actual] | flatten) == [$hash]'

check_right() {
	config "$hash"
	ask good 0
	holds "no error with the right hash" \
		'[.[] | select(.event == "finding" and .severity == "error")] == []'
	holds "TLS is up, and shows the certificate's hash" \
		"$both_up any(.protocol == \"TLS\" and .version == \"TLSv1.2\" and
			.outcome == \"established\" and .server_certificates[0].sha1_base64 == \$hash)"
	holds "DTLS 0.9 is up" "$both_up any(.protocol == \"DTLS\" and .version == \"DTLSv0.9\" and
			.outcome == \"established\")"
}

# A client that went on has not looked at this hash: that is told, and is no error.
check_wrong() {
	config "$wrong"
	ask good 0
	holds "cert-hash-mismatch of this pair, expected and actual" "$mismatch)"
	ask refused 1
	holds "cert-hash-mismatch of a phone that refuses" "$mismatch and .severity == \"error\")"
}

needs ss tcpdump ocserv ocpasswd openconnect openssl jq
[ -c /dev/net/tun ] || skip "it needs /dev/net/tun, for ocserv"
network
hash=$(certificate)
wrong=$(head -c 20 /dev/urandom | base64)
start_gateway
good_call
refused_call
check_right
check_wrong
[ $status -ne 0 ] || say "PASS a real login is read, and a wrong hash is found"
exit $status
