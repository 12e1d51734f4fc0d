#!/bin/sh
# valgrind finds nothing wrong while a handful of captures are read.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

command -v valgrind >/dev/null || skip "valgrind is not there"
sanitized "$HANDSPAN" && skip "built with sanitizers, which valgrind cannot run"

# GLib, which libnids brings along, never gives back what it holds: reachable blocks do not count.
leaks=definite,indirect,possible

# memcheck runs handspan with these arguments under valgrind, which makes code of what it runs, and knows no seccomp.
memcheck() {
	valgrind -q --vgdb=no --error-exitcode=99 --leak-check=full --show-leak-kinds=$leaks \
		--errors-for-leak-kinds=$leaks "$HANDSPAN" --no-sandbox "$@" >/dev/null 2>"$scratch/err"
	status=$?
	[ "$status" -le 1 ] || {
		cat "$scratch/err"
		fail "handspan $*: exit status $status"
	}
}

cd "$root/pcaps" || exit 99
seen=0
for capture in *.pcap *.pcapng; do
	[ -f "$capture" ] || continue
	config=$(config_of "$capture")
	memcheck --json ${config:+--phone-config "$config"} "$capture"
	seen=$((seen + 1))
	[ "$seen" -lt 6 ] || break
done
[ "$seen" -gt 0 ] || fail "no capture to read"
memcheck "$capture"
memcheck --watch 131-watch-to-and-fro.pcap
memcheck --help
memcheck --explain cert-hash-mismatch
finish
