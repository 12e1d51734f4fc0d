#!/bin/sh
# Every feature works in the sandbox as it does without, what nobody may do ends handspan, and root is left: as far as this
# machine has root, a compiler and packers.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"

pcaps=$root/pcaps
failing=$pcaps/ec-certificate.pcap
config=$pcaps/ec-certificate.cnf.xml
chmod 755 "$scratch"
cd "$scratch" || exit 99

am_root=
[ "$(id -u)" -ne 0 ] || am_root=yes
filtered=
sanitized "$HANDSPAN" && echo "note: a sanitizer's build has no filter: only what becomes of root is looked at" || filtered=yes
for user in handspan tcpdump nobody; do
	! id "$user" >/dev/null 2>&1 || break
done

# same runs handspan in the sandbox and without, which must come to the same: same WHAT ARGUMENTS...
same() {
	what=$1
	shift
	"$HANDSPAN" "$@" >in.out 2>in.err <"${stdin:-/dev/null}"
	in=$?
	"$HANDSPAN" --no-sandbox "$@" >out.out 2>out.err <"${stdin:-/dev/null}"
	without=$?
	[ "$in" -eq "$without" ] || fail "$what: exit status $in, not $without: $(tail -n 1 in.err)"
	cmp -s in.out out.out || fail "$what: not the same output: $(diff in.out out.out | head -n 2)"
	grep -v -- '^handspan: --no-sandbox' out.err >without.err
	grep -v '^handspan: reading as' in.err | cmp -s - without.err || fail "$what: not the same on stderr: $(head -n 2 in.err)"
	[ "$in" -le 128 ] || fail "$what: ended by a signal"
}

# ---- every feature ----

same "a file" --phone-config "$config" "$failing"
same "JSON" --json --phone-config "$config" "$failing"
same "stories" --story "$pcaps/80-boot-tftp.pcap"
stdin=$failing
same "stdin" --phone-config "$config" -
stdin=
same "pcapng" --json "$pcaps/76-pcapng.pcapng"
same "several files, one of them missing" "$failing" missing.pcap "$failing" "$config"
same "a filter with a name in it" -f 'tcp port https' "$failing"
same "a filter that is none" -f 'tcp prot' "$failing"
same "a certHash" --cert-hash 5X6B6plUwUSXZnjQ4kGM33mpMXY= "$failing"
same "files and hashes" --hash 5X6B6plUwUSXZnjQ4kGM33mpMXY= missing.pem
same "a phone's files" --show "$config" missing.xml
same "a configuration that is missing" --phone-config missing.xml "$failing"
same "a finding explained" --explain ec-certificate
same "statistics" -v "$failing"
for packer in gzip zstd lz4; do
	command -v "$packer" >/dev/null || { echo "note: $packer is not there"; continue; }
	"$packer" -c "$failing" >packed
	same "$packer" packed
done
printf '<?xml version="1.0" encoding="windows-1252"?><device><vpnGroup/></device>' >odd.cnf.xml
same "a configuration in an encoding that only ICU or iconv knows" --show odd.cnf.xml
for capture in "$pcaps"/*.pcap; do
	[ -z "$filtered" ] || same "$capture" --json "$capture"
done

"$HANDSPAN" -v -w written.pcap "$failing" >/dev/null 2>err
grep -qE 'reading as user [a-z]+,' err || fail "-v -w: does not say who reads: $(cat err)"
"$HANDSPAN" --json written.pcap >in.out 2>/dev/null
"$HANDSPAN" --json "$failing" >out.out 2>/dev/null
cmp -s in.out out.out || fail "-w: what was written is not what was read: $(cat err)"
for options in "" --no-sandbox; do
	# shellcheck disable=SC2086 # none, or one word
	"$HANDSPAN" $options --export "export$options" "$pcaps/80-boot-tftp.pcap" >/dev/null 2>err ||
		[ $? -eq 1 ] || fail "--export $options: $(tail -n 1 err)"
done
diff -r export export--no-sandbox >/dev/null || fail "--export: other files than without the sandbox: $(ls export)"
[ -n "$(ls export)" ] || fail "--export: no files: $(cat err)"
"$HANDSPAN" --export export "$pcaps/80-boot-tftp.pcap" >/dev/null 2>err
grep -q '0 files written' err || fail "--export again: $(cat err)"

# More files than may be open at once: for some systems' hard limit it must be few.
set --
for _ in $(seq 100); do
	set -- "$@" "$failing"
done
# shellcheck disable=SC3045 # dash and bash have it
(ulimit -S -n 40 && "$HANDSPAN" --json "$@" >out 2>err)
[ "$(grep -c '"event":"summary"' out)" -eq 100 ] || fail "100 files at a limit of 40: $(head -n 1 err)"

# ---- --no-sandbox ----

"$HANDSPAN" --no-sandbox "$failing" >/dev/null 2>err
grep -q -- '--no-sandbox' err || fail "--no-sandbox does not warn"

# ---- what nobody may do ----

# begin starts handspan on a pipe that somebody writes to, and waits until it has read something: begin ARGUMENTS...
begin() {
	rm -f pipe
	mkfifo pipe
	: >out
	"$HANDSPAN" -v --json "$@" pipe >out 2>err &
	handspan=$!
	exec 9>pipe
	cat "$failing" >&9
	wait_for grep '"event":"handshake"' out || fail "handspan $*: does not begin"
}

end() {
	exec 9>&-
	wait "$handspan"
}

if [ -n "$filtered" ]; then
	begin
	[ "$(status_of "$handspan" Seccomp)" = 2 ] || fail "Seccomp: $(status_of "$handspan" Seccomp)"
	[ "$(status_of "$handspan" NoNewPrivs)" = 1 ] || fail "NoNewPrivs is not set"
	end
	begin --no-sandbox
	[ "$(status_of "$handspan" Seccomp)" = 0 ] || fail "--no-sandbox: Seccomp: $(status_of "$handspan" Seccomp)"
	[ "$(status_of "$handspan" NoNewPrivs)" = 1 ] || fail "--no-sandbox: NoNewPrivs is not set"
	end

	# Code from outside, as it were: a library that runs when main is over.
	cat >outside.c <<-'EOF'
		#include <fcntl.h>
		#include <stdlib.h>
		#include <sys/socket.h>
		#include <unistd.h>

		__attribute__((destructor)) static void
		act(void)
		{
			const char *what = getenv("OUTSIDE");

			if (what[0] == 'r')
				exit(open("/etc/passwd", O_RDONLY) < 0 ? 42 : 0);
			if (what[0] == 's')
				socket(AF_INET, SOCK_STREAM, 0);
			if (what[0] == 'w')
				open("made", O_WRONLY | O_CREAT, 0600);
			if (what[0] == 'f')
				fork();
			if (what[0] == 'x')
				execl("/bin/true", "true", (char *)0);
		}
	EOF
	if ${CC:-cc} -shared -fPIC -o outside.so outside.c 2>err; then
		for what in socket write fork xecute; do
			LD_PRELOAD=./outside.so OUTSIDE=$what "$HANDSPAN" "$failing" >out 2>err
			status=$?
			[ "$status" -eq 159 ] || fail "$what: exit status $status, not that of SIGSYS"
			LD_PRELOAD=./outside.so OUTSIDE=$what "$HANDSPAN" --hash "$failing" >out 2>err
			[ $? -eq 159 ] || fail "$what, --hash: not ended by SIGSYS"
			LD_PRELOAD=./outside.so OUTSIDE=$what "$HANDSPAN" --show "$config" >out 2>err
			[ $? -eq 159 ] || fail "$what, --show: not ended by SIGSYS"
		done
		[ ! -e made ] || fail "a file was made"
	else
		echo "note: no compiler for code from outside: $(head -n 1 err)"
	fi
fi

# ---- what is left of root ----

if [ -z "$am_root" ]; then
	echo "note: not root: what becomes of root is not looked at"
	finish
fi

# is_left says that a running handspan is this user, and nothing else.
is_left() {
	uid=$(id -u "$1") gid=$(id -g "$1")
	[ "$(status_of "$handspan" Uid)" = "$uid $uid $uid $uid" ] || fail "$what: Uid: $(status_of "$handspan" Uid)"
	[ "$(status_of "$handspan" Gid)" = "$gid $gid $gid $gid" ] || fail "$what: Gid: $(status_of "$handspan" Gid)"
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		[ "$(status_of "$handspan" $set)" = 0000000000000000 ] || fail "$what: $set: $(status_of "$handspan" $set)"
	done
}

what="by default"
begin
is_left "$user"
grep -q "as user $user" err || fail "-v: does not say that it is user $user: $(cat err)"
end
what="-Z nobody"
begin -Z nobody
is_left nobody
end
what="-Z root"
begin --relinquish-privileges root
is_left root
end
"$HANDSPAN" -Z no-such-user "$failing" >out 2>err
[ $? -eq 2 ] || fail "-Z of nobody known: no exit status of 2"
grep -q "no-such-user" err || fail "-Z of nobody known: $(cat err)"

mkdir -m 700 secret
cp "$failing" "$config" secret
chmod 600 secret/*
for folder in secret "$pcaps"; do
	(cd "$folder" && "$HANDSPAN" --json --phone-config "${config##*/}" "${failing##*/}") >"out.${folder##*/}" 2>err
done
cmp -s out.secret out.pcaps || fail "what only root may read is not read: $(head -n 1 err)"
"$HANDSPAN" -w secret/out.pcap "$failing" >out 2>err
[ -s secret/out.pcap ] || fail "-w where only root may write: $(cat err)"

[ "$(stat -c %U export)" = "$user" ] || fail "--export: the new directory belongs to $(stat -c %U export)"
"$HANDSPAN" --export secret "$pcaps/80-boot-tftp.pcap" >out 2>err
[ $? -eq 3 ] || fail "--export where the user may not write: no exit status of 3"
grep -q -- '--export.*-Z' err || fail "--export where the user may not write: no way out: $(cat err)"
[ ! -s out ] || fail "--export where the user may not write: it reads all the same"
"$HANDSPAN" -Z root --export secret "$pcaps/80-boot-tftp.pcap" >out 2>err
grep -q '[1-9][0-9]* files written' err || fail "--export -Z root: $(tail -n 1 err)"

# ---- live ----

said_statistics() {
	[ "$(grep -c 'dropped by kernel' err)" -ge "$1" ]
}

: >out
: >err
"$HANDSPAN" -v --json -i lo -w live.pcap >out 2>err &
handspan=$!
wait_for begun
if grep -q 'capturing' err; then
	what="-i lo"
	is_left "$user"
	[ -z "$filtered" ] || [ "$(status_of "$handspan" Seccomp)" = 2 ] || fail "-i lo: no filter"
	kill -USR1 "$handspan"
	wait_for said_statistics 1 || fail "-i lo: no statistics: $(tail -n 1 err)"
	! grep -q ' [1-9][0-9]* by interface' err || fail "-i lo: frames dropped by lo: $(tail -n 1 err)"
	kill -STOP "$handspan"
	wait_for is_in_state "$handspan" T
	kill -CONT "$handspan"
	kill -USR1 "$handspan"
	wait_for said_statistics 2 || fail "-i lo: no statistics once it was stopped"
	kill -INT "$handspan"
	wait "$handspan"
	status=$?
	[ "$status" -le 1 ] || fail "-i lo: exit status $status: $(tail -n 1 err)"
	tail -n 1 out | grep -q '"event":"summary"' || fail "-i lo: no summary"
else
	wait "$handspan"
	echo "note: no capture here: $(tail -n 1 err)"
fi

# ---- who is not root ----

if command -v setpriv >/dev/null; then
	cp "$HANDSPAN" "$failing" .
	setpriv --reuid=nobody --regid=nogroup --clear-groups ./handspan -Z root "${failing##*/}" >out 2>err
	[ $? -eq 1 ] || fail "not root: $(tail -n 1 err)"
	grep -q -- '-Z: only root' err || fail "not root: -Z passes in silence"
fi
finish
