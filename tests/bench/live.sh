#!/bin/bash
# What a live capture costs, and where drops begin: a workload is sent over a cable in a network namespace, at one rate after
# the other and then as fast as it can be, and handspan's own counts and processor time are shown, for each packet sent. A
# core's are the packets a second that would take all its time: drops begin there at the latest.
#
# usage: live.sh [WORKLOAD [PACKETS [MBIT...]]]     as root; builds nothing: make bench or make check has done so
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/../harness.sh"
build=$(dirname "$HANDSPAN")

if [ -z "${OWN_NETWORK-}" ]; then
	rm -r "$scratch"
	OWN_NETWORK=yes exec unshare -n -m "$0" "$@"
fi
workload=${1-span} packets=${2-200000}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- 500 1000 2000 4000 8000 full
seconds=5
cd "$scratch" || exit 99

cable() {
	mount -t sysfs sysfs /sys
	ip link add a0 type veth peer name b0
	for end in a0 b0; do
		ip link set "$end" addrgenmode none
		ip link set "$end" up
	done
}

# ticks gives a process's time, in hundredths of a second.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# row captures while the workload is sent so often at a rate, and says what became of it.
row() {
	: >err
	"$HANDSPAN" --json -i b0 "${@:3}" >out 2>err &
	handspan=$!
	until grep -q capturing err; do sleep 0.1; done
	before=$(ticks $handspan)
	if [ "$1" = full ]; then
		"$build/tests/live/send" workload.pcap a0 "$2" >sent
	else
		"$build/tests/live/send" workload.pcap a0 "$2" "$1" >sent
	fi
	sleep 0.5
	spent=$(($(ticks $handspan) - before))
	kill -INT $handspan
	wait $handspan
	read -r sent per_second mbit <<<"$(awk '{ print $1, $5, $7 }' sent)"
	tail -n 1 out | jq -r --argjson ns "$((spent * 10000000 / sent))" \
		--arg begin "| ${3-by default} | $mbit | $per_second | $sent" \
		'"\($begin) | \(.packets) | \(.dropped_kernel) | \($ns) | \(10000 / $ns | floor / 10) |"'
}

"$build/tests/bench/workload" "$workload" "$packets" >workload.pcap || exit 1
bits=$(($(stat -c %s workload.pcap) * 8))
cable
echo "| filter | Mbit/s | packets/s | sent | captured | dropped | ns each | a core's, M/s |"
echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
for filter in "" --no-filter; do
	for mbit in "$@"; do
		rate=$mbit
		[ "$mbit" != full ] || rate=2000
		# shellcheck disable=SC2086 # none or one
		row "$mbit" $((rate * 1000000 * seconds / bits + 1)) $filter
	done
done
