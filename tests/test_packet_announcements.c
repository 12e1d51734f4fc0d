/* CDP and LLDP in all that carries them, and who speaks. */
#include "packet_reading.h"

#define CDP "02b40000 00010005 61"
#define LLDP "020407 616263 0404 05 616263 06020078 0000"

/* The frames: MAC addresses of the speaker, of whoever carries it on. */
#define SPEAKER "060000000006"
#define TO_CDP "01000ccccccc" SPEAKER
#define TO_LLDP "0180c200000e" SPEAKER
#define SNAP_CDP "aaaa03 00000c 2000" CDP
#define CDP_FRAME TO_CDP "0011" SNAP_CDP
#define LLDP_FRAME TO_LLDP "88cc" LLDP

static void
check(uint32_t linktype, const char *hex, enum packet_kind kind, const char *payload, const char *speaker)
{
	struct reading r = read_frame(linktype, hex);
	struct frame_bytes want = frame_bytes(payload), mac = frame_bytes(speaker);

	assert_payload(&r, kind, payload, want.n);
	assert_int_equal(r.packet.has_speaker, mac.n > 0);
	assert_memory_equal(r.packet.speaker, mac.b, mac.n);
}

static void
test_cdp(void **state)
{
	static const struct {
		uint32_t linktype;
		const char *hex;
	} frames[] = {
		{LINKTYPE_ETHERNET, CDP_FRAME},
		{LINKTYPE_ETHERNET, CDP_FRAME "0000000000"},
		{LINKTYPE_ETHERNET, TO_CDP "8100 0064 0011" SNAP_CDP "000000"},
		{LINKTYPE_ETHERNET, TO_CDP "88a8 0064 8100 00c8 0011" SNAP_CDP},
		{LINKTYPE_LINUX_SLL, "0002 0001 0006" SPEAKER "0000 0004" SNAP_CDP},
		{LINKTYPE_LINUX_SLL2, "0004 0000 00000003 0001 02 06" SPEAKER "0000" SNAP_CDP},
		{LINKTYPE_IEEE802_11, "0801 0000 020000000001" SPEAKER "01000ccccccc 1000" SNAP_CDP},
		{LINKTYPE_IEEE802_11, "0802 0000 01000ccccccc 020000000001" SPEAKER "1000" SNAP_CDP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		check(frames[i].linktype, frames[i].hex, PACKET_CDP, CDP, SPEAKER);
}

static void
test_cdp_without_a_frame(void **state)
{
	(void)state;
	check(LINKTYPE_C_HDLC, "8f00 2000" CDP, PACKET_CDP, CDP, "");
	check(LINKTYPE_PPP_HDLC, "8f00 2000" CDP, PACKET_CDP, CDP, "");
	check(LINKTYPE_PPP_HDLC, "ff03 0207" CDP, PACKET_CDP, CDP, "");
	check(LINKTYPE_ETHERNET, ETHERNET "0800" IPV4("0021", "2f") "0000 2000" CDP, PACKET_CDP, CDP, "");
}

static void
test_lldp(void **state)
{
	static const struct {
		uint32_t linktype;
		const char *hex;
	} frames[] = {
		{LINKTYPE_ETHERNET, LLDP_FRAME},
		{LINKTYPE_ETHERNET, TO_LLDP "8100 0064 88cc" LLDP},
		{LINKTYPE_LINUX_SLL, "0002 0001 0006" SPEAKER "0000 88cc" LLDP},
		{LINKTYPE_LINUX_SLL2, "88cc 0000 00000003 0001 02 06" SPEAKER "0000" LLDP},
		{LINKTYPE_IEEE802_11, "0801 0000 020000000001" SPEAKER "0180c200000e 1000 aaaa03 000000 88cc" LLDP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		check(frames[i].linktype, frames[i].hex, PACKET_LLDP, LLDP, SPEAKER);
}

/* The frame that was captured is the tunnel's: its addresses are in link, and say nothing of the speaker. */
static void
test_tunnels(void **state)
{
	static const struct {
		const char *hex;
		enum packet_kind kind;
	} frames[] = {
		{ETHERNET "0800" IPV4("0043", "2f") "1000 88be 00000001 1064 0001 00000000" CDP_FRAME, PACKET_CDP},
		{ETHERNET "0800" IPV4("0037", "2f") "0000 88be" CDP_FRAME, PACKET_CDP},
		{ETHERNET "0800" IPV4("0047", "2f") "1000 22eb 00000001 2064 0001 00000000 00000000" CDP_FRAME,
		 PACKET_CDP},
		{ETHERNET "0800" IPV4("0043", "11") "c000 12b5 002f 0000 08000000 00000100" CDP_FRAME, PACKET_CDP},
		{ETHERNET "8847 00011140" CDP_FRAME, PACKET_CDP},
		{ETHERNET "8847 00011140 00000000" CDP_FRAME, PACKET_CDP},
		{ETHERNET "0800" IPV4("0044", "2f") "1000 88be 00000001 1064 0001 00000000" LLDP_FRAME,
		 PACKET_LLDP},
		{ETHERNET "8847 00011140" LLDP_FRAME, PACKET_LLDP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		const bool cdp = frames[i].kind == PACKET_CDP;
		struct reading r = ethernet(frames[i].hex);

		check(LINKTYPE_ETHERNET, frames[i].hex, frames[i].kind, cdp ? CDP : LLDP, SPEAKER);
		assert_int_equal(r.packet.link.src[0], 0x02);
	}
	/* a tunnel in a tunnel, and one whose own frame is not known */
	check(LINKTYPE_ETHERNET, ETHERNET "0800" IPV4("0069", "2f") "0000 6558" ETHERNET "0800" IPV4("0043", "2f")
	      "1000 88be 00000001 1064 0001 00000000" CDP_FRAME, PACKET_CDP, CDP, SPEAKER);
	check(LINKTYPE_RAW, IPV4("0037", "2f") "0000 88be" CDP_FRAME, PACKET_CDP, CDP, SPEAKER);
	check(LINKTYPE_PPP, "0281 00011140" CDP_FRAME, PACKET_CDP, CDP, SPEAKER);
	/* the frame around a packet is not the speaker's */
	check(LINKTYPE_ETHERNET, ETHERNET "0800" IPV4("0047", "2f") "0000 6558" ETHERNET "0800" IPV4("0021", "2f")
	      "0000 2000" CDP, PACKET_CDP, CDP, "");
}

static void
test_cut(void **state)
{
	struct reading r = ethernet(TO_CDP "0011 aaaa03 00000c 20");

	(void)state;
	assert_stopped(&r, DIS_MORE, "snap.protocol", 20);
	r = ethernet(TO_CDP "0011 aaaa03 00000c 2000 02b4");
	assert_payload(&r, PACKET_CDP, "02b4", 2);
	/* other protocols of the same makers */
	r = ethernet(TO_CDP "0009 aaaa03 00000c 2004 01");
	assert_payload(&r, PACKET_OTHER, "", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cdp),
		cmocka_unit_test(test_cdp_without_a_frame),
		cmocka_unit_test(test_lldp),
		cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
