/* DNS messages: the header and the first question, then answer after answer. */
#include "dns.h"

#include "ascii.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. All slices here end
 * where the message ends. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = message.n - s.n;                               \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

#define HEADER_SIZE 12
#define POINTER_OFFSET 0x3fff
#define NAME_MAX_BYTES 255    /* RFC 1035 section 2.3.4: its labels with their lengths, and the root's */
#define NAME_MAX_POINTERS 128 /* more than a name has labels: pointers to pointers cost time and say nothing */

enum dns_opcode { OPCODE_QUERY = 0 };
enum dns_class { CLASS_IN = 1 };
enum dns_label { LABEL_TEXT = 0x00, LABEL_POINTER = 0xc0, LABEL_KIND = 0xc0 };

static size_t
spell_byte(char out[DNS_NAME_SIZE], size_t n, uint8_t b)
{
	const uint8_t c = ascii_lower(b);

	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
		out[n++] = (char)c;
		return n;
	}
	out[n++] = '\\';
	out[n++] = (char)('0' + b / 100);
	out[n++] = (char)('0' + b / 10 % 10);
	out[n++] = (char)('0' + b % 10);
	return n;
}

/* spell_label gives the name's new length. */
static size_t
spell_label(char out[DNS_NAME_SIZE], size_t n, struct slice label)
{
	uint8_t b;

	if (n > 0)
		out[n++] = '.';
	while (slice_u8(&label, &b))
		n = spell_byte(out, n, b);
	return n;
}

/* A pointer goes to before the labels that led to it: each step is nearer to the message's beginning. */
static bool
is_backwards(uint16_t pointer, size_t labels)
{
	const size_t offset = pointer & POINTER_OFFSET;

	return offset >= HEADER_SIZE && offset < labels;
}

/* RFC 1035 section 4.1.4
 * struct {
 *     opaque label<0..63>;                          an empty one ends the name
 *     ...
 *     uint2 kind;  uint14 offset;                   or a pointer does: the name goes on there
 * } Name; */
static enum dis
name_read(struct slice message, struct slice *in, char out[DNS_NAME_SIZE], struct dis_at *at)
{
	struct slice s = *in, behind = *in, label;
	size_t labels = message.n - s.n, bytes = 0, pointers = 0, n = 0;
	uint16_t pointer;
	uint8_t first;

	for (;;) {
		NEED(slice_peek(s, 0, &first), true, "dns_name.label");
		if ((first & LABEL_KIND) == LABEL_POINTER) {
			NEED(slice_u16(&s, &pointer), is_backwards(pointer, labels) && pointers < NAME_MAX_POINTERS,
			     "dns_name.pointer");
			if (pointers++ == 0)
				behind = s;
			labels = pointer & POINTER_OFFSET;
			s = message;
			slice_skip(&s, labels);
			continue;
		}
		NEED(true, (first & LABEL_KIND) == LABEL_TEXT, "dns_name.label");
		NEED(slice_vec(&s, 1, &label), bytes + 1 + label.n <= NAME_MAX_BYTES, "dns_name.label");
		if (label.n == 0)
			break;
		bytes += 1 + label.n;
		n = spell_label(out, n, label);
	}
	out[n] = '\0';
	*in = pointers > 0 ? behind : s;
	return DIS_OK;
}

/* RFC 1035 section 4.1.1
 * struct {
 *     uint16 id;
 *     uint1 qr;  uint4 opcode;  uint1 aa, tc, rd, ra, z, ad, cd;  uint4 rcode;
 *     uint16 qdcount, ancount, nscount, arcount;
 *     struct {
 *         Name qname;
 *         uint16 qtype, qclass;
 *     } questions[qdcount];
 *     Record answers[ancount];
 *     ...                                           of name servers, and additional ones
 * } Message; */
enum dis
dns_dissect(struct slice message, struct dns *out, struct dis_at *at)
{
	struct slice s = message;
	uint16_t flags;
	enum dis got;

	*out = (struct dns){.message = message};
	NEED(slice_u16(&s, &out->id), true, "dns.id");
	NEED(slice_u16(&s, &flags), (flags >> 11 & 15) == OPCODE_QUERY, "dns.opcode");
	out->opcode = OPCODE_QUERY;
	out->response = flags & 0x8000;
	out->truncated = flags & 0x0200;
	out->rcode = flags & 15;
	NEED(slice_u16(&s, &out->questions), out->questions > 0, "dns.qdcount");
	NEED(slice_u16(&s, &out->answers), true, "dns.ancount");
	NEED(slice_skip(&s, 2), true, "dns.nscount");
	NEED(slice_skip(&s, 2), true, "dns.arcount");
	got = name_read(message, &s, out->name, at);
	if (got != DIS_OK)
		return got;
	NEED(slice_u16(&s, &out->type), true, "dns_question.qtype");
	NEED(slice_u16(&s, &out->class), true, "dns_question.qclass");
	out->questions_left = out->questions - 1;
	out->answers_left = out->answers;
	out->rest = s;
	return DIS_OK;
}

/* name_skip follows no pointer: what is not wanted costs no more than its bytes. */
static enum dis
name_skip(struct slice message, struct slice *in, struct dis_at *at)
{
	struct slice s = *in, label;
	uint8_t first;

	do {
		NEED(slice_peek(s, 0, &first), true, "dns_name.label");
		if ((first & LABEL_KIND) == LABEL_POINTER) {
			NEED(slice_skip(&s, 2), true, "dns_name.pointer");
			break;
		}
		NEED(true, (first & LABEL_KIND) == LABEL_TEXT, "dns_name.label");
		NEED(slice_vec(&s, 1, &label), true, "dns_name.label");
	} while (label.n > 0);
	*in = s;
	return DIS_OK;
}

/* questions_skip steps over those behind the first. */
static enum dis
questions_skip(struct dns *dns, struct dis_at *at)
{
	const struct slice message = dns->message;

	for (; dns->questions_left > 0; dns->questions_left--) {
		struct slice s = dns->rest;
		enum dis got = name_skip(message, &s, at);

		if (got != DIS_OK)
			return got;
		NEED(slice_skip(&s, 4), true, "dns_question.qtype");
		dns->rest = s;
	}
	return DIS_OK;
}

/* RFC 1035 sections 3.3.1 and 3.4.1, RFC 3596 section 2.2; message ends where they end
 * union {
 *     Name cname;
 *     opaque a[4];
 *     opaque aaaa[16];
 * } RData; */
static enum dis
data_read(struct slice message, struct slice s, uint16_t class, struct dns_answer *out, struct dis_at *at)
{
	if (out->type == DNS_CNAME) {
		enum dis got = name_read(message, &s, out->target, at);

		if (got != DIS_OK)
			return got;
		NEED(true, s.n == 0, "dns_answer.cname");
	} else if (out->type == DNS_A && class == CLASS_IN) {
		out->ip = (struct ip_addr){.b = {[10] = 0xff, [11] = 0xff}};
		NEED(slice_copy(&s, out->ip.b + 12, 4), s.n == 0, "dns_answer.a");
	} else if (out->type == DNS_AAAA && class == CLASS_IN) {
		NEED(slice_copy(&s, out->ip.b, 16), s.n == 0, "dns_answer.aaaa");
	}
	return DIS_OK;
}

/* RFC 1035 section 4.1.3
 * struct {
 *     Name name;
 *     uint16 type, class;
 *     uint32 ttl;
 *     opaque rdata<0..2^16-1>;
 * } Record; */
enum dis
dns_answer_next(struct dns *dns, struct dns_answer *out, struct dis_at *at)
{
	const struct slice message = dns->message;
	struct slice s, data;
	uint16_t class;
	enum dis got;

	*out = (struct dns_answer){0};
	got = questions_skip(dns, at);
	if (got != DIS_OK)
		return got;
	s = dns->rest;
	NEED(dns->answers_left > 0, true, "dns_answer.name");
	got = name_read(message, &s, out->name, at);
	if (got != DIS_OK)
		return got;
	NEED(slice_u16(&s, &out->type), true, "dns_answer.type");
	NEED(slice_u16(&s, &class), true, "dns_answer.class");
	NEED(slice_u32(&s, &out->ttl), true, "dns_answer.ttl");
	NEED(slice_vec(&s, 2, &data), true, "dns_answer.rdata");
	if (data_read(slice_first(message, message.n - s.n), data, class, out, at) != DIS_OK)
		return DIS_BAD;
	dns->rest = s;
	dns->answers_left--;
	return DIS_OK;
}
