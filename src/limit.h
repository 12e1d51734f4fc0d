/* Every limit, and why it is what it is. Reaching one is counted in struct tally and said at the end. */
#ifndef SRC_LIMIT_H
#define SRC_LIMIT_H

/* Flows lie in parts, by their pairs of addresses, each with its share of LIMIT_FLOWS, LIMIT_OPEN_FLOWS, LIMIT_SETTLED_FLOWS and
 * LIMIT_OPEN_FACTS. A worker has whole parts, so that several reach these limits as one does. */
#define LIMIT_PARTS 16

/* Flows in the table at once, the least recently used one goes first: as many as two bytes can name, less those that name
 * lists, three for each part; 5 MiB of table. */
#define LIMIT_FLOWS (65536 - 3 * LIMIT_PARTS)

/* Flows with something still to learn, TCP and UDP together, 2 KiB each: the one silent the longest goes first. */
#define LIMIT_OPEN_FLOWS 4096

/* Flows whose DTLS handshake is established, and that wait for what may follow it, an alert or data: what is judged is known by
 * then, and a phone's data comes at once. The one silent the longest goes first. */
#define LIMIT_SETTLED_FLOWS 64

/* Both together. */
#define LIMIT_FOLLOWED (LIMIT_OPEN_FLOWS + LIMIT_SETTLED_FLOWS)

/* TCP streams that libnids follows at once. */
#define LIMIT_STREAMS LIMIT_OPEN_FLOWS

/* Out-of-order bytes and pieces a direction may hold before its hole is closed; libnids throws a queue over 64 KiB away. */
#define LIMIT_STREAM_QUEUE 49152
#define LIMIT_STREAM_PIECES 64

/* Out-of-order bytes of all streams together, each piece with 128 more: beyond, a hole is closed at once. */
#define LIMIT_STREAM_QUEUES (8 * 1024 * 1024)

/* Sequence numbers further ahead than this are stale or a lie: no receiver's window is wider in practice. */
#define LIMIT_STREAM_REACH (16 * 1024 * 1024)

/* Segments that may follow an acknowledged hole before it is given up: a capture may show the ACK first. */
#define LIMIT_HOLE_PATIENCE 16

/* Bytes of a stream looked through for a first handshake, behind a proxy's or a mail server's opening words, each way. */
#define LIMIT_OPENING_BYTES 65536

/* One handshake message: a chain of 200 certificates is 300 KiB. */
#define LIMIT_MESSAGE (1024 * 1024)

/* All handshake messages in assembly together, over all flows: the flow silent the longest goes first. */
#define LIMIT_ASSEMBLY (8 * 1024 * 1024)

/* DTLS handshake messages in assembly per direction: a flight has at most nine. */
#define LIMIT_DTLS_MESSAGES 16

/* Separate runs of one DTLS message in assembly: 64 KiB in fragments of 60 bytes, every other one lost, are more; a real loss is a few. */
#define LIMIT_DTLS_RUNS 64

/* A fragment that begins so far behind all that came of its message is a lie: a datagram has 64 KiB at the most, and
 * whoever sends many waits for the flight's answer. */
#define LIMIT_DTLS_REACH 65536

/* IP datagrams in reassembly, and their bytes together; a datagram older than the time goes (RFC 791: 15 s, Linux: 30 s). */
#define LIMIT_DATAGRAMS 256
#define LIMIT_DATAGRAM_BYTES (4 * 1024 * 1024)
#define LIMIT_DATAGRAM_SECONDS 30

/* Copies of a finished datagram's fragments are known for so long: a span port's come within milliseconds, and no
 * sender uses an identification again so soon. */
#define LIMIT_DATAGRAM_COPY_SECONDS 1

/* A handshake with nothing new for so long is given up: phones do after 30 s (facts sheet section 4), ocserv after 60 s. */
#define LIMIT_HANDSHAKE_SECONDS 120

/* Finished handshakes kept for the findings, 1.3 KiB each; the oldest goes first. */
#define LIMIT_HANDSHAKES 4096

/* Frames, handshakes, and expected and actual values named by one finding: more convince nobody. */
#define LIMIT_EVIDENCE 64

/* What open handshakes have come to hold, certificates and all: the flow silent the longest goes first. */
#define LIMIT_OPEN_FACTS (8 * 1024 * 1024)

/* What the lists and texts of finished handshakes hold together, usually 300 bytes each, but a CertificateRequest may
 * have 64 KiB; and what certificates hold, usually 2 KiB each, those of open handshakes left out. The oldest handshake
 * goes first. */
#define LIMIT_FACTS (4 * 1024 * 1024)
#define LIMIT_CERT_BYTES (8 * 1024 * 1024)

/* What JSON says of certificates, usually 1 KiB each: kept so that it is made once. It is apart from LIMIT_CERT_BYTES, so that
 * what is forgotten does not depend on the output. */
#define LIMIT_CERT_JSON (4 * 1024 * 1024)

/* Text of all findings of a report, usually 500 bytes each, but a name has LIMIT_TEXT: later ones go without. */
#define LIMIT_FINDING_TEXT (8 * 1024 * 1024)

/* Distinct certificates kept; and certificates taken of one Certificate message. */
#define LIMIT_CERTS 4096
#define LIMIT_CHAIN 256

/* Ciphers kept of one hello: IANA has some 350, a hello has room for 32767. */
#define LIMIT_CIPHERS 512

/* Versions offered, alerts, repeats, holes and certificate authorities kept of one handshake. */
#define LIMIT_VERSIONS 16
#define LIMIT_ALERTS 8
#define LIMIT_REPEATS 16
#define LIMIT_HOLES 8
#define LIMIT_AUTHORITIES 64

/* Text from the wire (names in certificates, server names), after escaping: longer is cut and ends in "...". */
#define LIMIT_TEXT 1024

/* Names kept of one certificate's subjectAltName, and their text together: a legal DNS name has at most 253 bytes,
 * and what is kept of a hostile certificate stays under 32 KiB. */
#define LIMIT_ALT_NAMES 256
#define LIMIT_ALT_TEXT (16 * 1024)

/* A certificate's own file, PEM or DER; a bundle may be long, its first certificate counts. */
#define LIMIT_CERT_FILE (4 * 1024 * 1024)

/* A phone's configuration file, and what it may carry (facts sheet cisco-phones, section 1.1). */
#define LIMIT_CONFIG_BYTES (4 * 1024 * 1024)
#define LIMIT_URLS 16
#define LIMIT_HASHES 64

/* Text of one element in it: ten SHA-512 hashes, one a line, make 1.5 KiB. */
#define LIMIT_CONFIG_TEXT 4096

/* A phone's file as it is transferred, CUCM's are under 64 KiB; and all of those under way together. */
#define LIMIT_PHONE_FILE (1024 * 1024)
#define LIMIT_PHONE_FILES (4 * 1024 * 1024)

/* Requests of one HTTP connection that wait for their answers: phones send one at a time. */
#define LIMIT_WEB_REQUESTS 16

/* Records kept of one trust list: CUCM's have some 20. */
#define LIMIT_LIST_RECORDS 64

/* Certificates of one trust list that a signature is held against: CUCM's lists have few of one serial number. */
#define LIMIT_SIGNERS 8

/* Transfers, lookups and pings under way at once: the one silent the longest goes first. */
#define LIMIT_TRANSFERS 512
#define LIMIT_LOOKUPS 256
#define LIMIT_PINGS 64

/* What is under way is given up when nothing came for so long: phones repeat a TFTP request within 10 s, a DNS query
 * within 5 s; findings.md calls a name unanswered after 30 s. */
#define LIMIT_TRANSFER_SECONDS 60
#define LIMIT_LOOKUP_SECONDS 30
#define LIMIT_PING_SECONDS 10

/* A request asked once, so shortly before the capture's end, may still be answered: that is no silence. */
#define LIMIT_ANSWER_SECONDS 5

/* Files whose signatures are held against one trust list, and lists that one file is held against, the last ones: an RSA
 * operation each. */
#define LIMIT_VERIFIED 16

/* What comes again so soon is no repeat but a span port's copy, tagged and untagged: a sender waits for its answer first. */
#define LIMIT_SPAN_COPY_MICROSECONDS 1000

/* Configurations of one phone that are kept apart. */
#define LIMIT_RECEIVED 8

/* Phones whose configurations speak for clients that nothing names, too. */
#define LIMIT_TOLD 64

/* Addresses kept of one DNS answer. */
#define LIMIT_ANSWERS 8

/* Events kept for the findings: identities and transfers, and lookups and pings, of which a PC makes many; the oldest goes
 * first. And what they hold together. */
#define LIMIT_EVENTS 2048
#define LIMIT_QUESTIONS 2048
#define LIMIT_EVENT_BYTES (8 * 1024 * 1024)

/* Findings are looked for again, while frames come, not before so long, so that each is said within a second; and not before
 * so many times what looking took. */
#define LIMIT_LOOK_US 500000
#define LIMIT_LOOK_RATIO 10

/* Of a file, whose days pass in seconds, the more rarely the more of these there are to look at. */
#define LIMIT_LOOK_AT 256

/* Handshakes that something has ended and that are not over yet, kept in mind so that what is wrong with them is said at once;
 * of others it is said when they are over. */
#define LIMIT_DECIDED 64

/* What --watch keeps in mind: phones with a handful of servers each, 1 KiB; gateways with the leaves that they show, of which
 * most have one or two, 1 KiB. The one least recently seen goes first, and that is said. A phone that was not seen
 * for so long goes as well, and so do handshakes and events: phones that are there say who they are every minute,
 * and log in anew within a day. */
#define LIMIT_WATCHED 4096
#define LIMIT_WATCHED_VISITS 8
#define LIMIT_WATCHED_GATEWAYS 1024
#define LIMIT_GATEWAY_LEAVES 8
#define LIMIT_WATCHED_SECONDS 86400

/* Handshakes that tell the same: a DTLS handshake still has its TLS when the next TLS has come. */
#define LIMIT_THE_SAME 2

/* How often old handshakes and events are let go of. */
#define LIMIT_LET_GO_SECONDS 60

/* A phone or gateway that changes more often within an hour flaps, until nothing changed for so long. */
#define LIMIT_CHANGES_AN_HOUR 6
#define LIMIT_CALM_SECONDS 1800

/* Changes said within a minute, of all phones and gateways: more reads nobody, and more are made by who wants them. */
#define LIMIT_CHANGES_A_MINUTE 600

/* Days before its end from which on a certificate is said to expire; each says it once more. */
#define LIMIT_EXPIRY_DAYS 30
#define LIMIT_EXPIRY_DAYS_AGAIN 7
#define LIMIT_EXPIRY_DAYS_LAST 1

/* How long what may yet be taken back must have stood before it is said by --watch, which has no end that could say it. */
#define LIMIT_DOUBT_SECONDS 60

/* What --export writes: files, of them those of one name that differ, and their bytes together. A day of a PC's browsing
 * shows some hundred certificates, two files each; a phone gets a dozen files. */
#define LIMIT_EXPORT_FILES 4096
#define LIMIT_EXPORT_ALIKE 99
#define LIMIT_EXPORT_BYTES (64 * 1024 * 1024)

/* Times known of at which packets were dropped: those within LIMIT_HANDSHAKE_SECONDS are one, beyond, the last one grows. */
#define LIMIT_DROP_SPANS 32

/* Interfaces captured at once: each has the kernel keep a ring for it. */
#define LIMIT_CAPTURED 16

/* Processes that share the work of one run, each with a pipeline and its limits. */
#define LIMIT_WORKERS LIMIT_PARTS

/* One thing told by a worker: a handshake with two Certificate messages, whose certificates are at most a message, or a
 * phone's file. */
#define LIMIT_WORKER_TELLS (4 * 1024 * 1024)

/* Names of fields that messages broke at, told by workers: the dissectors have some 250. */
#define LIMIT_FIELD_NAMES 512

/* One pcapng block: Wireshark's packets are 256 KiB at the most, with options around them. */
#define LIMIT_BLOCK (16 * 1024 * 1024)

/* Captured bytes of one pcap record: libpcap's most, and Wireshark's. */
#define LIMIT_PCAP_RECORD 262144

/* One snoop record: a frame of 256 KiB, libpcap's most, and more padding than anybody writes. */
#define LIMIT_SNOOP_RECORD (512 * 1024)

/* Interfaces of one pcapng section, 24 bytes each in memory. */
#define LIMIT_INTERFACES 65536

/* What a zstd file may ask to be kept, as a power of 2: zstd's own default, 128 MiB (--ultra -22 makes such files). */
#define LIMIT_ZSTD_WINDOW_LOG 27

#endif
