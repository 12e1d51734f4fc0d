/* GRE with what rides on it, and the tunnels in UDP. */
#include "dissectors/tunnel.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "dissectors/link.h"
#include "frames.h"
#include "prefixes.h"

struct reading {
	uint16_t port; /* 0: GRE */
	enum dis got;
	uint16_t next;
	size_t left;
	struct dis_at at;
};

static struct reading
read_slice(uint16_t port, struct slice in)
{
	struct reading r = {.port = port};

	if (port == 0)
		r.got = tunnel_gre(&in, &r.next, &r.at);
	else
		r.got = tunnel_udp(&in, 40000, port, &r.next, &r.at);
	r.left = in.n;
	return r;
}

static void
read_prefix(struct slice prefix, void *arg)
{
	struct reading r = read_slice(((struct reading *)arg)->port, prefix);

	assert_int_not_equal(r.got, DIS_BAD);
	assert_true(r.left <= prefix.n);
	if (r.got == DIS_MORE) {
		assert_int_equal(r.left, prefix.n);
		assert_non_null(r.at.field);
		assert_true(r.at.off <= prefix.n);
	}
}

static struct reading
read_tunnel(uint16_t port, const char *hex)
{
	struct frame_bytes packet = frame_bytes(hex);
	struct reading r = read_slice(port, frame_slice(&packet));

	if (r.got != DIS_BAD)
		every_prefix(packet.b, packet.n, read_prefix, &r);
	return r;
}

#define assert_read(r, next_, left_)                                                               \
	do {                                                                                       \
		assert_int_equal((r).got, DIS_OK);                                                 \
		assert_int_equal((r).next, next_);                                                 \
		assert_int_equal((r).left, left_);                                                 \
	} while (0)

#define assert_stopped(r, got_, field_, off_)                                                      \
	do {                                                                                       \
		assert_int_equal((r).got, got_);                                                   \
		assert_string_equal((r).at.field, field_);                                         \
		assert_int_equal((r).at.off, off_);                                                \
	} while (0)

static void
test_gre(void **state)
{
	(void)state;
	assert_read(read_tunnel(0, "0000 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(0, "8000 86dd 00000000 60"), ETHERTYPE_IPV6, 1);
	assert_read(read_tunnel(0, "2000 6558 00000001 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(0, "1000 0800 00000001 45"), ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(0, "b000 8847 00000000 00000001 00000002 00"), ETHERTYPE_MPLS, 1);
	assert_stopped(read_tunnel(0, "0002 0800 45"), DIS_BAD, "gre.flags", 0);
	assert_stopped(read_tunnel(0, "3000 0800 00000001 0000"), DIS_MORE, "gre.sequence", 8);
}

static void
test_gre_routing(void **state)
{
	(void)state;
	assert_read(read_tunnel(0, "4000 0800 00000000 0800 00 04 0a000001 0000 00 00 45"), ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(0, "4000 0800 00000000 0800 00 00 0000 00 00 45"), ETHERTYPE_IPV4, 1);
	assert_stopped(read_tunnel(0, "4000 0800 00000000 0800 00 04 0a00"), DIS_MORE, "gre_routing.routing",
		       12);
}

static void
test_pptp(void **state)
{
	(void)state;
	assert_read(read_tunnel(0, "3001 880b 0003 0007 00000001 21 45 00"), ETHERTYPE_PPP, 3);
	assert_read(read_tunnel(0, "3081 880b 0003 0007 00000001 00000002 21 45 00"), ETHERTYPE_PPP, 3);
	assert_read(read_tunnel(0, "2081 880b 0000 0007 00000002"), ETHERTYPE_NONE, 0);
	/* this flag is version 1's */
	assert_read(read_tunnel(0, "0080 0800 45000014"), ETHERTYPE_IPV4, 4);
}

static void
test_erspan(void **state)
{
	(void)state;
	assert_read(read_tunnel(0, "0000 88be 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(0, "1000 88be 00000001 1064 0001 00000000 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(0, "1000 22eb 00000001 2064 0001 00000000 0000 0000 02"), ETHERTYPE_TRANSPARENT,
		    1);
	assert_read(read_tunnel(0, "1000 22eb 00000001 2064 0001 00000000 0000 0001 0000000000000000 02"),
		    ETHERTYPE_TRANSPARENT, 1);
	/* frame type 2: a packet without an Ethernet header */
	assert_read(read_tunnel(0, "1000 22eb 00000001 2064 0001 00000000 0000 0800 45"), ETHERTYPE_IPV4, 1);
	assert_stopped(read_tunnel(0, "1000 88be 00000001 2064 0001 00000000 02"), DIS_BAD, "erspan.version", 8);
	assert_stopped(read_tunnel(0, "1000 22eb 00000001 1064 0001 00000000 02"), DIS_BAD, "erspan.version", 8);
}

static void
test_vxlan(void **state)
{
	(void)state;
	assert_read(read_tunnel(TUNNEL_VXLAN, "08000000 000001 00 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(TUNNEL_VXLAN, "88000005 000001 00 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(TUNNEL_VXLAN, "f8000000 000001 00 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(TUNNEL_VXLAN, "0c000001 000001 00 02"), ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(TUNNEL_VXLAN, "0c000002 000001 00 02"), ETHERTYPE_IPV6, 1);
	assert_read(read_tunnel(TUNNEL_VXLAN, "0c000003 000001 00 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(TUNNEL_VXLAN, "0c000004 000001 00 02"), ETHERTYPE_NONE, 1);
	assert_stopped(read_tunnel(TUNNEL_VXLAN, "00000000 000001 00 02"), DIS_BAD, "vxlan.flags", 0);
}

static void
test_geneve(void **state)
{
	(void)state;
	assert_read(read_tunnel(TUNNEL_GENEVE, "00 00 6558 000001 00 02"), ETHERTYPE_TRANSPARENT, 1);
	assert_read(read_tunnel(TUNNEL_GENEVE, "02 40 0800 000001 00 0101800100000000 45"), ETHERTYPE_IPV4, 1);
	assert_stopped(read_tunnel(TUNNEL_GENEVE, "40 00 6558 000001 00"), DIS_BAD, "geneve.version", 0);
	assert_stopped(read_tunnel(TUNNEL_GENEVE, "00 01 6558 000001 00"), DIS_BAD, "geneve.flags", 1);
}

static void
test_gtp_u(void **state)
{
	(void)state;
	assert_read(read_tunnel(TUNNEL_GTP_U, "30 ff 0001 00000001 45"), ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(TUNNEL_GTP_U, "31 ff 0005 00000001 0000 05 00 45"), ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(TUNNEL_GTP_U, "32 ff 0005 00000001 0005 00 85 60"), ETHERTYPE_IPV6, 1);
	assert_read(read_tunnel(TUNNEL_GTP_U, "34 ff 000d 00000001 0000 00 85 01 1001 c0 01 0000 00 45"),
		    ETHERTYPE_IPV4, 1);
	assert_read(read_tunnel(TUNNEL_GTP_U, "30 ff 0001 00000001 ff"), ETHERTYPE_NONE, 9);
	assert_stopped(read_tunnel(TUNNEL_GTP_U, "34 ff 0008 00000001 0000 00 85 00"), DIS_BAD,
		       "gtp_extension.length", 12);
	assert_stopped(read_tunnel(TUNNEL_GTP_U, "34 ff 0008 00000001 0000 00 85 01 1001 c0 00"), DIS_BAD,
		       "gtp_extension.length", 16);
	assert_stopped(read_tunnel(TUNNEL_GTP_U, "50 ff 0001 00000001 45"), DIS_BAD, "gtp.version", 0);
	assert_stopped(read_tunnel(TUNNEL_GTP_U, "30 01 0001 00000001 45"), DIS_BAD, "gtp.message_type", 1);
}

static void
test_ports(void **state)
{
	struct frame_bytes packet = frame_bytes("30 ff 0001 00000001 45");
	struct slice in = frame_slice(&packet);
	uint16_t next;
	struct dis_at at;

	(void)state;
	assert_int_equal(tunnel_udp(&in, TUNNEL_GTP_U, 40000, &next, &at), DIS_OK);
	assert_int_equal(next, ETHERTYPE_IPV4);
	in = frame_slice(&packet);
	assert_int_equal(tunnel_udp(&in, 40000, 443, &next, &at), DIS_OK);
	assert_int_equal(next, ETHERTYPE_NONE);
	assert_int_equal(in.n, packet.n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gre),
		cmocka_unit_test(test_gre_routing),
		cmocka_unit_test(test_pptp),
		cmocka_unit_test(test_erspan),
		cmocka_unit_test(test_vxlan),
		cmocka_unit_test(test_geneve),
		cmocka_unit_test(test_gtp_u),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
