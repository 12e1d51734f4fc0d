/* Who gets a frame: the program that the kernel asks, run here on frames in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <pcap/bpf.h>

#include "src/capture/fanout.h"
#include "tests/frames.h"

#define INSTRUCTIONS 256

#define OTHER_WAY "4500 0028 1234 4000 40" "06" "0000 0a000002 0a000001"
#define OTHER_PAIR "4500 0028 1234 4000 40" "06" "0000 0a000001 0a000003"
#define FRAGMENT "4500 0028 1234 0010 40" "11" "0000 0a000001 0a000002"
#define OTHER_WAY_6                                                                                \
	"60000000 0014 06 40"                                                                      \
	"20010db8000000000000000000000002 20010db8000000000000000000000001"
#define OTHER_PAIR_6                                                                               \
	"60000000 0014 06 40"                                                                      \
	"20010db8000000000000000000000001 20010db8000000010000000000000002"

/* Of a router, who is neither. */
#define ERROR(type) "4500 0038 0001 0000 40" "01" "0000 c0a80001 0a000001" type "01 0000 00000000"
#define ERROR_6(type)                                                                              \
	"60000000 0038 3a 40"                                                                      \
	"20010db80000000000000000000000fe 20010db8000000000000000000000001" type "00 0000 00000000"

/* What the program says of a frame: in here it begins with the Ethernet header. */
static u_int
share_of(const char *hex)
{
	static const struct bpf_insn here[] = {BPF_STMT(BPF_LDX | BPF_IMM, 14), BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12)};
	struct bpf_insn program[INSTRUCTIONS];
	struct frame_bytes frame = frame_bytes(hex);
	unsigned short n;
	const struct sock_filter *whole = fanout_program(&n);

	assert_in_range(n, FANOUT_ASKS, INSTRUCTIONS);
	memcpy(program, here, sizeof(here));
	memcpy(&program[2], (const struct bpf_insn *)(const void *)whole + FANOUT_ASKS, (n - FANOUT_ASKS) * sizeof(program[0]));
	assert_true(bpf_validate(program, n - FANOUT_ASKS + 2));
	return bpf_filter(program, frame.b, (u_int)frame.n, (u_int)frame.n);
}

static void
a_pair_is_the_same_either_way_and_in_pieces(void **state)
{
	u_int one = share_of(ETHERNET "0800" IPV4("0028", "06") TCP);

	(void)state;
	assert_int_not_equal(one, 0);
	assert_int_equal(share_of(ETHERNET "0800" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "0800" IPV4("0028", "11") UDP("0014") "16feff"), one);
	assert_int_equal(share_of(ETHERNET "0800" FRAGMENT "01020304"), one);
	assert_int_not_equal(share_of(ETHERNET "0800" OTHER_PAIR TCP), one);
}

static void
ipv6_counts_all_of_its_addresses(void **state)
{
	u_int one = share_of(ETHERNET "86dd" IPV6("0014", "06") TCP);

	(void)state;
	assert_int_not_equal(one, 0);
	assert_int_equal(share_of(ETHERNET "86dd" OTHER_WAY_6 TCP), one);
	assert_int_equal(share_of(ETHERNET "86dd" IPV6("0014", "2c") "06000001 00000001"), one);
	assert_int_not_equal(share_of(ETHERNET "86dd" OTHER_PAIR_6 TCP), one);
}

static void
tags_and_labels_are_passed_over(void **state)
{
	u_int one = share_of(ETHERNET "0800" IPV4("0028", "06") TCP);
	u_int six = share_of(ETHERNET "86dd" IPV6("0014", "06") TCP);

	(void)state;
	assert_int_equal(share_of(ETHERNET "8100 0064 0800" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "88a8 0064 8100 0001 9100 0002 0800" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "8100 0064 86dd" OTHER_WAY_6 TCP), six);
	assert_int_equal(share_of(ETHERNET "8847 00064140" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "8847 00064040 00065040 00066140" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "8848 00064140" OTHER_WAY_6 TCP), six);
	assert_int_equal(share_of(ETHERNET "8100 0064 8847 00064140" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "8864 1100 0001 002a 0021" OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "8864 1100 0001 003e 0057" OTHER_WAY_6 TCP), six);
}

static void
an_error_goes_where_what_it_quotes_goes(void **state)
{
	u_int one = share_of(ETHERNET "0800" IPV4("0028", "06") TCP);
	u_int six = share_of(ETHERNET "86dd" IPV6("0014", "06") TCP);

	(void)state;
	assert_int_equal(share_of(ETHERNET "0800" ERROR("03") OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "8100 0064 0800" ERROR("03") OTHER_WAY TCP), one);
	assert_int_equal(share_of(ETHERNET "86dd" ERROR_6("01") OTHER_WAY_6 TCP), six);
	assert_int_not_equal(share_of(ETHERNET "0800" ERROR("08") OTHER_WAY TCP), one);
	assert_int_not_equal(share_of(ETHERNET "86dd" ERROR_6("80") OTHER_WAY_6 TCP), six);
	/* options, and a fragment behind the first */
	assert_int_equal(share_of(ETHERNET "0800" "4600 003c 0001 0000 40 01 0000 c0a80001 0a000001 94040000 0301 0000 00000000"
				  OTHER_WAY TCP), one);
	assert_int_not_equal(share_of(ETHERNET "0800" "4500 0038 0001 0010 40 01 0000 c0a80001 0a000001 0301 0000 00000000"
				      OTHER_WAY TCP), one);
}

static void
all_else_is_the_first_ones(void **state)
{
	(void)state;
	assert_int_equal(share_of(ETHERNET "0806 0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002"), 0);
	assert_int_equal(share_of(ETHERNET "0010 aaaa03 00000c 2000 02b4 0000"), 0);
	assert_int_equal(share_of(ETHERNET "88cc 0207 04"), 0);
	assert_int_equal(share_of(ETHERNET "8847 00064140 00000000 02000000 00010800"), 0);
	assert_int_equal(share_of(ETHERNET "8864 1100 0001 0008 c021 01010008"), 0);
	assert_int_equal(share_of(ETHERNET "0800 4500 0028 1234 4000 40 06 0000 0a000001 0a0000"), 0);
	assert_int_equal(share_of(ETHERNET "0800"), 0);
}

/* Phones have addresses one after the other, and one gateway. */
static void
neighbours_are_spread(void **state)
{
	unsigned shares[4] = {0};

	(void)state;
	for (unsigned phone = 0; phone < 256; phone++) {
		char hex[256];

		snprintf(hex, sizeof(hex), ETHERNET "0800 4500 0028 1234 4000 40 06 0000 0a0001%02x c6336401" TCP, phone);
		shares[share_of(hex) % 4]++;
	}
	for (size_t i = 0; i < 4; i++)
		assert_in_range(shares[i], 40, 90);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_the_same_either_way_and_in_pieces),
		cmocka_unit_test(ipv6_counts_all_of_its_addresses),
		cmocka_unit_test(tags_and_labels_are_passed_over),
		cmocka_unit_test(an_error_goes_where_what_it_quotes_goes),
		cmocka_unit_test(all_else_is_the_first_ones),
		cmocka_unit_test(neighbours_are_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
