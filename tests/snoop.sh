#!/bin/sh
# The same packets give the same JSON as pcap and as snoop: the lab's captures, of which editcap
# makes snoop files, and the public captures that are snoop files.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

command -v editcap >/dev/null || skip "editcap is not there (apt-get install wireshark-common)"

seen=0

# convert fails where editcap complains: of link types that snoop has no number for, of a cut file.
convert() {
	editcap -F "$1" "$2" "$scratch/other" 2>"$scratch/err" && [ ! -s "$scratch/err" ]
}

# same asks about a capture and its other format by stdin, which has one name.
same() {
	seen=$((seen + 1))
	"$HANDSPAN" --json - <"$1" >"$scratch/one.json" 2>/dev/null
	one=$?
	"$HANDSPAN" --json - <"$scratch/other" >"$scratch/other.json" 2>/dev/null
	other=$?
	[ $one -le 1 ] || fail "$1: exit status $one"
	[ $other -eq $one ] || fail "$1: exit status $one, and $other in another format"
	diff "$scratch/one.json" "$scratch/other.json" >"$scratch/diff" ||
		fail "$1: in another format the JSON differs: $(head -c 400 "$scratch/diff")"
}

for capture in "$root"/pcaps/*.pcap; do
	convert snoop "$capture" && same "$capture"
done
[ "$seen" -gt 0 ] || fail "no capture to compare: $(cat "$scratch/err")"

public=${SHARED:-$root/../shared}/captures/public
[ -d "$public" ] || echo "note: $public is not there"
for capture in "$public"/*.snoop; do
	[ -f "$capture" ] || continue
	convert pcap "$capture" || fail "$capture: $(cat "$scratch/err")"
	same "$capture"
done
echo "$seen captures compared"
finish
