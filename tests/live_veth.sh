#!/bin/sh
# Live capture on cables of its own, in a network namespace: what is captured is what was sent, in the order in which it was
# sent, over one interface and over several, and across one that goes down and comes back.
#
# needs root, and tests/live/send
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"
# shellcheck source=tests/cables.sh
. "$(dirname "$0")/cables.sh"

# in_the_file leaves in want what handspan finds in a file, and how many frames are in it.
in_the_file() {
	"$HANDSPAN" --json --all "$1" >want 2>err
	frames=$(jq 'select(.event == "summary").packets' want)
}

# handshakes leaves out when they were; and whose, for -i any does not have it.
handshakes() {
	jq -c 'select(.event == "handshake") | del(.time, .client.mac, .server.mac)' "$1"
}

# same wants the same handshakes in the same frames.
same() {
	handshakes want >want.handshakes
	handshakes out >out.handshakes
	[ -s want.handshakes ] || fail "$what: no handshake in the file"
	diff want.handshakes out.handshakes >difference || fail "$what: not what is in the file: $(head -n 4 difference | cut -c 1-300)"
}

lay_cables

# ---- one interface, and two as on a tap ----

for name in 01-ok-tls12-dtls09 26-reset-after-certificate 40-dtls12-fragments 62-segments-shuffled 63-segment-lost 67-ipv6 \
	68-vlan 69-qinq 75-ip-fragments 79-offload; do
	file=$root/pcaps/$name.pcap
	in_the_file "$file"
	what="$name, one interface"
	capture -i b0 -c "$frames"
	sends "$file" a0
	ends 0
	same
	what="$name, two interfaces"
	capture -i b0 -i b1 -c "$frames"
	sends "$file" a0,a1
	ends 0
	same
done

# ---- what is left out by default ----

# with_voice puts a datagram of voice behind each one of a file.
with_voice() {
	PYTHONPATH=$root/tests python3 -c 'import left_out, pathlib, sys
sys.stdout.buffer.write(left_out.on_the_wire(pathlib.Path(sys.argv[1])))' "$1"
}

for name in 01-ok-tls12-dtls09 40-dtls12-fragments 67-ipv6; do
	file=$root/pcaps/$name.pcap
	with_voice "$file" >voice.pcap
	in_the_file "$file"
	for interface in b0 any; do
		what="$name with voice left out, -i $interface"
		capture_by_default -i $interface -c "$frames"
		says 'voice and QUIC are left out in the kernel' || fail "$what: $(cat err)"
		sends voice.pcap a0
		ends 0
		same
	done
	in_the_file voice.pcap
	what="$name with voice, --no-filter"
	capture -i b0 -c "$frames"
	! says 'left out' || fail "$what: $(cat err)"
	sends voice.pcap a0
	ends 0
	same
done

what="what is written is whole"
in_the_file voice.pcap
capture_by_default -i b0 -c "$frames" -w whole.pcap
! says 'left out' || fail "$what: $(cat err)"
sends voice.pcap a0
ends 0
same

# ---- tagged and untagged at once, and promiscuous ----

# promiscuity_is wants that b0 is in promiscuous mode, or is not.
promiscuity_is() {
	[ "$(ip -d -j link show b0 | jq '.[0].promiscuity')" -eq "$1" ] || fail "$what: b0's promiscuity is not $1"
}

vlans() {
	jq -c 'select(.event == "handshake" and .protocol == "TLS").vlan' out | sort | tr '\n' ' '
}

for interface in b0 any; do
	what="tagged and untagged, -i $interface"
	capture -i $interface -c 51
	[ $interface = any ] || promiscuity_is 1
	sends "$root/pcaps/01-ok-tls12-dtls09.pcap" a0
	sends "$root/pcaps/68-vlan.pcap" a0
	ends 0
	[ "$(vlans)" = "[110] null " ] || fail "$what: the tags are $(vlans)"
done

what="-p"
capture -p -i b0
promiscuity_is 0
kill -INT "$handspan"
ends 0

# ---- how soon ----

what="how soon"
how_soon "$root/pcaps/ec-certificate.pcap" capture
kill -INT "$handspan"
ends 0

# ---- what had come when it was told to stop ----

in_the_file "$root/pcaps/01-ok-tls12-dtls09.pcap"
for interfaces in "b0" "b0 -i b1"; do
	what="-i $interfaces, SIGINT right behind the last frame"
	# shellcheck disable=SC2086 # several words
	capture -i $interfaces
	sends "$root/pcaps/01-ok-tls12-dtls09.pcap" a0
	kill -INT "$handspan"
	ends 0
	same
	[ "$(jq 'select(.event == "summary").packets' out)" -eq "$frames" ] || fail "$what: not all $frames frames"
done

# ---- what is dropped ----

what="overload"
capture -i b0 -B 256
kill -STOP "$handspan"
sends "$root/pcaps/01-ok-tls12-dtls09.pcap" a0 500
kill -CONT "$handspan"
await accounted $((38 * 500))
kill -INT "$handspan"
ends 0
says '^handspan: b0: [1-9][0-9]* packets dropped by the kernel so far; try -B 1024$' || fail "$what: $(cat err)"
says 'packets were dropped while capturing' || fail "$what: no warning at the end"
[ "$(jq 'select(.event == "summary").dropped_kernel' out)" -gt 0 ] || fail "$what: no drops in the summary"

# ---- an interface that goes down ----

# wants_all wants that all of so many calls were captured, and no drop.
wants_all() {
	[ "$(jq -s 'map(select(.event == "handshake" and .outcome == "established")) | length' out)" -eq $(($1 * 2)) ] ||
		fail "$what: not $1 calls: $(tail -n 1 err)"
}

file=$root/pcaps/01-ok-tls12-dtls09.pcap
in_the_file "$file"
for interfaces in "b0" "b0 -i b1"; do
	what="-i $interfaces, down twice"
	# shellcheck disable=SC2086 # several words
	capture -i $interfaces -c $((frames * 3))
	sends_around_downs "$file"
	ends 0
	wants_all 3
done

what="one of two is down"
capture -i b0 -i b1 -c "$frames"
ip link set b0 down
await says 'b0: down'
sends "$file" a1
ends 0
wants_all 1
set_up b0

# ---- an interface that is gone ----

what="one of two is gone"
capture -i b0 -i b1
sends "$file" a0
ip link del b0
await says 'b0: .*; the others go on'
sends "$file" a1
ip link del b1
ends 4
wants_all 2
[ "$(jq 'select(.event == "summary").damaged' out)" = true ] || fail "$what: the report does not say that it ends early"

# ---- what is said ----

lay_cables
what="an interface that is not there"
"$HANDSPAN" -i b0 -i nosuch >out 2>err
[ $? -eq 4 ] || fail "$what: no exit status of 4"
says '^handspan: nosuch: no such interface' || fail "$what: $(cat err)"

what="-w of two link types"
"$HANDSPAN" -i b0 -i any -w out.pcap >out 2>err
[ $? -eq 4 ] || fail "$what: no exit status of 4"
says 'any: is of link type 113, b0 of 1' || fail "$what: $(cat err)"
finish
