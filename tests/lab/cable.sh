# shellcheck shell=bash disable=SC2034 # status is read by who sources this
# Sourced by the tests on a real network: two network namespaces with a cable between them, gone at
# the end with all that runs in them.
here=$(dirname "$(readlink -f "$0")")
HANDSPAN=$(readlink -m "${HANDSPAN:-$here/../../build/handspan}")
phone_mac=00:11:22:33:44:55
scratch="" ends="" status=0

say() { echo "$*"; }

fail() {
	say "FAIL $*"
	status=1
}

skip() {
	say "SKIP $*"
	exit 77
}

# broken ends the test where the lab itself does not do what it should.
broken() {
	say "FAIL the lab: $*"
	tail -n 5 "$scratch"/*.log
	exit 1
}

# wait_for waits for a command to succeed: up to a minute, for machines that are busy.
wait_for() {
	for _ in $(seq 600); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

clean() {
	for end in $ends; do
		ip netns pids "$end" 2>/dev/null | xargs -r kill 2>/dev/null
		ip netns del "$end" 2>/dev/null
	done
	wait
	[ -z "$scratch" ] || rm -rf "$scratch"
}

# needs skips the test without these commands.
needs() {
	[ "$(id -u)" -eq 0 ] || skip "it needs root, for network namespaces"
	for tool in ip timeout "$@"; do
		command -v "$tool" >/dev/null || skip "it needs $tool"
	done
	[ -x "$HANDSPAN" ] || skip "it needs handspan: $HANDSPAN is not there"
}

# cable lays one between two new namespaces; both call their end eth0, and the first is the phone's.
cable() {
	trap clean EXIT
	trap 'exit 130' INT TERM
	scratch=$(mktemp -d) || exit 99
	for end in "$1" "$2"; do
		ip netns add "$end" 2>/dev/null || skip "it cannot make network namespaces"
		ends="$ends $end"
	done
	ip -n "$1" link add eth0 type veth peer name eth0 netns "$2" 2>/dev/null ||
		skip "it cannot make a veth pair"
	ip -n "$1" link set eth0 address $phone_mac
	for end in $ends; do
		ip -n "$end" link set lo up
		ip -n "$end" link set eth0 up
	done
}
