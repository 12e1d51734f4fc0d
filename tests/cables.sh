# Cables in a network namespace of their own, and a capture on them. To be sourced behind harness.sh by tests that are run by sh, as
# root; others are skipped.
# shellcheck shell=sh
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

# wait_for waits up to ten seconds for a command to succeed.
wait_for() {
	for _ in $(seq 200); do
		! "$@" || return 0
		sleep 0.05
	done
	fail "$what: waited in vain for $*: $(tail -n 1 err)"
	return 1
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
	wait_for says capturing
}

over() {
	! kill -0 "$handspan" 2>/dev/null || grep -q '^State:.*Z' "/proc/$handspan/status" 2>/dev/null
}

# ends waits for its end, with this exit status.
ends() {
	wait_for over || kill -INT "$handspan"
	wait "$handspan"
	status=$?
	[ "$status" -eq "$1" ] || fail "$what: exit status $status, not $1: $(tail -n 1 err)"
}

sends() {
	"$send" "$@" >sent 2>&1 || fail "$what: $(cat sent)"
}

# accounted says whether so many frames have been seen, or are said to have been dropped.
accounted() {
	kill -USR1 "$handspan"
	sleep 0.1
	[ "$(sed -n 's/.*: \([0-9]*\) packets, \([0-9]*\) dropped by kernel.*/\1 + \2/p' err | tail -n 1 | xargs expr)" -eq "$1" ]
}

set_up() {
	ip link set "$1" up
	wait_for up "$1"
}

up() {
	ip link show "$1" | grep -q 'state UP'
}
