/* Headers of handshake messages, and which of them can be true. */
#include "handshake.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = in->n - s.n;                                   \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

#define VECTOR16 (2 + 65535)
#define LENGTH_MAX 0xffffff
#define HELLO_MIN (2 + 32) /* version and random */

/* The shortest and the longest body that the message's own fields allow, by type. */
static const struct {
	bool known;
	uint32_t min, max;
} LENGTHS[] = {
	[HS_HELLO_REQUEST] = {true, 0, 0},
	[HS_CLIENT_HELLO] = {true, HELLO_MIN + 1 + 2 + 1, HELLO_MIN + 33 + 256 + VECTOR16 + 256 + VECTOR16},
	[HS_SERVER_HELLO] = {true, HELLO_MIN + 2 + 2, HELLO_MIN + 33 + 2 + 1 + VECTOR16},
	[HS_HELLO_VERIFY_REQUEST] = {true, 2 + 1, 2 + 256},
	[HS_NEW_SESSION_TICKET] = {true, 4 + 2, 4 + VECTOR16},
	[HS_HELLO_RETRY_REQUEST] = {true, 2 + 2, 2 + 2 + VECTOR16},
	[HS_CERTIFICATE] = {true, 3, LENGTH_MAX},
	[HS_SERVER_KEY_EXCHANGE] = {true, 2, 5 * VECTOR16},
	[HS_CERTIFICATE_REQUEST] = {true, 1 + 2, 256 + VECTOR16 + VECTOR16},
	[HS_SERVER_HELLO_DONE] = {true, 0, 0},
	[HS_CERTIFICATE_VERIFY] = {true, 2, 2 + VECTOR16},
	[HS_CLIENT_KEY_EXCHANGE] = {true, 0, 2 * VECTOR16},
	[HS_FINISHED] = {true, 12, 64},
	[HS_CERTIFICATE_URL] = {true, 1 + 2, 1 + VECTOR16},
	[HS_CERTIFICATE_STATUS] = {true, 1 + 3, LENGTH_MAX},
	[HS_SUPPLEMENTAL_DATA] = {true, 3, LENGTH_MAX},
};

/* struct {
 *     HandshakeType msg_type;
 *     uint24 length;
 *     uint16 message_seq;       DTLS only, these three
 *     uint24 fragment_offset;
 *     uint24 fragment_length;
 * } Handshake; */
enum dis
handshake_header(struct slice *in, bool dtls, struct handshake_header *out, struct dis_at *at)
{
	struct handshake_header h = {0};
	struct slice s = *in;

	NEED(slice_u8(&s, &h.type), true, "handshake.msg_type");
	NEED(slice_u24(&s, &h.length), true, "handshake.length");
	if (dtls) {
		NEED(slice_u16(&s, &h.message_seq), true, "handshake.message_seq");
		NEED(slice_u24(&s, &h.frag_offset), h.frag_offset <= h.length,
		     "handshake.fragment_offset");
		NEED(slice_u24(&s, &h.frag_length), h.frag_length <= h.length - h.frag_offset,
		     "handshake.fragment_length");
	}
	*in = s;
	*out = h;
	return DIS_OK;
}

bool
handshake_type_known(uint8_t type)
{
	return type < sizeof LENGTHS / sizeof LENGTHS[0] && LENGTHS[type].known;
}

bool
handshake_length_fits(uint8_t type, uint32_t length)
{
	return handshake_type_known(type) && length >= LENGTHS[type].min && length <= LENGTHS[type].max;
}
