# shellcheck shell=sh
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
