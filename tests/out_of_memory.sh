#!/bin/sh
# handspan when memory runs out, from main on and in every library, once or for good: it says so, exits
# with 3, and what it has printed before is true. FAIL_EVERY=1 tries every allocation, which takes minutes.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

sanitized "$HANDSPAN" && skip "built with sanitizers, which have a malloc of their own"
dry=$scratch/failing_malloc.so
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -shared -fPIC -o "$dry" "$root/tests/failing_malloc.c" 2>"$scratch/err" ||
	skip "no compiler for a malloc that fails: $(head -n 1 "$scratch/err")"

# dry_run runs handspan with the nth allocation failing, and more in LASTING: dry_run N ARGUMENTS...
dry_run() {
	nth=$1
	shift
	timeout 20 env LD_PRELOAD="$dry" FAIL_AT="$nth" ${lasting:+FAIL_LASTING=1} "$HANDSPAN" "$@" \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
}

# check holds one dry run against the one with memory enough.
check() {
	if [ "$status" -eq "$wanted" ] && cmp -s "$scratch/out" "$scratch/enough"; then
		same=$((same + 1))
	elif [ "$status" -ne 3 ]; then
		fail "$what: exit status $status: $(tail -n 1 "$scratch/err")"
	elif ! grep -qi 'out of memory\|cannot allocate memory' "$scratch/err"; then
		fail "$what: stderr does not say so: $(tail -n 1 "$scratch/err")"
	elif grep -vxFf "$scratch/enough" "$scratch/out" >"$scratch/more"; then
		fail "$what: a line that is not true: $(head -n 1 "$scratch/more")"
	else
		told=$((told + 1))
	fi
}

# dry_runs fails the first $dense allocations one after the other, then so many apart:
# dry_runs APART ARGUMENTS...
dry_runs() {
	apart=${FAIL_EVERY:-$1}
	shift
	FAIL_COUNT=$scratch/count
	export FAIL_COUNT
	dry_run 0 "$@"
	unset FAIL_COUNT
	wanted=$status
	cp "$scratch/out" "$scratch/enough"
	read -r count <"$scratch/count" || fail "$*: $(cat "$scratch/err")"
	[ "$count" -gt 100 ] || fail "$*: $count allocations"
	same=0 told=0 n=1
	while [ "$n" -le "$count" ]; do
		what="handspan $*, allocation $n${lasting:+ and all after}"
		dry_run "$n" "$@"
		check
		[ "$n" -gt "$dense" ] && n=$((n + apart)) || n=$((n + 1))
	done
	echo "handspan $*: of $count allocations $((same + told)) failed${lasting:+ with all after}:" \
		"$told times told, $same times nothing was amiss"
	[ "$told" -gt 0 ] || fail "$*: nothing was ever told"
}

cd "$root/pcaps" || exit 99
lasting=
dense=160 # OpenSSL begins there, and once crashed
dry_runs 43 --json --phone-config 04-client-mic.cnf.xml 04-client-mic.pcap
dense=0
dry_runs 47 ec-certificate.pcap --phone-config ec-certificate.cnf.xml
dry_runs 67 --watch 130-watch-renewal.pcap
dry_runs 97 --json --gateway 198.51.100.1 --cert-hash 'N56GRNVbygkzDizrtsfQC6p1uRw=' 76-pcapng.pcapng

# Libraries that lacked memory in one input read no other. A single allocation may be one that nobody needs.
n=$((count / 2))
dry_run "$n" 76-pcapng.pcapng 40-dtls12-fragments.pcap
while [ "$status" -ne 3 ] && [ "$n" -lt $((count / 2 + 10)) ]; do
	n=$((n + 1))
	dry_run "$n" 76-pcapng.pcapng 40-dtls12-fragments.pcap
done
[ "$status" -eq 3 ] || fail "two inputs, allocation $n: exit status $status"
! grep -q 40-dtls "$scratch/out" "$scratch/err" || fail "a second input is read after memory ran out"

lasting=yes
dry_runs 101 --json --phone-config 04-client-mic.cnf.xml 04-client-mic.pcap
finish
