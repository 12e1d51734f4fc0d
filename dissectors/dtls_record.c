/* DTLS records, and which datagrams begin with a handshake. */
#include "dtls_record.h"

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

static bool
version_known(uint16_t version)
{
	return version == DTLS_0_9 || version == DTLS_1_0 || version == DTLS_1_2 ||
	       version == DTLS_1_3;
}

bool
dtls_record_may_be(struct slice datagram)
{
	uint8_t first;

	return !slice_peek(datagram, 0, &first) || (first >= 20 && first < 64);
}

/* Part of both functions that call it; body is left to them.
 * struct {
 *     ContentType type;
 *     ProtocolVersion version;
 *     uint16 epoch;
 *     uint48 sequence_number;
 *     opaque cid[cid_length];       tls12_cid only, the length was negotiated
 *     uint16 length;
 *     opaque fragment[length];
 * } DTLSPlaintext; */
SLICE_INLINE enum dis
record_header(struct slice *in, struct dtls_record *out, size_t *length, struct dis_at *at)
{
	struct dtls_record r;
	struct slice s = *in;
	uint16_t fragment = 0;

	NEED(slice_u8(&s, &r.type), r.type >= TLS_CHANGE_CIPHER_SPEC && r.type <= TLS_ACK,
	     "dtls_record.type");
	NEED(slice_u16(&s, &r.version), version_known(r.version), "dtls_record.version");
	NEED(slice_u16(&s, &r.epoch), true, "dtls_record.epoch");
	NEED(slice_u48(&s, &r.sequence), true, "dtls_record.sequence_number");
	if (r.type != TLS_CID)
		NEED(slice_u16(&s, &fragment), fragment <= TLS_RECORD_MAX, "dtls_record.length");
	*in = s;
	*out = r;
	*length = r.type == TLS_CID ? s.n : fragment;
	return DIS_OK;
}

enum dis
dtls_record_next(struct slice *in, struct dtls_record *out, struct dis_at *at)
{
	struct dtls_record r;
	struct slice s = *in;
	size_t length;
	enum dis answer = record_header(&s, &r, &length, at);

	if (answer != DIS_OK)
		return answer;
	NEED(slice_take(&s, length, &r.body), true, "dtls_record.fragment");
	*in = s;
	*out = r;
	return DIS_OK;
}

static bool
handshake_plausible(struct slice body, size_t length)
{
	struct handshake_header h;
	struct dis_at at;
	uint16_t version;

	if (handshake_header(&body, true, &h, &at) != DIS_OK)
		return false;
	if (!handshake_length_fits(h.type, h.length))
		return false;
	if (h.frag_length > length - DTLS_HANDSHAKE_HEADER)
		return false;
	/* A flight has at most nine messages: a message_seq of more than one byte is noise. */
	if (h.message_seq > UINT8_MAX)
		return false;
	if (h.frag_offset > 0 || h.type < HS_CLIENT_HELLO || h.type > HS_HELLO_VERIFY_REQUEST)
		return true;
	return !slice_u16(&body, &version) || version_known(version);
}

bool
dtls_record_opens(struct slice datagram)
{
	struct dtls_record r;
	struct alert alert;
	struct dis_at at;
	size_t length;

	if (record_header(&datagram, &r, &length, &at) != DIS_OK)
		return false;
	/* Epoch 0 ends with the first flights: it never counts beyond three bytes. */
	if (r.epoch != 0 || r.sequence > 0xffffff)
		return false;
	if (r.type == TLS_ALERT)
		return length == 2 &&
		       alert_dissect(slice_first(datagram, length), &alert, &at) == DIS_OK;
	return r.type == TLS_HANDSHAKE &&
	       handshake_plausible(slice_first(datagram, length), length);
}
