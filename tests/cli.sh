#!/bin/sh
# handspan as a new user meets it: what it answers, where, and with which exit status.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

failing=$root/pcaps/ec-certificate.pcap
config=$root/pcaps/ec-certificate.cnf.xml
cd "$scratch" || exit 99

# ended says how the last run must have ended: ended STATUS WHAT.
ended() {
	what=$2
	[ "$status" -eq "$1" ] || fail "$what: exit status $status, not $1: $(tail -n 1 err)"
	! grep -q 'runtime error\|Sanitizer' err || fail "$what: $(cat err)"
}

# try runs handspan with nothing on stdin: try STATUS WHAT ARGUMENTS...
try() {
	wanted=$1 what=$2
	shift 2
	"$HANDSPAN" "$@" </dev/null >out 2>err
	status=$?
	ended "$wanted" "$what"
}

says() {
	grep -qiE -- "$1" out || fail "$what: stdout does not say '$1': $(head -n 3 out)"
}

explains() {
	grep -qiE -- "$1" err || fail "$what: stderr does not say '$1': $(head -n 3 err)"
}

silent() {
	[ ! -s out ] || fail "$what: stdout says $(head -n 1 out)"
}

# ---- wrong usage ----

try 2 "no arguments"
silent
explains '--help'
try 2 "an unknown option" --no-such-option
silent
explains 'no-such-option'
try 2 "an unknown format" --format html "$failing"
silent
explains 'html.*text.*json|text.*json.*html'
try 2 "an unknown severity" --fail-on sometimes "$failing"
silent
try 2 "a certHash that is none" --cert-hash nonsense "$failing"
silent
explains 'nonsense'

# ---- help ----

try 0 "--help" --help
says 'usage'
for option in -r -i -w -C -G -W --save-handshakes --phone-config --cert-hash --trust-list --gateway --format --fail-on --hash --show --explain --story --watch --export --force; do
	says "(^|[^[:alnum:]-])$option"
done
try 0 "--version" --version
says '^handspan [0-9]'
try 0 "--explain" --explain ec-certificate
says 'ec-certificate'
says 'ssl cipher'
try 2 "--explain of nothing known" --explain no-such-finding
silent
explains 'no-such-finding'

# ---- inputs that cannot be read ----

try 3 "a missing file" missing.pcap
silent
explains 'missing\.pcap'
echo 'no capture at all, only words' >words
try 3 "a file that is no capture" words
silent
explains 'words'
: >empty
try 3 "an empty file" empty
silent
explains 'empty'
try 3 "a folder" .
silent
try 3 "empty stdin" -
silent
try 3 "a configuration that is no XML" --phone-config words "$failing"
explains 'words'
try 3 "a configuration that is missing" --phone-config missing.xml "$failing"
explains 'missing\.xml'
try 4 "an interface that is not there" -i nosuchif0
silent
explains 'nosuchif0'
try 2 "an interface named twice" -i lo -i lo
explains 'lo is named twice'
# shellcheck disable=SC2046 # several words
try 2 "too many interfaces" $(seq -f '-i eth%g' 17)
explains 'more than 16'

# ---- a capture of a failing phone ----

try 1 "a failing phone" "$failing" --phone-config "$config"
says 'ec-certificate'
cp out whole
try 1 "-r" -r "$failing" --phone-config "$config"
cmp -s out whole || fail "-r FILE and FILE are not the same"
try 1 "options first" --phone-config "$config" -- "$failing"
cmp -s out whole || fail "-- FILE and FILE are not the same"
try 0 "--fail-on never" --fail-on never "$failing" --phone-config "$config"
try 1 "--fail-on info" --fail-on info "$failing" --phone-config "$config"

"$HANDSPAN" --phone-config "$config" - <"$failing" >out 2>err
status=$?
ended 1 "stdin"
sed "s|$failing|stdin|" whole >whole-from-stdin
cmp -s out whole-from-stdin || fail "stdin and the file are not the same"

try 1 "JSON" --json "$failing" --phone-config "$config"
jq -es 'all(.schema == 1) and last.event == "summary"' out >jq.out 2>&1 ||
	fail "--json is not lines of JSON that end in a summary: $(head -n 2 jq.out)"
cp out lines
try 1 "--format json" --format json "$failing" --phone-config "$config"
cmp -s out lines || fail "--json and --format json are not the same"

head -c -10 "$failing" >cut.pcap
try 1 "a capture cut in its last packet" cut.pcap --phone-config "$config"
says 'ec-certificate'
explains 'cut|damaged|truncated'

# ---- hashes, either way ----

hex=E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76
base64=5X6B6plUwUSXZnjQ4kGM33mpMXY=
try 0 "--hash of hex" --hash "$hex"
says "$base64"
try 0 "--hash of Base64" --hash "$base64"
says "$hex"
says "<certHash1>$base64</certHash1>"
openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=gateway \
	-out gateway.pem 2>/dev/null
openssl x509 -in gateway.pem -outform DER -out gateway.der
fingerprint=$(openssl dgst -sha1 -binary gateway.der | base64)
for file in gateway.pem gateway.der; do
	try 0 "--hash of $file" --hash "$file"
	grep -qF "$fingerprint" out || fail "--hash $file does not say $fingerprint"
done
try 3 "--hash of a file that is no certificate" --hash words
silent
try 0 "--hash of a phone's own certificate" --hash gateway.der
says "<certHash>$(openssl dgst -md5 -r gateway.der | cut -d ' ' -f 1)</certHash>"
says "DER +$(wc -c <gateway.der) bytes"
says 'serial +[0-9a-f]+$'

# ---- phones' files ----

try 0 "--show of a configuration" --show "$config"
says '\.cnf\.xml: configuration, [0-9]+ bytes$'
says '^  trusts   '
try 0 "--json --show" --json --show "$config"
jq -es 'length == 1 and .[0].event == "file" and .[0].kind == "configuration"' out >jq.out 2>&1 ||
	fail "--json --show: $(cat jq.out)"
try 3 "--show of what is no phone's file" --show words
silent
explains 'words'
try 3 "--show of a missing file and another" --show missing.xml "$config"
says 'configuration'
explains 'missing\.xml'
try 2 "--show of nothing" --show
silent
try 3 "a trust list that is none" --trust-list "$config" --show "$config"
silent
explains 'no trust list'

# ---- stories, changes and exports ----

story=$root/pcaps/82-stale-hash.pcap
try 1 "--story" --story "$story"
says '^  !! '
! grep -q 'remedy' out || fail "--story: more than the story"
try 1 "--json --story" --json --story "$story"
jq -es 'length == 1 and .[0].event == "phone" and ([.[0].timeline[] | select(.first_failed)] | length) == 1' out \
	>jq.out 2>&1 || fail "--json --story: $(cat jq.out)"
try 0 "--story of a signed configuration" --json --fail-on never "$root/pcaps/108-config-signed.pcap"
jq -es 'any(.event == "transfer" and .content.signature == "good")' out >jq.out 2>&1 ||
	fail "a signature is not known when its file is written: $(cat jq.out)"

try 1 "--watch" --watch "$story"
says 'starts failing: cert-hash-mismatch'
[ "$(wc -l <out)" -eq 3 ] || fail "--watch: more than changes: $(cat out)"
try 1 "--watch of two files" --watch "$story" "$story"
[ "$(wc -l <out)" -eq 3 ] || fail "--watch of two files: what was said is said again: $(cat out)"
try 0 "--watch --fail-on" --watch --fail-on never "$story"
try 0 "--watch of a phone that is well" --watch "$root/pcaps/01-ok-tls12-dtls09.pcap"
try 2 "--watch --story" --watch --story "$story"
explains 'a story has an end'

try 1 "--export" --export exported "$story"
explains 'files written to exported$'
[ "$(stat -c %a exported)" = 700 ] || fail "--export: the directory is $(stat -c %a exported)"
for file in exported/*.cer; do
	openssl x509 -inform DER -in "$file" -out from-der.pem || fail "$file is no certificate"
	cmp -s from-der.pem "${file%.cer}.pem" || fail "${file%.cer}.pem is not as OpenSSL writes it"
	[ "$(stat -c %a "$file")" = 600 ] || fail "$file is $(stat -c %a "$file")"
done
configuration=exported/SEP001122334455.cnf.xml
grep -q '<certHash1>' $configuration || fail "--export: no configuration"
! grep -oE '<[A-Za-z]*[Pp]assword>[^<]*' $configuration | grep -qE '>.*[^*]' || fail "--export: a password"
try 1 "--export again" --export exported "$story"
explains '^handspan: --export: 0 files written'
echo changed >>$configuration
try 3 "--export where another file is" --export exported "$story"
explains 'SEP001122334455\.cnf\.xml is there already.*--force'
says 'ERROR'
tail -n 1 $configuration | grep -q changed || fail "--export: a file was overwritten"
try 1 "--export --force" --export exported --force "$story"
! grep -q changed $configuration || fail "--force: the file was not overwritten"
try 3 "--export to a file" --export words "$story"
silent
explains 'words'
try 2 "--force without --export" --force "$story"
silent

# ---- a terminal and its colours ----

escape=$(printf '\033')
on_terminal() {
	TERM=xterm script -qec "'$HANDSPAN' '$failing' --phone-config '$config'" /dev/null </dev/null >out 2>&1
}
on_terminal
grep -q "$escape\[" out || fail "no colours on a terminal"
NO_COLOR=1
export NO_COLOR
on_terminal
! grep -q "$escape\[[0-9;]*m" out || fail "colours on a terminal in spite of NO_COLOR"
unset NO_COLOR
! grep -q "$escape" whole || fail "colours in a pipe"
try 1 "--color always" --color always "$failing" --phone-config "$config"
says "$escape\["

# ---- pipes and signals ----

"$HANDSPAN" --json "$failing" "$failing" "$failing" 2>err | head -n 1 >out
[ "$(wc -l <out)" -eq 1 ] || fail "| head -n 1 gives $(wc -l <out) lines"
! grep -qi 'pipe' err || fail "| head -n 1: $(cat err)"

# read_pipe has handspan read a capture from a pipe that stays open behind it, as tcpdump's does. A line that is complete is
# not kept back while more may come.
read_pipe() {
	: >out
	"$HANDSPAN" --json --phone-config "$config" - <pipe >out 2>err &
	handspan=$!
	exec 3>pipe
	cat "$failing" >&3
	await grep '"event":"handshake"' out
	await is_in_state "$handspan" S
}

mkfifo pipe
sed "s|$failing|stdin|" lines >lines-from-stdin
for signal in INT TERM; do
	what=SIG$signal
	read_pipe
	kill "-$signal" "$handspan"
	wait "$handspan"
	status=$?
	exec 3>&-
	ended 1 "$what"
	cmp -s out lines-from-stdin || fail "$what: the report is not there: $(tail -n 2 err)"
done

finish
