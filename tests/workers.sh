#!/bin/sh
# Several workers give what one reader gives, byte for byte; whatever becomes of one of them is said, and nobody is left behind.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

pcaps=$root/pcaps
shared=$root/../shared/captures
flood=$(dirname "$HANDSPAN")/tests/flood
failing=$pcaps/ec-certificate.pcap
config=$pcaps/ec-certificate.cnf.xml
cd "$scratch" || exit 99
filtered=
sanitized "$HANDSPAN" || filtered=yes

# same holds what so many workers give against what one reader gives, on stdout, on stderr and by exit status: same N ARGUMENTS...
same() {
	workers=$1
	shift
	"$HANDSPAN" "$@" >one.out 2>one.err
	one=$?
	"$HANDSPAN" --workers "$workers" "$@" >several.out 2>several.err
	several=$?
	[ "$one" -eq "$several" ] || fail "$workers workers, $*: exit status $several, not $one: $(tail -n 1 several.err)"
	cmp -s one.out several.out || fail "$workers workers, $*: other output: $(diff one.out several.out | head -n 2)"
	cmp -s one.err several.err || fail "$workers workers, $*: other words: $(diff one.err several.err | head -n 2)"
}

# children_of gives the processes that a process has started.
children_of() {
	grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | sed 's|/proc/\([0-9]*\)/status|\1|'
}

has_children() {
	[ "$(children_of "$1" | wc -l)" -eq "$2" ]
}

# ---- the same ----

for capture in "$pcaps"/*.pcap*; do
	same 2 --json "$capture"
	same 7 "$capture"
done
for capture in "$shared"/public/*.pcap "$shared"/public/*.pcapng "$shared"/lab/*.pcap "$shared"/matrix/*.pcap; do
	[ ! -f "$capture" ] || same 3 --json "$capture"
done
[ -d "$shared" ] || echo "note: $shared is not there"
same 3 --phone-config "$config" "$failing"
same 3 --story "$pcaps/80-boot-tftp.pcap"
same 3 --json -c 20 "$pcaps/80-boot-tftp.pcap"
same 3 --json -f 'tcp port https' "$pcaps/12-browser-beside.pcap"
same 16 --json "$pcaps/95-two-phones.pcap"
same 3 -v --no-sandbox "$failing"
: >empty.pcap
head -c 1000 "$failing" >cut.pcap
same 3 --json "$failing" missing.pcap "$pcaps/76-pcapng.pcapng" "$pcaps" empty.pcap cut.pcap "$failing"
gzip -c "$failing" >packed.gz
same 3 packed.gz
for kind in handshake dtls chain names fragments tftp; do
	"$flood" "$kind" 30000 >"$kind.pcap"
	same 3 --json "$kind.pcap"
done

"$HANDSPAN" --export one "$pcaps/80-boot-tftp.pcap" >/dev/null 2>&1
"$HANDSPAN" --workers 3 --export several "$pcaps/80-boot-tftp.pcap" >/dev/null 2>err
diff -r one several >/dev/null || fail "--export: other files: $(ls several) $(tail -n 1 err)"
[ -n "$(ls several)" ] || fail "--export: no files"

# ---- what cannot be shared ----

"$HANDSPAN" --workers 3 --json - <"$failing" >out 2>err
"$HANDSPAN" --json "$failing" >one.out 2>/dev/null
cmp -s out one.out || fail "stdin: not as a file is: $(tail -n 1 err)"
grep -q "'-' can be read only once" err || fail "stdin: not said: $(head -n 1 err)"
for with in "-w out.pcap" "--save-handshakes out.pcap" --watch; do
	# shellcheck disable=SC2086 # two words
	"$HANDSPAN" --workers 2 $with "$failing" >out 2>err
	[ $? -eq 2 ] || fail "--workers $with: no exit status of 2"
	grep -q 'leave --workers out' err || fail "--workers $with: no way out: $(cat err)"
done
for n in 0 17 x -1; do
	"$HANDSPAN" --workers "$n" "$failing" >out 2>err
	[ $? -eq 2 ] || fail "--workers $n: no exit status of 2: $(cat err)"
done

# ---- what becomes of them ----

# begin starts three workers on what will fill a pipe of which nobody reads more than the first byte, and waits for that: begin
# COMMAND...
begin() {
	rm -f pipe
	mkfifo pipe
	exec 9<>pipe
	"$@" --json --workers 3 handshake.pcap >pipe 2>err 9<&- &
	handspan=$!
	wait_for has_children "$handspan" 3 || fail "$*: three workers are not there: $(cat err)"
	workers=$(children_of "$handspan")
	timeout 60 head -c 1 <&9 >first || fail "$*: nothing is said: $(cat err)"
}

# end reads the pipe; the exit status is handspan's.
end() {
	exec 8<pipe 9>&-
	cat first - <&8 >out
	exec 8<&-
	wait "$handspan"
	status=$?
	for pid in $workers; do
		wait_for is_gone "$pid" || fail "$what: worker $pid is left behind"
	done
}

"$flood" handshake 300000 >handshake.pcap

what="a worker is killed"
begin "$HANDSPAN"
kill -KILL "$(echo "$workers" | head -n 1)"
end
[ "$status" -eq 3 ] || fail "$what: exit status $status"
grep -qE 'worker [1-3] of 3 is lost: Killed' err || fail "$what: not said: $(cat err)"
tail -n 1 out | grep -q '"event":"summary"' || fail "$what: no summary"
grep -q '"event":"handshake"' out || fail "$what: what was found before is gone"

for signal in INT TERM; do
	what="SIG$signal"
	begin "$HANDSPAN"
	kill "-$signal" "$handspan"
	end
	[ "$status" -le 1 ] || fail "$what: exit status $status: $(tail -n 1 err)"
	[ "$(grep -c '"event":"summary"' out)" -eq 1 ] || fail "$what: not one summary"
	! grep -q 'lost' err || fail "$what: a worker is lost: $(cat err)"
done

if command -v setsid >/dev/null; then
	what="Ctrl-C"
	begin setsid "$HANDSPAN"
	kill -INT "-$handspan"
	end
	[ "$status" -le 1 ] || fail "$what: exit status $status: $(tail -n 1 err)"
	[ "$(grep -c '"event":"summary"' out)" -eq 1 ] || fail "$what: not one summary"
fi

what="the parent is killed"
begin "$HANDSPAN"
kill -KILL "$handspan"
end

what="SIGUSR1"
begin "$HANDSPAN"
kill -USR1 "$handspan"
end
[ "$(grep -c 'dropped by kernel' err)" -eq 2 ] || fail "$what: no statistics: $(cat err)"

what="the sandbox"
begin "$HANDSPAN"
for pid in $handspan $workers; do
	[ -z "$filtered" ] || [ "$(status_of "$pid" Seccomp)" = 2 ] || fail "$what: Seccomp: $(status_of "$pid" Seccomp)"
	[ "$(status_of "$pid" NoNewPrivs)" = 1 ] || fail "$what: NoNewPrivs is not set"
	[ "$(status_of "$pid" CapPrm)" = 0000000000000000 ] || fail "$what: CapPrm: $(status_of "$pid" CapPrm)"
done
end
finish
