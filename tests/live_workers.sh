#!/bin/sh
# Several workers on a live capture find what one process finds; each frame is one worker's, and what becomes of them is said.
#
# needs root, and tests/live/send
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"
# shellcheck source=tests/cables.sh
. "$(dirname "$0")/cables.sh"

# found leaves out of what was found in the end when that was, and where: whose numbers are of another kind; and whose, as in
# live_veth.sh.
found() {
	jq -c 'select((.event == "handshake" or .event == "finding") and (.live | not)) |
		(if .event == "handshake" then del(.id) else . end) |
		walk(if type == "object" then with_entries(select(.key | test("frame|time$|^repeated$|^mac$|^handshakes?$|^filter$") | not))
			elif type == "string" then gsub("frame [0-9]+"; "frame") else . end)' "$1" | sort
}

children_of() {
	grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | sed 's|/proc/\([0-9]*\)/status|\1|'
}

# begin starts a capture by several workers: begin N ARGUMENTS...
begin() {
	n=$1
	shift
	capture --workers "$n" "$@"
	workers=$(children_of "$handspan")
	[ "$(echo "$workers" | wc -w)" -eq "$n" ] || fail "$what: not $n workers but $workers"
}

# interrupted ends a capture by Ctrl-C, with this exit status, and wants nobody left behind.
interrupted() {
	kill -INT "$handspan"
	ends "$1"
	for pid in $workers; do
		await is_gone "$pid"
	done
}

are_shown() {
	[ "$(jq -s 'map(select(.event == "handshake" and .outcome == "established")) | length' out)" -eq "$1" ]
}

established() {
	are_shown "$1" || fail "$what: not $1 handshakes: $(tail -n 1 err)"
}

lay_cables

# ---- the same ----

# replay leaves in FOUND what so many processes find: replay N FOUND INTERFACES FILE
replay() {
	what="$(basename "$4"), $1 workers, -i $3"
	workers=
	# shellcheck disable=SC2086 # several words
	if [ "$1" -eq 1 ]; then
		capture -i $3 -c "$frames"
	else
		begin "$1" -i $3
	fi
	case $3 in
	*-i*) sends "$4" a0,a1 ;;
	*) sends "$4" a0 ;;
	esac
	if [ "$1" -eq 1 ]; then
		ends 0
	else
		interrupted 0 # what has come is read still
	fi
	[ "$(jq 'select(.event == "summary").packets' out)" -eq "$frames" ] || fail "$what: not all $frames frames"
	[ "$(jq 'select(.event == "summary").dropped_kernel' out)" -eq 0 ] || fail "$what: packets are dropped"
	found out >"$2"
}

for name in 01-ok-tls12-dtls09 12-browser-beside 40-dtls12-fragments 62-segments-shuffled 63-segment-lost 67-ipv6 68-vlan 69-qinq \
	75-ip-fragments 79-offload 80-boot-tftp 95-two-phones ec-certificate; do
	file=$root/pcaps/$name.pcap
	frames=$("$HANDSPAN" --json "$file" 2>/dev/null | jq 'select(.event == "summary").packets')
	replay 1 one b0 "$file"
	[ -s one ] || fail "$what: nothing is found"
	for run in "2 b0" "4 b0 -i b1"; do
		replay "${run%% *}" several "${run#* }" "$file"
		diff one several >difference || fail "$what: not what one process finds: $(head -n 4 difference | cut -c 1-300)"
	done
done
replay 2 several any "$file"
diff one several >difference || fail "$what: not what one process finds: $(head -n 4 difference | cut -c 1-300)"

# ---- the order, and how soon ----

what="the order"
begin 4 -i b0
sends "$root/pcaps/95-two-phones.pcap" a0
sends "$root/pcaps/80-boot-tftp.pcap" a0
await accounted $(($(sed -n 's/ sent.*//p' sent) + 89))
interrupted 0
jq -r 'select(.event | IN("cdp", "lldp", "dhcp")) | "\(.time) \(.frame)"' out >times
sort -n times | cmp -s - times || fail "$what: not by time: $(cat times)"
[ "$(jq -s 'map(select(.event == "handshake").id) == [range(1; 1 + (map(select(.event == "handshake")) | length))]' out)" = true ] ||
	fail "$what: the handshakes' numbers"

what="how soon, of one that is not over"
"$HANDSPAN" -q -c 10 -w open.pcap "$root/pcaps/ec-certificate.pcap" >/dev/null
how_soon open.pcap begin 2
! grep -q '"event":"handshake"' out || fail "$what: it is over"
interrupted 0
grep -q '"event":"handshake"' out || fail "$what: no handshake at the end"
[ "$(jq -s 'map(select(.id == "ec-certificate").handshakes) | unique == [[1]]' out)" = true ] ||
	fail "$what: of another handshake: $(grep '"id":"ec-certificate"' out)"

what="how soon"
how_soon "$root/pcaps/ec-certificate.pcap" begin 2

# ---- what they may ----

for pid in $handspan $workers; do
	! sanitized "$HANDSPAN" && [ "$(status_of "$pid" Seccomp)" != 2 ] && fail "$what: Seccomp: $(status_of "$pid" Seccomp)"
	[ "$(status_of "$pid" NoNewPrivs)" = 1 ] || fail "$what: NoNewPrivs is not set"
	[ "$(status_of "$pid" CapPrm)" = 0000000000000000 ] || fail "$what: CapPrm: $(status_of "$pid" CapPrm)"
	[ "$(status_of "$pid" Uid | cut -d ' ' -f 1)" -ne 0 ] || fail "$what: still root"
done
interrupted 0

what="--watch"
for n in 1 3; do
	capture --watch --workers $n -i b0
	sends "$root/pcaps/95-two-phones.pcap" a0
	await grep -q '"change":"failing"' out
	sleep 1
	kill -INT "$handspan"
	ends 0
	jq -r 'select(.event == "change") | "\(.change) \(.phone) \(.gateway)"' out | sort >"changes.$n"
done
diff changes.1 changes.3 >difference || fail "$what: other changes: $(cat difference)"

# ---- what is dropped, and what does not come ----

what="overload"
file=$root/pcaps/95-two-phones.pcap
begin 2 -i b0 -B 256
# shellcheck disable=SC2086 # several words, here and below
kill -STOP $workers
sends "$file" a0 200
kill -CONT $workers
await accounted $((89 * 200))
interrupted 0
says '^handspan: worker [12] of 2: b0: [1-9][0-9]* packets dropped by the kernel so far; try -B 1024$' || fail "$what: $(cat err)"
says 'packets were dropped while capturing' || fail "$what: no warning at the end"

what="one hangs"
heard=0
for which in 1 2; do
	begin 2 -i b0
	pid=$(echo "$workers" | sed -n "${which}p")
	kill -STOP "$pid"
	sends "$file" a0
	sleep 2
	heard=$((heard + $(grep -c '"event":"handshake"' out)))
	kill -CONT "$pid"
	await accounted 89
	interrupted 0
done
[ "$heard" -eq 3 ] || fail "$what: $heard of three handshakes, each with one that hangs, are told meanwhile"

what="an interface that goes down"
file=$root/pcaps/01-ok-tls12-dtls09.pcap
begin 3 -i b0
sends_around_downs "$file"
await accounted $((38 * 3))
interrupted 0
established 6
[ "$(grep -c 'b0: down' err)" -eq 2 ] || fail "$what: said by each: $(cat err)"

# ---- what becomes of them ----

for which in 1 2; do
	what="worker $which is killed"
	begin 2 -i b0
	sends "$file" a0
	await are_shown 2
	kill -KILL "$(echo "$workers" | sed -n "${which}p")"
	await says 'worker [12] of 2 is lost: Killed; the others go on'
	sends "$root/pcaps/67-ipv6.pcap" a0
	sends "$root/pcaps/95-two-phones.pcap" a0
	interrupted 3
	[ "$(jq -s 'map(select(.event == "handshake" and .outcome == "established")) | length' out)" -ge 5 ] ||
		fail "$what: the others do not take its share: $(tail -n 1 err)"
done

what="the parent is killed"
begin 3 -i b0
kill -KILL "$handspan"
wait "$handspan" 2>/dev/null
for pid in $workers; do
	await is_gone "$pid"
done

what="the interface is gone"
begin 2 -i b0 -i b1
sends "$file" a0
await accounted 38
ip link del b0
await says 'b0: .*; the others go on'
sends "$file" a1
await accounted 76
ip link del b1
ends 4
established 4

# ---- what is said ----

lay_cables
what="an interface that is not there"
"$HANDSPAN" --workers 2 -i b0 -i nosuch >out 2>err
[ $? -eq 4 ] || fail "$what: no exit status of 4"
says '^handspan: nosuch: no such interface' || fail "$what: $(cat err)"

for with in "-c 10" "-w out.pcap" "--save-handshakes out.pcap"; do
	what="--workers $with"
	# shellcheck disable=SC2086 # two words
	"$HANDSPAN" --workers 2 -i b0 $with >out 2>err
	[ $? -eq 2 ] || fail "$what: no exit status of 2"
	says 'leave --workers out' || fail "$what: no way out: $(cat err)"
done
finish
