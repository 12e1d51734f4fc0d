/* Link layers. */
#include "link_reading.h"

static void
test_ethernet(void **state)
{
	struct reading r = start(LINKTYPE_ETHERNET, ETHERNET "0800 45");

	(void)state;
	assert_read(r, ETHERTYPE_IPV4, 1);
	assert_mac(&r, "020000000001", "020000000002");
	assert_int_equal(r.link.vlans, 0);
	r = start(LINKTYPE_ETHERNET, ETHERNET "0806 0001");
	assert_read(r, 0x0806, 2);
	assert_read(start(LINKTYPE_ETHERNET, ETHERNET "0600 0001"), 0x0600, 2);
	assert_read(start(LINKTYPE_ETHERNET, ETHERNET "05dc 4242"), ETHERTYPE_LLC, 2);
	/* 1501 to 1535 are neither type nor length */
	r = start(LINKTYPE_ETHERNET, ETHERNET "05dd 0001");
	assert_read(r, ETHERTYPE_NONE, 2);
	r = start(LINKTYPE_ETHERNET, ETHERNET "08");
	assert_int_equal(r.got, DIS_MORE);
	assert_string_equal(r.at.field, "ethernet.type");
	assert_int_equal(r.at.off, 12);
}

static void
test_cisco_hdlc(void **state)
{
	(void)state;
	assert_read(start(LINKTYPE_C_HDLC, "0f00 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_C_HDLC, "8f00 86dd 60"), ETHERTYPE_IPV6, 1);
	assert_read(start(LINKTYPE_PPP_HDLC, "0f00 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_PPP, "8f00 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_PPP, "0f21 45"), ETHERTYPE_PPP, 3);
	assert_bad(start(LINKTYPE_C_HDLC, "ff03 0021 45"), "chdlc.address", 0);
}

static void
test_bsd_loopback(void **state)
{
	static const char *const v6[] = {"0000000a", "0a000000", "00000018", "18000000",
					 "0000001c", "1c000000", "0000001e", "1e000000"};

	(void)state;
	assert_read(start(LINKTYPE_NULL, "02000000 45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_LOOP, "00000002 45"), ETHERTYPE_IPV4, 1);
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		assert_read(start(LINKTYPE_NULL, v6[i]), ETHERTYPE_IPV6, 0);
		assert_read(start(LINKTYPE_LOOP, v6[i]), ETHERTYPE_IPV6, 0);
	}
	assert_read(start(LINKTYPE_NULL, "07000000"), ETHERTYPE_NONE, 0);
}

static void
test_linux_cooked(void **state)
{
	struct reading r = start(LINKTYPE_LINUX_SLL, "0000 0001 0006 020000000001 0000 0800 45");

	(void)state;
	assert_read(r, ETHERTYPE_IPV4, 1);
	assert_mac(&r, "020000000001", "000000000000");
	r = start(LINKTYPE_LINUX_SLL2, "86dd 0000 00000003 0001 00 06 020000000001 0000 60");
	assert_read(r, ETHERTYPE_IPV6, 1);
	assert_mac(&r, "020000000001", "000000000000");
	r = start(LINKTYPE_LINUX_SLL, "0000 0200 0000 0000000000000000 0004 aaaa03");
	assert_read(r, ETHERTYPE_LLC, 3);
	assert_false(r.link.has_mac);
}

static void
test_raw(void **state)
{
	static const uint32_t raw[] = {LINKTYPE_RAW_BSD, LINKTYPE_RAW_OPENBSD, LINKTYPE_RAW};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_read(start(raw[i], "45"), ETHERTYPE_IPV4, 1);
		assert_read(start(raw[i], "60"), ETHERTYPE_IPV6, 1);
		assert_read(start(raw[i], "50"), ETHERTYPE_NONE, 1);
	}
	assert_read(start(LINKTYPE_IPV4, "45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_IPV6, "60"), ETHERTYPE_IPV6, 1);
}

static void
test_known(void **state)
{
	static const uint32_t known[] = {0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 228, 229, 276};
	size_t n = 0;

	(void)state;
	for (uint32_t linktype = 0; linktype < 65536; linktype++)
		n += link_known(linktype);
	assert_int_equal(n, sizeof(known) / sizeof(known[0]));
	for (size_t i = 0; i < n; i++)
		assert_true(link_known(known[i]));
	assert_bad(start(147, "00"), "frame.linktype", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ethernet),
		cmocka_unit_test(test_cisco_hdlc),
		cmocka_unit_test(test_bsd_loopback),
		cmocka_unit_test(test_linux_cooked),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
