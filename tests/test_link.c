/* Link layers and shims. */
#include "dissectors/link.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "frames.h"
#include "prefixes.h"

struct reading {
	enum dis got;
	struct link_header link;
	uint16_t next;
	size_t left; /* bytes behind the header */
	struct dis_at at;
};

/* One header: linktype is read where shim is ETHERTYPE_NONE. */
struct header {
	uint32_t linktype;
	uint16_t shim;
};

static struct reading
read_slice(struct header header, struct slice in)
{
	struct reading r = {.next = header.shim};

	if (header.shim == ETHERTYPE_NONE)
		r.got = link_start(header.linktype, &in, &r.link, &r.next, &r.at);
	else
		r.got = link_shim(&in, &r.link, &r.next, &r.at);
	r.left = in.n;
	return r;
}

/* A header that is cut is DIS_MORE and stays where it is; it is never a lie. */
static void
read_prefix(struct slice prefix, void *arg)
{
	struct reading r = read_slice(*(struct header *)arg, prefix);

	assert_int_not_equal(r.got, DIS_BAD);
	assert_true(r.left <= prefix.n);
	if (r.got == DIS_MORE) {
		assert_int_equal(r.left, prefix.n);
		assert_true(r.at.off <= prefix.n);
		assert_non_null(r.at.field);
	}
}

static struct reading
read_header(struct header header, const char *hex)
{
	struct frame_bytes frame = frame_bytes(hex);
	struct reading r = read_slice(header, frame_slice(&frame));

	if (r.got != DIS_BAD)
		every_prefix(frame.b, frame.n, read_prefix, &header);
	return r;
}

static struct reading
start(uint32_t linktype, const char *hex)
{
	return read_header((struct header){.linktype = linktype}, hex);
}

static struct reading
shim(uint16_t ethertype, const char *hex)
{
	return read_header((struct header){.shim = ethertype}, hex);
}

static void
assert_mac(const struct reading *r, const char *src, const char *dst)
{
	struct frame_bytes want = frame_bytes(src);

	assert_true(r->link.has_mac);
	assert_memory_equal(r->link.src, want.b, 6);
	want = frame_bytes(dst);
	assert_memory_equal(r->link.dst, want.b, 6);
}

#define assert_read(r, next_, left_)                                                               \
	do {                                                                                       \
		assert_int_equal((r).got, DIS_OK);                                                 \
		assert_int_equal((r).next, next_);                                                 \
		assert_int_equal((r).left, left_);                                                 \
	} while (0)

#define assert_bad(r, field_, off_)                                                                \
	do {                                                                                       \
		assert_int_equal((r).got, DIS_BAD);                                                \
		assert_string_equal((r).at.field, field_);                                         \
		assert_int_equal((r).at.off, off_);                                                \
	} while (0)

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
	/* 1501 to 1535 are neither type nor length */
	r = start(LINKTYPE_ETHERNET, ETHERNET "05dd 0001");
	assert_read(r, ETHERTYPE_NONE, 2);
	r = start(LINKTYPE_ETHERNET, ETHERNET "08");
	assert_int_equal(r.got, DIS_MORE);
	assert_string_equal(r.at.field, "ethernet.type");
	assert_int_equal(r.at.off, 12);
}

static void
test_8023(void **state)
{
	struct reading r = start(LINKTYPE_ETHERNET, ETHERNET "0009 aaaa03 000000 0800 45 0000");

	(void)state;
	assert_read(r, ETHERTYPE_LLC, 9); /* the padding is cut off */
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 000000 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 0000f8 86dd 60"), ETHERTYPE_IPV6, 1);
	assert_read(shim(ETHERTYPE_LLC, "aaaa03 00000c 2000 02"), ETHERTYPE_NONE, 1);
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
	assert_read(shim(ETHERTYPE_MPLS, "00010040 00011140 45"), ETHERTYPE_IPV4, 1);
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
	assert_read(shim(ETHERTYPE_PPP, "c021 01"), ETHERTYPE_NONE, 1);
	assert_read(start(LINKTYPE_PPP, "0021 45"), ETHERTYPE_PPP, 3);
	assert_read(start(LINKTYPE_PPP_HDLC, "ff03 0021 45"), ETHERTYPE_PPP, 5);
}

static void
test_cisco_hdlc(void **state)
{
	(void)state;
	assert_read(start(LINKTYPE_C_HDLC, "0f00 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_C_HDLC, "8f00 86dd 60"), ETHERTYPE_IPV6, 1);
	assert_read(start(LINKTYPE_PPP_HDLC, "0f00 0800 45"), ETHERTYPE_IPV4, 1);
	assert_read(start(LINKTYPE_PPP, "8f00 0800 45"), ETHERTYPE_IPV4, 1);
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

/* frame control, duration, the first three addresses, sequence and fragment */
#define WIFI_FRAGMENT(control, sequence) control "0000 020000000001 020000000002 020000000003" sequence
#define WIFI(control) WIFI_FRAGMENT(control, "1000")
#define SNAP "aaaa03 000000 0800"

static void
test_wifi_addresses(void **state)
{
	struct reading r = start(LINKTYPE_IEEE802_11, WIFI("0800") SNAP);

	(void)state;
	assert_read(r, ETHERTYPE_LLC, 8);
	assert_mac(&r, "020000000002", "020000000001");
	r = start(LINKTYPE_IEEE802_11, WIFI("0801") SNAP);
	assert_mac(&r, "020000000002", "020000000003");
	r = start(LINKTYPE_IEEE802_11, WIFI("0802") SNAP);
	assert_mac(&r, "020000000003", "020000000001");
	r = start(LINKTYPE_IEEE802_11, WIFI("0803") "020000000004" SNAP);
	assert_read(r, ETHERTYPE_LLC, 8);
	assert_mac(&r, "020000000004", "020000000003");
}

static void
test_wifi_headers(void **state)
{
	(void)state;
	assert_read(start(LINKTYPE_IEEE802_11, WIFI("8801") "0500" SNAP), ETHERTYPE_LLC, 8);
	assert_read(start(LINKTYPE_IEEE802_11, WIFI("8881") "0500 00000000" SNAP), ETHERTYPE_LLC, 8);
	assert_read(start(LINKTYPE_IEEE802_11, WIFI("8803") "020000000004 0500" SNAP), ETHERTYPE_LLC, 8);
	/* order without QoS adds nothing */
	assert_read(start(LINKTYPE_IEEE802_11, WIFI("0881") SNAP), ETHERTYPE_LLC, 8);
}

static void
test_wifi_unreadable(void **state)
{
	static const char *const frames[] = {
		WIFI("8000") "00",                    /* beacon */
		WIFI("4801") "00",                    /* null data */
		WIFI("0841") SNAP,                    /* encrypted */
		WIFI("0805") SNAP,                    /* first fragment */
		WIFI("0901") SNAP,                    /* another version's */
		WIFI("8801") "8500" SNAP,             /* A-MSDU */
		WIFI_FRAGMENT("0801", "1100") SNAP,   /* second fragment */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct reading r = start(LINKTYPE_IEEE802_11, frames[i]);
		assert_int_equal(r.got, DIS_OK);
		assert_int_equal(r.next, ETHERTYPE_NONE);
		assert_false(r.link.has_mac);
	}
}

static void
test_radiotap(void **state)
{
	const uint32_t radiotap = LINKTYPE_IEEE802_11_RADIOTAP;

	(void)state;
	assert_read(start(radiotap, "0000 0800 00000000" WIFI("0801") SNAP), ETHERTYPE_LLC, 8);
	/* flags: padded */
	assert_read(start(radiotap, "0000 0900 02000000 20" WIFI("8801") "0500 0000" SNAP), ETHERTYPE_LLC, 8);
	assert_read(start(radiotap, "0000 0900 02000000 20" WIFI("0801") SNAP), ETHERTYPE_LLC, 8);
	/* time stamp, then flags; the words before it end on 8 bytes, and do not */
	assert_read(start(radiotap, "0000 1100 03000000 ffffffffffffffff 20" WIFI("8801") "0500 0000" SNAP),
		    ETHERTYPE_LLC, 8);
	assert_read(start(radiotap, "0000 1900 03000080 00000000 ffffffff ffffffffffffffff 20" WIFI("8801")
				    "0500 0000" SNAP),
		    ETHERTYPE_LLC, 8);
	/* flags: bad FCS */
	assert_read(start(radiotap, "0000 0900 02000000 40" WIFI("0801") SNAP), ETHERTYPE_NONE, 8);
	assert_bad(start(radiotap, "0100 0800 00000000"), "radiotap.version", 0);
	/* lengths that hold less than what is present */
	assert_bad(start(radiotap, "0000 0700 00000000"), "radiotap.present", 0);
	assert_bad(start(radiotap, "0000 0800 00000080"), "radiotap.present", 0);
	assert_bad(start(radiotap, "0000 0800 02000000"), "radiotap.present", 0);
	assert_bad(start(radiotap, "0000 0900 03000000 20"), "radiotap.present", 0);
}

static void
test_radiotap_offset(void **state)
{
	struct reading r = start(LINKTYPE_IEEE802_11_RADIOTAP, "0000 0800 00000000 0801 00");

	(void)state;
	assert_int_equal(r.got, DIS_MORE);
	assert_string_equal(r.at.field, "wifi.duration");
	assert_int_equal(r.at.off, 10);
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
		cmocka_unit_test(test_ethernet),
		cmocka_unit_test(test_8023),
		cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_vlans_beyond_the_kept),
		cmocka_unit_test(test_mpls),
		cmocka_unit_test(test_mpls_pseudowire),
		cmocka_unit_test(test_inner_ethernet),
		cmocka_unit_test(test_pppoe),
		cmocka_unit_test(test_ppp),
		cmocka_unit_test(test_cisco_hdlc),
		cmocka_unit_test(test_bsd_loopback),
		cmocka_unit_test(test_linux_cooked),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_wifi_addresses),
		cmocka_unit_test(test_wifi_headers),
		cmocka_unit_test(test_wifi_unreadable),
		cmocka_unit_test(test_radiotap),
		cmocka_unit_test(test_radiotap_offset),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_unknown_shim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
