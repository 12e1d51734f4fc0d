/* TFTP datagrams and their options. */
#include "tftp.h"

#include "ascii.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = body.n - s.n;                                  \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

/* what_is_there takes a text up to its NUL, or all that is left. */
static struct slice
what_is_there(struct slice *s)
{
	struct slice text;

	if (!slice_until(s, '\0', &text))
		(void)slice_take(s, s->n, &text);
	return text;
}

/* RFC 1350 section 5, RFC 2347
 *   uint16 opcode;
 *   RRQ, WRQ:  string filename; string mode; then options
 *   DATA:      uint16 block; opaque data[];
 *   ACK:       uint16 block;
 *   ERROR:     uint16 error_code; string error_message;
 *   OACK:      options */
enum dis
tftp_dissect(struct slice datagram, struct tftp *out, struct dis_at *at)
{
	const struct slice body = datagram;
	struct tftp t = {0};
	struct slice s = datagram;

	NEED(slice_u16(&s, &t.opcode), t.opcode >= TFTP_RRQ && t.opcode <= TFTP_OACK, "tftp.opcode");
	switch (t.opcode) {
	case TFTP_RRQ:
	case TFTP_WRQ:
		t.file = what_is_there(&s);
		t.mode = what_is_there(&s);
		t.options = s;
		break;
	case TFTP_DATA:
		NEED(slice_u16(&s, &t.block), true, "tftp.block");
		t.data = s;
		break;
	case TFTP_ACK:
		NEED(slice_u16(&s, &t.block), true, "tftp.block");
		break;
	case TFTP_ERROR:
		NEED(slice_u16(&s, &t.code), true, "tftp.error_code");
		t.message = what_is_there(&s);
		break;
	case TFTP_OACK:
		t.options = s;
		break;
	}
	*out = t;
	return DIS_OK;
}

/* RFC 2347: string opt; string value;
 * A value without its NUL is none: of a number that is cut, nothing is known. */
enum dis
tftp_option_next(struct slice *options, struct tftp_option *out, struct dis_at *at)
{
	const struct slice body = *options;
	struct tftp_option option;
	struct slice s = body;

	NEED(slice_until(&s, '\0', &option.name), true, "tftp_option.name");
	NEED(slice_until(&s, '\0', &option.value), true, "tftp_option.value");
	*options = s;
	*out = option;
	return DIS_OK;
}

bool
tftp_option_is(const struct tftp_option *option, const char *name)
{
	return ascii_is(option->name, name);
}

bool
tftp_option_number(const struct tftp_option *option, uint64_t *out)
{
	return ascii_decimal(option->value, out);
}

const char *
tftp_error_name(uint16_t code)
{
	/* RFC 1350, appendix; 8 is of RFC 2347. */
	static const char *const names[] = {
		"Not defined",
		"File not found",
		"Access violation",
		"Disk full or allocation exceeded",
		"Illegal TFTP operation",
		"Unknown transfer ID",
		"File already exists",
		"No such user",
		"Option negotiation failed",
	};

	return code < sizeof(names) / sizeof(names[0]) ? names[code] : NULL;
}
