# shellcheck shell=sh disable=SC2154 # what and handspan are set by who sources this
# Sourced by the tests in shell: where things are, and how a failure is said.

root=$(cd "$(dirname "$0")/.." && pwd)
HANDSPAN=$(readlink -m "${HANDSPAN:-$root/build/handspan}")

# A sanitizer's own exit status is 1, which for handspan means findings.
ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=99}
UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:exitcode=99}
export ASAN_OPTIONS UBSAN_OPTIONS

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

# fail may be called in a pipe, which is a process of its own.
fail() {
	echo "FAIL $*"
	touch "$scratch/failed"
}

skip() {
	echo "SKIP $*"
	exit 77
}

# wait_for waits for a command to succeed. A minute is for machines that are busy; on others only a failure takes it.
wait_for() {
	for _ in $(seq 1200); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	return 1
}

# await fails where that does not come: what names the case, err is what handspan says.
await() {
	! wait_for "$@" || return 0
	fail "$what: waited in vain for $*: $(tail -n 1 err)"
	return 1
}

# status_of shows a line of a process' status: status_of PID NAME
status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr '\t' ' '
}

is_gone() {
	! kill -0 "$1" || is_in_state "$1" Z
}

# is_in_state says whether a process sleeps, as one does that has read all there is (S), is stopped (T) or over (Z).
is_in_state() {
	status_of "$1" State | grep -q "^$2"
}

# begun says whether handspan, whose stderr is err, captures or has given up.
begun() {
	grep 'capturing' err || is_gone "$handspan"
}

finish() {
	[ ! -e "$scratch/failed" ]
	exit
}

# sanitized says whether a program or archive was built with the sanitizers.
sanitized() {
	nm "$1" 2>/dev/null | grep -q '__asan_init'
}

# config_of gives the phone's configuration that lies beside a capture, if there is one.
config_of() {
	config=${1%.pcap*}.cnf.xml
	[ ! -f "$config" ] || echo "$config"
}
