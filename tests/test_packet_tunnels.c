/* Frames with tunnels in them, and what only looks like one. */
#include "packet_reading.h"

static void
test_tunnels(void **state)
{
	static const char *const frames[] = {
		ETHERNET "0800" IPV4("0033", "04") UDP4,
		ETHERNET "0800" IPV4("0047", "29") UDP6,
		ETHERNET "86dd" IPV6("001f", "04") UDP4,
		ETHERNET "0800" IPV4("0037", "2f") "0000 0800" UDP4,
		ETHERNET "0800" IPV4("0045", "2f") "0000 6558" ETHERNET "0800" UDP4,
		ETHERNET "0800" IPV4("0040", "2f") "3001 880b 0020 0001 00000001 21" UDP4,
		ETHERNET "0800" IPV4("0051", "2f") "1000 88be 00000001 1064 0001 00000000" ETHERNET "0800" UDP4,
		ETHERNET "0800" IPV4("0055", "2f") "1000 22eb 00000001 2064 0001 00000000 00000000" ETHERNET
			 "0800" UDP4,
		ETHERNET "0800" IPV4("0051", "11") "c000 12b5 003d 0000 08000000 00000100" ETHERNET "0800" UDP4,
		ETHERNET "0800" IPV4("0043", "11") "c000 17c1 002f 0000 0000 0800 00000100" UDP4,
		ETHERNET "0800" IPV4("0043", "11") "0868 0868 002f 0000 30ff 001f 00000001" UDP4,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct reading r = ethernet(frames[i]);
		assert_payload(&r, PACKET_UDP, "616263", 3);
		assert_int_equal(r.packet.tunnels, 1);
		assert_int_equal(r.packet.udp.dst_port, 443);
	}
}

static void
test_tunnel_hides_its_tags(void **state)
{
	struct reading r = ethernet(ETHERNET "8100 0064 0800" IPV4("0049", "2f") "0000 6558"
				    "060000000002 060000000001 8100 00c8 0800" UDP4);

	(void)state;
	assert_payload(&r, PACKET_UDP, "616263", 3);
	assert_int_equal(r.packet.link.vlans, 1);
	assert_int_equal(r.packet.link.vlan[0], 100);
	assert_int_equal(r.packet.link.src[0], 2);
}

static void
test_tunnel_in_tunnel(void **state)
{
	struct reading r = ethernet(ETHERNET "0800" IPV4("0069", "11") "c000 12b5 0055 0000 08000000 00000100"
				    ETHERNET "0800" IPV4("0037", "2f") "0000 0800" UDP4);

	(void)state;
	assert_payload(&r, PACKET_UDP, "616263", 3);
	assert_int_equal(r.packet.tunnels, 2);
}

/* What only looks like a tunnel stays a datagram. */
static void
test_no_tunnel(void **state)
{
	/* a DTLS record's first bytes on each port */
	struct reading r = ethernet(ETHERNET "0800" IPV4("0020", "11") "0868 01bb 000c 0000 16010000");

	(void)state;
	assert_payload(&r, PACKET_UDP, "16010000", 4);
	r = ethernet(ETHERNET "0800" IPV4("0020", "11") "12b5 01bb 000c 0000 16feff00");
	assert_payload(&r, PACKET_UDP, "16feff00", 4);
	r = ethernet(ETHERNET "0800" IPV4("0020", "11") "17c1 01bb 000c 0000 16010000");
	assert_payload(&r, PACKET_UDP, "16010000", 4);
	/* a tunnel's header, and then nothing that can be read: too short, broken, ARP */
	r = ethernet(ETHERNET "0800" IPV4("0026", "11") "c000 12b5 0012 0000 08000000 00000100 0200");
	assert_payload(&r, PACKET_UDP, "0800000000000100 0200", 10);
	r = ethernet(ETHERNET "0800" IPV4("0025", "11") "c000 17c1 0011 0000 0000 0800 00000100 41");
	assert_payload(&r, PACKET_UDP, "0000080000000100 41", 9);
	assert_int_equal(r.packet.ip.version, 4);
	r = ethernet(ETHERNET "0800" IPV4("0032", "11") "c000 12b5 001e 0000 08000000 00000100" ETHERNET "0806");
	assert_payload(&r, PACKET_UDP, "0800000000000100" ETHERNET "0806", 22);
	assert_int_equal(r.packet.tunnels, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_tunnel_hides_its_tags),
		cmocka_unit_test(test_tunnel_in_tunnel),
		cmocka_unit_test(test_no_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
