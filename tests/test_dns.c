/* DNS messages, names that lie about themselves among them. */
#include "dissectors/dns.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "frames.h"
#include "prefixes.h"

#define HEADER_SIZE 12

struct message {
	uint8_t b[70000];
	size_t n;
};

static struct message *
message_append(struct message *m, const void *bytes, size_t n)
{
	assert_true(n <= sizeof m->b - m->n);
	memcpy(m->b + m->n, bytes, n);
	m->n += n;
	return m;
}

static void
append_hex(struct message *m, const char *hex)
{
	struct frame_bytes bytes = frame_bytes(hex);

	message_append(m, bytes.b, bytes.n);
}

/* A response, or what hex says it is: its id and flags, the numbers of questions and answers, then 0 and 0. */
static void
begin(struct message *m, const char *id_and_flags, uint16_t questions, uint16_t answers)
{
	const uint8_t counts[8] = {(uint8_t)(questions >> 8), (uint8_t)questions, (uint8_t)(answers >> 8),
				   (uint8_t)answers};

	m->n = 0;
	append_hex(m, id_and_flags);
	message_append(m, counts, sizeof counts);
}

static enum dis
dissect(const struct message *m, struct dns *dns, struct dis_at *at)
{
	*at = (struct dis_at){.field = ""};
	return dns_dissect(slice_of(m->b, m->n), dns, at);
}

static void
assert_stopped(enum dis got, const struct dis_at *at, enum dis want, const char *field, size_t off)
{
	assert_int_equal(got, want);
	assert_string_equal(at->field, field);
	assert_int_equal(at->off, off);
}

/* The first question's name, where the message holds no more than that name and a type and class. */
static enum dis
read_name(struct message *m, const char *name_hex, struct dns *dns, struct dis_at *at)
{
	begin(m, "0001 0100", 1, 0);
	append_hex(m, name_hex);
	append_hex(m, "0001 0001");
	return dissect(m, dns, at);
}

static void
assert_no_more(struct dns *dns)
{
	struct dns_answer answer;
	struct dis_at at;

	assert_int_equal(dns->answers_left, 0);
	assert_int_equal(dns_answer_next(dns, &answer, &at), DIS_MORE);
	assert_string_equal(at.field, "dns_answer.name");
	assert_int_equal(at.off, dns->message.n - dns->rest.n);
}

#define VPN_EXAMPLE_COM "0376706e 076578616d706c65 03636f6d 00"

static void
reads_a_query(void **state)
{
	/* tshark: Transaction ID 0x36da, Standard query, Questions 1, vpn.example.com: type AAAA, class IN */
	struct frame_bytes bytes = frame_bytes("36da 0100 0001 0000 0000 0000" VPN_EXAMPLE_COM "001c 0001");
	struct dis_at at;
	struct dns dns;

	(void)state;
	assert_int_equal(dns_dissect(frame_slice(&bytes), &dns, &at), DIS_OK);
	assert_int_equal(dns.id, 0x36da);
	assert_false(dns.response);
	assert_false(dns.truncated);
	assert_int_equal(dns.opcode, 0);
	assert_int_equal(dns.rcode, DNS_NOERROR);
	assert_int_equal(dns.questions, 1);
	assert_int_equal(dns.answers, 0);
	assert_string_equal(dns.name, "vpn.example.com");
	assert_int_equal(dns.type, DNS_AAAA);
	assert_int_equal(dns.class, 1);
	assert_no_more(&dns);
}

/* tshark: Flags 0x8380 Standard query response, No error, truncated; Questions 1, Answer RRs 4, Authority RRs 1
 *   vpn.example.com: type CNAME, TTL 300, cname VPN.edge.example.com
 *   VPN.edge.example.com: type CNAME, TTL 60, cname a.example.com
 *   a.example.com: type A, TTL 5, addr 192.0.2.7
 *   a.example.com: type AAAA, TTL 5, addr 2001:db8::7
 *   example.com: type NS, ns a.example.com */
static const char CHAIN[] =
	"36da 8380 0001 0004 0001 0000" VPN_EXAMPLE_COM "0001 0001"
	"c00c 0005 0001 0000012c 000b 0356504e 0465646765 c010"
	"c02d 0005 0001 0000003c 0004 0161 c010"
	"c044 0001 0001 00000005 0004 c0000207"
	"c044 001c 0001 00000005 0010 20010db8000000000000000000000007"
	"c010 0002 0001 00000005 0002 c044";

static void
reads_a_chain_of_answers(void **state)
{
	struct frame_bytes bytes = frame_bytes(CHAIN);
	struct dns_answer answer;
	struct dis_at at;
	struct dns dns;

	(void)state;
	assert_int_equal(dns_dissect(frame_slice(&bytes), &dns, &at), DIS_OK);
	assert_true(dns.response);
	assert_true(dns.truncated);
	assert_int_equal(dns.answers, 4);
	assert_string_equal(dns.name, "vpn.example.com");

	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "vpn.example.com");
	assert_int_equal(answer.type, DNS_CNAME);
	assert_int_equal(answer.ttl, 300);
	assert_string_equal(answer.target, "vpn.edge.example.com");

	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "vpn.edge.example.com");
	assert_string_equal(answer.target, "a.example.com");

	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "a.example.com");
	assert_int_equal(answer.type, DNS_A);
	assert_int_equal(answer.ttl, 5);
	assert_memory_equal(answer.ip.b, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x07", 16);
	assert_string_equal(answer.target, "");

	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	assert_int_equal(answer.type, DNS_AAAA);
	assert_memory_equal(answer.ip.b, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07", 16);

	assert_int_equal(dns.answers, 4);
	assert_no_more(&dns);
	assert_no_more(&dns);
}

static void
reads_rcodes(void **state)
{
	struct message m;
	struct dis_at at;
	struct dns dns;

	(void)state;
	begin(&m, "0001 8183", 1, 0);
	append_hex(&m, VPN_EXAMPLE_COM "0001 0001");
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_int_equal(dns.rcode, DNS_NXDOMAIN);
	begin(&m, "0001 8185", 1, 0);
	append_hex(&m, VPN_EXAMPLE_COM "0001 0001");
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_int_equal(dns.rcode, DNS_REFUSED);
	assert_no_more(&dns);
}

static void
spells_names(void **state)
{
	static const struct {
		const char *hex, *name;
	} rows[] = {
		{"00", ""},
		{"0156 02505a 00", "v.pz"},
		{"09 415a61 7a 30 39 2d 5f 40 00", "azaz09-_\\064"},
		/* a dot inside a label, a NUL, a blank, a backslash, DEL, and UTF-8 in capitals */
		{"0361 2e 62 01 63 00", "a\\046b.c"},
		{"07 00 20 5c 7f c384 ff 00", "\\000\\032\\092\\127\\195\\132\\255"},
	};
	struct message m;
	struct dis_at at;
	struct dns dns;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(read_name(&m, rows[i].hex, &dns, &at), DIS_OK);
		assert_string_equal(dns.name, rows[i].name);
	}
}

static void
refuses_what_is_no_query(void **state)
{
	struct message m;
	struct dis_at at;
	struct dns dns;

	(void)state;
	begin(&m, "0001 8180", 0, 1);
	append_hex(&m, VPN_EXAMPLE_COM "0001 0001 00000005 0004 c0000207");
	assert_stopped(dissect(&m, &dns, &at), &at, DIS_BAD, "dns.qdcount", 4);
	begin(&m, "0001 2800", 1, 0); /* an update */
	append_hex(&m, VPN_EXAMPLE_COM "0006 0001");
	assert_stopped(dissect(&m, &dns, &at), &at, DIS_BAD, "dns.opcode", 2);
}

static void
steps_over_other_questions(void **state)
{
	struct message m;
	struct dns_answer answer;
	struct dis_at at;
	struct dns dns;

	(void)state;
	begin(&m, "0001 8180", 3, 1);
	append_hex(&m, VPN_EXAMPLE_COM "0001 0001");
	append_hex(&m, "0161 c010 001c 0001 c00c 0010 0003");
	append_hex(&m, "c00c 0001 0001 00000005 0004 c0000207");
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_string_equal(dns.name, "vpn.example.com");
	assert_int_equal(dns.type, DNS_A);
	assert_int_equal(dns.questions, 3);
	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "vpn.example.com");
	assert_int_equal(answer.ip.b[15], 7);
	assert_int_equal(dns.questions, 3);
	assert_no_more(&dns);

	/* more of them than there are: nothing is left for answers */
	m.b[5] = 4;
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_MORE);
	m.b[5] = 200;
	m.n -= 16;
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_stopped(dns_answer_next(&dns, &answer, &at), &at, DIS_MORE, "dns_name.label", m.n);
	m.n -= 3;
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_stopped(dns_answer_next(&dns, &answer, &at), &at, DIS_MORE, "dns_question.qtype", m.n - 1);
	m.n -= 2;
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	assert_stopped(dns_answer_next(&dns, &answer, &at), &at, DIS_MORE, "dns_name.pointer", m.n - 1);
	m.b[m.n - 1] = 0x80;
	assert_stopped(dns_answer_next(&dns, &answer, &at), &at, DIS_BAD, "dns_name.label", m.n - 1);
	m.b[m.n - 1] = 0x3f;
	assert_stopped(dns_answer_next(&dns, &answer, &at), &at, DIS_MORE, "dns_name.label", m.n - 1);
}

/* A name is at offset 12. */
static void
follows_pointers_backwards_alone(void **state)
{
	static const struct {
		const char *hex;
		size_t off;
	} rows[] = {
		{"c00c", 12},                /* to itself */
		{"0161 c00c", 14},           /* to the labels before it */
		{"0161 c00e", 14},           /* to itself, behind a label */
		{"0161 c010 0162 00", 14},   /* forwards */
		{"c00e 0161 00", 12},        /* forwards */
		{"ffff", 12},                /* behind the end */
		{"c000", 12},                /* to the header */
		{"c00b", 12},                /* to the header */
	};
	struct message m;
	struct dis_at at;
	struct dns dns;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_stopped(read_name(&m, rows[i].hex, &dns, &at), &at, DIS_BAD, "dns_name.pointer", rows[i].off);
}

/* An answer whose name is what hex says, at offset 17, behind the root's question: 12 its name, 13 type, 15 class. */
static enum dis
read_answer_name(uint8_t type, const char *hex, struct dns_answer *answer, struct dis_at *at)
{
	struct message m;
	struct dns dns;

	begin(&m, "0001 8180", 1, 1);
	append_hex(&m, "00 0001 0001");
	m.b[14] = type;
	append_hex(&m, hex);
	append_hex(&m, "0001 0001 00000005 0004 c0000207");
	assert_int_equal(dissect(&m, &dns, at), DIS_OK);
	return dns_answer_next(&dns, answer, at);
}

static void
refuses_loops(void **state)
{
	struct dns_answer answer;
	struct dis_at at;

	(void)state;
	assert_int_equal(read_answer_name(4, "c00c", &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "");
	assert_int_equal(read_answer_name(4, "0161 c00c", &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "a");
	/* the type as the length of a label that ends where the pointer stands that led to it */
	assert_stopped(read_answer_name(4, "0161 c00e", &answer, &at), &at, DIS_BAD, "dns_name.pointer", 19);
	assert_stopped(read_answer_name(4, "0161 c011", &answer, &at), &at, DIS_BAD, "dns_name.pointer", 19);
	/* the same, but the label goes on into the pointer: the rest is what stands behind its first byte */
	assert_stopped(read_answer_name(5, "0161 c00e", &answer, &at), &at, DIS_MORE, "dns_name.label", 35);
}

/* n pointers, each to the one before, and the first to the question's name. */
static enum dis
read_pointers(size_t n, struct dns_answer *answer, struct dis_at *at)
{
	struct message m;
	struct dns dns;
	size_t target = HEADER_SIZE;

	begin(&m, "0001 8180", 1, 2);
	append_hex(&m, "0161 00 0001 0001");
	/* the first answer's data hold all but the last */
	append_hex(&m, "00 0010 0001 00000005");
	append_hex(&m, n > 128 ? "0100" : "00fe");
	assert_true(n == 128 || n == 129);
	for (size_t i = 0; i < n; i++) {
		const uint8_t pointer[2] = {(uint8_t)(0xc0 | target >> 8), (uint8_t)target};

		target = m.n;
		message_append(&m, pointer, sizeof pointer);
	}
	append_hex(&m, "0001 0001 00000005 0004 c0000207");
	assert_int_equal(dissect(&m, &dns, at), DIS_OK);
	assert_int_equal(dns_answer_next(&dns, answer, at), DIS_OK);
	return dns_answer_next(&dns, answer, at);
}

static void
follows_so_many_pointers(void **state)
{
	struct dns_answer answer;
	struct dis_at at;

	(void)state;
	assert_int_equal(read_pointers(128, &answer, &at), DIS_OK);
	assert_string_equal(answer.name, "a");
	assert_int_equal(read_pointers(129, &answer, &at), DIS_BAD);
	assert_string_equal(at.field, "dns_name.pointer");
}

/* A name whose labels of bytes '.' take n bytes with their lengths and the root's. */
static enum dis
read_long_name(size_t n, struct dns *dns, struct dis_at *at)
{
	struct message m;
	uint8_t label[64];

	begin(&m, "0001 0100", 1, 0);
	memset(label, '.', sizeof label);
	for (n--; n > 0; n -= label[0] + 1U) {
		label[0] = (uint8_t)(n > 64 ? 63 : n - 1);
		message_append(&m, label, label[0] + 1U);
	}
	append_hex(&m, "00 0001 0001");
	return dissect(&m, dns, at);
}

static void
names_have_255_bytes(void **state)
{
	struct dis_at at;
	struct dns dns;

	(void)state;
	assert_int_equal(read_long_name(255, &dns, &at), DIS_OK);
	/* four labels, three dots */
	assert_int_equal(strlen(dns.name), (254 - 4) * 4 + 3);
	assert_memory_equal(dns.name, "\\046\\046", 8);
	assert_stopped(read_long_name(256, &dns, &at), &at, DIS_BAD, "dns_name.label", HEADER_SIZE + 255);
	assert_stopped(read_long_name(300, &dns, &at), &at, DIS_BAD, "dns_name.label", HEADER_SIZE + 3 * 64);
	assert_int_equal(read_long_name(60000, &dns, &at), DIS_BAD);
}

/* Names that grow through pointers are held to the same length. */
static void
pointers_make_no_longer_names(void **state)
{
	struct dns_answer answer;
	struct dis_at at;
	struct message m;
	struct dns dns;
	size_t got = 0;

	(void)state;
	begin(&m, "0001 8180", 1, 40);
	append_hex(&m, "07 61616161616161 00 0001 0001");
	append_hex(&m, "07 62626262626262 c00c 0010 0001 00000005 0000");
	for (size_t i = 1, before = HEADER_SIZE + 13; i < 40; i++) {
		const uint8_t pointer[2] = {(uint8_t)(0xc0 | before >> 8), (uint8_t)before};

		before = m.n;
		append_hex(&m, "07 63636363636363");
		message_append(&m, pointer, sizeof pointer);
		append_hex(&m, "0010 0001 00000005 0000");
	}
	assert_int_equal(dissect(&m, &dns, &at), DIS_OK);
	while (dns_answer_next(&dns, &answer, &at) == DIS_OK)
		got++;
	/* 31 labels of 8 bytes and the root's are 249 */
	assert_int_equal(got, 30);
	assert_int_equal(dns.answers_left, 10);
	assert_string_equal(at.field, "dns_name.label");
	assert_int_equal(at.off, HEADER_SIZE);
}

static void
knows_two_kinds_of_labels(void **state)
{
	struct message m;
	struct dis_at at;
	struct dns dns;

	(void)state;
	assert_stopped(read_name(&m, "0161 41 01 00", &dns, &at), &at, DIS_BAD, "dns_name.label", 14);
	assert_stopped(read_name(&m, "80", &dns, &at), &at, DIS_BAD, "dns_name.label", 12);
}

/* One answer about the root, with type and class, TTL, length and data as hex. */
static enum dis
read_data(const char *hex, struct dns_answer *answer, struct dis_at *at)
{
	struct message m;
	struct dns dns;

	begin(&m, "0001 8180", 1, 1);
	append_hex(&m, "0161 00 0001 0001");
	append_hex(&m, "00");
	append_hex(&m, hex);
	assert_int_equal(dissect(&m, &dns, at), DIS_OK);
	return dns_answer_next(&dns, answer, at);
}

static void
data_fit_their_type(void **state)
{
	static const struct ip_addr unset;
	struct dns_answer answer;
	struct dis_at at;

	(void)state;
	assert_stopped(read_data("0001 0001 00000005 0003 c00002", &answer, &at), &at, DIS_BAD, "dns_answer.a", 30);
	assert_stopped(read_data("0001 0001 00000005 0005 c000020708", &answer, &at), &at, DIS_BAD, "dns_answer.a",
		       30);
	assert_stopped(read_data("001c 0001 00000005 0004 c0000207", &answer, &at), &at, DIS_BAD, "dns_answer.aaaa",
		       30);
	assert_stopped(read_data("0005 0001 00000005 0003 c00c 00", &answer, &at), &at, DIS_BAD, "dns_answer.cname",
		       32);
	assert_stopped(read_data("0005 0001 00000005 0002 0162 00", &answer, &at), &at, DIS_BAD, "dns_name.label",
		       32);
	assert_stopped(read_data("0005 0001 00000005 0000", &answer, &at), &at, DIS_BAD, "dns_name.label", 30);
	/* another class has other addresses, another type is stepped over */
	assert_int_equal(read_data("0001 0003 00000005 0003 c00002", &answer, &at), DIS_OK);
	assert_int_equal(answer.type, DNS_A);
	assert_memory_equal(&answer.ip, &unset, sizeof unset);
	assert_int_equal(read_data("0010 0001 ffffffff 0000", &answer, &at), DIS_OK);
	assert_int_equal(answer.type, 16);
	assert_int_equal(answer.ttl, 0xffffffff);
	assert_memory_equal(&answer.ip, &unset, sizeof unset);
}

static void
an_answer_that_fails_is_not_passed(void **state)
{
	struct frame_bytes bytes = frame_bytes(CHAIN);
	struct dns_answer answer;
	struct dis_at at;
	struct dns dns;

	(void)state;
	bytes.n = 80; /* inside the third answer */
	assert_int_equal(dns_dissect(frame_slice(&bytes), &dns, &at), DIS_OK);
	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	assert_int_equal(dns_answer_next(&dns, &answer, &at), DIS_OK);
	for (int i = 0; i < 2; i++) {
		assert_stopped(dns_answer_next(&dns, &answer, &at), &at, DIS_MORE, "dns_answer.ttl", 78);
		assert_int_equal(dns.answers_left, 2);
	}
}

/* However a message is cut, what lies before the cut is read. */
static void
read_prefix(struct slice prefix, void *arg)
{
	static const size_t ends[] = {56, 72, 88, 116};
	struct dns_answer answer;
	struct dis_at at = {0};
	struct dns dns;
	enum dis got = dns_dissect(prefix, &dns, &at);
	size_t answers = 0, whole = 0;

	(void)arg;
	assert_int_equal(got, prefix.n < 33 ? DIS_MORE : DIS_OK);
	if (got == DIS_OK) {
		while ((got = dns_answer_next(&dns, &answer, &at)) == DIS_OK)
			answers++;
		while (whole < 4 && ends[whole] <= prefix.n)
			whole++;
		assert_int_equal(answers, whole);
	}
	assert_int_equal(got, DIS_MORE);
	assert_non_null(at.field);
	assert_true(at.off <= prefix.n);
}

static void
stays_inside_every_prefix(void **state)
{
	struct frame_bytes bytes = frame_bytes(CHAIN);

	(void)state;
	every_prefix(bytes.b, bytes.n, read_prefix, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_query),
		cmocka_unit_test(reads_a_chain_of_answers),
		cmocka_unit_test(reads_rcodes),
		cmocka_unit_test(spells_names),
		cmocka_unit_test(refuses_what_is_no_query),
		cmocka_unit_test(steps_over_other_questions),
		cmocka_unit_test(follows_pointers_backwards_alone),
		cmocka_unit_test(refuses_loops),
		cmocka_unit_test(follows_so_many_pointers),
		cmocka_unit_test(names_have_255_bytes),
		cmocka_unit_test(pointers_make_no_longer_names),
		cmocka_unit_test(knows_two_kinds_of_labels),
		cmocka_unit_test(data_fit_their_type),
		cmocka_unit_test(an_answer_that_fails_is_not_passed),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
