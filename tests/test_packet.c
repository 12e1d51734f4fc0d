/* Whole frames, from the link layer to the payload. */
#include "packet_reading.h"

static void
test_tcp(void **state)
{
	struct reading r = ethernet(ETHERNET "0800" TCP4 "0000");

	(void)state;
	assert_payload(&r, PACKET_TCP, "616263", 3);
	assert_int_equal(r.packet.tcp.src_port, 49152);
	assert_int_equal(r.packet.ip.version, 4);
	assert_int_equal(r.packet.ip.dst.b[15], 2);
	assert_int_equal(r.packet.tunnels, 0);
	assert_true(r.packet.link.has_mac);
	assert_int_equal(r.packet.link.src[5], 1);
}

static void
test_udp(void **state)
{
	struct reading r = ethernet(ETHERNET "86dd" UDP6);

	(void)state;
	assert_payload(&r, PACKET_UDP, "616263", 3);
	assert_int_equal(r.packet.ip.version, 6);
	/* UDP may be shorter than its packet */
	r = ethernet(ETHERNET "0800" IPV4("0021", "11") UDP("000b") "616263 6465");
	assert_payload(&r, PACKET_UDP, "616263", 3);
}

static void
test_icmp(void **state)
{
	struct reading r = ethernet(ETHERNET "0800" IPV4("003b", "01") "0303 0000 00000000" UDP4);

	(void)state;
	assert_int_equal(r.packet.kind, PACKET_ICMP);
	assert_true(r.packet.icmp.unreachable);
	assert_int_equal(r.packet.icmp.src_port, 49153);
	assert_int_equal(r.packet.payload_len, 35);
	r = ethernet(ETHERNET "86dd" IPV6("003b", "3a") "0104 0000 00000000" UDP6);
	assert_int_equal(r.packet.kind, PACKET_ICMP);
	assert_true(r.packet.icmp.unreachable);
	/* each version's ICMP belongs to it alone */
	r = ethernet(ETHERNET "0800" IPV4("001c", "3a") "8000 0000 00000000");
	assert_payload(&r, PACKET_OTHER, "", 0);
	r = ethernet(ETHERNET "86dd" IPV6("0008", "01") "0800 0000 00000000");
	assert_payload(&r, PACKET_OTHER, "", 0);
}

static void
test_other(void **state)
{
	struct reading r = ethernet(ETHERNET "0806 0001");

	(void)state;
	assert_payload(&r, PACKET_OTHER, "", 0);
	assert_int_equal(r.packet.ip.version, 0);
	r = ethernet(ETHERNET "0800" IPV4("0018", "59") "02010000");
	assert_payload(&r, PACKET_OTHER, "", 0);
	assert_int_equal(r.packet.ip.version, 4);
	r = read_frame(147, "00");
	assert_stopped(&r, DIS_BAD, "frame.linktype", 0);
}

static void
test_link_layers(void **state)
{
	static const struct {
		uint32_t linktype;
		const char *hex;
	} frames[] = {
		{LINKTYPE_ETHERNET, ETHERNET "0027 aaaa03 000000 0800" UDP4 "00000000"},
		{LINKTYPE_ETHERNET, ETHERNET "8847 00010040 00011140" UDP4},
		{LINKTYPE_ETHERNET, ETHERNET "8847 00011140 00000000" ETHERNET "0800" UDP4},
		{LINKTYPE_ETHERNET, ETHERNET "8864 1100 0001 0021 0021" UDP4},
		{LINKTYPE_NULL, "02000000" UDP4},
		{LINKTYPE_LOOP, "00000002" UDP4},
		{LINKTYPE_PPP, "21" UDP4},
		{LINKTYPE_PPP_HDLC, "ff03 0021" UDP4},
		{LINKTYPE_PPP_ETHER, "1100 0001 0021 0021" UDP4},
		{LINKTYPE_C_HDLC, "0f00 0800" UDP4},
		{LINKTYPE_RAW_BSD, UDP4},
		{LINKTYPE_RAW_OPENBSD, UDP4},
		{LINKTYPE_RAW, UDP4},
		{LINKTYPE_IPV4, UDP4},
		{LINKTYPE_LINUX_SLL, "0000 0001 0006 020000000001 0000 0800" UDP4},
		{LINKTYPE_LINUX_SLL2, "0800 0000 00000003 0001 00 06 020000000001 0000" UDP4},
		{LINKTYPE_IEEE802_11, "0801 0000 020000000001 020000000002 020000000003 1000"
				      "aaaa03 000000 0800" UDP4},
		{LINKTYPE_IEEE802_11_RADIOTAP, "0000 0800 00000000"
					       "0801 0000 020000000001 020000000002 020000000003 1000"
					       "aaaa03 000000 0800" UDP4 "00000000"},
	};
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		r = read_frame(frames[i].linktype, frames[i].hex);
		assert_payload(&r, PACKET_UDP, "616263", 3);
	}
	/* a pseudowire's frame is the outermost where there is none around it */
	r = read_frame(LINKTYPE_PPP, "0281 00011140" ETHERNET "0800" UDP4);
	assert_true(r.packet.link.has_mac);
}

static void
test_vlans(void **state)
{
	struct reading r = ethernet(ETHERNET "88a8 0064 8100 00c8 0800" UDP4);

	(void)state;
	assert_payload(&r, PACKET_UDP, "616263", 3);
	assert_int_equal(r.packet.link.vlans, 2);
	assert_int_equal(r.packet.link.vlan[0], 100);
	assert_int_equal(r.packet.link.vlan[1], 200);
}

static void
test_fragments(void **state)
{
	struct reading r = ethernet(ETHERNET "0800 4500 001c 1234 2001 40 11 0000 0a000001 0a000002"
					     "0102030405060708 0000");

	(void)state;
	assert_payload(&r, PACKET_FRAGMENT, "0102030405060708", 8);
	assert_true(r.packet.ip.more);
	assert_int_equal(r.packet.ip.offset, 8);
	r = ethernet(ETHERNET "86dd" IPV6("0010", "2c") "11 00 0008 12345678 0102030405060708");
	assert_payload(&r, PACKET_FRAGMENT, "0102030405060708", 8);
	assert_int_equal(r.packet.ip.id, 0x12345678);
}

static struct reading
datagram(uint8_t version, uint8_t protocol, const char *hex)
{
	static struct frame_bytes body;
	struct reading r = {.got = DIS_BAD};

	body = frame_bytes(hex);
	r.packet.ip = (struct ip_header){.version = version, .protocol = protocol, .fragment = true};
	r.packet.link.vlans = 1;
	r.got = packet_dissect_datagram(frame_slice(&body), &r.packet, &r.at);
	return r;
}

static void
test_datagram(void **state)
{
	struct reading r = datagram(4, IP_UDP, UDP("000b") "616263");

	(void)state;
	assert_payload(&r, PACKET_UDP, "616263", 3);
	assert_false(r.packet.ip.fragment);
	assert_int_equal(r.packet.link.vlans, 1);
	/* extension headers behind the fragment header */
	r = datagram(6, 60, "11 00 010400000000" UDP("000b") "616263");
	assert_payload(&r, PACKET_UDP, "616263", 3);
	assert_int_equal(r.packet.ip.protocol, IP_UDP);
	/* a tunnel that came in fragments, of a packet that is one */
	r = datagram(4, IP_GRE, "0000 0800 4500 001c 1234 2000 40 11 0000 0a000001 0a000002 0102030405060708");
	assert_payload(&r, PACKET_FRAGMENT, "0102030405060708", 8);
	assert_int_equal(r.packet.tunnels, 1);
	r = datagram(4, 89, "02010000");
	assert_payload(&r, PACKET_OTHER, "", 0);
	/* all is there, so what does not fit is a lie */
	r = datagram(4, IP_UDP, UDP("000c") "616263");
	assert_stopped(&r, DIS_BAD, "udp.length", 4);
	r = datagram(4, IP_UDP, "c000 01");
	assert_stopped(&r, DIS_BAD, "udp.destination_port", 2);
	r = datagram(6, 60, "11 01 010400000000");
	assert_stopped(&r, DIS_BAD, "ip_extension.data", 2);
}

static void
test_cut(void **state)
{
	struct reading r = ethernet(ETHERNET "0800" IPV4("05dc", "06") TCP "616263");

	(void)state;
	assert_payload(&r, PACKET_TCP, "616263", 1460);
	r = ethernet(ETHERNET "0800" IPV4("05dc", "06") "c000 01bb 0102");
	assert_stopped(&r, DIS_MORE, "tcp.sequence", 38);
	r = ethernet(ETHERNET "0800" IPV4("05dc", "11") UDP("05c8") "61");
	assert_payload(&r, PACKET_UDP, "61", 1472);
	r = ethernet(ETHERNET "0800" IPV4("05dc", "01") "0303 0000 0000");
	assert_stopped(&r, DIS_MORE, "icmp.unused", 38);
	r = ethernet(ETHERNET "0800" IPV4("05dc", "2f") "2000 0800 0000");
	assert_stopped(&r, DIS_MORE, "gre.key", 38);
	r = ethernet(ETHERNET "0800 45");
	assert_stopped(&r, DIS_MORE, "ipv4.tos", 15);
}

static void
test_lies(void **state)
{
	/* the packet's own length has no room for its header */
	struct reading r = ethernet(ETHERNET "0800" IPV4("001a", "06") TCP);

	(void)state;
	assert_stopped(&r, DIS_BAD, "tcp.sequence", 38);
	r = ethernet(ETHERNET "0800" IPV4("001c", "11") UDP("0009") "61");
	assert_stopped(&r, DIS_BAD, "udp.length", 38);
	r = ethernet(ETHERNET "0800" IPV4("05dc", "11") UDP("05c9") "61");
	assert_stopped(&r, DIS_BAD, "udp.length", 38);
	r = ethernet(ETHERNET "0800" IPV4("001a", "01") "0303 0000 0000 0000");
	assert_stopped(&r, DIS_BAD, "icmp.unused", 38);
	r = ethernet(ETHERNET "0800 35");
	assert_stopped(&r, DIS_BAD, "ip.version", 14);
	assert_int_equal(r.packet.ip.version, 0);
	/* inside a tunnel */
	r = ethernet(ETHERNET "0800" IPV4("0016", "04") "4500 0800");
	assert_stopped(&r, DIS_BAD, "ipv4.total_length", 36);
	r = ethernet(ETHERNET "0800" IPV4("002c", "04") IPV4("05dc", "06") "c000 01bb");
	assert_stopped(&r, DIS_BAD, "tcp.sequence", 58);
}

/* Tags without end. */
static void
test_layers(void **state)
{
	struct frame_bytes frame = frame_bytes(ETHERNET "8100");
	const struct frame_bytes tag = frame_bytes("0001 8100");
	struct reading r;

	(void)state;
	for (unsigned i = 0; i < PACKET_MAX_LAYERS; i++) {
		memcpy(frame.b + frame.n, tag.b, tag.n);
		frame.n += tag.n;
	}
	r = read_slice(LINKTYPE_ETHERNET, frame_slice(&frame));
	assert_stopped(&r, DIS_BAD, "packet.layers", frame.n);
	assert_int_equal(r.packet.link.vlans, LINK_MAX_VLANS);
	/* one tag less, and ARP behind them */
	frame.n -= tag.n;
	frame.b[frame.n - 2] = 0x08;
	frame.b[frame.n - 1] = 0x06;
	r = read_slice(LINKTYPE_ETHERNET, frame_slice(&frame));
	assert_payload(&r, PACKET_OTHER, "", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_link_layers),
		cmocka_unit_test(test_vlans),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_datagram),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_layers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
