/* ClientHello, ServerHello, HelloVerifyRequest, and the extensions that are read of them. */
#include "hello.h"

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

#define RANDOM 32
#define SESSION_ID_MAX 32

/* struct {
 *     ProtocolVersion client_version;
 *     Random random;
 *     SessionID session_id<0..32>;
 *     opaque cookie<0..2^8-1>;                      DTLS only
 *     CipherSuite cipher_suites<2..2^16-2>;
 *     CompressionMethod compression_methods<1..2^8-1>;
 *     Extension extensions<0..2^16-1>;              may be absent
 * } ClientHello; */
enum dis
client_hello(struct slice body, bool dtls, struct client_hello *out, struct dis_at *at)
{
	struct client_hello h = {0};
	struct slice s = body;
	uint8_t id;

	NEED(slice_u16(&s, &h.version), true, "client_hello.client_version");
	NEED(slice_take(&s, RANDOM, &h.random), true, "client_hello.random");
	NEED(slice_peek(s, 0, &id), id <= SESSION_ID_MAX, "client_hello.session_id");
	NEED(slice_vec(&s, 1, &h.session_id), true, "client_hello.session_id");
	if (dtls)
		NEED(slice_vec(&s, 1, &h.cookie), true, "client_hello.cookie");
	NEED(slice_vec(&s, 2, &h.ciphers), h.ciphers.n % 2 == 0, "client_hello.cipher_suites");
	NEED(slice_vec(&s, 1, &h.compressions), true, "client_hello.compression_methods");
	if (s.n > 0)
		NEED(slice_vec(&s, 2, &h.extensions), true, "client_hello.extensions");
	NEED(true, s.n == 0, "client_hello.end");
	*out = h;
	return DIS_OK;
}

/* RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest". */
static const uint8_t RETRY_RANDOM[RANDOM] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* struct {
 *     ProtocolVersion server_version;
 *     Random random;
 *     SessionID session_id<0..32>;
 *     CipherSuite cipher_suite;
 *     CompressionMethod compression_method;
 *     Extension extensions<0..2^16-1>;              may be absent
 * } ServerHello; */
static enum dis
server_hello_rfc(struct slice body, struct server_hello *out, struct dis_at *at)
{
	struct server_hello h = {0};
	struct slice s = body;
	uint8_t id, compression;

	NEED(slice_u16(&s, &h.version), true, "server_hello.server_version");
	NEED(slice_take(&s, RANDOM, &h.random), true, "server_hello.random");
	NEED(slice_peek(s, 0, &id), id <= SESSION_ID_MAX, "server_hello.session_id");
	NEED(slice_vec(&s, 1, &h.session_id), true, "server_hello.session_id");
	NEED(slice_u16(&s, &h.cipher), true, "server_hello.cipher_suite");
	NEED(slice_u8(&s, &compression), true, "server_hello.compression_method");
	if (s.n > 0)
		NEED(slice_vec(&s, 2, &h.extensions), true, "server_hello.extensions");
	NEED(true, s.n == 0, "server_hello.end");
	h.retry = slice_starts(h.random, RETRY_RANDOM, sizeof RETRY_RANDOM);
	*out = h;
	return DIS_OK;
}

static bool
extensions_whole(struct slice exts)
{
	struct tls_ext ext;
	struct dis_at at;

	while (exts.n > 0)
		if (ext_next(&exts, &ext, &at) != DIS_OK)
			return false;
	return true;
}

/* draft-ietf-tls-tls13-14 to -21:
 * struct {
 *     ProtocolVersion version;
 *     Random random;
 *     CipherSuite cipher_suite;
 *     Extension extensions<0..2^16-1>;
 * } ServerHello; */
static enum dis
server_hello_draft(struct slice body, struct server_hello *out, struct dis_at *at)
{
	struct server_hello h = {0};
	struct slice s = body;

	NEED(slice_u16(&s, &h.version), true, "server_hello.version");
	NEED(slice_take(&s, RANDOM, &h.random), true, "server_hello.random");
	NEED(slice_u16(&s, &h.cipher), true, "server_hello.cipher_suite");
	NEED(slice_vec(&s, 2, &h.extensions), extensions_whole(h.extensions),
	     "server_hello.extensions");
	NEED(true, s.n == 0, "server_hello.end");
	*out = h;
	return DIS_OK;
}

/* version_may_be_draft is true of draft 14's 0x0304 too: it needs both forms tried. */
static bool
version_may_be_draft(uint16_t version)
{
	return version >> 8 == 0x7f || version == 0x0304;
}

enum dis
server_hello(struct slice body, struct server_hello *out, struct dis_at *at)
{
	struct slice s = body;
	struct dis_at draft_at;
	uint16_t version;
	enum dis draft, rfc;

	NEED(slice_u16(&s, &version), true, "server_hello.server_version");
	if (!version_may_be_draft(version))
		return server_hello_rfc(body, out, at);
	draft = server_hello_draft(body, out, &draft_at);
	if (draft == DIS_OK)
		return DIS_OK;
	rfc = server_hello_rfc(body, out, at);
	if (rfc != DIS_BAD)
		return rfc;
	*at = draft_at;
	return draft;
}

/* struct {
 *     ProtocolVersion server_version;
 *     CipherSuite cipher_suite;                     from draft 19 on
 *     Extension extensions<2..2^16-1>;
 * } HelloRetryRequest; */
enum dis
hello_retry_draft(struct slice body, struct server_hello *out, struct dis_at *at)
{
	struct server_hello h = {.retry = true};
	struct slice s = body, rest;

	NEED(slice_u16(&s, &h.version), true, "hello_retry_request.server_version");
	rest = s;
	if (!slice_vec(&rest, 2, &h.extensions) || rest.n > 0 || !extensions_whole(h.extensions)) {
		NEED(slice_u16(&s, &h.cipher), true, "hello_retry_request.cipher_suite");
		NEED(slice_vec(&s, 2, &h.extensions), extensions_whole(h.extensions),
		     "hello_retry_request.extensions");
		NEED(true, s.n == 0, "hello_retry_request.end");
	}
	*out = h;
	return DIS_OK;
}

/* struct {
 *     ProtocolVersion server_version;
 *     opaque cookie<0..2^8-1>;
 * } HelloVerifyRequest; */
enum dis
hello_verify(struct slice body, struct hello_verify *out, struct dis_at *at)
{
	struct hello_verify h;
	struct slice s = body;

	NEED(slice_u16(&s, &h.version), true, "hello_verify_request.server_version");
	NEED(slice_vec(&s, 1, &h.cookie), true, "hello_verify_request.cookie");
	NEED(true, s.n == 0, "hello_verify_request.end");
	*out = h;
	return DIS_OK;
}

static bool
sslv2_version_known(uint16_t version)
{
	return version == 0x0002 || version >> 8 == 3;
}

/* RFC 6101 appendix E.1, the lengths in its order:
 * struct {
 *     uint16 msg_length;                            the high bit is set: a header of two bytes
 *     uint8 msg_type;                               1
 *     Version version;
 *     uint16 cipher_spec_length, session_id_length, challenge_length;
 *     V2CipherSpec cipher_specs[cipher_spec_length];
 *     opaque session_id[session_id_length];         0 or 16 bytes
 *     Random challenge[challenge_length];           16 to 32 bytes
 * } V2ClientHello; */
enum dis
sslv2_client_hello(struct slice *in, struct client_hello *out, struct dis_at *at)
{
	const struct slice body = *in;
	struct client_hello h = {.sslv2 = true};
	struct slice s = body;
	uint16_t length, ciphers, session_id, challenge;
	uint8_t high, low, type;

	NEED(slice_u8(&s, &high), high & 0x80, "sslv2_client_hello.msg_length");
	NEED(slice_u8(&s, &low), true, "sslv2_client_hello.msg_length");
	length = (uint16_t)((high & 0x7f) << 8 | low);
	NEED(slice_u8(&s, &type), type == 1, "sslv2_client_hello.msg_type");
	NEED(slice_u16(&s, &h.version), sslv2_version_known(h.version),
	     "sslv2_client_hello.version");
	NEED(slice_u16(&s, &ciphers), ciphers > 0 && ciphers % 3 == 0,
	     "sslv2_client_hello.cipher_spec_length");
	NEED(slice_u16(&s, &session_id), session_id == 0 || session_id == 16,
	     "sslv2_client_hello.session_id_length");
	NEED(slice_u16(&s, &challenge),
	     challenge >= 16 && challenge <= 32 && 9 + ciphers + session_id + challenge == length,
	     "sslv2_client_hello.challenge_length");
	NEED(slice_take(&s, ciphers, &h.ciphers), true, "sslv2_client_hello.cipher_specs");
	NEED(slice_take(&s, session_id, &h.session_id), true, "sslv2_client_hello.session_id");
	NEED(slice_take(&s, challenge, &h.random), true, "sslv2_client_hello.challenge");
	*in = s;
	*out = h;
	return DIS_OK;
}

/* The SSL 2.0 draft, section 2.6:
 * struct {
 *     uint16 msg_length;                            the high bit is set
 *     uint8 msg_type;                               4
 *     uint8 session_id_hit, certificate_type;
 *     Version server_version;
 *     uint16 certificate_length, cipher_specs_length, connection_id_length;
 *     opaque certificate[certificate_length];
 *     V2CipherSpec cipher_specs[cipher_specs_length];
 *     opaque connection_id[connection_id_length];   16 to 32 bytes
 * } V2ServerHello; */
enum dis
sslv2_server_hello(struct slice *in, struct sslv2_server_hello *out, struct dis_at *at)
{
	const struct slice body = *in;
	struct sslv2_server_hello h;
	struct slice s = body;
	uint16_t length, certificate, ciphers, connection_id;
	uint8_t high, low, type, hit;

	NEED(slice_u8(&s, &high), high & 0x80, "sslv2_server_hello.msg_length");
	NEED(slice_u8(&s, &low), true, "sslv2_server_hello.msg_length");
	length = (uint16_t)((high & 0x7f) << 8 | low);
	NEED(slice_u8(&s, &type), type == 4, "sslv2_server_hello.msg_type");
	NEED(slice_u8(&s, &hit), hit <= 1, "sslv2_server_hello.session_id_hit");
	NEED(slice_skip(&s, 1), true, "sslv2_server_hello.certificate_type");
	NEED(slice_u16(&s, &h.version), h.version == 0x0002, "sslv2_server_hello.server_version");
	NEED(slice_u16(&s, &certificate), true, "sslv2_server_hello.certificate_length");
	NEED(slice_u16(&s, &ciphers), ciphers % 3 == 0, "sslv2_server_hello.cipher_specs_length");
	NEED(slice_u16(&s, &connection_id),
	     connection_id >= 16 && connection_id <= 32 &&
		     11 + certificate + ciphers + connection_id == length,
	     "sslv2_server_hello.connection_id_length");
	NEED(slice_take(&s, certificate, &h.certificate), true, "sslv2_server_hello.certificate");
	NEED(slice_take(&s, ciphers, &h.ciphers), true, "sslv2_server_hello.cipher_specs");
	NEED(slice_skip(&s, connection_id), true, "sslv2_server_hello.connection_id");
	*in = s;
	*out = h;
	return DIS_OK;
}

/* struct {
 *     ExtensionType extension_type;
 *     opaque extension_data<0..2^16-1>;
 * } Extension; */
enum dis
ext_next(struct slice *exts, struct tls_ext *out, struct dis_at *at)
{
	const struct slice body = *exts;
	struct tls_ext ext;
	struct slice s = body;

	NEED(slice_u16(&s, &ext.type), true, "extension.type");
	NEED(slice_vec(&s, 2, &ext.body), true, "extension.data");
	*exts = s;
	*out = ext;
	return DIS_OK;
}

enum dis
ext_find(struct slice exts, uint16_t type, struct slice *body)
{
	struct tls_ext ext;
	struct dis_at at;

	while (ext_next(&exts, &ext, &at) == DIS_OK) {
		if (ext.type == type) {
			*body = ext.body;
			return DIS_OK;
		}
	}
	return DIS_MORE;
}

/* struct {
 *     NameType name_type;                           0 is host_name
 *     opaque name<1..2^16-1>;                       of every type, RFC 6066 promises
 * } ServerName;
 * struct {
 *     ServerName server_name_list<1..2^16-1>;
 * } ServerNameList; */
enum dis
ext_server_name(struct slice body, struct slice *name, struct dis_at *at)
{
	struct slice s = body, list, entry;
	uint8_t type;

	NEED(slice_vec(&s, 2, &list), s.n == 0, "server_name.list");
	s = list;
	do {
		NEED(slice_u8(&s, &type), true, "server_name.name_type");
		NEED(slice_vec(&s, 2, &entry), entry.n > 0, "server_name.name");
	} while (type != 0);
	*name = entry;
	return DIS_OK;
}

/* ProtocolVersion versions<2..254>; */
enum dis
ext_client_versions(struct slice body, struct slice *versions, struct dis_at *at)
{
	struct slice s = body, list;

	NEED(slice_vec(&s, 1, &list), list.n > 0 && list.n % 2 == 0, "supported_versions.versions");
	NEED(true, s.n == 0, "supported_versions.end");
	*versions = list;
	return DIS_OK;
}

/* ProtocolVersion selected_version; */
enum dis
ext_server_version(struct slice body, uint16_t *version, struct dis_at *at)
{
	struct slice s = body;
	uint16_t selected;

	NEED(slice_u16(&s, &selected), true, "supported_versions.selected_version");
	NEED(true, s.n == 0, "supported_versions.end");
	*version = selected;
	return DIS_OK;
}

bool
cipher_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

bool
cipher_is_signal(uint16_t value)
{
	return value == 0x00ff || value == 0x5600;
}
