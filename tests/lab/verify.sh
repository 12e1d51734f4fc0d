#!/bin/sh
# Holds the lab's captures against tshark: each row of expect.tsv says in how many frames of a
# capture a display filter is true. Every capture must have a row, and every checksum must be good.
#
# usage: verify.sh [DIR]     pcaps/ where none is given
here=$(dirname "$(readlink -f "$0")")
dir=${1:-$here/../../pcaps}
command -v tshark >/dev/null || { echo "SKIP tshark is not there" && exit 77; }
status=0

fail() {
	echo "FAIL $*"
	status=1
}

# count says in how many frames of a capture a filter is true.
count() {
	tshark -r "$1" -d tcp.port==5061,tls -d udp.port==443,dtls -o ip.check_checksum:TRUE \
		-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -Y "$2" 2>/dev/null | wc -l
}

bad='ip.checksum.status==0 || tcp.checksum.status==0 || udp.checksum.status==0'
for capture in "$dir"/*.pcap "$dir"/*.pcapng; do
	name=$(basename "${capture%.pcap*}")
	grep -q "^$name	" "$here/expect.tsv" || fail "$name has no row in expect.tsv"
	[ "$(count "$capture" "$bad || icmp.checksum.status==0")" -eq 0 ] ||
		fail "$name has bad checksums"
done

while IFS='	' read -r name frames filter; do
	case $name in '#'*) continue ;; esac
	for capture in "$dir/$name".pcap*; do
		got=$(count "$capture" "$filter")
		[ "$got" -eq "$frames" ] || fail "$name: $got frames, not $frames: $filter"
	done
done <"$here/expect.tsv"
exit $status
