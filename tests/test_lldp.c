/* dissectors/lldp.c */
#include "dissectors/lldp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "prefixes.h"

#define MED(length, subtype) "\xfe" length "\x00\x12\xbb" subtype
#define CHASSIS "\x02\x02\x07" "c" /* locally assigned: "c" */
#define END "\x00\x00"

/* As tshark reads it: chassis 192.0.2.55, port 001122334455:P1 locally assigned, 180 s, SW PORT, SEP001122334455, Cisco
 * IP Phone 8861, bridge and telephone, management address 192.0.2.56, a TLV of IEEE 802.3's, MED capabilities, voice
 * policy VLAN 100 tagged, voice signalling's unknown, the inventory. */
static const char phone[] = "\x02\x06\x05\x01\xc0\x00\x02\x37"
			    "\x04\x10\x07" "001122334455:P1"
			    "\x06\x02\x00\xb4"
			    "\x08\x07" "SW PORT"
			    "\x0a\x0f" "SEP001122334455"
			    "\x0c\x13" "Cisco IP Phone 8861"
			    "\x0e\x04\x00\x24\x00\x20"
			    "\x10\x0c\x05\x01\xc0\x00\x02\x38\x02\x00\x00\x00\x01\x00"
			    "\xfe\x09\x00\x12\x0f\x01\x03\x6c\x01\x00\x1e"
			    MED("\x07", "\x01") "\x00\x33\x03"
			    MED("\x08", "\x02") "\x01\x40\xc9\x6e"
			    MED("\x08", "\x02") "\x02\x80\x00\x00"
			    MED("\x06", "\x05") "12"
			    MED("\x09", "\x06") "boot1"
			    MED("\x18", "\x07") "sip88xx.12-5-1SR3-74"
			    MED("\x0f", "\x08") "FCH00000000"
			    MED("\x17", "\x09") "Cisco Systems, Inc."
			    MED("\x0b", "\x0a") "CP-8861"
			    MED("\x08", "\x0b") "4711"
			    END;

/* A switch: chassis and port by MAC address and by interface name, management address 2001:db8::5. */
static const char network_switch[] = "\x02\x07\x04\x00\x19\x06\x00\x00\xaa"
				     "\x04\x08\x05" "Gi1/0/7"
				     "\x06\x02\x00\x78"
				     "\x0a\x03" "sw1"
				     "\x0e\x04\x00\x14\x00\x04"
				     "\x10\x18\x11\x02\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05"
				     "\x02\x00\x00\x00\x01\x00"
				     "\xfe\x06\x00\x80\xc2\x01\x00\x14";

static enum dis
read_bytes(const char *bytes, size_t n, struct lldp *out)
{
	struct dis_at at;

	return lldp_dissect(slice_of(bytes, n), out, &at);
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
assert_v4(const struct lldp *lldp, uint8_t last)
{
	const uint8_t want[4] = {192, 0, 2, last};

	assert_true(lldp->has_ip);
	assert_true(ip_addr_is_v4(&lldp->ip));
	assert_memory_equal(lldp->ip.b + 12, want, sizeof(want));
}

static void
test_phone(void **state)
{
	struct lldp lldp;

	(void)state;
	assert_int_equal(READ(phone, &lldp), DIS_OK);
	assert_int_equal(lldp.chassis_subtype, 5);
	assert_int_equal(lldp.chassis_id.n, 5);
	assert_memory_equal(lldp.chassis_id.p, "\x01\xc0\x00\x02\x37", 5);
	assert_int_equal(lldp.port_subtype, 7);
	assert_text(lldp.port_id, "001122334455:P1");
	assert_int_equal(lldp.ttl, 180);
	assert_text(lldp.port_description, "SW PORT");
	assert_text(lldp.system_name, "SEP001122334455");
	assert_text(lldp.system_description, "Cisco IP Phone 8861");
	assert_int_equal(lldp.capabilities, LLDP_BRIDGE | LLDP_PHONE);
	assert_v4(&lldp, 56);
	assert_int_equal(lldp.voice_vlan, 100);
}

static void
test_inventory(void **state)
{
	struct lldp lldp;

	(void)state;
	READ(phone, &lldp);
	assert_text(lldp.hardware, "12");
	assert_text(lldp.firmware, "boot1");
	assert_text(lldp.software, "sip88xx.12-5-1SR3-74");
	assert_text(lldp.serial, "FCH00000000");
	assert_text(lldp.manufacturer, "Cisco Systems, Inc.");
	assert_text(lldp.model, "CP-8861");
	assert_text(lldp.asset, "4711");
	/* the numbers around it, and another organization's */
	READ(CHASSIS MED("\x05", "\x04") "a" MED("\x05", "\x0c") "b" "\xfe\x05\x00\x12\xbc\x05" "c", &lldp);
	assert_int_equal(lldp.hardware.n + lldp.asset.n, 0);
}

static void
test_switch(void **state)
{
	struct lldp lldp;

	(void)state;
	assert_int_equal(READ(network_switch, &lldp), DIS_OK);
	assert_int_equal(lldp.chassis_subtype, 4);
	assert_int_equal(lldp.chassis_id.n, 6);
	assert_memory_equal(lldp.chassis_id.p, "\x00\x19\x06\x00\x00\xaa", 6);
	assert_int_equal(lldp.port_subtype, 5);
	assert_text(lldp.port_id, "Gi1/0/7");
	assert_int_equal(lldp.capabilities, LLDP_BRIDGE | LLDP_ROUTER);
	assert_true(lldp.has_ip);
	assert_int_equal(lldp.ip.b[0], 0x20);
	assert_int_equal(lldp.ip.b[15], 0x05);
	assert_int_equal(lldp.voice_vlan, -1);
}

static void
test_addresses(void **state)
{
	struct lldp lldp;

	(void)state;
	/* the chassis', where no management address is one */
	READ("\x02\x06\x05\x01\xc0\x00\x02\x37\x10\x06\x05\x01\x00\x00\x00\x00" END, &lldp);
	assert_v4(&lldp, 0x37);
	/* a chassis id of another kind that looks like one */
	READ("\x02\x06\x07\x01\xc0\x00\x02\x37" END, &lldp);
	assert_false(lldp.has_ip);
	/* the first of two; before it one that is a MAC address, and one whose family has another length */
	READ(CHASSIS "\x10\x08\x07\x06\x00\x11\x22\x33\x44\x55" "\x10\x05\x04\x01\xc0\x00\x02" "\x10\x06\x05\x01\xc0\x00\x02\x01"
	     "\x10\x06\x05\x01\xc0\x00\x02\x02" END, &lldp);
	assert_v4(&lldp, 1);
	/* its length runs out of the TLV */
	READ(CHASSIS "\x10\x06\x09\x01\xc0\x00\x02\x01" END, &lldp);
	assert_false(lldp.has_ip);
	READ(CHASSIS "\x10\x06\x05\x02\xc0\x00\x02\x01" END, &lldp);
	assert_false(lldp.has_ip);
	/* neither family, of IPv6's length */
	READ(CHASSIS "\x10\x12\x11\x03\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05" END, &lldp);
	assert_false(lldp.has_ip);
}

static void
test_voice_vlan(void **state)
{
	struct lldp lldp;

	(void)state;
	/* another application's, then one that is not known yet, one without a tag, and two */
	READ(CHASSIS MED("\x08", "\x02") "\x02\x40\xc9\x6e" MED("\x08", "\x02") "\x01\xc0\xc9\x6e"
	     MED("\x08", "\x02") "\x01\x00\xc9\x6e" END, &lldp);
	assert_int_equal(lldp.voice_vlan, -1);
	READ(CHASSIS MED("\x08", "\x02") "\x01\x5f\xff\xff" MED("\x08", "\x02") "\x01\x40\xc9\x6e" END, &lldp);
	assert_int_equal(lldp.voice_vlan, 4095);
	READ(CHASSIS MED("\x07", "\x02") "\x01\x40\xc9" END, &lldp);
	assert_int_equal(lldp.voice_vlan, -1);
}

/* What is too short to say anything is stepped over, of two the first counts, and the end is the end. */
static void
test_odd_tlvs(void **state)
{
	struct lldp lldp;

	(void)state;
	assert_int_equal(READ(CHASSIS "\x02\x02\x04" "d" "\x04\x00" "\x04\x02\x05" "p" "\x06\x01\x00" "\x06\x02\x00\x0a"
			      "\x06\x02\x00\x0b" "\x0e\x01\x00" "\x0e\x02\x00\x20" "\x0e\x02\x00\x04" "\xfe\x03\x00\x12\xbb" "\xfe\x00" "\x14\x02" "xx" "\x0a\x00" "\x0a\x01" "a"
			      "\x0a\x01" "b" END "\x0c\x01" "z", &lldp), DIS_OK);
	assert_int_equal(lldp.chassis_subtype, 7);
	assert_text(lldp.chassis_id, "c");
	assert_int_equal(lldp.port_subtype, 5);
	assert_text(lldp.port_id, "p");
	assert_int_equal(lldp.ttl, 10);
	assert_int_equal(lldp.capabilities, LLDP_PHONE);
	assert_text(lldp.system_name, "a");
	assert_int_equal(lldp.system_description.n, 0);
}

/* A length has nine bits, the highest of them in the first byte. */
static void
test_long_tlv(void **state)
{
	uint8_t bytes[4 + 2 + 0x1ff] = {0x02, 0x02, 0x07, 'c', 0x0d, 0xff};
	struct lldp lldp;
	struct dis_at at;

	(void)state;
	assert_int_equal(lldp_dissect(slice_of(bytes, sizeof(bytes)), &lldp, &at), DIS_OK);
	assert_int_equal(lldp.system_description.n, 0x1ff);
	assert_int_equal(lldp_dissect(slice_of(bytes, sizeof(bytes) - 1), &lldp, &at), DIS_MORE);
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
		{"", 0, DIS_MORE, "lldp.chassis_id", 0},
		{"\x00\x00", 2, DIS_BAD, "lldp.chassis_id", 0},
		{"\x04\x02\x05" "p", 4, DIS_BAD, "lldp.chassis_id", 0},
		{"\x02", 1, DIS_MORE, "lldp.type", 0},
		{CHASSIS "\x04", 5, DIS_MORE, "lldp.type", 4},
		{CHASSIS "\x04\x02\x05", 7, DIS_MORE, "lldp.value", 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dis_at at = {0};
		struct lldp lldp;

		assert_int_equal(lldp_dissect(slice_of(rows[i].bytes, rows[i].n), &lldp, &at), rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		/* what came before stays */
		assert_text(lldp.chassis_id, rows[i].n > 4 ? "c" : "");
	}
}

static void
walk(struct slice prefix, void *arg)
{
	const size_t *chassis = arg;
	struct dis_at at = {0};
	struct lldp lldp;
	enum dis got = lldp_dissect(prefix, &lldp, &at);

	assert_int_not_equal(got, DIS_BAD);
	if (got == DIS_MORE)
		assert_true(at.field != NULL && at.off <= prefix.n);
	if (prefix.n < *chassis + 3)
		assert_int_equal(lldp.chassis_id.n, 0);
	else
		assert_int_equal(lldp.chassis_id.n, *chassis);
	if (lldp.asset.n > 0)
		assert_true(lldp.asset.p + lldp.asset.n <= prefix.p + prefix.n);
}

static void
test_prefixes(void **state)
{
	size_t chassis = 5;

	(void)state;
	every_prefix((const uint8_t *)phone, sizeof(phone) - 1, walk, &chassis);
	chassis = 6;
	every_prefix((const uint8_t *)network_switch, sizeof(network_switch) - 1, walk, &chassis);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phone),
		cmocka_unit_test(test_inventory),
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_voice_vlan),
		cmocka_unit_test(test_odd_tlvs),
		cmocka_unit_test(test_long_tlv),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
