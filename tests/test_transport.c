/* TCP, UDP and ICMP headers. */
#include "dissectors/transport.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "frames.h"
#include "prefixes.h"

enum which { READ_TCP, READ_UDP, READ_ICMP, READ_ICMPV6 };

struct reading {
	enum which which;
	enum dis got;
	union {
		struct tcp_header tcp;
		struct udp_header udp;
		struct icmp_header icmp;
	};
	size_t left, len;
	struct dis_at at;
};

static struct reading
read_slice(enum which which, struct slice in)
{
	struct reading r = {.which = which};

	if (which == READ_TCP)
		r.got = tcp_dissect(&in, &r.tcp, &r.at);
	else if (which == READ_UDP)
		r.got = udp_dissect(&in, &r.udp, &r.len, &r.at);
	else
		r.got = icmp_dissect(&in, which == READ_ICMP ? 4 : 6, &r.icmp, &r.at);
	r.left = in.n;
	return r;
}

static void
read_prefix(struct slice prefix, void *arg)
{
	struct reading r = read_slice(((struct reading *)arg)->which, prefix);

	assert_int_not_equal(r.got, DIS_BAD);
	assert_true(r.left <= prefix.n);
	if (r.got == DIS_MORE) {
		assert_int_equal(r.left, prefix.n);
		assert_non_null(r.at.field);
		assert_true(r.at.off <= prefix.n);
	}
}

static struct reading
read_transport(enum which which, const char *hex)
{
	struct frame_bytes packet = frame_bytes(hex);
	struct reading r = read_slice(which, frame_slice(&packet));

	if (r.got != DIS_BAD)
		every_prefix(packet.b, packet.n, read_prefix, &r);
	return r;
}

#define assert_stopped(r, got_, field_, off_)                                                      \
	do {                                                                                       \
		assert_int_equal((r).got, got_);                                                   \
		assert_string_equal((r).at.field, field_);                                         \
		assert_int_equal((r).at.off, off_);                                                \
	} while (0)

static void
test_tcp(void **state)
{
	struct reading r = read_transport(READ_TCP, TCP "616263");

	(void)state;
	assert_int_equal(r.got, DIS_OK);
	assert_int_equal(r.tcp.src_port, 49152);
	assert_int_equal(r.tcp.dst_port, 443);
	assert_int_equal(r.tcp.seq, 0x01020304);
	assert_int_equal(r.tcp.ack, 0x05060708);
	assert_int_equal(r.tcp.flags, TCP_PSH | TCP_ACK);
	assert_int_equal(r.left, 3);
}

static void
test_tcp_options(void **state)
{
	struct reading r = read_transport(READ_TCP, "c000 01bb 00000001 00000000 6002 1000 0000 0000 020405b4 61");

	(void)state;
	assert_int_equal(r.got, DIS_OK);
	assert_int_equal(r.tcp.flags, TCP_SYN);
	assert_int_equal(r.left, 1);
	r = read_transport(READ_TCP, "c000 01bb 00000001 00000000 6002 1000 0000 0000 0204");
	assert_stopped(r, DIS_MORE, "tcp.options", 20);
	r = read_transport(READ_TCP, "c000 01bb 00000001 00000000 4002 1000 0000 0000");
	assert_stopped(r, DIS_BAD, "tcp.data_offset", 12);
}

static void
test_udp(void **state)
{
	struct reading r = read_transport(READ_UDP, UDP("000b") "616263 0000");

	(void)state;
	assert_int_equal(r.got, DIS_OK);
	assert_int_equal(r.udp.src_port, 49153);
	assert_int_equal(r.udp.dst_port, 443);
	assert_int_equal(r.left, 3);
	assert_int_equal(r.len, 3);
	r = read_transport(READ_UDP, UDP("0108") "61"); /* cut */
	assert_int_equal(r.left, 1);
	assert_int_equal(r.len, 256);
	r = read_transport(READ_UDP, UDP("0000") "6162"); /* a jumbogram */
	assert_int_equal(r.left, 2);
	assert_int_equal(r.len, 2);
	r = read_transport(READ_UDP, UDP("0008"));
	assert_int_equal(r.got, DIS_OK);
	assert_int_equal(r.len, 0);
	assert_stopped(read_transport(READ_UDP, UDP("0007")), DIS_BAD, "udp.length", 4);
}

#define UNREACHABLE "0303 0000 00000000"
#define UNREACHABLE6 "0104 0000 00000000"

static void
test_unreachable(void **state)
{
	struct reading r = read_transport(READ_ICMP, UNREACHABLE IPV4("0100", "11") UDP("00ec"));

	(void)state;
	assert_int_equal(r.got, DIS_OK);
	assert_int_equal(r.icmp.type, 3);
	assert_int_equal(r.icmp.code, 3);
	assert_true(r.icmp.unreachable);
	assert_int_equal(r.icmp.quoted.protocol, IP_UDP);
	assert_int_equal(r.icmp.quoted.src.b[15], 1);
	assert_int_equal(r.icmp.quoted.dst.b[15], 2);
	assert_int_equal(r.icmp.src_port, 49153);
	assert_int_equal(r.icmp.dst_port, 443);
	assert_int_equal(r.left, 32);
	/* four bytes of TCP are enough to know whose it is */
	r = read_transport(READ_ICMP, UNREACHABLE IPV4("0100", "06") "c000 01bb");
	assert_true(r.icmp.unreachable);
	assert_int_equal(r.icmp.quoted.protocol, IP_TCP);
	assert_int_equal(r.icmp.src_port, 49152);
}

static void
test_unreachable_v6(void **state)
{
	struct reading r = read_transport(READ_ICMPV6, UNREACHABLE6 IPV6("0100", "11") UDP("00ec"));

	(void)state;
	assert_true(r.icmp.unreachable);
	assert_int_equal(r.icmp.code, 4);
	assert_int_equal(r.icmp.quoted.version, 6);
	assert_int_equal(r.icmp.dst_port, 443);
	r = read_transport(READ_ICMPV6, UNREACHABLE6 IPV6("0100", "06") TCP);
	assert_true(r.icmp.unreachable);
	assert_int_equal(r.icmp.quoted.protocol, IP_TCP);
	assert_int_equal(r.icmp.src_port, 49152);
	/* each version's number is another message in the other */
	r = read_transport(READ_ICMPV6, UNREACHABLE IPV6("0100", "11") UDP("00ec"));
	assert_int_equal(r.got, DIS_OK);
	assert_false(r.icmp.unreachable);
	r = read_transport(READ_ICMP, UNREACHABLE6 IPV4("0100", "11") UDP("00ec"));
	assert_false(r.icmp.unreachable);
}

static void
test_unreachable_without_ports(void **state)
{
	struct reading r = read_transport(READ_ICMP, UNREACHABLE IPV4("0020", "01") "0800 0000");

	(void)state;
	assert_int_equal(r.got, DIS_OK);
	assert_false(r.icmp.unreachable);
	/* a later fragment has payload where the ports would be */
	r = read_transport(READ_ICMP, UNREACHABLE "4500 0020 1234 0010 40 11 0000 0a000001 0a000002 01020304");
	assert_int_equal(r.got, DIS_OK);
	assert_false(r.icmp.unreachable);
	/* the first has them */
	r = read_transport(READ_ICMP, UNREACHABLE "4500 0020 1234 2000 40 11 0000 0a000001 0a000002 01020304");
	assert_true(r.icmp.unreachable);
}

static void
test_unreachable_stops(void **state)
{
	struct reading r = read_transport(READ_ICMP, UNREACHABLE IPV4("0100", "11") "c001 01");

	(void)state;
	assert_stopped(r, DIS_MORE, "icmp.quoted_destination_port", 30);
	assert_stopped(read_transport(READ_ICMP, UNREACHABLE "55"), DIS_BAD, "ip.version", 8);
	assert_stopped(read_transport(READ_ICMP, "0303 0000 00"), DIS_MORE, "icmp.unused", 4);
}

static void
test_echo(void **state)
{
	static const struct {
		enum which which;
		const char *hex;
		bool request, reply;
	} rows[] = {
		{READ_ICMP, "0800 0000 0001 8002 616263", true, false},
		{READ_ICMP, "0000 0000 0001 8002 616263", false, true},
		{READ_ICMPV6, "8000 0000 0001 8002 616263", true, false},
		{READ_ICMPV6, "8100 0000 0001 8002 616263", false, true},
		/* each version's number is another message in the other */
		{READ_ICMP, "8000 0000 0001 8002 616263", false, false},
		{READ_ICMPV6, "0800 0000 0001 8002 616263", false, false},
		{READ_ICMPV6, "0000 0000 0001 8002 616263", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reading r = read_transport(rows[i].which, rows[i].hex);
		const bool echo = rows[i].request || rows[i].reply;

		assert_int_equal(r.got, DIS_OK);
		assert_int_equal(r.icmp.echo_request, rows[i].request);
		assert_int_equal(r.icmp.echo_reply, rows[i].reply);
		assert_int_equal(r.icmp.id, echo ? 1 : 0);
		assert_int_equal(r.icmp.sequence, echo ? 0x8002 : 0);
		assert_false(r.icmp.unreachable);
		assert_int_equal(r.left, 7);
	}
	assert_stopped(read_transport(READ_ICMP, "0800 0000 0001 80"), DIS_MORE, "icmp.sequence", 6);
}

static void
test_other_icmp(void **state)
{
	struct reading r = read_transport(READ_ICMP, "0b00 0000 00000000" IPV4("0100", "11") UDP("00ec"));

	(void)state;
	assert_int_equal(r.got, DIS_OK);
	assert_int_equal(r.icmp.type, 11);
	assert_false(r.icmp.unreachable);
	assert_int_equal(r.left, 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_tcp_options),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_unreachable_v6),
		cmocka_unit_test(test_unreachable_without_ports),
		cmocka_unit_test(test_unreachable_stops),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_other_icmp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
