#!/bin/bash
# A phone's start on a real network: dnsmasq gives the address, the name and the files, atftpd and
# Python's HTTP server files too; udhcpc, nslookup, ping, atftp and curl ask, in two network
# namespaces, captured by tcpdump. handspan must tell of each file with its right size, and of the
# options that were agreed. Nothing leaves the namespaces, and all that is made here is gone at the
# end.
#
# usage: real_tftp.sh     as root, HANDSPAN naming the program; 77 where it cannot run
# shellcheck disable=SC2016,SC2317 # jq's variables; functions that are called by name
# shellcheck source=tests/lab/cable.sh
. "$(dirname "$(readlink -f "$0")")/cable.sh"

phone=handspan$$p office=handspan$$o
phone_ip=192.0.2.31 cucm_ip=192.0.2.101 second_ip=192.0.2.102 nobody_ip=192.0.2.103 away_ip=192.0.2.104
name=SEP001122334455
vendor="Cisco Systems, Inc. IP Phone CP-8861"

in_phone() { ip netns exec "$phone" timeout -k 3 60 "$@"; }
in_office() { ip netns exec "$office" "$@"; }

# network gives the office its addresses; the phone has none yet.
network() {
	cable "$phone" "$office"
	for ip in $cucm_ip $second_ip $nobody_ip; do
		ip -n "$office" addr add "$ip/24" dev eth0
	done
	ip -n "$phone" neigh add $away_ip lladdr 02:00:00:00:00:68 dev eth0
}

# files makes what is served: a configuration, a file that ends with a full block, one of some size,
# and one of more blocks of 8 bytes than a block number can count.
files() {
	mkdir "$scratch/files"
	cat >"$scratch/files/$name.cnf.xml" <<-END
		<?xml version="1.0" encoding="UTF-8"?>
		<device>
		 <sshPassword>Never2BeShown</sshPassword>
		 <vpnGroup>
		  <mtu>1290</mtu><failConnectTime>30</failConnectTime><authMethod>0</authMethod>
		  <autoNetDetect>0</autoNetDetect><enableHostIDCheck>0</enableHostIDCheck>
		  <addresses><url1>https://vpn.example.com/VPNPhone</url1></addresses>
		  <credentials><hashAlg>0</hashAlg><certHash1>5X6B6plUwUSXZnjQ4kGM33mpMXY=</certHash1></credentials>
		 </vpnGroup>
		</device>
	END
	head -c 1024 /dev/urandom >"$scratch/files/block.bin"
	head -c 41000 /dev/urandom >"$scratch/files/ring.raw"
	head -c 530000 /dev/urandom >"$scratch/files/load.sbn"
	chmod -R a+rX "$scratch"
}

listens() {
	in_office ss "-l${1}nH" "src $2 and sport = :$3" | grep -q .
}

start_office() {
	in_office dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root \
		--bind-interfaces --listen-address=$cucm_ip --leasefile-ro --log-facility=- \
		--dhcp-range=$phone_ip,$phone_ip,255.255.255.0,1h --dhcp-option=150,$cucm_ip \
		--dhcp-option=66,cucm-pub.example.com --local=/example.com/ \
		--host-record=gw1.example.com,198.51.100.1 --cname=vpn.example.com,gw1.example.com \
		--enable-tftp --tftp-root="$scratch/files" >"$scratch/dnsmasq.log" 2>&1 &
	in_office atftpd --daemon --no-fork --user root --group root --bind-address $second_ip \
		"$scratch/files" >"$scratch/atftpd.log" 2>&1 &
	in_office python3 -m http.server --bind $cucm_ip --directory "$scratch/files" \
		--protocol HTTP/1.1 6970 >"$scratch/http.log" 2>&1 &
	wait_for listens u $cucm_ip 69 || broken "dnsmasq does not start"
	wait_for listens u $second_ip 69 || broken "atftpd does not start"
	wait_for listens t $cucm_ip 6970 || broken "the HTTP server does not start"
}

# start_capture takes room for 130,000 packets, for they come faster than a busy machine writes.
start_capture() {
	ip netns exec "$phone" tcpdump -Z root -i eth0 -U -B 65536 -w "$scratch/boot.pcap" \
		2>"$scratch/tcpdump.log" &
	tcpdump=$!
	wait_for grep 'listening on' "$scratch/tcpdump.log" || broken "tcpdump does not start"
}

stop_capture() {
	sleep 2
	kill "$tcpdump"
	wait "$tcpdump"
	grep -q '^0 packets dropped' "$scratch/tcpdump.log" || broken "tcpdump lost packets"
}

# get_address asks by DHCP as a phone does, and takes what it gets.
get_address() {
	cat >"$scratch/udhcpc.sh" <<-'END'
		#!/bin/sh
		[ "$1" != bound ] || exec ip addr add "$ip/24" dev "$interface"
	END
	chmod +x "$scratch/udhcpc.sh"
	in_phone busybox udhcpc -f -n -q -i eth0 -x hostname:$name -V "$vendor" -O tftp -O 150 \
		-s "$scratch/udhcpc.sh" >"$scratch/udhcpc.log" 2>&1 || broken "no address"
}

# got holds what a client wrote to NAME.got against the file that it asked for.
got() {
	cmp -s "$scratch/$1.got" "$scratch/files/$1" || broken "$2 does not get $1"
	rm -f "$scratch/$1.got"
}

by_atftp() {
	file=$1 server=$2
	shift 2
	in_phone atftp "$@" --get -r "$file" -l "$scratch/$file.got" "$server" \
		>"$scratch/atftp.log" 2>&1
}

by_curl() {
	file=$1 url=$2
	shift 2
	in_phone curl -sS -m 50 -o "$scratch/$file.got" "$url/$file" "$@" >"$scratch/curl.log" 2>&1
}

ask_for_files() {
	by_atftp CTL$name.tlv $cucm_ip && broken "there is no CTL"
	by_atftp $name.cnf.xml $cucm_ip
	got $name.cnf.xml atftp
	by_curl block.bin tftp://$cucm_ip --tftp-no-options
	got block.bin curl
	by_curl ring.raw tftp://$cucm_ip --tftp-blksize 1428
	got ring.raw curl
	by_atftp ring.raw $second_ip --option "blksize 1024" --option "windowsize 8"
	got ring.raw atftp
	by_curl load.sbn tftp://$cucm_ip --tftp-blksize 8
	got load.sbn curl
	by_curl XMLDefault.cnf.xml tftp://$nobody_ip --connect-timeout 2 && broken "nobody answers"
	web=http://$cucm_ip:6970
	by_curl $name.cnf.xml $web -o "$scratch/error" $web/ITL$name.tlv -o "$scratch/ring.raw.got" \
		$web/ring.raw
	got $name.cnf.xml "curl by HTTP"
	got ring.raw "curl by HTTP"
}

start_phone() {
	get_address
	in_phone busybox nslookup -type=a vpn.example.com $cucm_ip >"$scratch/nslookup.log" 2>&1
	in_phone busybox nslookup -type=a missing.example.com $cucm_ip >>"$scratch/nslookup.log" 2>&1
	in_phone busybox ping -c 2 $cucm_ip >"$scratch/ping.log" 2>&1 || broken "no ping comes back"
	in_phone busybox ping -c 2 -W 1 $away_ip >"$scratch/ping.log" 2>&1
	ask_for_files
}

# holds wants something to be true of the answer's events together: holds WHAT JQ-EXPRESSION.
holds() {
	jq -se --arg phone $phone_ip --arg cucm $cucm_ip --arg name $name --arg vendor "$vendor" "$2" \
		"$scratch/answer.json" >/dev/null || fail "$1"
}

# transfers gives a line for each in their order: protocol, server, file, outcome, and of those that
# are done the size, block size and window.
transfers() {
	jq -rs '[.[] | select(.event == "transfer")] | sort_by(.frame)[] |
		[.protocol, .server.ip, .file, .outcome] +
		if .outcome == "done" then [.size, .block_size // "-", .window // "-"]
		else [] end | @tsv' "$scratch/answer.json"
}

expected() {
	size=$(wc -c <"$scratch/files/$name.cnf.xml")
	tr ' ' '\t' <<-END
		TFTP $cucm_ip CTL$name.tlv refused
		TFTP $cucm_ip $name.cnf.xml done $size 512 1
		TFTP $cucm_ip block.bin done 1024 512 1
		TFTP $cucm_ip ring.raw done 41000 1428 1
		TFTP $second_ip ring.raw done 41000 1024 8
		TFTP $cucm_ip load.sbn done 530000 8 1
		TFTP $nobody_ip XMLDefault.cnf.xml unanswered
		HTTP $cucm_ip $name.cnf.xml done $size - -
		HTTP $cucm_ip ITL$name.tlv refused
		HTTP $cucm_ip ring.raw done 41000 - -
	END
}

check() {
	timeout 60 "$HANDSPAN" --json "$scratch/boot.pcap" >"$scratch/answer.json" \
		2>"$scratch/handspan.log"
	got=$?
	[ $got -eq 0 ] || fail "exit status $got: $(tail -n 1 "$scratch/handspan.log")"
	transfers >"$scratch/transfers"
	expected | diff -u - "$scratch/transfers" || fail "not these transfers"
	holds "an address with option 150 and 66, by a phone that says so" \
		'any(.[]; .event == "dhcp" and .type == "ACK" and .your_ip == $phone
			and .tftp_servers == [$cucm] and .tftp_name == "cucm-pub.example.com") and
		any(.[]; .event == "dhcp" and .type == "REQUEST" and .vendor_class == $vendor)'
	holds "one name, another that is not there, a ping that was answered and one that was not" \
		'[.[] | select(.event == "phone" and .phone == $name) | .timeline[] |
			select(.step == "name" or .step == "ping")] |
		map(.result) == ["ok", "said", "ok", "said"] and
		(.[0].text | contains("vpn.example.com") and contains("198.51.100.1"))'
	holds "nobody at the port is told by ICMP" \
		'any(.[]; .event == "transfer" and .outcome == "unanswered" and .unreachable)'
	! grep -q Never2BeShown "$scratch/answer.json" || fail "the configuration's password is shown"
}

needs ss tcpdump dnsmasq atftpd atftp udhcpc busybox curl python3 jq cmp
network
files
start_office
start_capture
start_phone
stop_capture
check
[ $status -ne 0 ] || say "PASS a real start is read: address, name and files"
exit $status
