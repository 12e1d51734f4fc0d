/* IPv4 and IPv6 headers. */
#include "dissectors/ip.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "frames.h"
#include "prefixes.h"

struct reading {
	enum dis got;
	struct ip_header ip;
	size_t captured, len;
	struct dis_at at;
};

static struct reading
read_slice(struct slice in)
{
	struct reading r = {.len = 0};

	r.got = ip_dissect(&in, &r.ip, &r.len, &r.at);
	r.captured = in.n;
	return r;
}

/* However a good packet is cut: what is said of it stays the same, or is not known yet. */
static void
read_prefix(struct slice prefix, void *arg)
{
	const struct reading *whole = arg;
	struct reading r = read_slice(prefix);

	assert_int_not_equal(r.got, DIS_BAD);
	if (r.got == DIS_OK) {
		assert_int_equal(r.len, whole->len);
		assert_int_equal(r.ip.protocol, whole->ip.protocol);
		assert_true(r.captured <= r.len);
	} else {
		assert_int_equal(r.captured, prefix.n);
		assert_non_null(r.at.field);
		assert_true(r.at.off <= prefix.n);
	}
}

static struct reading
read_ip(const char *hex)
{
	struct frame_bytes packet = frame_bytes(hex);
	struct reading r = read_slice(frame_slice(&packet));

	/* without a length in the header every cut is another packet */
	if (r.got == DIS_OK && !(packet.b[2] == 0 && packet.b[3] == 0 && r.ip.version == 4) &&
	    !(packet.b[4] == 0 && packet.b[5] == 0 && r.ip.version == 6))
		every_prefix(packet.b, packet.n, read_prefix, &r);
	return r;
}

#define assert_read(r, protocol_, captured_, len_)                                                 \
	do {                                                                                       \
		assert_int_equal((r).got, DIS_OK);                                                 \
		assert_int_equal((r).ip.protocol, protocol_);                                      \
		assert_int_equal((r).captured, captured_);                                         \
		assert_int_equal((r).len, len_);                                                   \
	} while (0)

#define assert_stopped(r, got_, field_, off_)                                                      \
	do {                                                                                       \
		assert_int_equal((r).got, got_);                                                   \
		assert_string_equal((r).at.field, field_);                                         \
		assert_int_equal((r).at.off, off_);                                                \
	} while (0)

static void
test_ipv4(void **state)
{
	struct reading r = read_ip(IPV4("0017", "06") "616263");
	struct frame_bytes src = frame_bytes("00000000000000000000ffff0a000001");
	struct frame_bytes dst = frame_bytes("00000000000000000000ffff0a000002");

	(void)state;
	assert_read(r, IP_TCP, 3, 3);
	assert_int_equal(r.ip.version, 4);
	assert_memory_equal(r.ip.src.b, src.b, 16);
	assert_memory_equal(r.ip.dst.b, dst.b, 16);
	assert_true(ip_addr_is_v4(&r.ip.src));
	assert_false(r.ip.fragment);
	assert_false(r.ip.more);
}

static void
test_ipv4_length(void **state)
{
	(void)state;
	assert_read(read_ip(IPV4("0015", "06") "610000"), IP_TCP, 1, 1);   /* padding */
	assert_read(read_ip(IPV4("0014", "06") "0000"), IP_TCP, 0, 0);
	assert_read(read_ip(IPV4("05dc", "06") "616263"), IP_TCP, 3, 1480); /* cut */
	assert_read(read_ip(IPV4("0000", "06") "616263"), IP_TCP, 3, 3);   /* offload */
	assert_stopped(read_ip(IPV4("0013", "06") "61"), DIS_BAD, "ipv4.total_length", 2);
}

static void
test_ipv4_options(void **state)
{
	(void)state;
	assert_read(read_ip("4600 0019 1234 4000 40 11 0000 0a000001 0a000002 01010101 61"), IP_UDP, 1, 1);
	assert_stopped(read_ip("4400 0019 1234 4000 40 11 0000 0a000001 0a000002"), DIS_BAD,
		       "ipv4.header_length", 0);
	assert_stopped(read_ip("4600 0019 1234 4000 40 11 0000 0a000001 0a000002 0101"), DIS_MORE,
		       "ipv4.options", 20);
	/* options that the total length has no room for */
	assert_stopped(read_ip("4600 0014 1234 4000 40 11 0000 0a000001 0a000002 01010101"), DIS_BAD,
		       "ipv4.total_length", 2);
}

static void
test_ipv4_fragments(void **state)
{
	struct reading r = read_ip("4500 001c 1234 2000 40 11 0000 0a000001 0a000002 0102030405060708");

	(void)state;
	assert_read(r, IP_UDP, 8, 8);
	assert_true(r.ip.fragment && r.ip.more);
	assert_int_equal(r.ip.offset, 0);
	assert_int_equal(r.ip.id, 0x1234);
	r = read_ip("4500 001c 1234 1fff 40 11 0000 0a000001 0a000002 0102030405060708");
	assert_true(r.ip.fragment);
	assert_false(r.ip.more);
	assert_int_equal(r.ip.offset, 65528);
}

static void
test_ipv6(void **state)
{
	struct reading r = read_ip(IPV6("0003", "11") "616263 0000");
	struct frame_bytes src = frame_bytes("20010db8000000000000000000000001");

	(void)state;
	assert_read(r, IP_UDP, 3, 3);
	assert_int_equal(r.ip.version, 6);
	assert_memory_equal(r.ip.src.b, src.b, 16);
	assert_int_equal(r.ip.dst.b[15], 2);
	assert_false(ip_addr_is_v4(&r.ip.src));
	assert_false(r.ip.fragment);
	assert_read(read_ip(IPV6("05a0", "11") "616263"), IP_UDP, 3, 1440);
	assert_read(read_ip(IPV6("0000", "11") "616263"), IP_UDP, 3, 3);
}

#define HOP_BY_HOP(next) next "00 050200000000"
#define ROUTING(next) next "01 0401 00000000 0000000000000000"
#define DESTINATION(next) next "00 010400000000"
#define AUTHENTICATION(next) next "04 0000 00000001 00000002 000102030405060708090a0b"

static void
test_ipv6_extensions(void **state)
{
	struct reading r = read_ip(IPV6("0039", "00") HOP_BY_HOP("2b") ROUTING("3c") DESTINATION("33")
				   AUTHENTICATION("06") "61");

	(void)state;
	assert_read(r, IP_TCP, 1, 1);
	assert_false(r.ip.fragment);
	/* one that ends behind the packet: a lie where the packet is all there, else cut */
	assert_stopped(read_ip(IPV6("0008", "00") "06 01 050200000000"), DIS_BAD, "ip_extension.data", 42);
	assert_stopped(read_ip(IPV6("0010", "00") "06 01 050200000000"), DIS_MORE, "ip_extension.data", 42);
	assert_stopped(read_ip(IPV6("0018", "00") HOP_BY_HOP("3c") "06 01"), DIS_MORE, "ip_extension.data", 50);
}

static void
test_ipv6_too_many_extensions(void **state)
{
#define FOUR DESTINATION("3c") DESTINATION("3c") DESTINATION("3c") DESTINATION("3c")
	struct reading r = read_ip(IPV6("0078", "3c") FOUR FOUR FOUR DESTINATION("3c") DESTINATION("3c")
				   DESTINATION("11"));

	(void)state;
	assert_read(r, IP_UDP, 0, 0);
	r = read_ip(IPV6("0088", "3c") FOUR FOUR FOUR FOUR DESTINATION("11"));
	assert_stopped(r, DIS_BAD, "ip_extension.count", 40 + 16 * 8);
	r = read_ip(IPV6("0188", "3c") FOUR FOUR FOUR FOUR DESTINATION("11")); /* and cut */
	assert_stopped(r, DIS_BAD, "ip_extension.count", 40 + 16 * 8);
}

static void
test_ipv6_fragments(void **state)
{
	struct reading r = read_ip(IPV6("0010", "2c") "11 00 0009 12345678 0102030405060708");

	(void)state;
	assert_read(r, IP_UDP, 8, 8);
	assert_true(r.ip.fragment && r.ip.more);
	assert_int_equal(r.ip.offset, 8);
	assert_int_equal(r.ip.id, 0x12345678);
	/* what follows a fragment header is not looked at: it may be from the middle */
	r = read_ip(IPV6("0010", "2c") "3c 00 0008 12345678 0102030405060708");
	assert_read(r, 0x3c, 8, 8);
	assert_true(r.ip.fragment && !r.ip.more);
	/* an atomic fragment is none */
	r = read_ip(IPV6("0010", "2c") "11 00 0000 12345678 0102030405060708");
	assert_read(r, IP_UDP, 8, 8);
	assert_false(r.ip.fragment);
	assert_stopped(read_ip(IPV6("0008", "2c") "11 00 0000"), DIS_MORE, "ipv6_fragment.identification", 44);
}

static void
test_extensions_in_ipv4(void **state)
{
	(void)state;
	assert_read(read_ip(IPV4("002d", "33") AUTHENTICATION("06") "61"), IP_TCP, 1, 1);
	/* IPv6's own numbers are other protocols here */
	assert_read(read_ip(IPV4("0015", "00") "06"), 0, 1, 1);
	assert_read(read_ip(IPV4("0015", "2c") "06"), 44, 1, 1);
}

static void
test_extensions_of_a_datagram(void **state)
{
	struct frame_bytes body = frame_bytes(DESTINATION("11") "61");
	struct slice in = frame_slice(&body);
	struct ip_header ip = {.version = 6, .protocol = 60};
	struct dis_at at;

	(void)state;
	assert_int_equal(ip_extensions(&in, &ip, &at), DIS_OK);
	assert_int_equal(ip.protocol, IP_UDP);
	assert_int_equal(in.n, 1);
}

static void
test_no_ip(void **state)
{
	(void)state;
	assert_stopped(read_ip(""), DIS_MORE, "ip.version", 0);
	assert_stopped(read_ip("50"), DIS_BAD, "ip.version", 0);
}

static void
test_address(void **state)
{
	static const char *const none[] = {"", "0a0000", "0a00000102", "00000000",
					   "00000000000000000000000000000000",
					   "20010db800000000000000000000000100"};
	const struct frame_bytes v4 = frame_bytes("0a000001"), mapped = frame_bytes("00000000000000000000ffff0a000001"),
				 v6 = frame_bytes("20010db8000000000000000000000001");
	struct ip_addr ip;

	(void)state;
	assert_true(ip_addr_of(frame_slice(&v4), &ip));
	assert_true(ip_addr_is_v4(&ip));
	assert_memory_equal(ip.b, mapped.b, sizeof(ip.b));
	assert_true(ip_addr_of(frame_slice(&v6), &ip));
	assert_memory_equal(ip.b, v6.b, sizeof(ip.b));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		const struct frame_bytes bytes = frame_bytes(none[i]);

		assert_false(ip_addr_of(frame_slice(&bytes), &ip));
		assert_memory_equal(ip.b, v6.b, sizeof(ip.b));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv4_length),
		cmocka_unit_test(test_ipv4_options),
		cmocka_unit_test(test_ipv4_fragments),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_ipv6_extensions),
		cmocka_unit_test(test_ipv6_too_many_extensions),
		cmocka_unit_test(test_ipv6_fragments),
		cmocka_unit_test(test_extensions_in_ipv4),
		cmocka_unit_test(test_extensions_of_a_datagram),
		cmocka_unit_test(test_no_ip),
		cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
