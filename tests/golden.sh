#!/bin/sh
# Every capture in pcaps/ must give the text and the JSON that lie beside it, byte for byte: in any
# time zone and locale, from a file and from stdin.
#
# usage: golden.sh [--update] [NAME]     with --update what lies there is written anew
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

update=
if [ "${1-}" = --update ]; then
	update=yes
	shift
fi
only=${1-}

# ask prints handspan's answer in a format; of its exit statuses 0 and 1 are answers.
ask() {
	format=$1 input=$2
	config=$(config_of "$capture")
	# shellcheck disable=SC2086 # no words, or one
	"$HANDSPAN" --format "$format" $watch ${config:+--phone-config "$config"} "$input" 2>"$scratch/err"
	status=$?
	[ "$status" -le 1 ] || fail "$capture: exit status $status: $(tail -n 1 "$scratch/err")"
}

# same compares what was got with what lies there.
same() {
	diff -u "$1" "$2" || fail "$capture: $3"
}

compare() {
	golden=$name.$2
	TZ=Asia/Tokyo LC_ALL=C ask "$1" "$capture" >"$scratch/east"
	TZ=UTC LC_ALL=C.UTF-8 ask "$1" "$capture" >"$scratch/utc"
	ask "$1" - <"$capture" >"$scratch/stdin"
	if [ -n "$update" ]; then
		cp "$scratch/utc" "$golden"
		return
	fi
	if [ ! -f "$golden" ]; then
		fail "$golden is not there (make update-golden T=$name)"
		return
	fi
	same "$golden" "$scratch/utc" "$1 is not as in pcaps/$golden"
	same "$scratch/utc" "$scratch/east" "$1 depends on time zone or locale"
	same "$scratch/utc" "$scratch/stdin" "$1 from stdin is another"
}

cd "$root/pcaps" || exit 99
seen=0
for capture in *.pcap *.pcapng *.pcap.gz *.pcap.zst; do
	[ -f "$capture" ] || continue
	name=${capture%.pcap*}
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	seen=$((seen + 1))
	watch=
	compare text txt
	compare json json
	case $name in *-watch-*)
		watch=--watch
		compare text watch.txt
		compare json watch.json
		;;
	esac
done
[ "$seen" -gt 0 ] || fail "no capture to compare"

cat ./*.json | "$root/tests/schema.py" >"$scratch/schema"
case $? in
0) ;;
77) echo "note: the JSON is not held against its schema" ;;
*) fail "JSON that docs/handspan.schema.json forbids: $(head -n 4 "$scratch/schema")" ;;
esac
finish
