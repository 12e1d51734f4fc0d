/* IEEE 802.11, bare and behind radiotap. */
#include "link_reading.h"

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
	assert_read(r, ETHERTYPE_LLC, 8);
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
	assert_read(start(radiotap, "0000 0800 00000000" WIFI("8801") "0500" SNAP), ETHERTYPE_LLC, 8);
	/* other fields than the flags */
	assert_read(start(radiotap, "0000 0a00 20000001 c4 00" WIFI("0801") SNAP), ETHERTYPE_LLC, 8);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wifi_addresses),
		cmocka_unit_test(test_wifi_headers),
		cmocka_unit_test(test_wifi_unreadable),
		cmocka_unit_test(test_radiotap),
		cmocka_unit_test(test_radiotap_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
