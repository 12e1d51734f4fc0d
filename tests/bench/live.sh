#!/bin/bash
# What a live capture costs, and where drops begin: a workload is sent over a cable in a network namespace, while handspan has
# no more than some hundredths of a processor (SCHED_DEADLINE), and its own counts are shown. A busy machine disturbs
# neither, as long as the sender comes to its rate.
#
# usage: live.sh WORKLOAD MBIT PERCENT... [-- OPTIONS]     as root; builds nothing: make check and make bench have done so
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/../harness.sh"
build=$(dirname "$HANDSPAN")

if [ -z "${OWN_NETWORK-}" ]; then
	rm -r "$scratch"
	OWN_NETWORK=yes exec unshare -n -m "$0" "$@"
fi
workload=$1 mbit=$2 shares=() seconds=8
shift 2
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	shares+=("$1")
	shift
done
shift
cd "$scratch" || exit 99

lay_cable() {
	mount -t sysfs sysfs /sys
	ip link add a0 type veth peer name b0
	for end in a0 b0; do
		ip link set "$end" addrgenmode none
		ip link set "$end" up
	done
}

# row captures with so many hundredths of a processor while the workload is sent, and says what became of it.
row() {
	: >err
	chrt -d --sched-runtime "$1"00000 --sched-deadline 10000000 --sched-period 10000000 0 \
		"$HANDSPAN" --json -i b0 "${@:2}" >out 2>err &
	handspan=$!
	until grep -q capturing err; do sleep 0.1; done
	chrt -f 10 "$build/tests/live/send" workload.pcap a0 "$times" "$mbit" >sent
	sleep 2 # what lies in the kernel's buffer is read
	kill -INT $handspan
	wait $handspan
	read -r sent per_second was <<<"$(awk '{ print $1, $5, $7 }' sent)"
	tail -n 1 out | jq -r --arg begin "| $workload | ${*:2} | $was | $per_second | $1 | $sent" \
		'"\($begin) | \(.packets) | \(.dropped_kernel) |"'
}

"$build/tests/bench/workload" "$workload" 200000 >workload.pcap || exit 1
times=$((mbit * 1000000 * seconds / ($(stat -c %s workload.pcap) * 8) + 1))
lay_cable
echo "| workload | options | Mbit/s | packets/s | % of a core | sent | captured | dropped |"
echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
for share in "${shares[@]}"; do
	row "$share" "$@"
done
