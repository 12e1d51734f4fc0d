/* Hostile workloads, written to stdout as a pcap file: what a flood sends until a program that looks for handshakes
 * runs out of memory or of breath. The same bytes each time.
 *
 * usage: flood KIND PACKETS */
#include <stdio.h>
#include <stdlib.h>

#include "lab/bytes.h"
#include "tls_samples.h"

enum {
	ICMP = 1,
	TCP = 6,
	UDP = 17,
	FIN = 0x01,
	SYN = 0x02,
	RST = 0x04,
	ACK = 0x10,
	ALERT = 21,
	HANDSHAKE = 22,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	CERTIFICATE_REQUEST = 13,
	SEGMENT = 1460,
};

/* One packet each 10 microseconds, from 2016-04-01 20:14:22 UTC on. */
enum { BEGIN = 1459541662, STEP = 10, SECOND = 1000000 };

enum side { CLIENT, SERVER };

struct flood {
	uint64_t n, most; /* packets */
	uint64_t random;
	uint32_t certificates; /* made so far */
	struct bytes frame;
};

struct flow {
	uint32_t ip[2];
	uint16_t port[2];
	uint32_t seq[2];
};

/* SplitMix64: fast, and the same everywhere. */
static uint64_t
random64(struct flood *flood)
{
	uint64_t z = flood->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static struct flow
new_flow(struct flood *flood)
{
	uint64_t a = random64(flood), b = random64(flood);

	return (struct flow){
		.ip = {(uint32_t)a, (uint32_t)(a >> 32)},
		.port = {(uint16_t)(b | 0x8000), 443},
		.seq = {(uint32_t)(b >> 32), (uint32_t)(b >> 16)},
	};
}

/* ---- packets ---- */

static void
put_le(struct bytes *out, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++, value >>= 8)
		put(out, 1, value & 0xff);
}

static void
write_out(const struct bytes *bytes)
{
	if (fwrite(bytes->b, 1, bytes->n, stdout) != bytes->n)
		exit(1);
}

static void
write_file_header(struct flood *flood)
{
	static const uint32_t words[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1}; /* Ethernet */

	flood->frame.n = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_le(&flood->frame, words[i]);
	write_out(&flood->frame);
}

/* Begins a frame of n bytes. */
static struct bytes *
begin_bytes(struct flood *flood, size_t n)
{
	struct bytes *out = &flood->frame;
	uint64_t us = flood->n * STEP;

	out->n = 0;
	put_le(out, (uint32_t)(BEGIN + us / SECOND));
	put_le(out, (uint32_t)(us % SECOND));
	put_le(out, (uint32_t)n);
	put_le(out, (uint32_t)n);
	return out;
}

/* Begins a frame with n bytes behind its IP header. fragment is that header's word of flags and offset. */
static struct bytes *
begin_frame(struct flood *flood, const struct flow *flow, enum side from, uint8_t protocol, size_t n,
	    uint16_t fragment)
{
	struct bytes *out = begin_bytes(flood, 14 + 20 + n);

	put(out, 6, 0x020000000000 | !from);
	put(out, 6, 0x020000000000 | from);
	put(out, 4, 0x08004500);
	put(out, 2, 20 + n);
	put(out, 2, random64(flood) & 0xffff);
	put(out, 2, fragment);
	put(out, 4, 0x40000000U | (uint32_t)protocol << 16);
	put(out, 4, flow->ip[from]);
	put(out, 4, flow->ip[!from]);
	return out;
}

static void
end_frame(struct flood *flood)
{
	if (flood->n == flood->most)
		return;
	flood->n++;
	write_out(&flood->frame);
}

static void
segment(struct flood *flood, struct flow *flow, enum side from, unsigned flags, const void *p, size_t n)
{
	struct bytes *out = begin_frame(flood, flow, from, TCP, 20 + n, 0);

	put(out, 2, flow->port[from]);
	put(out, 2, flow->port[!from]);
	put(out, 4, flow->seq[from]);
	put(out, 4, flags & ACK ? flow->seq[!from] : 0);
	put(out, 2, 0x5000U | flags);
	put(out, 2, 0xffff);
	put(out, 4, 0);
	put_bytes(out, p, n);
	end_frame(flood);
	flow->seq[from] += (uint32_t)n + ((flags & (SYN | FIN)) != 0);
}

static void
stream(struct flood *flood, struct flow *flow, enum side from, const struct bytes *bytes)
{
	for (size_t at = 0; at < bytes->n; at += SEGMENT)
		segment(flood, flow, from, ACK, bytes->b + at,
			bytes->n - at < SEGMENT ? bytes->n - at : SEGMENT);
}

static void
datagram(struct flood *flood, const struct flow *flow, enum side from, const struct bytes *bytes)
{
	struct bytes *out = begin_frame(flood, flow, from, UDP, 8 + bytes->n, 0);

	put(out, 2, flow->port[from]);
	put(out, 2, flow->port[!from]);
	put(out, 2, 8 + bytes->n);
	put(out, 2, 0);
	put_bytes(out, bytes->b, bytes->n);
	end_frame(flood);
}

/* ---- messages ---- */

static void
put_random(struct flood *flood, struct bytes *out, size_t n)
{
	for (size_t i = 0; i < n; i += 8)
		put(out, 8, random64(flood));
}

/* Begins a record with a message in it, and remembers where their lengths stand. */
struct lengths {
	size_t record, message;
};

static struct lengths
begin_message(struct bytes *out, uint8_t type)
{
	struct lengths lengths;

	out->n = 0;
	put(out, 3, (uint64_t)HANDSHAKE << 16 | 0x0303);
	lengths.record = put(out, 2, 0);
	put(out, 1, type);
	lengths.message = put(out, 3, 0);
	return lengths;
}

static void
end_message(struct bytes *out, struct lengths lengths)
{
	put_length(out, lengths.message, 3);
	put_length(out, lengths.record, 2);
}

static void
make_client_hello(struct flood *flood, struct bytes *out, unsigned suites)
{
	struct lengths lengths = begin_message(out, CLIENT_HELLO);

	put(out, 2, 0x0303);
	put_random(flood, out, 32);
	put(out, 1, 0);
	put(out, 2, 2 * suites);
	for (unsigned i = 0; i < suites; i++)
		put(out, 2, 0x002f + i);
	put(out, 2, 0x0100);
	end_message(out, lengths);
}

static void
make_server_hello(struct flood *flood, struct bytes *out)
{
	struct lengths lengths = begin_message(out, SERVER_HELLO);

	put(out, 2, 0x0303);
	put_random(flood, out, 32);
	put(out, 4, 0x00002f00);
	end_message(out, lengths);
}

/* Begins a DTLS record with one fragment of a message; the fragment's n bytes follow. */
static void
begin_fragment(struct bytes *out, uint8_t type, uint32_t length, uint16_t seq, uint32_t offset, uint32_t n)
{
	out->n = 0;
	put(out, 3, (uint64_t)HANDSHAKE << 16 | 0xfefd);
	put(out, 8, seq); /* epoch 0 */
	put(out, 2, 12 + n);
	put(out, 1, type);
	put(out, 3, length);
	put(out, 2, seq);
	put(out, 3, offset);
	put(out, 3, n);
}

/* A certificate behind its length, with a subject that none before it had. */
static void
put_certificate(struct flood *flood, struct bytes *out)
{
	enum { AT = 5 + 4 + 3, LENGTH = 3, SIZE = 0x117 }; /* the first in this record */
	static const char subject[] = "gw.example.test";
	uint8_t *begin = out->b + out->n, *name;
	char text[sizeof(subject)];

	put_bytes(out, TLS12_CERTIFICATE + AT, LENGTH + SIZE);
	name = memmem(begin, LENGTH + SIZE, subject, sizeof(subject) - 1);
	snprintf(text, sizeof(text), "%08lx.exampl", (unsigned long)flood->certificates++);
	memcpy(name, text, sizeof(text) - 1);
}

static size_t
begin_der(struct bytes *out, uint8_t tag)
{
	put(out, 2, (uint64_t)tag << 8 | 0x82);
	return put(out, 2, 0);
}

/* A Name of one commonName of 1000 bytes, which ends in a number. */
static void
put_name(struct bytes *out, unsigned number)
{
	size_t name = begin_der(out, 0x30), part = begin_der(out, 0x31), pair = begin_der(out, 0x30);
	size_t text;

	put(out, 5, UINT64_C(0x0603550403));
	text = begin_der(out, 0x0c);
	for (unsigned i = 0; i < 996; i++)
		put(out, 1, 'x');
	put(out, 4, 0x30303030 | (number / 10) << 8 | number % 10);
	put_length(out, text, 2);
	put_length(out, pair, 2);
	put_length(out, part, 2);
	put_length(out, name, 2);
}

/* A certificate behind its length, with such names. */
static void
put_named_certificate(struct bytes *out, unsigned subject, unsigned issuer)
{
	static const char algorithm[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"; /* ecdsa-with-SHA256 */
	static const char validity[] = "\x30\x1e\x17\x0d"
				       "150101000000Z\x17\x0d"
				       "350101000000Z";
	static const char key[12 + 32] = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21"; /* Ed25519, all zeros */
	size_t length = put(out, 3, 0), whole = begin_der(out, 0x30), body = begin_der(out, 0x30);

	put(out, 3, 0x020101);
	put_bytes(out, algorithm, sizeof(algorithm) - 1);
	put_name(out, issuer);
	put_bytes(out, validity, sizeof(validity) - 1);
	put_name(out, subject);
	put_bytes(out, key, sizeof(key));
	put_length(out, body, 2);
	put_bytes(out, algorithm, sizeof(algorithm) - 1);
	put(out, 4, 0x03020000);
	put_length(out, whole, 2);
	put_length(out, length, 3);
}

/* A Name of one commonName of 240 random bytes, behind its length. */
static void
put_authority(struct flood *flood, struct bytes *out)
{
	size_t length = put(out, 2, 0);

	put(out, 3, 0x3081fe);
	put(out, 3, 0x3181fb);
	put(out, 3, 0x3081f8);
	put(out, 5, UINT64_C(0x0603550403));
	put(out, 3, 0x1481f0);
	put_random(flood, out, 240);
	put_length(out, length, 2);
}

/* ---- kinds ---- */

static void
syn(struct flood *flood)
{
	struct flow flow = new_flow(flood);

	segment(flood, &flow, CLIENT, SYN, NULL, 0);
}

static void
hello(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes;

	make_client_hello(flood, &bytes, 2);
	stream(flood, &flow, CLIENT, &bytes);
}

/* A ClientHello with as many suites as are kept. */
static void
suites(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes;

	make_client_hello(flood, &bytes, 512);
	stream(flood, &flow, CLIENT, &bytes);
}

static void
dtls(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes;

	begin_fragment(&bytes, CLIENT_HELLO, 44, 0, 0, 44);
	put(&bytes, 2, 0xfefd);
	put_random(flood, &bytes, 32);
	put(&bytes, 2, 0);
	put(&bytes, 6, UINT64_C(0x00040035002f));
	put(&bytes, 2, 0x0100);
	datagram(flood, &flow, CLIENT, &bytes);
}

/* The last bytes of sixteen messages of 1 MiB. */
static void
dtls_announced(struct flood *flood)
{
	enum { LENGTH = 0x100000, N = 16 };
	struct flow flow = new_flow(flood);
	struct bytes bytes;

	for (uint16_t seq = 0; seq < 16; seq++) {
		begin_fragment(&bytes, CERTIFICATE, LENGTH, seq, LENGTH - N, N);
		put_random(flood, &bytes, N);
		datagram(flood, &flow, SERVER, &bytes);
	}
}

static void
begin_handshake(struct flood *flood, struct flow *flow)
{
	struct bytes bytes;

	segment(flood, flow, CLIENT, SYN, NULL, 0);
	segment(flood, flow, SERVER, SYN | ACK, NULL, 0);
	make_client_hello(flood, &bytes, 2);
	stream(flood, flow, CLIENT, &bytes);
	make_server_hello(flood, &bytes);
	stream(flood, flow, SERVER, &bytes);
}

/* Both hellos, and nothing more. */
static void
handshake(struct flood *flood)
{
	struct flow flow = new_flow(flood);

	begin_handshake(flood, &flow);
}

/* A Certificate message of 16 MB, of which 1200 bytes come. */
static void
announced(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};

	begin_handshake(flood, &flow);
	put(&bytes, 5, UINT64_C(0x1603031000));
	put(&bytes, 4, (uint64_t)CERTIFICATE << 24 | 0xffffff);
	put_random(flood, &bytes, 1200);
	stream(flood, &flow, SERVER, &bytes);
}

/* Half of an SSLv2 ClientHello of 4 KB from either side: nothing to decide upon yet. */
static void
half(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes;

	segment(flood, &flow, CLIENT, SYN, NULL, 0);
	for (unsigned side = 0; side < 2; side++) {
		bytes.n = 0;
		put(&bytes, 5, UINT64_C(0x8ffd010002));
		put(&bytes, 6, UINT64_C(0x0fe400000010));
		put_random(flood, &bytes, 2800);
		stream(flood, &flow, side, &bytes);
	}
}

static void
fragments(struct flood *flood)
{
	static const uint8_t body[1200];
	struct flow flow = new_flow(flood);
	uint16_t offset = (uint16_t)(random64(flood) % 8000);

	put_bytes(begin_frame(flood, &flow, CLIENT, UDP, sizeof(body), 0x2000 | offset), body, sizeof(body));
	end_frame(flood);
}

/* A Certificate message in 65,535 records of one byte. */
static void
crumbs(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};

	begin_handshake(flood, &flow);
	for (unsigned i = 0; i < 65535; i++) {
		put(&bytes, 5, UINT64_C(0x1603030001));
		put(&bytes, 1, i == 0 ? CERTIFICATE : i == 2 || i == 3 ? 0xff : 0);
		if (bytes.n + 6 > SEGMENT) {
			stream(flood, &flow, SERVER, &bytes);
			bytes.n = 0;
		}
	}
	stream(flood, &flow, SERVER, &bytes);
}

/* A chain of 200 certificates that nobody has seen before, five in a record, and a reset. */
static void
chain(struct flood *flood)
{
	enum { RECORDS = 40, EACH = 5, SIZE = 3 + 0x117 };
	struct flow flow = new_flow(flood);
	struct bytes bytes;

	begin_handshake(flood, &flow);
	for (unsigned i = 0; i < RECORDS; i++) {
		bytes.n = 0;
		put(&bytes, 3, (uint64_t)HANDSHAKE << 16 | 0x0303);
		put(&bytes, 2, EACH * SIZE + (i == 0 ? 7 : 0));
		if (i == 0)
			put(&bytes, 7, (uint64_t)CERTIFICATE << 48 |
					       (uint64_t)(3 + RECORDS * EACH * SIZE) << 24 |
					       RECORDS * EACH * SIZE);
		for (unsigned c = 0; c < EACH; c++)
			put_certificate(flood, &bytes);
		stream(flood, &flow, SERVER, &bytes);
	}
	segment(flood, &flow, CLIENT, RST | ACK, NULL, 0);
}

/* A CertificateRequest with as many long names as are kept, and no end. */
static void
authorities(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes;
	struct lengths lengths;
	size_t list;

	begin_handshake(flood, &flow);
	lengths = begin_message(&bytes, CERTIFICATE_REQUEST);
	put(&bytes, 6, UINT64_C(0x010100020401)); /* a type, an algorithm */
	list = put(&bytes, 2, 0);
	for (unsigned i = 0; i < 63; i++)
		put_authority(flood, &bytes);
	put_length(&bytes, list, 2);
	end_message(&bytes, lengths);
	stream(flood, &flow, SERVER, &bytes);
}

/* Every second segment missing behind the hellos. */
static void
holes(struct flood *flood)
{
	static const uint8_t body[SEGMENT];
	struct flow flow = new_flow(flood);

	begin_handshake(flood, &flow);
	for (unsigned i = 0; i < 30; i++) {
		flow.seq[SERVER] += SEGMENT;
		segment(flood, &flow, SERVER, ACK, body, sizeof(body));
	}
}

/* One connection after the other between the same two ports. */
static void
port_reuse(struct flood *flood)
{
	struct flow flow = new_flow(flood);

	flow.ip[CLIENT] = 0x0a000001;
	flow.ip[SERVER] = 0x0a000002;
	flow.port[CLIENT] = 0xc000;
	begin_handshake(flood, &flow);
}

/* A login that fails at the certificate, which nobody has seen before. */
static void
fail(struct flood *flood, struct flow *flow)
{
	struct bytes bytes;
	struct lengths lengths;
	size_t list;

	begin_handshake(flood, flow);
	lengths = begin_message(&bytes, CERTIFICATE);
	list = put(&bytes, 3, 0);
	put_certificate(flood, &bytes);
	put_length(&bytes, list, 3);
	end_message(&bytes, lengths);
	stream(flood, flow, SERVER, &bytes);
	bytes.n = 0;
	put(&bytes, 7, UINT64_C(0x1503030002022e)); /* fatal, certificate_unknown */
	stream(flood, flow, CLIENT, &bytes);
	segment(flood, flow, CLIENT, RST | ACK, NULL, 0);
}

/* Many phones at one gateway. */
static void
phones(struct flood *flood)
{
	struct flow flow = new_flow(flood);

	flow.ip[SERVER] = 0x0a000002;
	fail(flood, &flow);
}

/* Many phones at one gateway, whose chain has long names, and its issuers in the wrong places. */
static void
names(struct flood *flood)
{
	enum { CERTIFICATES = 7 };
	struct flow flow = new_flow(flood);
	struct bytes bytes;
	struct lengths lengths;
	size_t list;

	flow.ip[SERVER] = 0x0a000002;
	begin_handshake(flood, &flow);
	lengths = begin_message(&bytes, CERTIFICATE);
	list = put(&bytes, 3, 0);
	for (unsigned i = 0; i < CERTIFICATES; i++)
		put_named_certificate(&bytes, i, (i + 2) % CERTIFICATES);
	put_length(&bytes, list, 3);
	end_message(&bytes, lengths);
	stream(flood, &flow, SERVER, &bytes);
	segment(flood, &flow, CLIENT, RST | ACK, NULL, 0);
}

/* One phone at many gateways. */
static void
gateways(struct flood *flood)
{
	struct flow flow = new_flow(flood);

	flow.ip[CLIENT] = 0x0a000001;
	fail(flood, &flow);
}

/* One phone at one gateway. */
static void
logins(struct flood *flood)
{
	struct flow flow = new_flow(flood);

	flow.ip[CLIENT] = 0x0a000001;
	flow.ip[SERVER] = 0x0a000002;
	fail(flood, &flow);
}

/* ---- what is read beside TLS ---- */

/* Nobody has asked for this name before. */
static void
dns(struct flood *flood)
{
	static const char domain[] = "\7example\3com";
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};
	char label[17];

	flow.port[SERVER] = 53;
	put(&bytes, 2, random64(flood) & 0xffff);
	put(&bytes, 4, 0x01000001);
	put(&bytes, 6, 0);
	snprintf(label, sizeof(label), "%016llx", (unsigned long long)random64(flood));
	put(&bytes, 1, sizeof(label) - 1);
	put_bytes(&bytes, label, sizeof(label) - 1);
	put_bytes(&bytes, domain, sizeof(domain));
	put(&bytes, 4, 0x00010001);
	datagram(flood, &flow, CLIENT, &bytes);
}

/* One client is answered what it did not ask: a long name, and as many records as a frame holds. */
static void
dns_answers(struct flood *flood)
{
	enum { RECORDS = 78 };
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};

	flow.ip[CLIENT] = 0x0a000001;
	flow.port[SERVER] = 53;
	put(&bytes, 2, random64(flood) & 0xffff);
	put(&bytes, 4, 0x81800001);
	put(&bytes, 2, RECORDS);
	put(&bytes, 4, 0);
	for (unsigned i = 0; i < 3; i++) {
		put(&bytes, 1, 56);
		put_random(flood, &bytes, 56);
	}
	put(&bytes, 1, 0);
	put(&bytes, 4, 0x00010001);
	for (unsigned i = 0; i < RECORDS; i++) {
		put(&bytes, 6, UINT64_C(0xc00c00010001));
		put(&bytes, 6, 4);
		put(&bytes, 4, random64(flood) & 0xffffffff);
	}
	datagram(flood, &flow, SERVER, &bytes);
}

static void
dhcp(struct flood *flood)
{
	enum { FIXED = 236 };
	static const char options[] = "\x63\x82\x53\x63"
				      "\x35\1\1"
				      "\x3c\x24"
				      "Cisco Systems, Inc. IP Phone CP-8861";
	struct flow flow = {.ip = {0, 0xffffffff}, .port = {68, 67}};
	struct bytes bytes = {.n = 0};

	put(&bytes, 4, 0x01010600);
	put(&bytes, 4, random64(flood) & 0xffffffff);
	while (bytes.n < FIXED)
		put(&bytes, 4, bytes.n == 28 ? random64(flood) & 0xffffffff : 0);
	put_bytes(&bytes, options, sizeof(options) - 1);
	put(&bytes, 1, 255);
	datagram(flood, &flow, CLIENT, &bytes);
}

static void
pings(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes *out = begin_frame(flood, &flow, CLIENT, ICMP, 16, 0);

	put(out, 8, UINT64_C(0x0800000000070001));
	put(out, 8, random64(flood));
	end_frame(flood);
}

/* A file's name that no phone has asked for before. */
static void
make_file_name(struct flood *flood, char name[sizeof("SEP001122334455.cnf.xml")])
{
	snprintf(name, sizeof("SEP001122334455.cnf.xml"), "SEP%012llX.cnf.xml",
		 (unsigned long long)(random64(flood) & 0xffffffffffff));
}

/* A configuration's first block, and nothing more. */
static void
tftp(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};
	char name[sizeof("SEP001122334455.cnf.xml")];

	make_file_name(flood, name);
	flow.port[SERVER] = 69;
	put(&bytes, 2, 1);
	put_bytes(&bytes, name, sizeof(name));
	put_bytes(&bytes, "octet", sizeof("octet"));
	datagram(flood, &flow, CLIENT, &bytes);
	bytes.n = 0;
	put(&bytes, 4, 0x00030001);
	put_random(flood, &bytes, 512);
	flow.port[SERVER] = 40000;
	datagram(flood, &flow, SERVER, &bytes);
}

/* A configuration that is announced as large as any is kept, and its beginning. */
static void
http(struct flood *flood)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-length: 1048576\r\n\r\n";
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};
	char name[sizeof("SEP001122334455.cnf.xml")];

	make_file_name(flood, name);
	flow.port[SERVER] = 6970;
	segment(flood, &flow, CLIENT, SYN, NULL, 0);
	put_text(&bytes, "GET /");
	put_text(&bytes, name);
	put_text(&bytes, " HTTP/1.1\r\n\r\n");
	stream(flood, &flow, CLIENT, &bytes);
	bytes.n = 0;
	put_bytes(&bytes, answer, sizeof(answer) - 1);
	put_random(flood, &bytes, 8 * SEGMENT);
	stream(flood, &flow, SERVER, &bytes);
}

/* A request's head that does not end. */
static void
http_heads(struct flood *flood)
{
	struct flow flow = new_flow(flood);
	struct bytes bytes = {.n = 0};

	flow.port[SERVER] = 6970;
	segment(flood, &flow, CLIENT, SYN, NULL, 0);
	put_text(&bytes, "GET /CTLFile.tlv HTTP/1.1\r\n");
	while (bytes.n < 15000)
		put_text(&bytes, "X-Header: and its value\r\n");
	stream(flood, &flow, CLIENT, &bytes);
}

static void
put_cdp_text(struct bytes *out, unsigned type, const char *text)
{
	put(out, 2, type);
	put(out, 2, 4 + strlen(text));
	put_text(out, text);
}

/* Each from another phone. */
static void
cdp(struct flood *flood)
{
	uint64_t mac = random64(flood) & 0xfcffffffffff;
	struct bytes body = {.n = 0}, *out;
	char name[16];

	snprintf(name, sizeof(name), "SEP%012llX", (unsigned long long)mac);
	put(&body, 8, UINT64_C(0xaaaa0300000c2000));
	put(&body, 4, 0x02b40000);
	put_cdp_text(&body, 1, name);
	put_cdp_text(&body, 3, "Port 1");
	put(&body, 8, 0x0004000800000490);
	put_cdp_text(&body, 5, "sip88xx.12-5-1SR3-74");
	put_cdp_text(&body, 6, "Cisco IP Phone 8861");
	out = begin_bytes(flood, 14 + body.n);
	put(out, 6, UINT64_C(0x01000ccccccc));
	put(out, 6, mac);
	put(out, 2, body.n);
	put_bytes(out, body.b, body.n);
	end_frame(flood);
}

static const struct kind {
	const char *name;
	void (*send)(struct flood *flood);
} kinds[] = {
	{"announced", announced},
	{"authorities", authorities},
	{"cdp", cdp},
	{"chain", chain},
	{"crumbs", crumbs},
	{"dhcp", dhcp},
	{"dns", dns},
	{"dns-answers", dns_answers},
	{"dtls", dtls},
	{"dtls-announced", dtls_announced},
	{"fragments", fragments},
	{"gateways", gateways},
	{"half", half},
	{"handshake", handshake},
	{"hello", hello},
	{"holes", holes},
	{"http", http},
	{"http-heads", http_heads},
	{"logins", logins},
	{"names", names},
	{"phones", phones},
	{"pings", pings},
	{"port-reuse", port_reuse},
	{"suites", suites},
	{"syn", syn},
	{"tftp", tftp},
};

int
main(int argc, char **argv)
{
	struct flood flood = {.most = argc == 3 ? strtoull(argv[2], NULL, 10) : 0};

	for (size_t i = 0; flood.most > 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		write_file_header(&flood);
		while (flood.n < flood.most)
			kinds[i].send(&flood);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	fputs("usage: flood KIND PACKETS\nkinds:", stderr);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		fprintf(stderr, " %s", kinds[i].name);
	fputs("\n", stderr);
	return 2;
}
