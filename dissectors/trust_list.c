/* Records of trust lists. */
#include "trust_list.h"

#define LENGTH_BYTES 5 /* of the TLV that begins a record */

enum tag {
	TAG_RECORD_LENGTH = 1,
	TAG_DNS_NAME = 2,
	TAG_SUBJECT = 3,
	TAG_ROLE = 4,
	TAG_ISSUER = 5,
	TAG_SERIAL = 6,
	TAG_PUBLIC_KEY = 7,
	TAG_SIGNATURE = 8,
	TAG_CERTIFICATE = 9,
	TAG_IP = 10,
	TAG_HASH = 11,
	TAG_HASH_DIGEST = 12,
};

/* A record on its way through the parser. */
struct walk {
	struct slice record, rest; /* as far as the list has it */
	bool cut;		   /* it has not all of it */
	size_t off;		   /* of what is being read */
	uint32_t seen;		   /* a bit for each tag: of what stands twice the first one counts */
};

/* NEED reads one field: DIS_MORE where it runs off a list that is cut, DIS_BAD where it runs off the
 * record or its value cannot be. */
#define NEED(read, valid, name)                                                   \
	do {                                                                      \
		bool there_ = (read);                                             \
		if (!there_ || !(valid)) {                                        \
			*at = (struct dis_at){.field = (name), .off = walk->off}; \
			return !there_ && walk->cut ? DIS_MORE : DIS_BAD;         \
		}                                                                 \
	} while (0)

static const char *
field_name(uint8_t tag)
{
	static const char *const names[] = {
		[TAG_DNS_NAME] = "trust_list.dns_name",
		[TAG_SUBJECT] = "trust_list.subject",
		[TAG_ROLE] = "trust_list.role",
		[TAG_ISSUER] = "trust_list.issuer",
		[TAG_SERIAL] = "trust_list.serial",
		[TAG_PUBLIC_KEY] = "trust_list.public_key",
		[TAG_SIGNATURE] = "trust_list.signature",
		[TAG_CERTIFICATE] = "trust_list.certificate",
		[TAG_IP] = "trust_list.ip",
		[TAG_HASH] = "trust_list.hash",
		[TAG_HASH_DIGEST] = "trust_list.hash_digest",
	};
	const char *name = tag < sizeof(names) / sizeof(names[0]) ? names[tag] : NULL;

	return name != NULL ? name : "trust_list.unknown";
}

/* take_bytes keeps a value that is text or bytes. */
static void
take_bytes(struct trust_record *out, uint8_t tag, struct slice value)
{
	const struct {
		enum tag tag;
		bool text;
		struct slice *field;
	} fields[] = {
		{TAG_DNS_NAME, true, &out->dns_name},
		{TAG_SUBJECT, true, &out->subject},
		{TAG_ISSUER, true, &out->issuer},
		{TAG_SERIAL, false, &out->serial},
		{TAG_PUBLIC_KEY, false, &out->public_key},
		{TAG_SIGNATURE, false, &out->signature},
		{TAG_CERTIFICATE, false, &out->certificate},
		{TAG_HASH, false, &out->hash},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].tag == tag)
			*fields[i].field = fields[i].text ? slice_without_nul(value) : value;
}

static void
take_address(struct trust_record *out, struct slice value)
{
	out->has_ip = ip_addr_of(value, &out->ip);
	out->odd_address = value.n != 4 && value.n != sizeof(out->ip.b);
}

/* take_number keeps a value that is a number; false where it has another length. */
static bool
take_number(struct trust_record *out, uint8_t tag, struct slice value)
{
	if (tag == TAG_ROLE)
		return (out->has_role = slice_u16(&value, &out->role)) && value.n == 0;
	if (tag == TAG_HASH_DIGEST)
		return slice_u8(&value, &out->hash_digest) && value.n == 0;
	return true;
}

/* struct {
 *     uint8 tag;
 *     opaque value<0..2^16-1>;
 * } TLV;
 *
 * An address may lie about its length (CSCum48958): one that leaves its record is what is left of it, and what is no
 * TLV behind an odd one is part of it. */
static enum dis
next_tlv(struct walk *walk, struct trust_record *out, struct dis_at *at)
{
	struct slice value;
	uint8_t tag;
	bool there;

	walk->off = walk->record.n - walk->rest.n;
	slice_u8(&walk->rest, &tag);
	there = slice_vec(&walk->rest, 2, &value);
	if (!there && !walk->cut && (tag == TAG_IP || out->odd_address)) {
		out->odd_address = true;
		slice_skip(&walk->rest, walk->rest.n);
		return DIS_OK;
	}
	NEED(there, true, field_name(tag));
	if (tag < 32 && (walk->seen & UINT32_C(1) << tag) != 0)
		return DIS_OK;
	if (tag < 32)
		walk->seen |= UINT32_C(1) << tag;
	NEED(true, take_number(out, tag, value), field_name(tag));
	take_bytes(out, tag, value);
	if (tag == TAG_IP)
		take_address(out, value);
	return DIS_OK;
}

/* struct {
 *     uint8 tag = 1;  uint16 length = 2;  uint16 record_length;      of all of it
 *     TLV tlvs[];                                                    in any order
 * } Record; */
enum dis
trust_list_next(struct slice *list, struct trust_record *out, struct dis_at *at)
{
	struct walk begun = {.record = *list, .rest = *list, .cut = true}, *walk = &begun;
	uint16_t length;
	uint8_t tag;

	*out = (struct trust_record){.length = 0};
	NEED(slice_u8(&walk->rest, &tag), tag == TAG_RECORD_LENGTH, "trust_list.record");
	NEED(slice_u16(&walk->rest, &length), length == 2, "trust_list.record");
	NEED(slice_u16(&walk->rest, &out->length), out->length >= LENGTH_BYTES, "trust_list.record_length");
	walk->cut = list->n < out->length;
	walk->record = slice_first(*list, out->length);
	walk->rest = walk->record;
	slice_skip(&walk->rest, LENGTH_BYTES);
	while (walk->rest.n > 0) {
		enum dis answer = next_tlv(walk, out, at);
		if (answer != DIS_OK)
			return answer;
	}
	walk->off = walk->record.n;
	NEED(!walk->cut, true, "trust_list.tag");
	slice_skip(list, out->length);
	return DIS_OK;
}

const char *
trust_role_name(uint16_t role)
{
	static const struct {
		enum trust_role role;
		const char *name;
	} roles[] = {
		{ROLE_SAST, "SAST"}, {ROLE_CCM, "CCM"},	  {ROLE_CCM_TFTP, "CCM+TFTP"},	   {ROLE_TFTP, "TFTP"},
		{ROLE_CAPF, "CAPF"}, {ROLE_SRST, "SRST"}, {ROLE_APP_SERVER, "APP-SERVER"}, {ROLE_TVS, "TVS"},
	};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (roles[i].role == role)
			return roles[i].name;
	return NULL;
}
