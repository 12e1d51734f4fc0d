/* dissectors/cdp.c */
#include "dissectors/cdp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "prefixes.h"

#define HEADER "\x02\xb4\x73\xa8"
#define FIELD(type, length) "\x00" type "\x00" length
#define IPV4_ADDRESS "\x01\x01\xcc\x00\x04" /* and four bytes */
#define IPV6_ADDRESS "\x02\x08\xaa\xaa\x03\x00\x00\x00\x86\xdd\x00\x10"

/* As tshark reads it: SEP001122334455, 192.0.2.55, Port 1, host and phone and relay, sip88xx.12-5-1SR3-74,
 * Cisco IP Phone 8861, VoIP VLAN query 512, duplex full, 6300 mW. */
static const char phone[] = HEADER FIELD("\x01", "\x13") "SEP001122334455"
			    FIELD("\x02", "\x11") "\x00\x00\x00\x01" IPV4_ADDRESS "\xc0\x00\x02\x37"
			    FIELD("\x03", "\x0a") "Port 1"
			    FIELD("\x04", "\x08") "\x00\x00\x04\x90"
			    FIELD("\x05", "\x18") "sip88xx.12-5-1SR3-74"
			    FIELD("\x06", "\x17") "Cisco IP Phone 8861"
			    FIELD("\x0f", "\x08") "\x20\x02\x00\x01"
			    FIELD("\x0b", "\x05") "\x01"
			    FIELD("\x10", "\x06") "\x18\x9c";

/* sw1.example.net, 192.0.2.1, GigabitEthernet1/0/7, switch and IGMP, two lines, cisco WS-C3750X, a domain, native VLAN
 * 20, VoIP VLAN reply 100, management address 192.0.2.2. */
static const char network_switch[] = "\x02\x78\x12\x34" FIELD("\x01", "\x13") "sw1.example.net"
				     FIELD("\x02", "\x11") "\x00\x00\x00\x01" IPV4_ADDRESS "\xc0\x00\x02\x01"
				     FIELD("\x03", "\x18") "GigabitEthernet1/0/7"
				     FIELD("\x04", "\x08") "\x00\x00\x00\x28"
				     FIELD("\x05", "\x1b") "Cisco IOS\nCopyright (c)"
				     FIELD("\x06", "\x13") "cisco WS-C3750X"
				     FIELD("\x09", "\x07") "Lab"
				     FIELD("\x0a", "\x06") "\x00\x14"
				     FIELD("\x0e", "\x07") "\x01\x00\x64"
				     FIELD("\x16", "\x11") "\x00\x00\x00\x01" IPV4_ADDRESS "\xc0\x00\x02\x02";

static enum dis
read_bytes(const char *bytes, size_t n, struct cdp *out)
{
	struct dis_at at;

	return cdp_dissect(slice_of(bytes, n), out, &at);
}

/* READ reads a string's bytes, without the 0 behind them. */
#define READ(bytes, out) read_bytes(bytes, sizeof(bytes) - 1, out)

static void
assert_text(struct slice got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void
assert_v4(const struct cdp *cdp, uint8_t last)
{
	const uint8_t want[4] = {192, 0, 2, last};

	assert_true(cdp->has_ip);
	assert_true(ip_addr_is_v4(&cdp->ip));
	assert_memory_equal(cdp->ip.b + 12, want, sizeof(want));
}

static void
test_phone(void **state)
{
	struct cdp cdp;

	(void)state;
	assert_int_equal(READ(phone, &cdp), DIS_OK);
	assert_int_equal(cdp.version, 2);
	assert_int_equal(cdp.ttl, 180);
	assert_text(cdp.device_id, "SEP001122334455");
	assert_text(cdp.port_id, "Port 1");
	assert_text(cdp.platform, "Cisco IP Phone 8861");
	assert_text(cdp.software, "sip88xx.12-5-1SR3-74");
	assert_int_equal(cdp.capabilities, CDP_HOST | CDP_PHONE | CDP_TWO_PORT_RELAY);
	assert_v4(&cdp, 55);
	assert_int_equal(cdp.native_vlan, -1);
	assert_int_equal(cdp.voice_vlan, 512);
	assert_true(cdp.voice_vlan_asked);
}

static void
test_switch(void **state)
{
	struct cdp cdp;

	(void)state;
	assert_int_equal(READ(network_switch, &cdp), DIS_OK);
	assert_text(cdp.device_id, "sw1.example.net");
	assert_text(cdp.port_id, "GigabitEthernet1/0/7");
	assert_text(cdp.platform, "cisco WS-C3750X");
	assert_text(cdp.software, "Cisco IOS\nCopyright (c)");
	assert_true(cdp.capabilities & CDP_SWITCH);
	assert_false(cdp.capabilities & CDP_PHONE);
	assert_v4(&cdp, 1);
	assert_int_equal(cdp.native_vlan, 20);
	assert_int_equal(cdp.voice_vlan, 100);
	assert_false(cdp.voice_vlan_asked);
}

static void
test_nothing_said(void **state)
{
	struct cdp cdp;

	(void)state;
	assert_int_equal(READ("\x01\x00\x00\x00", &cdp), DIS_OK);
	assert_int_equal(cdp.version, 1);
	assert_int_equal(cdp.device_id.n + cdp.port_id.n + cdp.platform.n + cdp.software.n, 0);
	assert_int_equal(cdp.capabilities, 0);
	assert_false(cdp.has_ip);
	assert_int_equal(cdp.native_vlan, -1);
	assert_int_equal(cdp.voice_vlan, -1);
}

static void
test_addresses(void **state)
{
	struct cdp cdp;

	(void)state;
	assert_int_equal(READ(HEADER FIELD("\x02", "\x24") "\x00\x00\x00\x01" IPV6_ADDRESS
			      "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09", &cdp), DIS_OK);
	assert_true(cdp.has_ip);
	assert_int_equal(cdp.ip.b[0], 0x20);
	assert_int_equal(cdp.ip.b[15], 0x09);
	/* behind CLNP's, IPX's and one that is all zero */
	READ(HEADER FIELD("\x02", "\x38") "\x00\x00\x00\x04" "\x01\x01\x81\x00\x03\x01\x02\x03"
	     "\x02\x08\xaa\xaa\x03\x00\x00\x00\x81\x37\x00\x0a\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"
	     IPV4_ADDRESS "\x00\x00\x00\x00" IPV4_ADDRESS "\xc0\x00\x02\x08", &cdp);
	assert_v4(&cdp, 8);
	/* the first of two */
	READ(HEADER FIELD("\x02", "\x1a") "\x00\x00\x00\x02" IPV4_ADDRESS "\xc0\x00\x02\x08"
	     IPV4_ADDRESS "\xc0\x00\x02\x09", &cdp);
	assert_v4(&cdp, 8);
	/* fewer are announced than there are, or more */
	READ(HEADER FIELD("\x02", "\x11") "\x00\x00\x00\x00" IPV4_ADDRESS "\xc0\x00\x02\x08", &cdp);
	assert_false(cdp.has_ip);
	READ(HEADER FIELD("\x02", "\x11") "\xff\xff\xff\xff" IPV4_ADDRESS "\x00\x00\x00\x00", &cdp);
	assert_false(cdp.has_ip);
	/* of another length than its protocol has */
	READ(HEADER FIELD("\x02", "\x1d") "\x00\x00\x00\x01" "\x01\x01\xcc\x00\x10"
	     "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09", &cdp);
	assert_false(cdp.has_ip);
	READ(HEADER FIELD("\x02", "\x18") "\x00\x00\x00\x01" "\x02\x08\xaa\xaa\x03\x00\x00\x00\x86\xdd\x00\x04"
	     "\xc0\x00\x02\x08", &cdp);
	assert_false(cdp.has_ip);
}

static void
test_voice_vlan(void **state)
{
	struct cdp cdp;

	(void)state;
	/* a reply is believed, wherever it stands, and the first of two */
	READ(HEADER FIELD("\x0f", "\x08") "\x20\x02\x00\x01" FIELD("\x0e", "\x07") "\x01\x00\x64", &cdp);
	assert_int_equal(cdp.voice_vlan, 100);
	assert_false(cdp.voice_vlan_asked);
	READ(HEADER FIELD("\x0e", "\x07") "\x01\x00\x64" FIELD("\x0f", "\x08") "\x20\x02\x00\x01"
	     FIELD("\x0e", "\x07") "\x01\x00\x65", &cdp);
	assert_int_equal(cdp.voice_vlan, 100);
	assert_false(cdp.voice_vlan_asked);
	/* some have no VLAN in them */
	assert_int_equal(READ(HEADER FIELD("\x0e", "\x06") "\x01\x00" FIELD("\x0f", "\x04") "", &cdp), DIS_OK);
	assert_int_equal(cdp.voice_vlan, -1);
}

/* What is too short to say anything is stepped over, and of two the first counts. */
static void
test_odd_fields(void **state)
{
	struct cdp cdp;

	(void)state;
	assert_int_equal(READ(HEADER FIELD("\x01", "\x04") FIELD("\x02", "\x07") "\x00\x00\x00" FIELD("\x04", "\x06")
			      "\x04\x90" FIELD("\x0a", "\x05") "\x01" FIELD("\x7f", "\x04")
			      FIELD("\x01", "\x05") "a" FIELD("\x01", "\x05") "b" FIELD("\x0a", "\x06") "\x00\x02"
			      FIELD("\x0a", "\x06") "\x00\x03" FIELD("\x04", "\x08") "\x00\x00\x00\x80"
			      FIELD("\x04", "\x08") "\x00\x00\x00\x01", &cdp), DIS_OK);
	assert_text(cdp.device_id, "a");
	assert_false(cdp.has_ip);
	assert_int_equal(cdp.native_vlan, 2);
	assert_int_equal(cdp.capabilities, CDP_PHONE);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		{"", 0, DIS_MORE, "cdp.version", 0},
		{"\x00\xb4\x00\x00", 4, DIS_BAD, "cdp.version", 0},
		{"\x03\xb4\x00\x00", 4, DIS_BAD, "cdp.version", 0},
		{"\x02", 1, DIS_MORE, "cdp.ttl", 1},
		{"\x02\xb4\x00", 3, DIS_MORE, "cdp.checksum", 2},
		{HEADER FIELD("\x01", "\x05") "a\x00", 10, DIS_MORE, "cdp.type", 9},
		{HEADER FIELD("\x01", "\x05") "a\x00\x02\x00", 12, DIS_MORE, "cdp.length", 11},
		{HEADER FIELD("\x01", "\x05") "a\x00\x02\x00\x03", 13, DIS_BAD, "cdp.length", 11},
		{HEADER FIELD("\x01", "\x05") "a\x00\x02\x00\x05", 13, DIS_MORE, "cdp.value", 13},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dis_at at = {0};
		struct cdp cdp;

		assert_int_equal(cdp_dissect(slice_of(rows[i].bytes, rows[i].n), &cdp, &at), rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		/* what came before stays */
		assert_text(cdp.device_id, rows[i].n > 4 ? "a" : "");
	}
}

static void
assert_within(struct slice text, struct slice prefix)
{
	if (text.n > 0)
		assert_true(text.p >= prefix.p && text.p + text.n <= prefix.p + prefix.n);
}

static void
walk(struct slice prefix, void *arg)
{
	struct dis_at at = {0};
	struct cdp cdp;
	enum dis got = cdp_dissect(prefix, &cdp, &at);

	(void)arg;
	assert_int_not_equal(got, DIS_BAD);
	if (got == DIS_MORE)
		assert_true(at.field != NULL && at.off <= prefix.n);
	assert_int_equal(cdp.device_id.n, prefix.n >= 4 + 0x13 ? 15 : 0);
	assert_within(cdp.device_id, prefix);
	assert_within(cdp.port_id, prefix);
	assert_within(cdp.platform, prefix);
	assert_within(cdp.software, prefix);
}

static void
test_prefixes(void **state)
{
	(void)state;
	every_prefix((const uint8_t *)phone, sizeof(phone) - 1, walk, NULL);
	every_prefix((const uint8_t *)network_switch, sizeof(network_switch) - 1, walk, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phone),
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_nothing_said),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_voice_vlan),
		cmocka_unit_test(test_odd_fields),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
