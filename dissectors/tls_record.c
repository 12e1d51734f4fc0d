/* TLS records, and where in a stream of bytes a first handshake begins. */
#include "tls_record.h"

#include "alert.h"
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

/* Messages that one side sends in a row before it waits: RFC 5246 section 7.3, and a few more. */
#define FLIGHT_MAX 10

/* struct {
 *     ContentType type;
 *     ProtocolVersion version;      major, minor
 *     uint16 length;
 *     opaque fragment[length];
 * } TLSPlaintext; */
enum dis
tls_record_next(struct slice *in, struct tls_record *out, struct dis_at *at)
{
	struct tls_record r;
	struct slice s = *in;
	uint8_t major, minor;

	NEED(slice_u8(&s, &r.type), r.type >= TLS_CHANGE_CIPHER_SPEC && r.type <= TLS_HEARTBEAT,
	     "tls_record.type");
	NEED(slice_u8(&s, &major), major == 3, "tls_record.version");
	NEED(slice_u8(&s, &minor), true, "tls_record.version");
	NEED(slice_u16(&s, &r.length), r.length <= TLS_RECORD_MAX, "tls_record.length");
	r.version = (uint16_t)(major << 8 | minor);
	*in = s;
	*out = r;
	return DIS_OK;
}

/* The bytes of a handshake message, whichever records they are cut into. */
struct message {
	struct slice in; /* the stream, behind what was read */
	size_t left;     /* of the record that was read last */
};

static enum dis
message_read(struct message *m, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (m->left == 0) {
			struct tls_record record;
			struct dis_at at;
			enum dis answer = tls_record_next(&m->in, &record, &at);

			if (answer != DIS_OK)
				return answer;
			if (record.type != TLS_HANDSHAKE || record.length == 0)
				return DIS_BAD;
			m->left = record.length;
		}
		if (!slice_u8(&m->in, &out[i]))
			return DIS_MORE;
		m->left--;
	}
	return DIS_OK;
}

static enum dis
message_header(struct message *m, struct handshake_header *out)
{
	uint8_t bytes[TLS_HANDSHAKE_HEADER] = {0};
	struct slice header = slice_of(bytes, sizeof bytes);
	struct dis_at at;
	enum dis answer = message_read(m, bytes, 1);

	/* Garbage is told from its first byte: nobody shall wait for more of it. */
	if (answer == DIS_OK && !handshake_type_known(bytes[0]))
		answer = DIS_BAD;
	if (answer == DIS_OK)
		answer = message_read(m, bytes + 1, sizeof bytes - 1);
	if (answer != DIS_OK)
		return answer;
	answer = handshake_header(&header, false, out, &at);
	return answer == DIS_OK && handshake_length_fits(out->type, out->length) ? DIS_OK : DIS_BAD;
}

/* Hellos begin with their version: 0x03XX, and a draft's ServerHello 0x7fXX. */
static enum dis
hello_opens(struct message *m, uint8_t type)
{
	uint8_t version[2];
	enum dis answer = message_read(m, version, sizeof version);

	if (answer != DIS_OK)
		return answer;
	if (version[0] == 0x03 && (type == HS_CLIENT_HELLO || version[1] <= 4))
		return DIS_OK;
	return version[0] == 0x7f && type != HS_CLIENT_HELLO ? DIS_OK : DIS_BAD;
}

/* A Certificate is one list that fills it. */
static enum dis
certificate_opens(struct message *m, uint32_t length)
{
	uint8_t bytes[3] = {0};
	struct slice s = slice_of(bytes, sizeof bytes);
	uint32_t list;
	enum dis answer = message_read(m, bytes, sizeof bytes);

	if (answer != DIS_OK)
		return answer;
	return slice_u24(&s, &list) && list == length - sizeof bytes ? DIS_OK : DIS_BAD;
}

/* The other messages have no mark of their own, and their header could be the first bytes of an
 * encrypted Finished. Real ones fill their record to its last byte, alone or one after the other;
 * what has not come yet is believed. */
static enum dis
messages_fill_record(struct message *m, struct handshake_header h)
{
	for (unsigned messages = 1; messages < FLIGHT_MAX && h.length < m->left; messages++) {
		enum dis answer;

		if (!slice_skip(&m->in, h.length))
			return DIS_OK;
		m->left -= h.length;
		answer = message_header(m, &h);
		if (answer != DIS_OK)
			return answer == DIS_MORE ? DIS_OK : DIS_BAD;
	}
	return h.length == m->left ? DIS_OK : DIS_BAD;
}

static enum dis
handshake_opens(struct slice in)
{
	struct message m = {.in = in};
	struct handshake_header h;
	enum dis answer = message_header(&m, &h);

	if (answer != DIS_OK)
		return answer;
	switch (h.type) {
	case HS_CLIENT_HELLO:
	case HS_SERVER_HELLO:
	case HS_HELLO_RETRY_REQUEST:
		return hello_opens(&m, h.type);
	case HS_CERTIFICATE:
		return certificate_opens(&m, h.length);
	case HS_HELLO_REQUEST: /* the nonce of a first GCM record is often 8 zeros: two of these */
	case HS_HELLO_VERIFY_REQUEST:
	case HS_FINISHED:
		return DIS_BAD;
	default:
		return messages_fill_record(&m, h);
	}
}

static enum dis
alert_opens(struct slice in)
{
	struct tls_record record;
	struct alert alert;
	struct dis_at at;
	enum dis answer = tls_record_next(&in, &record, &at);

	if (answer != DIS_OK)
		return answer;
	if (record.length != 2)
		return DIS_BAD;
	return alert_dissect(slice_first(in, record.length), &alert, &at);
}

enum dis
tls_record_opens(struct slice in)
{
	uint8_t type;

	if (!slice_peek(in, 0, &type))
		return DIS_MORE;
	return type == TLS_ALERT ? alert_opens(in) : handshake_opens(in);
}
