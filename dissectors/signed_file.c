/* Headers of the files that CUCM signs for phones. */
#include "signed_file.h"

/* Of the two TLVs in front, which have a fixed place and length. */
#define HEADER_LENGTH_AT 5
#define FRONT_BYTES 10

enum tag {
	TAG_VERSION = 1,
	TAG_HEADER_LENGTH = 2,
	TAG_SIGNER_ID = 3,
	TAG_SIGNER_NAME = 4,
	TAG_SIGNER_SERIAL = 5,
	TAG_SIGNER_ISSUER = 6,
	TAG_SIGNATURE_INFO = 7,
	TAG_DIGEST = 8,
	TAG_ALGORITHM_INFO = 9,
	TAG_ALGORITHM = 10,
	TAG_MODULUS = 11,
	TAG_SIGNATURE = 12,
	TAG_PADDING = 13,
	TAG_FILE_NAME = 14,
	TAG_TIME = 15,
	TAG_ENCRYPTION_INFO = 16,
	TAG_IV_INFO = 17,
	TAG_IV = 19,
	TAG_KEY_INFO = 21,
	TAG_KEY_BITS = 23,
	TAG_WRAPPED_KEY = 25,
	TAG_SIGNER_VERSION = 28,
};

/* A header on its way through the parser. */
struct walk {
	struct slice header, rest; /* as far as the file has it */
	bool cut;		   /* it has not all of it */
	size_t off;		   /* of what is being read */
	uint32_t seen;		   /* a bit for each tag: of what stands twice the first one counts */
};

/* NEED reads one field: DIS_MORE where it runs off a file that is cut, DIS_BAD where it runs off the
 * header or its value cannot be. */
#define NEED(read, valid, name)                                                   \
	do {                                                                      \
		bool there_ = (read);                                             \
		if (!there_ || !(valid)) {                                        \
			*at = (struct dis_at){.field = (name), .off = walk->off}; \
			return !there_ && walk->cut ? DIS_MORE : DIS_BAD;         \
		}                                                                 \
	} while (0)

/* mark reads a tag and a length that have to be there, as far as the file goes. */
static enum dis
mark(struct slice *file, const char expected[3])
{
	size_t n = file->n < 3 ? file->n : 3;

	if (n > 0 && !slice_starts(*file, expected, n))
		return DIS_BAD;
	return slice_skip(file, 3) ? DIS_OK : DIS_MORE;
}

/* struct {
 *     uint8 tag = 1;  uint16 length = 2;  uint8 major, minor;
 *     uint8 tag = 2;  uint16 length = 2;  uint16 header_length;
 *     TLV tlvs[];                                              in any order, up to header_length
 *     opaque body[];
 * } SignedFile; */
static enum dis
front(struct slice file, struct signed_file *out, struct dis_at *at)
{
	struct slice s = file;
	enum dis answer;

	*at = (struct dis_at){.field = "signed_file.version"};
	answer = mark(&s, "\1\0\2");
	if (answer != DIS_OK)
		return answer;
	if (!slice_u8(&s, &out->major) || !slice_u8(&s, &out->minor))
		return DIS_MORE;
	*at = (struct dis_at){.field = "signed_file.header_length", .off = HEADER_LENGTH_AT};
	answer = mark(&s, "\2\0\2");
	if (answer != DIS_OK)
		return answer;
	return slice_u16(&s, &out->header_length) ? DIS_OK : DIS_MORE;
}

enum dis
signed_file_opens(struct slice file)
{
	struct signed_file out;
	struct dis_at at;

	return front(file, &out, &at);
}

static const char *
field_name(uint8_t tag)
{
	static const char *const names[] = {
		[TAG_SIGNER_ID] = "signed_file.signer_id",
		[TAG_SIGNER_NAME] = "signed_file.signer_name",
		[TAG_SIGNER_SERIAL] = "signed_file.signer_serial",
		[TAG_SIGNER_ISSUER] = "signed_file.signer_issuer",
		[TAG_SIGNATURE_INFO] = "signed_file.signature_info",
		[TAG_DIGEST] = "signed_file.digest",
		[TAG_ALGORITHM_INFO] = "signed_file.algorithm_info",
		[TAG_ALGORITHM] = "signed_file.algorithm",
		[TAG_MODULUS] = "signed_file.modulus",
		[TAG_SIGNATURE] = "signed_file.signature",
		[TAG_FILE_NAME] = "signed_file.file_name",
		[TAG_TIME] = "signed_file.time",
		[TAG_ENCRYPTION_INFO] = "signed_file.encryption_info",
		[TAG_IV_INFO] = "signed_file.iv_info",
		[TAG_IV] = "signed_file.iv",
		[TAG_KEY_INFO] = "signed_file.key_info",
		[TAG_KEY_BITS] = "signed_file.key_bits",
		[TAG_WRAPPED_KEY] = "signed_file.wrapped_key",
		[TAG_SIGNER_VERSION] = "signed_file.signer_version",
	};
	const char *name = tag < sizeof(names) / sizeof(names[0]) ? names[tag] : NULL;

	return name != NULL ? name : "signed_file.unknown";
}

/* only_spans says whether a tag's length is that of the TLVs behind it, which are read for themselves. */
static bool
only_spans(uint8_t tag)
{
	return tag == TAG_SIGNER_ID || tag == TAG_SIGNATURE_INFO || tag == TAG_ALGORITHM_INFO ||
	       tag == TAG_ENCRYPTION_INFO || tag == TAG_IV_INFO || tag == TAG_KEY_INFO;
}

/* take_bytes keeps a value that is text or bytes. */
static void
take_bytes(struct signed_file *out, uint8_t tag, struct slice value)
{
	const struct {
		enum tag tag;
		bool text;
		struct slice *field;
	} fields[] = {
		{TAG_SIGNER_NAME, true, &out->signer_name},
		{TAG_SIGNER_SERIAL, false, &out->signer_serial},
		{TAG_SIGNER_ISSUER, true, &out->signer_issuer},
		{TAG_SIGNATURE, false, &out->signature},
		{TAG_FILE_NAME, true, &out->file_name},
		{TAG_IV, false, &out->iv},
		{TAG_WRAPPED_KEY, false, &out->wrapped_key},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].tag == tag)
			*fields[i].field = fields[i].text ? slice_without_nul(value) : value;
}

/* take_number keeps a value that is a number; false where it has another length. */
static bool
take_number(struct signed_file *out, uint8_t tag, struct slice value)
{
	bool read = true;

	switch (tag) {
	case TAG_DIGEST:
		read = slice_u8(&value, &out->digest);
		break;
	case TAG_ALGORITHM:
		read = slice_u8(&value, &out->algorithm);
		break;
	case TAG_MODULUS:
		read = slice_u8(&value, &out->modulus);
		break;
	case TAG_TIME:
		read = out->has_time = slice_u32(&value, &out->time);
		break;
	case TAG_KEY_BITS:
		read = slice_u16(&value, &out->key_bits);
		break;
	case TAG_SIGNER_VERSION:
		read = slice_u8(&value, &out->signer_major) && slice_u8(&value, &out->signer_minor);
		break;
	default:
		return true;
	}
	return read && value.n == 0;
}

/* struct {
 *     uint8 tag;
 *     uint16 length;             not there behind padding; no value where it only spans
 *     opaque value[length];
 * } TLV; */
static enum dis
next_tlv(struct walk *walk, struct slice file, struct signed_file *out, struct dis_at *at)
{
	struct slice value;
	uint16_t span;
	uint8_t tag;

	walk->off = walk->header.n - walk->rest.n;
	slice_u8(&walk->rest, &tag);
	if (tag == TAG_PADDING)
		return DIS_OK;
	out->encrypted |= tag == TAG_ENCRYPTION_INFO;
	if (only_spans(tag)) {
		NEED(slice_u16(&walk->rest, &span), true, field_name(tag));
		return DIS_OK;
	}
	NEED(slice_vec(&walk->rest, 2, &value), true, field_name(tag));
	if (tag < 32 && (walk->seen & UINT32_C(1) << tag) != 0)
		return DIS_OK;
	if (tag < 32)
		walk->seen |= UINT32_C(1) << tag;
	NEED(true, take_number(out, tag, value), field_name(tag));
	take_bytes(out, tag, value);
	if (tag != TAG_SIGNATURE)
		return DIS_OK;
	out->before = slice_first(file, walk->off);
	out->behind = file;
	slice_skip(&out->behind, walk->header.n - walk->rest.n);
	return DIS_OK;
}

enum dis
signed_file_dissect(struct slice file, struct signed_file *out, struct dis_at *at)
{
	struct walk begun = {.off = HEADER_LENGTH_AT}, *walk = &begun;
	enum dis answer;

	*out = (struct signed_file){.major = 0};
	answer = front(file, out, at);
	if (answer != DIS_OK)
		return answer;
	walk->header = walk->rest = slice_first(file, out->header_length);
	walk->cut = file.n < out->header_length;
	NEED(true, slice_skip(&walk->rest, FRONT_BYTES), "signed_file.header_length");
	out->body = file;
	if (!slice_skip(&out->body, out->header_length))
		out->body = slice_first(file, 0);
	while (walk->rest.n > 0) {
		answer = next_tlv(walk, file, out, at);
		if (answer != DIS_OK)
			return answer;
	}
	walk->off = walk->header.n;
	NEED(!walk->cut, true, "signed_file.tag");
	return DIS_OK;
}
