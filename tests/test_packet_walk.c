/* The short way through a frame and the long one, held against each other: whatever byte of a frame is another, and
 * wherever the frame is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dissectors/packet_walk.h"
#include "frames.h"
#include "packet_same.h"
#include "prefixes.h"

#define TCP_OPTIONS "c000 01bb 01020304 05060708 8010 1000 0000 0000 0101080a 0000000100000002"

static void
both_ways(struct slice frame)
{
	struct packet packet, walked;
	struct dis_at at = {0}, walked_at = {0};
	enum dis got = packet_dissect(LINKTYPE_ETHERNET, frame, &packet, &at);

	assert_int_equal(got, packet_walk(LINKTYPE_ETHERNET, frame, &walked, &walked_at));
	assert_true(packet_same(&packet, &walked));
	if (got == DIS_OK)
		return;
	assert_string_equal(at.field, walked_at.field);
	assert_int_equal(at.off, walked_at.off);
}

static void
cut(struct slice frame, void *unused)
{
	(void)unused;
	both_ways(frame);
}

static void
whatever_byte_is_another(void **state)
{
	static const char *const frames[] = {
		ETHERNET "0800" IPV4("002b", "06") TCP "616263 0000",
		ETHERNET "0800" IPV4("0037", "06") TCP_OPTIONS "616263",
		ETHERNET "0800" IPV4("001f", "11") UDP("000b") "616263 00000000",
		ETHERNET "86dd" IPV6("0017", "06") TCP "616263",
		ETHERNET "86dd" IPV6("000b", "11") UDP("000b") "616263",
		ETHERNET "8100 e064 0800" IPV4("001f", "11") UDP("000b") "616263",
		ETHERNET "88a8 0064 8100 a065 86dd" IPV6("0017", "06") TCP "616263",
		ETHERNET "9100 0001 8100 0002 8100 0003 8100 0004 0800" IPV4("002b", "06") TCP "616263",
		ETHERNET "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 0800" IPV4("002b", "06") TCP "616263",
		ETHERNET "0800 4500 0043 1234 4000 40 11 0000 0a000001 0a000002 c001 12b5 002f 0000 0800000000000100"
			 ETHERNET "0800" IPV4("0011", "59") "00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct frame_bytes frame = frame_bytes(frames[i]);

		every_prefix(frame.b, frame.n, cut, NULL);
		for (size_t off = 0; off < frame.n; off++) {
			uint8_t was = frame.b[off];

			for (unsigned value = 0; value < 256; value++) {
				frame.b[off] = (uint8_t)value;
				both_ways(frame_slice(&frame));
			}
			frame.b[off] = was;
		}
	}
}

/* Two fields at once, of those that say how long something is: one may hide what is wrong with the other. */
static void
whatever_two_lengths_are_others(void **state)
{
	static const struct {
		const char *hex;
		size_t first, second;
	} frames[] = {
		{ETHERNET "0800" IPV4("002b", "06") TCP "616263", 17, 46},  /* total_length, data_offset */
		{ETHERNET "0800" IPV4("001f", "11") UDP("000b") "616263", 17, 39}, /* total_length, length */
		{ETHERNET "86dd" IPV6("0017", "06") TCP "616263", 19, 66},
		{ETHERNET "86dd" IPV6("000b", "11") UDP("000b") "616263", 19, 59},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct frame_bytes frame = frame_bytes(frames[i].hex);

		for (unsigned values = 0; values < 65536; values++) {
			frame.b[frames[i].first] = (uint8_t)(values >> 8);
			frame.b[frames[i].second] = (uint8_t)values;
			both_ways(frame_slice(&frame));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_byte_is_another),
		cmocka_unit_test(whatever_two_lengths_are_others),
	};

	return cmocka_run_group_tests_name("packet_walk", tests, NULL, NULL);
}
