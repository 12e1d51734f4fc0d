# Cables in a network namespace of their own, and a capture on them. To be sourced behind harness.sh by tests that are run by sh, as
# root; others are skipped.
# shellcheck shell=sh disable=SC2154 # harness.sh and who sources this set them
send=$(dirname "$HANDSPAN")/tests/live/send

if [ -z "${OWN_NETWORK-}" ]; then
	[ "$(id -u)" -eq 0 ] || skip "it needs root, for network namespaces"
	command -v ip >/dev/null || skip "it needs ip"
	unshare -n ip link add a0 type veth peer name b0 2>/dev/null || skip "no network namespaces, or no cables in them"
	rm -r "$scratch"
	OWN_NETWORK=yes exec unshare -n -m sh "$0" "$@"
fi
mount -t sysfs sysfs /sys # of this namespace's interfaces
cd "$scratch" || exit 99

# lay_cables gives cables 0 and 1: what is sent into a0 comes out of b0.
lay_cables() {
	for n in 0 1; do
		ip link add "a$n" type veth peer name "b$n" || skip "no cables"
		for end in "a$n" "b$n"; do
			ip link set "$end" addrgenmode none mtu 65535
			ip link set "$end" up
		done
	done
}

# says whether stderr has such a line, so many times.
says() {
	[ "$(grep -c -- "$1" err)" -ge "${2-1}" ]
}

# capture starts a capture of all frames, capture_by_default one of what matters, and both wait until it runs.
capture() {
	capture_by_default --no-filter "$@"
}

capture_by_default() {
	: >err
	"$HANDSPAN" --json --all --fail-on never "$@" >out 2>err &
	handspan=$!
	await says capturing
}

# ends waits for its end, with this exit status.
ends() {
	await is_gone "$handspan" || kill -INT "$handspan"
	wait "$handspan"
	status=$?
	[ "$status" -eq "$1" ] || fail "$what: exit status $status, not $1: $(tail -n 1 err)"
}

sends() {
	"$send" "$@" >sent 2>&1 || fail "$what: $(cat sent)"
}

# sends_around_downs sends a file, and again each time that b0 has been down: three times.
sends_around_downs() {
	sends "$1" a0
	for n in 1 2; do
		ip link set b0 down
		await says 'b0: down' $n
		set_up b0
		await says 'b0: up again' $n
		sends "$1" a0
	done
}

# how_soon starts a capture that is to say a file's finding within a second, and leaves it running; a machine may be busy now and
# then: how_soon FILE COMMAND...
how_soon() {
	file=$1
	shift
	for _ in 1 2 3 4 5; do
		"$@" -i b0 --phone-config "$root/pcaps/ec-certificate.cnf.xml"
		begun=$(date +%s%N)
		sends "$file" a0
		await grep -q '"id":"ec-certificate"' out
		took=$((($(date +%s%N) - begun) / 1000000))
		[ "$took" -ge 1000 ] || return
		kill -INT "$handspan"
		ends 0
	done
	fail "$what: a finding is said after $took ms"
}

# accounted says whether so many frames have been seen, or are said to have been dropped.
accounted() {
	kill -USR1 "$handspan"
	sleep 0.1
	[ "$(sed -n 's/.*: \([0-9]*\) packets, \([0-9]*\) dropped by kernel.*/\1 + \2/p' err | tail -n 1 | xargs expr)" -eq "$1" ]
}

set_up() {
	ip link set "$1" up
	await up "$1"
}

up() {
	ip link show "$1" | grep -q 'state UP'
}
