/* DHCP: RFC 2131, RFC 2132, RFC 5859. DNS: RFC 1035. Ping: RFC 792. */
#include "boot.h"

#include "vpn.h"

#define DAY 86400U
#define BOOTP_LEAST 300

enum message { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK };
enum option {
	OPTION_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_DNS = 6,
	OPTION_HOST_NAME = 12,
	OPTION_DOMAIN = 15,
	OPTION_REQUESTED = 50,
	OPTION_SECONDS = 51,
	OPTION_MESSAGE = 53,
	OPTION_SERVER = 54,
	OPTION_WANTED = 55,
	OPTION_VENDOR = 60,
	OPTION_CLIENT = 61,
	OPTION_TFTP_NAME = 66,
	OPTION_TFTP = 150,
	OPTION_END = 255,
};

const struct host host_everybody = {.mac = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
				    .ip = {255, 255, 255, 255}};

/* One exchange of messages. */
struct exchange {
	struct lab *lab;
	const struct device *device;
	const struct lease *lease;
	uint32_t id;
};

static struct exchange
exchange(struct lab *lab, const struct device *device, const struct lease *lease)
{
	return (struct exchange){lab, device, lease, 0x5a17c000U + ++lab->connections};
}

static void
put_option(struct bytes *out, enum option option, const void *p, size_t n)
{
	put(out, 1, option);
	put(out, 1, n);
	put_bytes(out, p, n);
}

static void
put_option_number(struct bytes *out, enum option option, size_t width, uint64_t value)
{
	put(out, 1, option);
	put(out, 1, width);
	put(out, width, value);
}

static void
put_option_text(struct bytes *out, enum option option, const char *text)
{
	put_option(out, option, text, strlen(text));
}

/* The fixed fields, the cookie, and option 53. */
static void
put_head(struct bytes *out, const struct exchange *exchange, bool reply, enum message message,
	 const uint8_t has[4], const uint8_t gets[4])
{
	put(out, 4, reply ? 0x02010600 : 0x01010600);
	put(out, 4, exchange->id);
	put(out, 4, 0); /* seconds, flags */
	put_bytes(out, has, 4);
	put_bytes(out, gets, 4);
	put_zeros(out, 8); /* next server, relay */
	put_bytes(out, exchange->device->host->mac, 6);
	put_zeros(out, 10 + 64 + 128); /* the rest of the MAC's field, server name, file */
	put(out, 4, 0x63825363);
	put_option_number(out, OPTION_MESSAGE, 1, message);
}

static void
put_end(struct bytes *out)
{
	put(out, 1, OPTION_END);
	if (out->n < BOOTP_LEAST)
		put_zeros(out, BOOTP_LEAST - out->n);
}

static const uint8_t nothing[4];

/* The phone's side: has is the address in use, wants the one asked for, server whose offer it is.
 */
static void
ask(const struct exchange *exchange, enum message message, const struct host *has,
    const struct host *wants, const struct host *server)
{
	static const uint8_t wanted[] = {OPTION_MASK,	OPTION_TFTP_NAME, OPTION_DNS, OPTION_ROUTER,
					 OPTION_DOMAIN, OPTION_TFTP,	  35};
	const struct device *device = exchange->device;
	struct host source = {.ip = {0}};
	struct bytes out = {.n = 0};
	uint8_t client[7] = {1};

	memcpy(source.mac, device->host->mac, 6);
	memcpy(client + 1, device->host->mac, 6);
	put_head(&out, exchange, false, message, has != NULL ? has->ip : nothing, nothing);
	put_option(&out, OPTION_CLIENT, client, sizeof(client));
	if (wants != NULL)
		put_option(&out, OPTION_REQUESTED, wants->ip, 4);
	if (server != NULL)
		put_option(&out, OPTION_SERVER, server->ip, 4);
	put_option_text(&out, OPTION_HOST_NAME, device->name);
	put_option_text(&out, OPTION_VENDOR, device->vendor_class);
	put_option(&out, OPTION_WANTED, wanted, sizeof(wanted));
	put_end(&out);
	wire_udp(&exchange->lab->frames, CLIENT, has != NULL ? has : &source, 68,
		 has != NULL ? &host_dns : &host_everybody, 67, out.b, out.n);
	frames_wait(&exchange->lab->frames, 8730);
}

static void
put_address(struct bytes *out, enum option option, enum option_form form, const struct lease *lease)
{
	const uint8_t *ip = lease->tftp != NULL ? lease->tftp->ip : nothing;
	char text[16];

	snprintf(text, sizeof(text), "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
	if (form == OPTION_BYTES)
		put_option(out, option, ip, 4);
	else if (form == OPTION_TEXT && option == OPTION_TFTP_NAME && lease->tftp_name != NULL)
		put_option_text(out, option, lease->tftp_name);
	else if (form == OPTION_TEXT)
		put_option_text(out, option, text);
}

static void
answer(const struct exchange *exchange, enum message message, const struct host *has)
{
	const struct lease *lease = exchange->lease;
	const struct host *to = message == NAK ? &host_everybody : lease->address;
	struct bytes out = {.n = 0};

	put_head(&out, exchange, true, message, has != NULL ? has->ip : nothing,
		 message == NAK ? nothing : lease->address->ip);
	put_option(&out, OPTION_SERVER, host_dns.ip, 4);
	if (message != NAK) {
		put_option_number(&out, OPTION_SECONDS, 4,
				  lease->seconds != 0 ? lease->seconds : DAY);
		put_option_number(&out, OPTION_MASK, 4, 0xffffff00);
		put_option(&out, OPTION_ROUTER, host_dns.ip, 4);
		put_option(&out, OPTION_DNS, host_dns.ip, 4);
		put_option_text(&out, OPTION_DOMAIN, "example.com");
		put_address(&out, OPTION_TFTP_NAME, lease->option_66, lease);
		put_address(&out, OPTION_TFTP, lease->option_150, lease);
	}
	put_end(&out);
	wire_udp(&exchange->lab->frames, SERVER, &host_dns, 67, to, 68, out.b, out.n);
	frames_wait(&exchange->lab->frames, 4410);
}

void
boot_dhcp(struct lab *lab, const struct device *device, const struct lease *lease)
{
	struct exchange x = exchange(lab, device, lease);

	ask(&x, DISCOVER, NULL, NULL, NULL);
	frames_wait(&lab->frames, 401200); /* the server looks whether somebody has the address */
	answer(&x, OFFER, NULL);
	ask(&x, REQUEST, NULL, lease->address, &host_dns);
	answer(&x, ACK, NULL);
	announce_moved(lab, device, lease->address);
	frames_wait(&lab->frames, 180300);
}

void
boot_dhcp_renew(struct lab *lab, const struct device *device, const struct lease *lease)
{
	struct exchange x = exchange(lab, device, lease);

	ask(&x, REQUEST, lease->address, NULL, NULL);
	answer(&x, ACK, lease->address);
}

void
boot_dhcp_refused(struct lab *lab, const struct device *device, const struct lease *old)
{
	struct exchange x = exchange(lab, device, old);

	ask(&x, REQUEST, NULL, old->address, NULL);
	answer(&x, NAK, NULL);
	announce_moved(lab, device, NULL);
	frames_wait(&lab->frames, 1002900);
}

enum { DNS_A = 1, DNS_CNAME = 5, DNS_SOA = 6 };

static void
put_name(struct bytes *out, const char *name)
{
	for (size_t n; *name != '\0'; name += n + (name[n] == '.')) {
		n = strcspn(name, ".");
		put(out, 1, n);
		put_bytes(out, name, n);
	}
	put(out, 1, 0);
}

/* The head of a record about the name at an offset; gives the place of its length. */
static size_t
open_record(struct bytes *out, size_t name, unsigned type)
{
	put(out, 2, 0xc000 | name);
	put(out, 2, type);
	put(out, 2, 1); /* the Internet */
	put(out, 4, 300);
	return put(out, 2, 0);
}

/* Where a name is not, its zone says how long to believe so. */
static void
put_missing(struct bytes *out)
{
	size_t length, zone = out->n;

	put_name(out, "example.com");
	put(out, 2, DNS_SOA);
	put(out, 2, 1);
	put(out, 4, 300);
	length = put(out, 2, 0);
	put(out, 3, 0x026e73); /* ns, and the zone */
	put(out, 2, 0xc000 | zone);
	put(out, 4, 0x03616463); /* adc, who answers for it */
	put(out, 2, 0xc000 | zone);
	put(out, 4, 2016033101);
	put(out, 8, 0x00000e1000000258); /* refresh, retry */
	put(out, 8, 0x001275000000012c); /* expire, minimum */
	put_length(out, length, 2);
}

static void
put_answers(struct bytes *out, const struct name *name)
{
	size_t owner = 12, length;

	if (name->alias != NULL) {
		length = open_record(out, owner, DNS_CNAME);
		owner = out->n;
		put_name(out, name->alias);
		put_length(out, length, 2);
	}
	length = open_record(out, owner, DNS_A);
	put_bytes(out, name->answer->ip, 4);
	put_length(out, length, 2);
}

struct query {
	struct bytes bytes;
	uint16_t port;
};

static struct query
new_query(struct lab *lab, const char *name)
{
	unsigned nth = ++lab->connections;
	struct query query = {.port = (uint16_t)(50010 + nth)};

	put(&query.bytes, 2, 0x4a11 + 0x101 * nth);
	put(&query.bytes, 2, 0x0100); /* recursion desired */
	put(&query.bytes, 8, 0x0001000000000000);
	put_name(&query.bytes, name);
	put(&query.bytes, 4, 0x00010001); /* A, the Internet */
	return query;
}

static void
send_query(struct lab *lab, const struct host *asks, const struct query *query)
{
	wire_udp(&lab->frames, CLIENT, asks, query->port, &host_dns, 53, query->bytes.b,
		 query->bytes.n);
}

void
boot_lookup(struct lab *lab, const struct host *asks, const struct name *name)
{
	struct query query = new_query(lab, name->name);
	struct bytes *out = &query.bytes;

	send_query(lab, asks, &query);
	frames_wait(&lab->frames, 3310);
	put_at(out, 2, 2, name->answer != NULL ? 0x8180 : 0x8183); /* an answer; no such name */
	if (name->answer == NULL) {
		put_at(out, 8, 2, 1);
		put_missing(out);
	} else {
		put_at(out, 6, 2, name->alias != NULL ? 2 : 1);
		put_answers(out, name);
	}
	wire_udp(&lab->frames, SERVER, &host_dns, 53, asks, query.port, out->b, out->n);
	frames_wait(&lab->frames, 15020);
}

void
boot_lookup_unanswered(struct lab *lab, const struct host *asks, const char *name, unsigned times)
{
	struct query query = new_query(lab, name);

	for (unsigned i = 0; i < times; i++) {
		send_query(lab, asks, &query);
		announce_wait(lab, 5);
	}
}

void
boot_ping(struct lab *lab, const struct host *asks, const struct host *asked, bool answered)
{
	for (unsigned i = 1; i <= 4; i++) {
		struct bytes out = {.n = 0};

		put(&out, 4, 0x08000000); /* echo request */
		put(&out, 2, 0x0d3f);
		put(&out, 2, i);
		put_text(&out, "abcdefghijklmnopqrstuvwxyzabcdef");
		wire_icmp(&lab->frames, CLIENT, asks, asked, &out);
		frames_wait(&lab->frames, 740);
		if (answered) {
			put_at(&out, 0, 1, 0); /* echo reply */
			wire_icmp(&lab->frames, SERVER, asked, asks, &out);
		}
		announce_wait(lab, 1);
	}
}
