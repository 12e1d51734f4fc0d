#!/bin/sh
# What handspan writes with -w and --save-handshakes: as tcpdump does, complete files only, and all
# that its findings need.
# Under nohup SIGHUP is ignored, and stays so in whoever is started from there.
[ -n "${HEARS_HUP-}" ] || HEARS_HUP=yes exec env --default-signal=HUP sh "$0" "$@"

# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

capture=$root/pcaps/ec-certificate.pcap
healthy=$root/pcaps/01-ok-tls12-dtls09.pcap
cd "$scratch" || exit 99

# empty makes a folder in which whoever handspan becomes may write.
empty() {
	rm -rf got
	mkdir got
	chmod 777 got
}

# try runs handspan with nothing on stdin, in such a folder: try STATUS WHAT ARGUMENTS...
try() {
	wanted=$1 what=$2
	shift 2
	empty
	(cd got && exec "$HANDSPAN" "$@") </dev/null >out 2>err
	status=$?
	[ "$status" -eq "$wanted" ] || fail "$what: exit status $status, not $wanted: $(tail -n 1 err)"
	! grep -q 'runtime error\|Sanitizer' err || fail "$what: $(cat err)"
}

explains() {
	grep -qE -- "$1" err || fail "$what: stderr does not say '$1': $(head -n 3 err)"
}

# wrote wants these files in the folder, and no others.
wrote() {
	found=$(cd got && echo *)
	[ "$found" = "$*" ] || fail "$what: the files are $found, not $*"
}

# records gives the frames of capture files, without the files' headers.
records() {
	for file in "$@"; do
		tail -c +25 "$file"
	done
}

# ---- wrong usage ----

wrong() {
	try 2 "$*" "$@" "$capture"
	[ ! -s out ] || fail "$what: stdout says $(head -n 1 out)"
	wrote '*'
}
wrong -w -
explains 'stdout'
wrong --save-handshakes -
explains 'stdout'
wrong -w x -C 0
wrong -w x -G 1s
wrong -w x -W -1 -C 1
wrong -C 1
explains '-w'
wrong -w x -W 3
explains '-C or -G'
wrong -w x --save-handshakes x
wrong --save-handshakes x "$capture"

# ---- one file ----

try 1 "-w" -w x.pcap "$capture"
wrote x.pcap
cmp -s got/x.pcap "$capture" || fail "$what: not what was read"
try 3 "-w to a folder that is not there" -w nowhere/x.pcap "$capture"
explains 'nowhere/x\.pcap: cannot be written: No such file'
wrote '*'
try 3 "-w over the input" -w "$capture" "$capture"
explains 'is being read'
try 3 "-w to a full disk" -w /dev/full "$capture"
explains '/dev/full cannot be written any further: No space left on device; .*make room'
grep -q 'ec-certificate\|ERROR' out || fail "$what: no report"
[ -c /dev/full ] || fail "$what: /dev/full is no device any more"

# ---- files that follow one another ----

"$root/tests/bulk.py" "$healthy" 2000 >bulk.pcap || fail "bulk.py"

# as_tcpdump wants the same files with the same bytes as tcpdump makes.
as_tcpdump() {
	try 0 "$*" "$@" "$scratch/bulk.pcap"
	rm -rf wanted
	mkdir wanted
	(cd wanted && tcpdump -Z root "$@" -r "$scratch/bulk.pcap") >/dev/null 2>tcpdump.err ||
		fail "$what: tcpdump: $(tail -n 1 tcpdump.err)"
	diff -r wanted got >diff.out || fail "$what: not as tcpdump: $(head -n 3 diff.out)"
}
if command -v tcpdump >/dev/null && [ "$(id -u)" -eq 0 ]; then
	as_tcpdump -w x.pcap
	as_tcpdump -w x.pcap -C 1
	as_tcpdump -w x.pcap -C 1 -W 3
	as_tcpdump -w x.pcap -C 1 -W 12
	as_tcpdump -w x.pcap -C 1 -W 1
	as_tcpdump -w x%Y.pcap -C 2
	as_tcpdump -w x.pcap -C 1 -G 1000000000
	as_tcpdump -w x.pcap -C 1 -G 1000000000 -W 3
	as_tcpdump -w x%%.pcap -G 1000000000 -W 1
else
	echo "note: tcpdump is not there, or not root: names and sizes are not held against it"
fi

try 0 "-C -W" -w x.pcap -C 1 -W 3 "$scratch/bulk.pcap"
wrote x.pcap0 x.pcap1 x.pcap2

# ---- the time is the frames': the first 38 come in two seconds, the others a minute later ----

TZ=UTC
export TZ
try 0 "-G" -w x-%H%M%S.pcap -G 1 "$scratch/bulk.pcap"
wrote x-201422.pcap x-201423.pcap x-201522.pcap
records got/x-201422.pcap got/x-201423.pcap got/x-201522.pcap >all
records bulk.pcap | cmp -s - all || fail "$what: frames are missing"
TZ=Asia/Tokyo try 0 "-G in another time zone" -w x-%H%M.pcap -G 60 "$scratch/bulk.pcap"
wrote x-0514.pcap x-0515.pcap
try 0 "-G -W" --json -w x-%S.pcap -G 1 -W 2 "$scratch/bulk.pcap"
wrote x-22.pcap x-23.pcap
[ "$(jq 'select(.event == "summary").packets' out)" -eq 38 ] || fail "$what: more is analysed than written"
try 0 "-G without a time in the name" -w x.pcap -G 60 "$scratch/bulk.pcap"
wrote x.pcap
[ "$(records got/x.pcap | wc -c)" -lt "$(records bulk.pcap | wc -c)" ] || fail "$what: not overwritten"
try 3 "-G and a name that is a path" -w x-%D.pcap -G 1 "$capture"
explains 'no name for a file'

# ---- a folder in which root may write, but not whom handspan becomes ----

# in_closed runs handspan in it: in_closed STATUS WHAT ARGUMENTS...
in_closed() {
	wanted=$1 what=$2
	shift 2
	empty
	chmod 755 got
	(cd got && exec "$HANDSPAN" "$@") </dev/null >out 2>err
	status=$?
	[ "$status" -eq "$wanted" ] || fail "$what: exit status $status, not $wanted: $(tail -n 1 err)"
}
if [ "$(id -u)" -eq 0 ]; then
	in_closed 1 "-w where nothing can be renamed" -w x.pcap "$capture"
	wrote x.pcap
	cmp -s got/x.pcap "$capture" || fail "$what: not what was read"
	in_closed 3 "-C there" -w x.pcap -C 1 "$capture"
	wrote '*'
	explains 'x\.pcap: no files can be made beside it: Permission denied; .*-Z'
	in_closed 1 "-C there with -Z root" -Z root -w x.pcap -C 1 -W 2 "$capture"
	wrote x.pcap0
fi

# ---- when something goes wrong ----

empty
what="a full disk"
(
	trap '' XFSZ
	ulimit -f 1000
	cd got && exec "$HANDSPAN" -w x.pcap --save-handshakes y.pcap "$scratch/bulk.pcap"
) >out 2>err
[ $? -eq 3 ] || fail "$what: the exit status is not 3"
[ "$(grep -c 'cannot be written' err)" -eq 1 ] || fail "$what: said $(grep -c 'cannot be written' err) times"
explains '^handspan: x\.pcap\.part cannot be written any further: File too large; '
grep -q 'TLS' out || fail "$what: no report"
wrote x.pcap.part y.pcap

# start begins a capture of what is written to descriptor 3, and waits until it has read all of it.
start() {
	what=$1
	shift
	empty
	: >out
	rm -f pipe
	mkfifo pipe
	(cd got && exec "$HANDSPAN" --json --fail-on never "$@" -) <pipe >out 2>err &
	handspan=$!
	exec 3>pipe
	cat "$healthy" >&3
	await grep -q '"event":"handshake"' out
	await is_in_state "$handspan" S
}

# stop ends it with a signal.
stop() {
	kill "-$2" "$handspan"
	wait "$handspan" 2>/dev/null
	status=$?
	exec 3>&-
	[ "$status" -eq "$1" ] || fail "$what: exit status $status, not $1: $(tail -n 1 err)"
}

start "SIGKILL" -w x.pcap --save-handshakes y.pcap
stop 137 KILL
wrote x.pcap.part y.pcap.part
for signal in INT TERM; do
	start "SIG$signal" -w x.pcap --save-handshakes y.pcap
	stop 0 $signal
	wrote x.pcap y.pcap
	records "$healthy" >all
	records got/x.pcap | cmp -s - all || fail "$what: frames are missing"
done

records bulk.pcap | tail -c +"$(records "$healthy" | wc -c)" | tail -c +2 >later
start "SIGHUP" -w x.pcap --save-handshakes y.pcap
kill -HUP "$handspan"
cat later >&3
await [ -f got/x.pcap ]
await [ -f got/y.pcap ]
mkdir got/x.pcap1
stop 3 INT
wrote x.pcap x.pcap1 x.pcap1.part y.pcap y.pcap1
explains 'x\.pcap1\.part is complete, but cannot be renamed to x\.pcap1: '
records got/x.pcap got/x.pcap1.part >all
cut=$(wc -c <all)
records bulk.pcap | head -c "$cut" | cmp -s - all || fail "$what: frames are missing"
start "SIGHUP without files"
stop 129 HUP

# The terminal of script goes with it.
what="a terminal that goes"
empty
: >out
rm -f pipe
mkfifo pipe
script -qec "cd got && exec '$HANDSPAN' --json -w x.pcap - <../pipe >../out 2>../err" /dev/null </dev/null >/dev/null &
terminal=$!
exec 3>pipe
cat "$healthy" >&3
await grep -q '"event":"handshake"' out
kill -KILL "$terminal"
wait "$terminal" 2>/dev/null
await [ -f got/x.pcap ]
await grep -q '"event":"summary"' out
exec 3>&-

# ---- what findings need, and no more ----

# small wants a saved file to be a few per cent of a capture.
small() {
	try 0 "--save-handshakes of $1" --save-handshakes y.pcap "$scratch/$1"
	whole=$(wc -c <"$1") saved=$(wc -c <got/y.pcap)
	[ $((saved * 100)) -lt $((whole * 3)) ] || fail "$what: $saved bytes of $whole"
}
small bulk.pcap
"$root/tests/bulk.py" --alone "$healthy" 2000 >alone.pcap || fail "bulk.py"
small alone.pcap

# ask prints what handspan says of a capture but for numbers of frames, whose own the saved file has.
ask() {
	"$HANDSPAN" --json --fail-on never ${config:+--phone-config "$config"} "$@" 2>err >out
	status=$?
	jq -cS 'select(.event != "summary") |
		walk(if type == "object" then with_entries(select(.key | test("frame|^filter$|^repeated$") | not))
			else . end)' out | sed 's/\(frames*\) [0-9]*/\1/g'
}

# same wants of a capture's saved frames what is said of the whole.
same() {
	what="$1 saved"
	config=$(config_of "$1")
	ask --save-handshakes saved.pcap "$1" >whole.json
	if [ "$status" -eq 3 ] && grep -q 'is of link type' err; then
		return
	fi
	[ "$status" -eq 0 ] || fail "$what: exit status $status: $(tail -n 1 err)"
	ask saved.pcap >saved.json
	[ "$status" -eq 0 ] || fail "$what: exit status $status: $(tail -n 1 err)"
	diff whole.json saved.json >diff.out || fail "$what: $(head -c 600 diff.out)"
}

shared=${SHARED:-$root/../shared}/captures
[ -d "$shared" ] || echo "note: $shared is not there"
for one in "$root"/pcaps/*.pcap* "$shared"/lab/*/*.pcap* "$shared"/matrix/*.pcap*; do
	[ ! -f "$one" ] || same "$one"
done
finish
