/* Shims between a link layer and IP. */
#include "link_reading.h"

static void
test_8023(void **state)
{
	struct reading r = start(LINKTYPE_ETHERNET, ETHERNET "0009 aaaa03 000000 0800 45 0000");

	(void)state;
	assert_read(r, ETHERTYPE_LLC, 9); /* the padding is cut off */
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 000000 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 0000f8 86dd 60"), ETHERTYPE_IPV6, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 00000c 2000 02"), ETHERTYPE_CDP, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 00000c 0800 45"), ETHERTYPE_NONE, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 080007 2000 02"), ETHERTYPE_NONE, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 000000 88cc 02"), ETHERTYPE_LLDP, 1);
	assert_read(shim(ETHERTYPE_LLC, "424203 0000"), ETHERTYPE_NONE, 5);
}

static void
test_vlan(void **state)
{
	struct reading r = shim(ETHERTYPE_VLAN, "6064 0800 45");

	(void)state;
	assert_read(r, ETHERTYPE_IPV4, 1);
	assert_int_equal(r.link.vlans, 1);
	assert_int_equal(r.link.vlan[0], 100);
	assert_read(shim(ETHERTYPE_QINQ, "0fff 8100 0001"), ETHERTYPE_VLAN, 2);
	assert_read(shim(ETHERTYPE_QINQ_OLD, "0fff 8100 0001"), ETHERTYPE_VLAN, 2);
	assert_read(shim(ETHERTYPE_VLAN, "0001 0003 424203 0000"), ETHERTYPE_LLC, 3);
	assert_read(shim(ETHERTYPE_VLAN, "0001 88cc 02"), ETHERTYPE_LLDP, 1);
}

static void
test_vlans_beyond_the_kept(void **state)
{
	struct frame_bytes frame = frame_bytes("0001 8100 0002 8100 0003 8100 0004 8100 0005 0800");
	struct slice in = frame_slice(&frame);
	struct link_header link = {0};
	uint16_t next = ETHERTYPE_VLAN;
	struct dis_at at;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(link_shim(&in, &link, &next, &at), DIS_OK);
	assert_int_equal(next, ETHERTYPE_IPV4);
	assert_int_equal(link.vlans, LINK_MAX_VLANS);
	assert_int_equal(link.vlan[0], 1);
	assert_int_equal(link.vlan[3], 4);
}

static void
test_mpls(void **state)
{
	(void)state;
	assert_read(shim(ETHERTYPE_MPLS, "00010041 00011140 45"), ETHERTYPE_IPV4, 1);
	assert_read(shim(ETHERTYPE_MPLS_MULTICAST, "00011140 60"), ETHERTYPE_IPV6, 1);
	assert_read(shim(ETHERTYPE_MPLS, "00011140 10000000"), ETHERTYPE_NONE, 4);
	assert_read(shim(ETHERTYPE_MPLS, "00011140"), ETHERTYPE_NONE, 0);
}

static void
test_mpls_pseudowire(void **state)
{
	(void)state;
	assert_read(shim(ETHERTYPE_MPLS, "00011140" ETHERNET "0800 45"), ETHERTYPE_TRANSPARENT, 15);
	assert_read(shim(ETHERTYPE_MPLS, "00011140" ETHERNET "86dd 60"), ETHERTYPE_TRANSPARENT, 15);
	assert_read(shim(ETHERTYPE_MPLS, "00011140" ETHERNET "8100"), ETHERTYPE_TRANSPARENT, 14);
	assert_read(shim(ETHERTYPE_MPLS, "00011140" ETHERNET "88cc"), ETHERTYPE_TRANSPARENT, 14);
	assert_read(shim(ETHERTYPE_MPLS, "00011140" ETHERNET "0009 aaaa03 00000c 2000 02"), ETHERTYPE_TRANSPARENT, 23);
	assert_read(shim(ETHERTYPE_MPLS, "00011140" ETHERNET "0009 aaaa03 00000c 2003 02"), ETHERTYPE_NONE, 23);
	assert_read(shim(ETHERTYPE_MPLS, "00011140 00000000" ETHERNET "0800 45"), ETHERTYPE_TRANSPARENT, 15);
	assert_read(shim(ETHERTYPE_MPLS, "00011140 00000000" ETHERNET "0800 55"), ETHERTYPE_NONE, 19);
	assert_read(shim(ETHERTYPE_MPLS, "00011140 00000000" ETHERNET "0806 00"), ETHERTYPE_NONE, 19);
}

static void
test_inner_ethernet(void **state)
{
	struct frame_bytes frame = frame_bytes(ETHERNET "0800 45");
	struct slice in = frame_slice(&frame);
	struct link_header link = {.has_mac = true, .src = {7}};
	uint16_t next = ETHERTYPE_TRANSPARENT;
	struct dis_at at;

	(void)state;
	assert_int_equal(link_shim(&in, &link, &next, &at), DIS_OK);
	assert_int_equal(next, ETHERTYPE_IPV4);
	assert_int_equal(link.src[0], 7); /* the outermost stays */
}

static void
test_pppoe(void **state)
{
	(void)state;
	assert_read(shim(ETHERTYPE_PPPOE_SESSION, "1100 0007 0003 0021 45 0000"), ETHERTYPE_PPP, 3);
	assert_bad(shim(ETHERTYPE_PPPOE_SESSION, "1200 0007 0003 0021 45"), "pppoe.version_type", 0);
	assert_bad(shim(ETHERTYPE_PPPOE_SESSION, "11a7 0007 0000"), "pppoe.code", 1);
	assert_read(start(LINKTYPE_PPP_ETHER, "1100 0007 0003 0021 45"), ETHERTYPE_PPPOE_SESSION, 9);
}

static void
test_ppp(void **state)
{
	(void)state;
	assert_read(shim(ETHERTYPE_PPP, "ff03 0021 45"), ETHERTYPE_IPV4, 1);
	assert_read(shim(ETHERTYPE_PPP, "ff03 57 60"), ETHERTYPE_IPV6, 1);
	assert_read(shim(ETHERTYPE_PPP, "0057 60"), ETHERTYPE_IPV6, 1);
	assert_read(shim(ETHERTYPE_PPP, "21 45"), ETHERTYPE_IPV4, 1);
	assert_read(shim(ETHERTYPE_PPP, "0281 00011140"), ETHERTYPE_MPLS, 4);
	assert_read(shim(ETHERTYPE_PPP, "0283 00011140"), ETHERTYPE_MPLS, 4);
	assert_read(shim(ETHERTYPE_PPP, "0207 02"), ETHERTYPE_CDP, 1);
	assert_read(shim(ETHERTYPE_PPP, "c021 01"), ETHERTYPE_NONE, 1);
	assert_read(start(LINKTYPE_PPP, "0021 45"), ETHERTYPE_PPP, 3);
	assert_read(start(LINKTYPE_PPP_HDLC, "ff03 0021 45"), ETHERTYPE_PPP, 5);
}

static void
test_unknown_shim(void **state)
{
	(void)state;
	assert_read(shim(0x0806, "0001"), ETHERTYPE_NONE, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_8023),
		cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_vlans_beyond_the_kept),
		cmocka_unit_test(test_mpls),
		cmocka_unit_test(test_mpls_pseudowire),
		cmocka_unit_test(test_inner_ethernet),
		cmocka_unit_test(test_pppoe),
		cmocka_unit_test(test_ppp),
		cmocka_unit_test(test_unknown_shim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
