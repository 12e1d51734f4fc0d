#!/bin/sh
# Holds the lab's captures against tshark: each row of expect.tsv says in how many frames of a
# capture a display filter is true. Every capture must have a row, good checksums, and nothing
# malformed, unless a row speaks of that.
#
# usage: verify.sh [DIR]     pcaps/ where none is given
here=$(dirname "$(readlink -f "$0")")
dir=${1:-$here/../../pcaps}
command -v tshark >/dev/null || { echo "SKIP tshark is not there" && exit 77; }
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
status=0

fail() {
	echo "FAIL $*"
	status=1
}

# rows gives what is expected of a capture: frames and filter.
rows() {
	sed -n "s/^$1	//p" "$here/expect.tsv"
	grep -q "^$1	.*checksum" "$here/expect.tsv" ||
		printf '0\t%s\n' 'ip.checksum.status==0 || tcp.checksum.status==0' \
			'udp.checksum.status==0 || icmp.checksum.status==0' 'cdp.checksum.status==0'
	grep -q "^$1	.*malformed" "$here/expect.tsv" || printf '0\t%s\n' _ws.malformed
}

# counts gives a line for each filter on stdin: in how many frames of a capture it is true.
counts() {
	tshark -r "$1" -q -d tcp.port==5061,tls -d tcp.port==2443,tls -d tcp.port==6970,http \
		-d udp.port==443,dtls -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
		-o udp.check_checksum:TRUE \
		-z "io,stat,0,$(paste -s -d,)" 2>/dev/null |
		awk -F'|' '
			/<>/ { n = NF - 1; for (i = 3; i < n; i += 2) sum[i] += $i }
			END { for (i = 3; i < n; i += 2) print sum[i] }'
}

for capture in "$dir"/*.pcap "$dir"/*.pcapng; do
	name=$(basename "${capture%.pcap*}")
	grep -q "^$name	" "$here/expect.tsv" || fail "$name has no row in expect.tsv"
	rows "$name" >"$scratch/rows"
	cut -f2 "$scratch/rows" | counts "$capture" | paste - "$scratch/rows" |
		awk -F'\t' '$1 != $2 { print $1 + 0 " frames, not " $2 ": " $3 }' >"$scratch/wrong"
	[ ! -s "$scratch/wrong" ] || fail "$name: $(cat "$scratch/wrong")"
done

grep -v '^#' "$here/expect.tsv" | cut -f1 | sort -u | while read -r name; do
	[ -f "$dir/$name.pcap" ] || [ -f "$dir/$name.pcapng" ] || echo "$name"
done >"$scratch/missing"
[ ! -s "$scratch/missing" ] || fail "not there: $(cat "$scratch/missing")"
exit $status
