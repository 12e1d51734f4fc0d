/* DHCP and BOOTP: the fixed part, then options, which may go on in the fields file and sname. */
#include "dhcp.h"

#include "ascii.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = (size_t)(s.p - datagram.p);                    \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

#define MAGIC_COOKIE 0x63825363

enum dhcp_op { OP_REQUEST = 1, OP_REPLY = 2 };

/* IEEE 802 is what some wireless clients call the same addresses. */
enum dhcp_htype { HTYPE_ETHERNET = 1, HTYPE_IEEE_802 = 6 };

enum dhcp_option {
	OPTION_PAD = 0,
	OPTION_HOST_NAME = 12,
	OPTION_REQUESTED_ADDRESS = 50,
	OPTION_OVERLOAD = 52,
	OPTION_MESSAGE_TYPE = 53,
	OPTION_SERVER_IDENTIFIER = 54,
	OPTION_VENDOR_CLASS = 60,
	OPTION_TFTP_SERVER_NAME = 66,
	OPTION_TFTP_SERVER_ADDRESS = 150,
	OPTION_END = 255,
};

/* of option 52: which fields hold options */
enum dhcp_overload { OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2 };

#define ADDRESS_LIST "0123456789., "
#define SHORTEST_ADDRESS (sizeof "1.2.3.4" - 1)
#define HOST_NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

static bool
all_of(struct slice text, const char *bytes)
{
	uint8_t b;

	while (slice_u8(&text, &b))
		if (b == '\0' || strchr(bytes, b) == NULL)
			return false;
	return true;
}

/* A field ends at its first NUL: what lies behind it is an older packet's. */
static struct slice
field_text(struct slice field)
{
	uint8_t b;
	size_t n = 0;

	while (slice_peek(field, n, &b) && b != '\0')
		n++;
	return slice_first(field, n);
}

static struct slice
option_text(struct slice data)
{
	uint8_t b;

	while (data.n > 0 && slice_peek(data, data.n - 1, &b) && b == '\0')
		data = slice_first(data, data.n - 1);
	return data;
}

static bool
address(struct slice *s, struct ip_addr *out)
{
	static const uint8_t unset[4];
	struct ip_addr a = {.b = {[10] = 0xff, [11] = 0xff}};

	if (!slice_copy(s, a.b + 12, 4))
		return false;
	*out = memcmp(a.b + 12, unset, sizeof unset) == 0 ? (struct ip_addr){0} : a;
	return true;
}

static bool
address_is_set(const struct ip_addr *a)
{
	static const struct ip_addr unset;

	return memcmp(a, &unset, sizeof unset) != 0;
}

/* dotted_quad reads "10.0.0.5" and nothing behind it. */
static bool
dotted_quad(struct slice s, struct ip_addr *out)
{
	uint8_t quad[4];
	struct slice number, bytes;
	uint64_t v;

	for (size_t i = 0; i < sizeof quad; i++) {
		if (i < 3 ? !slice_until(&s, '.', &number) : !slice_take(&s, s.n, &number))
			return false;
		if (!ascii_decimal(number, &v) || v > 255)
			return false;
		quad[i] = (uint8_t)v;
	}
	bytes = slice_of(quad, sizeof quad);
	return address(&bytes, out);
}

/* word_next cuts off what stands before the next comma or blank; it may be nothing. */
static bool
word_next(struct slice *text, struct slice *word)
{
	uint8_t b;
	size_t n = 0;

	while (slice_peek(*text, n, &b) && b != ',' && b != ' ')
		n++;
	if (text->n == 0 || !slice_take(text, n, word))
		return false;
	slice_skip(text, 1);
	return true;
}

static void
add_server(struct dhcp *out, const struct ip_addr *a)
{
	if (address_is_set(a) && out->n_tftp < DHCP_MAX_SERVERS)
		out->tftp[out->n_tftp++] = *a;
}

static void
servers_of_text(struct slice text, struct dhcp *out)
{
	struct slice word;
	struct ip_addr a;

	while (word_next(&text, &word))
		if (dotted_quad(word, &a))
			add_server(out, &a);
}

static void
servers_of_bytes(struct slice data, struct dhcp *out)
{
	struct ip_addr a;

	while (address(&data, &a))
		add_server(out, &a);
}

static bool
is_address_list(struct slice text)
{
	return text.n >= SHORTEST_ADDRESS && all_of(text, ADDRESS_LIST);
}

/* RFC 5859 section 2: addresses; some servers send them spelt out, in any length, also a multiple of 4. */
static void
tftp_server_address(struct slice data, struct dhcp *out)
{
	const struct slice text = option_text(data);
	const size_t of_option_66 = out->n_tftp;

	out->n_tftp = 0;
	if (is_address_list(text))
		servers_of_text(text, out);
	else if (data.n % 4 == 0)
		servers_of_bytes(data, out);
	if (out->n_tftp == 0)
		out->n_tftp = of_option_66;
}

/* RFC 2132 section 9.4: a name; some servers send an address, spelt out or as four bytes that no name has. */
static void
tftp_server_name(struct slice data, struct dhcp *out)
{
	const struct slice text = option_text(data);
	const bool raw = data.n == 4 && !all_of(text, HOST_NAME);

	if (!raw)
		out->tftp_name = text;
	if (out->n_tftp > 0) /* of option 150 */
		return;
	if (raw)
		servers_of_bytes(data, out);
	else if (is_address_list(text))
		servers_of_text(text, out);
}

static void
take_text(struct slice data, struct slice *out)
{
	if (out->n == 0)
		*out = option_text(data);
}

static void
take_address(struct slice data, struct ip_addr *out)
{
	if (data.n == 4 && !address_is_set(out))
		address(&data, out);
}

static void
take_u8(struct slice data, uint8_t *out)
{
	if (data.n == 1 && *out == 0)
		slice_u8(&data, out);
}

static void
take_option(uint8_t code, struct slice data, struct dhcp *out, uint8_t *overload)
{
	switch (code) {
	case OPTION_HOST_NAME:
		take_text(data, &out->host_name);
		break;
	case OPTION_REQUESTED_ADDRESS:
		take_address(data, &out->requested);
		break;
	case OPTION_OVERLOAD:
		take_u8(data, overload);
		break;
	case OPTION_MESSAGE_TYPE:
		take_u8(data, &out->type);
		break;
	case OPTION_SERVER_IDENTIFIER:
		take_address(data, &out->server);
		break;
	case OPTION_VENDOR_CLASS:
		take_text(data, &out->vendor_class);
		break;
	case OPTION_TFTP_SERVER_NAME:
		if (!out->option_66)
			tftp_server_name(data, out);
		out->option_66 = true;
		break;
	case OPTION_TFTP_SERVER_ADDRESS:
		if (!out->option_150)
			tftp_server_address(data, out);
		out->option_150 = true;
		break;
	}
}

/* RFC 2132 section 2; pad and end are their code alone
 * struct {
 *     uint8 code;
 *     opaque data<0..2^8-1>;
 * } Option; */
static enum dis
options(struct slice datagram, struct slice s, struct dhcp *out, uint8_t *overload, struct dis_at *at)
{
	struct slice data;
	uint8_t code;

	/* Some clients and servers leave the end option out. */
	while (slice_u8(&s, &code) && code != OPTION_END) {
		if (code == OPTION_PAD)
			continue;
		NEED(slice_vec(&s, 1, &data), true, "dhcp_option.data");
		take_option(code, data, out, overload);
	}
	return DIS_OK;
}

/* A field is whole: an option that runs off its end is no cut. */
static enum dis
field_options(struct slice datagram, struct slice field, struct dhcp *out, struct dis_at *at)
{
	uint8_t overload = 0;

	return options(datagram, field, out, &overload, at) == DIS_OK ? DIS_OK : DIS_BAD;
}

/* RFC 2132 section 9.3: option 52 is known only behind the fields it speaks of. */
static enum dis
all_options(struct slice datagram, struct slice s, struct slice sname, struct slice file, struct dhcp *out,
	    struct dis_at *at)
{
	uint8_t overload = 0;
	enum dis got = options(datagram, s, out, &overload, at);

	if (overload & OVERLOAD_FILE)
		out->boot_file = slice_first(file, 0);
	if (overload & OVERLOAD_SNAME)
		out->boot_server = slice_first(sname, 0);
	if (got == DIS_OK && overload & OVERLOAD_FILE)
		got = field_options(datagram, file, out, at);
	if (got == DIS_OK && overload & OVERLOAD_SNAME)
		got = field_options(datagram, sname, out, at);
	return got;
}

static void
hardware_address(uint8_t htype, uint8_t hlen, struct slice chaddr, struct dhcp *out)
{
	out->has_mac = (htype == HTYPE_ETHERNET || htype == HTYPE_IEEE_802) && hlen == sizeof out->mac &&
		       slice_copy(&chaddr, out->mac, sizeof out->mac);
}

/* RFC 2131 section 2
 * struct {
 *     uint8 op, htype, hlen, hops;
 *     uint32 xid;
 *     uint16 secs, flags;
 *     opaque ciaddr[4], yiaddr[4], siaddr[4], giaddr[4];
 *     opaque chaddr[16];
 *     opaque sname[64];
 *     opaque file[128];
 *     uint32 magic_cookie;                          another number, or none: BOOTP
 *     Option options<>;
 * } DHCP; */
enum dis
dhcp_dissect(struct slice datagram, struct dhcp *out, struct dis_at *at)
{
	struct slice s = datagram, chaddr, sname, file;
	uint8_t op, htype, hlen;
	uint32_t cookie;

	*out = (struct dhcp){0};
	NEED(slice_u8(&s, &op), op == OP_REQUEST || op == OP_REPLY, "dhcp.op");
	out->reply = op == OP_REPLY;
	NEED(slice_u8(&s, &htype), true, "dhcp.htype");
	NEED(slice_u8(&s, &hlen), true, "dhcp.hlen");
	NEED(slice_skip(&s, 1), true, "dhcp.hops");
	NEED(slice_u32(&s, &out->xid), true, "dhcp.xid");
	NEED(slice_skip(&s, 2), true, "dhcp.secs");
	NEED(slice_skip(&s, 2), true, "dhcp.flags");
	NEED(address(&s, &out->client), true, "dhcp.ciaddr");
	NEED(address(&s, &out->yours), true, "dhcp.yiaddr");
	NEED(address(&s, &out->next_server), true, "dhcp.siaddr");
	NEED(address(&s, &out->relay), true, "dhcp.giaddr");
	NEED(slice_take(&s, 16, &chaddr), true, "dhcp.chaddr");
	hardware_address(htype, hlen, chaddr, out);
	NEED(slice_take(&s, 64, &sname), true, "dhcp.sname");
	out->boot_server = field_text(sname);
	NEED(slice_take(&s, 128, &file), true, "dhcp.file");
	out->boot_file = field_text(file);
	NEED(slice_u32(&s, &cookie), true, "dhcp.magic_cookie");
	if (cookie != MAGIC_COOKIE)
		return DIS_OK;
	return all_options(datagram, s, sname, file, out, at);
}

const char *
dhcp_type_name(uint8_t type)
{
	static const char *const names[] = {
		[DHCP_NONE] = "BOOTP",       [DHCP_DISCOVER] = "DISCOVER", [DHCP_OFFER] = "OFFER",
		[DHCP_REQUEST] = "REQUEST",  [DHCP_DECLINE] = "DECLINE",   [DHCP_ACK] = "ACK",
		[DHCP_NAK] = "NAK",          [DHCP_RELEASE] = "RELEASE",   [DHCP_INFORM] = "INFORM",
	};

	return type < sizeof names / sizeof names[0] ? names[type] : NULL;
}
