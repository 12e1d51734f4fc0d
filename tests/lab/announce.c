/* TLVs. Facts sheet cisco-phones, section 4. */
#include "announce.h"

#include "vpn.h"

#define SECOND 1000000U
#define CDP_PERIOD (60 * SECOND)

static const struct host host_switch = {.mac = {0x00, 0x1e, 0x13, 0x5a, 0x2c, 0x07},
					.ip = {192, 0, 2, 2}};

const struct device device_phone = {.host = &host_phone,
				    .name = "SEP001122334455",
				    .platform = "Cisco IP Phone 8861",
				    .port = "Port 1",
				    .software = "sip88xx.11-0-1-11",
				    .model = "CP-8861",
				    .serial = "FCH00000000",
				    .vendor_class = "Cisco Systems, Inc. IP Phone CP-8861",
				    .capabilities = 0x490};
const struct device device_phone_2 = {.host = &host_phone_2,
				      .name = "SEP001122334466",
				      .platform = "Cisco IP Phone 7962",
				      .port = "Port 1",
				      .software = "SIP42.9-4-2SR1-1S",
				      .model = "CP-7962G",
				      .serial = "FCH00000001",
				      .vendor_class = "Cisco Systems, Inc. IP Phone CP-7962G",
				      .capabilities = 0x490};
#define SWITCH                                                                     \
	.host = &host_switch, .name = "sw-access-1.example.com",                   \
	.platform = "cisco WS-C2960X-24PS-L", .port = "GigabitEthernet1/0/7",      \
	.software = "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), " \
		    "Version 15.2(2)E4, RELEASE SOFTWARE (fc2)",                   \
	.capabilities = 0x28
const struct device device_switch = {SWITCH};
const struct device device_voice_switch = {SWITCH, .voice_vlan = 110};
const struct device device_pc = {
	.host = &host_pc, .name = "DESKTOP-77", .vendor_class = "MSFT 5.0"};

enum cdp_type {
	CDP_DEVICE = 1,
	CDP_ADDRESSES = 2,
	CDP_PORT = 3,
	CDP_CAPABILITIES = 4,
	CDP_SOFTWARE = 5,
	CDP_PLATFORM = 6,
	CDP_NATIVE_VLAN = 0x0a,
	CDP_DUPLEX = 0x0b,
	CDP_VOICE_VLAN = 0x0e,
	CDP_POWER = 0x10,
};

/* Type and length, which counts these four bytes too; gives the place of the length. */
static size_t
cdp_open(struct bytes *out, enum cdp_type type)
{
	put(out, 2, type);
	return put(out, 2, 0);
}

static void
cdp_close(struct bytes *out, size_t length)
{
	put_at(out, length, 2, out->n - length + 2);
}

static void
cdp_text(struct bytes *out, enum cdp_type type, const char *text)
{
	size_t length = cdp_open(out, type);

	put_text(out, text);
	cdp_close(out, length);
}

static void
cdp_number(struct bytes *out, enum cdp_type type, size_t width, uint64_t value)
{
	size_t length = cdp_open(out, type);

	put(out, width, value);
	cdp_close(out, length);
}

static void
cdp_address(struct bytes *out, const struct host *host)
{
	size_t length = cdp_open(out, CDP_ADDRESSES);

	put(out, 4, 1);	       /* one of them */
	put(out, 3, 0x0101cc); /* a protocol of one byte: IP */
	put(out, 2, 4);
	put_bytes(out, host->ip, 4);
	cdp_close(out, length);
}

/* CDP puts an odd last byte into the low half of its word, and adds that as a signed number. */
static uint16_t
cdp_checksum(const struct bytes *body)
{
	struct bytes even = *body;
	uint8_t last = even.b[even.n - 1];

	if (even.n % 2 != 0) {
		even.n--;
		put(&even, 2, last & 0x80 ? 0xff00U | (last - 1U) : last);
	}
	return wire_checksum(even.b, even.n);
}

static bool
is_phone(const struct device *device)
{
	return (device->capabilities & 0x80) != 0;
}

static void
put_cdp(struct bytes *out, const struct speaker *speaker)
{
	const struct device *device = speaker->device;

	put(out, 4, 0x02b40000); /* version 2, 180 seconds */
	cdp_text(out, CDP_DEVICE, device->name);
	if (speaker->at != NULL)
		cdp_address(out, speaker->at);
	cdp_text(out, CDP_PORT, device->port);
	cdp_number(out, CDP_CAPABILITIES, 4, device->capabilities);
	cdp_text(out, CDP_SOFTWARE, device->software);
	cdp_text(out, CDP_PLATFORM, device->platform);
	cdp_number(out, CDP_DUPLEX, 1, 1);
	if (device->voice_vlan != 0)
		cdp_number(out, CDP_VOICE_VLAN, 3, 0x010000U | device->voice_vlan);
	if (is_phone(device))
		cdp_number(out, CDP_POWER, 2, 6300); /* mW */
	else
		cdp_number(out, CDP_NATIVE_VLAN, 2, 1);
	put_at(out, 2, 2, cdp_checksum(out));
}

static void
speak(struct lab *lab, struct speaker *speaker)
{
	static const uint8_t group[6] = {0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc};
	struct bytes body = {.n = 0}, out = {.n = 0};

	put_cdp(&body, speaker);
	put(&out, 8, 0xaaaa0300000c2000); /* LLC SNAP: Cisco's, CDP */
	put_bytes(&out, body.b, body.n);
	wire_ethernet(&lab->frames, is_phone(speaker->device) ? CLIENT : SERVER,
		      speaker->device->host, group, (uint16_t)out.n, &out);
	speaker->due = lab->frames.now + CDP_PERIOD;
}

void
announce_join(struct lab *lab, const struct device *device)
{
	struct speaker *speaker = &lab->speakers[lab->n_speakers++];

	if (lab->n_speakers > LAB_SPEAKERS)
		lab_die("too many speak");
	*speaker = (struct speaker){.device = device};
	if (!is_phone(device))
		speaker->at = device->host;
	speak(lab, speaker);
	frames_wait(&lab->frames, 2140);
}

void
announce_moved(struct lab *lab, const struct device *device, const struct host *host)
{
	for (size_t i = 0; i < lab->n_speakers; i++) {
		struct speaker *speaker = &lab->speakers[i];

		if (speaker->device != device)
			continue;
		speaker->at = host;
		speaker->due = lab->frames.now + SECOND;
	}
}

static struct speaker *
next_speaker(struct lab *lab)
{
	struct speaker *next = NULL;

	for (size_t i = 0; i < lab->n_speakers; i++)
		if (next == NULL || lab->speakers[i].due < next->due)
			next = &lab->speakers[i];
	return next;
}

void
announce_wait(struct lab *lab, double seconds)
{
	struct frames *frames = &lab->frames;
	uint64_t end = frames->now + (uint64_t)(seconds * SECOND);

	for (struct speaker *next; (next = next_speaker(lab)) != NULL && next->due <= end;) {
		if (next->due > frames->now)
			frames->now = next->due;
		speak(lab, next);
	}
	if (end > frames->now)
		frames->now = end;
}

/* Seven bits of type, nine of length. */
static size_t
lldp_open(struct bytes *out, unsigned type)
{
	return put(out, 2, type << 9);
}

static void
lldp_close(struct bytes *out, size_t head)
{
	size_t n = out->n - head - 2;

	put_at(out, head, 2, (uint64_t)(out->b[head] << 8) | n);
}

static void
lldp_text(struct bytes *out, unsigned type, const char *text)
{
	size_t head = lldp_open(out, type);

	put_text(out, text);
	lldp_close(out, head);
}

/* An LLDP-MED TLV: its subtype, then a number of width bytes, then a text. */
static void
lldp_med(struct bytes *out, unsigned subtype, size_t width, uint64_t value, const char *text)
{
	size_t head = lldp_open(out, 127);

	put(out, 4, 0x0012bb00U | subtype);
	put(out, width, value);
	put_text(out, text);
	lldp_close(out, head);
}

static void
put_lldp(struct bytes *out, const struct device *device, const struct host *at, uint16_t voice_vlan)
{
	size_t head = lldp_open(out, 1);

	put(out, 2, 0x0501); /* chassis: a network address, IPv4 */
	put_bytes(out, at->ip, 4);
	lldp_close(out, head);
	head = lldp_open(out, 2);
	put(out, 1, 7); /* port: locally assigned */
	put_format(out, "%s:P1", device->name + strlen("SEP"));
	lldp_close(out, head);
	head = lldp_open(out, 3);
	put(out, 2, 180);
	lldp_close(out, head);
	lldp_text(out, 4, "SW PORT");
	lldp_text(out, 5, device->name);
	head = lldp_open(out, 6);
	put_format(out, "%s,V1, %s", device->platform, device->software);
	lldp_close(out, head);
	head = lldp_open(out, 7);
	put(out, 4, 0x00240024); /* bridge and telephone, both on */
	lldp_close(out, head);
	lldp_med(out, 1, 3, 0x003303, ""); /* capabilities of an endpoint of class III */
	if (voice_vlan != 0)		   /* a tag, its VLAN, priority and DSCP */
		lldp_med(out, 2, 4, 0x01400000U | (unsigned)voice_vlan << 9 | 5 << 6 | 46, "");
	lldp_med(out, 5, 0, 0, "1");
	lldp_med(out, 6, 0, 0, "");
	lldp_med(out, 7, 0, 0, device->software);
	lldp_med(out, 8, 0, 0, device->serial);
	lldp_med(out, 9, 0, 0, "Cisco Systems, Inc.");
	lldp_med(out, 10, 0, 0, device->model);
	lldp_close(out, lldp_open(out, 0));
}

void
announce_lldp(struct lab *lab, const struct device *device, const struct host *at,
	      uint16_t voice_vlan)
{
	static const uint8_t group[6] = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e};
	struct bytes out = {.n = 0};

	put_lldp(&out, device, at, voice_vlan);
	wire_ethernet(&lab->frames, CLIENT, device->host, group, 0x88cc, &out);
	frames_wait(&lab->frames, 1890);
}
