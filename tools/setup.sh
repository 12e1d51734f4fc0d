# shellcheck shell=sh disable=SC2034 # the lists are for those who source this
# Sourced by run and check: installs what is missing and builds. It speaks on stderr alone.

BUILD_PACKAGES="autoconf automake gcc libc6-dev make pkg-config libpcap-dev libseccomp-dev libnids-dev libssl-dev
	libxml2-dev zlib1g-dev libzstd-dev liblz4-dev"
CHECK_PACKAGES="clang libclang-rt-14-dev libcmocka-dev tshark jq python3 python3-jsonschema openssl
	ocserv openconnect gnutls-bin dnsmasq-base atftpd atftp udhcpc curl tcpdump iproute2 valgrind
	man-db shellcheck xz-utils"

say() {
	echo "${0##*/}: $*" >&2
}

# 125, as env and timeout have it: the set-up failed, not handspan.
give_up() {
	say "$*"
	exit 125
}

# quietly runs a command and shows what it said only where it fails.
quietly() {
	log=$(mktemp) || give_up "cannot make a temporary file"
	if "$@" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	cat "$log" >&2
	rm -f "$log"
	say "failed: $*"
	return 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# install_packages installs those of its arguments that are not there, and calls apt-get only then.
install_packages() {
	if ! command -v dpkg-query >/dev/null; then
		say "no Debian: taking it that these are there: $*"
		return
	fi
	have=$(dpkg-query -W -f='${Package}=${db:Status-Status}\n' "$@" 2>/dev/null)
	missing=
	for package in "$@"; do
		echo "$have" | grep -qxF "$package=installed" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0

	say "installing with apt-get:$missing"
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		give_up "that needs root; as root: apt-get install -y$missing"
	quietly as_root apt-get update -q || give_up "apt-get update failed"
	# shellcheck disable=SC2086 # a list of words
	quietly as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends $missing || give_up "apt-get install failed"
}

# keep_quiet masks a unit whose package is not there yet: installing it shall start nothing on this machine.
# keep_quiet PACKAGE [UNIT]
keep_quiet() {
	[ -d /run/systemd/system ] || return 0
	dpkg-query -W "$1" >/dev/null 2>&1 || quietly as_root systemctl mask "${2-$1}"
}

# build_in makes in a folder beside the sources, configured with the arguments that follow its name.
build_in() {
	dir=$1
	shift
	if [ ! -x configure ] || [ -n "$(find configure.ac Makefile.am -newer configure)" ]; then
		say "autoreconf"
		quietly autoreconf -fi || return
		touch configure
	fi
	mkdir -p "$dir" || return
	if [ ! -f "$dir/Makefile" ] || [ -n "$(find configure -newer "$dir/config.status")" ]; then
		say "configuring $dir/ $*"
		(cd "$dir" && quietly ../configure "$@") || return
	fi
	say "making $dir/"
	quietly make -s -C "$dir" -j"$(nproc)"
}
