/* DHCP and BOOTP, with the TFTP server in every form that servers say it in. */
#include "dissectors/dhcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "frames.h"
#include "prefixes.h"

#define FIELD_SNAME 44
#define FIELD_FILE 108
#define FIELD_COOKIE 236
#define FIELD_OPTIONS 240

struct datagram {
	uint8_t b[1024];
	size_t n;
};

static void
append(struct datagram *d, const void *bytes, size_t n)
{
	assert_true(n <= sizeof d->b - d->n);
	memcpy(d->b + d->n, bytes, n);
	d->n += n;
}

static void
add_option(struct datagram *d, uint8_t code, const void *bytes, size_t n)
{
	const uint8_t head[2] = {code, (uint8_t)n};

	append(d, head, sizeof head);
	append(d, bytes, n);
}

#define ADD(d, code, text) add_option(d, code, text, sizeof text - 1)
#define END(d) append(d, "\xff", 1)

/* An Ethernet client's request or a server's reply, all zero but for that, up to the cookie. */
static struct datagram
datagram(uint8_t op)
{
	struct datagram d = {.b = {op, 1, 6}, .n = FIELD_COOKIE};

	append(&d, "\x63\x82\x53\x63", 4);
	return d;
}

static struct dhcp
dissect(const struct datagram *d, enum dis want, struct dis_at *at)
{
	struct dhcp dhcp;

	*at = (struct dis_at){.field = ""};
	assert_int_equal(dhcp_dissect(slice_of(d->b, d->n), &dhcp, at), want);
	return dhcp;
}

static struct dhcp
dissect_whole(const struct datagram *d)
{
	struct dis_at at;

	return dissect(d, DIS_OK, &at);
}

static void
assert_text(struct slice text, const char *want)
{
	assert_int_equal(text.n, strlen(want));
	assert_true(text.n == 0 || memcmp(text.p, want, text.n) == 0);
}

/* "" for one that was not said */
static void
assert_address(const struct ip_addr *a, const char *want)
{
	static const uint8_t unset[16];
	char text[16] = "";

	if (memcmp(a->b, unset, sizeof unset) != 0) {
		assert_true(ip_addr_is_v4(a));
		snprintf(text, sizeof text, "%u.%u.%u.%u", a->b[12], a->b[13], a->b[14], a->b[15]);
	}
	assert_string_equal(text, want);
}

static void
assert_servers(const struct dhcp *dhcp, const char *want)
{
	char text[DHCP_MAX_SERVERS * 16] = "";
	size_t n = 0;

	for (size_t i = 0; i < dhcp->n_tftp; i++) {
		const uint8_t *b = dhcp->tftp[i].b;

		assert_true(ip_addr_is_v4(&dhcp->tftp[i]));
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%u.%u.%u.%u", i > 0 ? " " : "", b[12], b[13],
				      b[14], b[15]);
	}
	assert_string_equal(text, want);
}

/* tshark: Boot Reply, Transaction ID 0x3903f326, Client IP 0.0.0.0, Your IP 10.1.20.31, Next server IP 10.1.5.9, Relay
 * agent IP 10.1.20.1, Client MAC 00:11:22:33:44:55, Server host name "srv", Boot file name "SEP.cnf"; options 53 ACK,
 * 54 10.1.5.1, 51, 1, 3, 12 "SEP001122334455", 60 "Cisco Systems, Inc. IP Phone CP-8861", 66 "cucm.example",
 * 150 10.1.5.9 and 10.1.5.10, end, padding. */
#define ZERO_16 "00000000000000000000000000000000"
#define ZERO_48 ZERO_16 ZERO_16 ZERO_16
static const char ACK[] =
	"02 01 06 01 3903f326 0000 8000 00000000 0a01141f 0a010509 0a011401"
	"00112233445500000000000000000000"
	"73727600000000000000000000000000" ZERO_48
	"5345502e636e66000000000000000000" ZERO_16 ZERO_48 ZERO_48
	"63825363"
	"350105 36040a010501 330400015180 0104ffffff00 03040a011401"
	"0c0f534550303031313232333334343535"
	"3c24436973636f2053797374656d732c20496e632e2049502050686f6e652043502d38383631"
	"420c6375636d2e6578616d706c65"
	"96080a0105090a01050a"
	"ff 0000000000";

static void
reads_an_ack(void **state)
{
	struct frame_bytes bytes = frame_bytes(ACK);
	struct dhcp dhcp;
	struct dis_at at;

	(void)state;
	assert_int_equal(dhcp_dissect(frame_slice(&bytes), &dhcp, &at), DIS_OK);
	assert_true(dhcp.reply);
	assert_int_equal(dhcp.type, DHCP_ACK);
	assert_int_equal(dhcp.xid, 0x3903f326);
	assert_true(dhcp.has_mac);
	assert_memory_equal(dhcp.mac, "\x00\x11\x22\x33\x44\x55", 6);
	assert_address(&dhcp.client, "");
	assert_address(&dhcp.yours, "10.1.20.31");
	assert_address(&dhcp.next_server, "10.1.5.9");
	assert_address(&dhcp.relay, "10.1.20.1");
	assert_text(dhcp.boot_server, "srv");
	assert_text(dhcp.boot_file, "SEP.cnf");
	assert_address(&dhcp.requested, "");
	assert_address(&dhcp.server, "10.1.5.1");
	assert_text(dhcp.host_name, "SEP001122334455");
	assert_text(dhcp.vendor_class, "Cisco Systems, Inc. IP Phone CP-8861");
	assert_text(dhcp.tftp_name, "cucm.example");
	assert_servers(&dhcp, "10.1.5.9 10.1.5.10");
	assert_true(dhcp.option_66);
	assert_true(dhcp.option_150);
}

static void
reads_a_request(void **state)
{
	struct datagram d = datagram(1);
	struct dhcp dhcp;

	(void)state;
	memcpy(d.b + 12, "\x0a\x01\x14\x1f", 4);
	ADD(&d, 50, "\x0a\x01\x14\x20");
	ADD(&d, 53, "\x03");
	END(&d);
	dhcp = dissect_whole(&d);
	assert_false(dhcp.reply);
	assert_int_equal(dhcp.type, DHCP_REQUEST);
	assert_address(&dhcp.client, "10.1.20.31");
	assert_address(&dhcp.requested, "10.1.20.32");
	assert_servers(&dhcp, "");
	assert_text(dhcp.tftp_name, "");
	assert_false(dhcp.option_66);
	assert_false(dhcp.option_150);
}

struct said {
	const char *bytes;
	size_t n;
	const char *name, *servers;
};

#define SAID(text, ...) {text, sizeof text - 1, __VA_ARGS__}

static void
reads_option_150(void **state)
{
	static const struct said rows[] = {
		SAID("\x0a\x00\x00\x05", "", "10.0.0.5"),
		SAID("\x0a\x00\x00\x05\x0a\x00\x00\x06", "", "10.0.0.5 10.0.0.6"),
		SAID("\x0a\0\0\1\x0a\0\0\2\x0a\0\0\3\x0a\0\0\4\x0a\0\0\5\x0a\0\0\6\x0a\0\0\7"
		     "\x0a\0\0\x08\x0a\0\0\x09",
		     "", "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 10.0.0.8"),
		SAID("10.0.0.5", "", "10.0.0.5"),
		SAID("10.0.0.5\0", "", "10.0.0.5"),
		SAID("1.2.3.45", "", "1.2.3.45"),
		SAID("1.2.3.4\0", "", "1.2.3.4"),
		SAID("1.2.3.4", "", "1.2.3.4"),
		SAID("10.0.0.5,10.0.0.6", "", "10.0.0.5 10.0.0.6"),
		SAID(" 10.0.0.5, 10.0.0.6 ", "", "10.0.0.5 10.0.0.6"),
		SAID("10.0.0.5 255.255.255.255\0\0", "", "10.0.0.5 255.255.255.255"),
		SAID("1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4", "",
		     "1.2.3.4 1.2.3.4 1.2.3.4 1.2.3.4 1.2.3.4 1.2.3.4 1.2.3.4 1.2.3.4"),
		/* an address of digits, which is too short for a text */
		SAID("1234", "", "49.50.51.52"),
		SAID("1.2.3.256", "", ""),
		SAID("1.2.3.4.5", "", ""),
		SAID("1.2.3.4.", "", ""),
		SAID("1.2.3..4", "", ""),
		SAID("99999999999999999999.1.2.3", "", ""),
		SAID("1.2.345, 10.0.0.6", "", "10.0.0.6"),
		SAID("\x0a\x00\x00\x05\x0a", "", ""),
		SAID("\x00\x00\x00\x00", "", ""),
		SAID("0.0.0.0", "", ""),
		SAID("\x00\x00\x00\x00\x0a\x00\x00\x06", "", "10.0.0.6"),
		SAID("", "", ""),
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct datagram d = datagram(2);
		struct dhcp dhcp;

		add_option(&d, 150, rows[i].bytes, rows[i].n);
		END(&d);
		dhcp = dissect_whole(&d);
		assert_servers(&dhcp, rows[i].servers);
		assert_text(dhcp.tftp_name, "");
		assert_true(dhcp.option_150);
		assert_false(dhcp.option_66);
	}
}

static void
reads_option_66(void **state)
{
	static const struct said rows[] = {
		SAID("cucm.example.org", "cucm.example.org", ""),
		SAID("cucm.example.org\0", "cucm.example.org", ""),
		SAID("tftp", "tftp", ""),
		SAID("tftp-123.a_b", "tftp-123.a_b", ""),
		SAID("abc\0", "abc", ""),
		SAID("10.0.0.5", "10.0.0.5", "10.0.0.5"),
		SAID("10.0.0.5\0", "10.0.0.5", "10.0.0.5"),
		SAID("1.2.3.45", "1.2.3.45", "1.2.3.45"),
		SAID("10.0.0.5,10.0.0.6", "10.0.0.5,10.0.0.6", "10.0.0.5 10.0.0.6"),
		SAID("10.0.0.5.example", "10.0.0.5.example", ""),
		SAID("10.0.0.5 example", "10.0.0.5 example", ""),
		SAID("\x0a\x00\x00\x05", "", "10.0.0.5"),
		SAID("\x0a\x00\x00\x00", "", "10.0.0.0"),
		SAID("\xc0\xa8\x64\x61", "", "192.168.100.97"),
		SAID("\x64\x00\x31\x61", "", "100.0.49.97"),
		SAID("\0\0", "", ""),
		SAID("", "", ""),
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct datagram d = datagram(2);
		struct dhcp dhcp;

		add_option(&d, 66, rows[i].bytes, rows[i].n);
		END(&d);
		dhcp = dissect_whole(&d);
		assert_servers(&dhcp, rows[i].servers);
		assert_text(dhcp.tftp_name, rows[i].name);
		assert_true(dhcp.option_66);
		assert_false(dhcp.option_150);
	}
}

static void
option_150_goes_before_66(void **state)
{
	static const struct {
		const char *of_66, *of_150, *servers;
	} rows[] = {
		{"10.0.0.5", "10.0.0.6,10.0.0.7", "10.0.0.6 10.0.0.7"},
		{"10.0.0.5,10.0.0.8", "10.0.0.6", "10.0.0.6"},
		{"cucm", "10.0.0.6", "10.0.0.6"},
		{"10.0.0.5", "short", "10.0.0.5"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (int order = 0; order < 2; order++) {
			struct datagram d = datagram(2);
			struct dhcp dhcp;

			if (order == 0)
				add_option(&d, 66, rows[i].of_66, strlen(rows[i].of_66));
			add_option(&d, 150, rows[i].of_150, strlen(rows[i].of_150));
			if (order == 1)
				add_option(&d, 66, rows[i].of_66, strlen(rows[i].of_66));
			END(&d);
			dhcp = dissect_whole(&d);
			assert_servers(&dhcp, rows[i].servers);
			assert_text(dhcp.tftp_name, rows[i].of_66);
			assert_true(dhcp.option_66 && dhcp.option_150);
		}
	}
}

static void
reads_overloaded_fields(void **state)
{
	struct datagram d = datagram(2);
	struct dhcp dhcp;

	(void)state;
	memcpy(d.b + FIELD_SNAME, "\x0c\x05sname\xff\x3c\x01x", 11);
	memcpy(d.b + FIELD_FILE, "\x42\x04" "file\x00\xff", 8);
	ADD(&d, 53, "\x05");
	END(&d);
	dhcp = dissect_whole(&d);
	assert_text(dhcp.host_name, "");
	assert_text(dhcp.tftp_name, "");
	assert_text(dhcp.boot_file, "B\x04" "file");

	for (uint8_t overload = 1; overload <= 3; overload++) {
		d.n = FIELD_OPTIONS;
		add_option(&d, 52, &overload, 1);
		ADD(&d, 53, "\x05");
		END(&d);
		dhcp = dissect_whole(&d);
		assert_int_equal(dhcp.type, DHCP_ACK);
		assert_text(dhcp.tftp_name, overload & 1 ? "file" : "");
		assert_text(dhcp.boot_file, overload & 1 ? "" : "B\x04" "file");
		assert_text(dhcp.host_name, overload & 2 ? "sname" : "");
		assert_text(dhcp.boot_server, overload & 2 ? "" : "\x0c\x05sname\xff\x3c\x01x");
		assert_text(dhcp.vendor_class, "");
	}
}

static void
fields_cannot_overload_again(void **state)
{
	struct datagram d = datagram(2);
	struct dhcp dhcp;

	(void)state;
	memcpy(d.b + FIELD_SNAME, "\x0c\x05sname\xff", 8);
	memcpy(d.b + FIELD_FILE, "\x34\x01\x03\xff", 4);
	ADD(&d, 52, "\x01");
	dhcp = dissect_whole(&d);
	assert_text(dhcp.host_name, "");
	assert_text(dhcp.boot_server, "\x0c\x05sname\xff");
}

static void
an_option_cannot_leave_its_field(void **state)
{
	struct datagram d = datagram(2);
	struct dis_at at;
	struct dhcp dhcp;

	(void)state;
	memset(d.b + FIELD_FILE, 0, 128);
	memcpy(d.b + FIELD_FILE, "\x0c\x04" "name", 6);
	memcpy(d.b + FIELD_FILE + 120, "\x3c\x07", 2);
	ADD(&d, 52, "\x01");
	END(&d);
	dhcp = dissect(&d, DIS_BAD, &at);
	assert_string_equal(at.field, "dhcp_option.data");
	assert_int_equal(at.off, FIELD_FILE + 121);
	assert_text(dhcp.host_name, "name");
	assert_text(dhcp.vendor_class, "");
	/* one byte less, and it fits */
	d.b[FIELD_FILE + 121] = 6;
	memcpy(d.b + FIELD_FILE + 122, "vendor", 6);
	dhcp = dissect_whole(&d);
	assert_text(dhcp.vendor_class, "vendor");
}

static void
pad_and_end(void **state)
{
	struct datagram d = datagram(2);
	struct dhcp dhcp;

	(void)state;
	append(&d, "\0\0", 2);
	ADD(&d, 53, "\x02");
	append(&d, "\0", 1);
	ADD(&d, 12, "before");
	dhcp = dissect_whole(&d);
	assert_text(dhcp.host_name, "before");
	END(&d);
	ADD(&d, 60, "behind");
	append(&d, "\x0c\xff", 2);
	dhcp = dissect_whole(&d);
	assert_int_equal(dhcp.type, DHCP_OFFER);
	assert_text(dhcp.host_name, "before");
	assert_text(dhcp.vendor_class, "");
}

static void
options_that_run_off_the_end(void **state)
{
	struct datagram d = datagram(2);
	struct dis_at at;
	struct dhcp dhcp;

	(void)state;
	ADD(&d, 53, "\x05");
	ADD(&d, 150, "\x0a\x00\x00\x05");
	append(&d, "\x0c\x05name", 6);
	dhcp = dissect(&d, DIS_MORE, &at);
	assert_string_equal(at.field, "dhcp_option.data");
	assert_int_equal(at.off, d.n - 5);
	assert_int_equal(dhcp.type, DHCP_ACK);
	assert_servers(&dhcp, "10.0.0.5");
	assert_text(dhcp.host_name, "");
	d.n -= 5;
	dhcp = dissect(&d, DIS_MORE, &at);
	assert_int_equal(at.off, d.n);
	assert_servers(&dhcp, "10.0.0.5");
}

static void
wrong_lengths_are_not_said(void **state)
{
	struct datagram d = datagram(2);
	struct dhcp dhcp;

	(void)state;
	ADD(&d, 53, "");
	ADD(&d, 53, "\x05\x05");
	ADD(&d, 12, "\0\0");
	ADD(&d, 50, "\x0a\x00\x00");
	ADD(&d, 54, "\x0a\x00\x00\x01\x0a\x00\x00\x02");
	ADD(&d, 52, "\x01\x01");
	memcpy(d.b + FIELD_FILE, "name", 4);
	END(&d);
	dhcp = dissect_whole(&d);
	assert_int_equal(dhcp.type, DHCP_NONE);
	assert_text(dhcp.host_name, "");
	assert_address(&dhcp.requested, "");
	assert_address(&dhcp.server, "");
	assert_text(dhcp.boot_file, "name");
}

static void
the_first_piece_counts(void **state)
{
	struct datagram d = datagram(2);
	struct dhcp dhcp;

	(void)state;
	ADD(&d, 53, "\x05");
	ADD(&d, 53, "\x06");
	ADD(&d, 12, "a");
	ADD(&d, 12, "b");
	ADD(&d, 60, "c");
	ADD(&d, 60, "d");
	ADD(&d, 66, "e");
	ADD(&d, 66, "f");
	ADD(&d, 50, "\x0a\0\0\1");
	ADD(&d, 50, "\x0a\0\0\2");
	ADD(&d, 54, "\x0a\0\0\3");
	ADD(&d, 54, "\x0a\0\0\4");
	ADD(&d, 150, "\x0a\0\0\5");
	ADD(&d, 150, "\x0a\0\0\6");
	END(&d);
	dhcp = dissect_whole(&d);
	assert_int_equal(dhcp.type, DHCP_ACK);
	assert_text(dhcp.host_name, "a");
	assert_text(dhcp.vendor_class, "c");
	assert_text(dhcp.tftp_name, "e");
	assert_address(&dhcp.requested, "10.0.0.1");
	assert_address(&dhcp.server, "10.0.0.3");
	assert_servers(&dhcp, "10.0.0.5");
}

static void
reads_bootp(void **state)
{
	struct datagram d = datagram(1);
	struct dis_at at;
	struct dhcp dhcp;

	(void)state;
	memcpy(d.b + FIELD_SNAME, "server\0old", 10);
	memset(d.b + FIELD_FILE, 'f', 128);
	ADD(&d, 12, "name");
	END(&d);
	d.b[FIELD_COOKIE] = 0;
	dhcp = dissect_whole(&d);
	assert_int_equal(dhcp.type, DHCP_NONE);
	assert_text(dhcp.boot_server, "server");
	assert_int_equal(dhcp.boot_file.n, 128);
	assert_text(dhcp.host_name, "");
	d.n = FIELD_COOKIE + 3;
	dhcp = dissect(&d, DIS_MORE, &at);
	assert_string_equal(at.field, "dhcp.magic_cookie");
	assert_int_equal(at.off, FIELD_COOKIE);
	assert_text(dhcp.boot_server, "server");
}

static void
reads_hardware_addresses(void **state)
{
	static const struct {
		uint8_t htype, hlen;
		bool mac;
	} rows[] = {
		{1, 6, true},    {6, 6, true},   {1, 0, false}, {1, 16, false},
		{1, 255, false}, {32, 6, false}, {0, 6, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct datagram d = datagram(1);

		d.b[1] = rows[i].htype;
		d.b[2] = rows[i].hlen;
		assert_int_equal(dissect_whole(&d).has_mac, rows[i].mac);
	}
}

static void
refuses_what_is_neither_request_nor_reply(void **state)
{
	struct datagram d = datagram(3);
	struct dis_at at;

	(void)state;
	dissect(&d, DIS_BAD, &at);
	assert_string_equal(at.field, "dhcp.op");
	assert_int_equal(at.off, 0);
	d.b[0] = 0;
	dissect(&d, DIS_BAD, &at);
}

static void
names_types(void **state)
{
	(void)state;
	assert_string_equal(dhcp_type_name(DHCP_NONE), "BOOTP");
	assert_string_equal(dhcp_type_name(DHCP_DISCOVER), "DISCOVER");
	assert_string_equal(dhcp_type_name(DHCP_OFFER), "OFFER");
	assert_string_equal(dhcp_type_name(DHCP_REQUEST), "REQUEST");
	assert_string_equal(dhcp_type_name(DHCP_DECLINE), "DECLINE");
	assert_string_equal(dhcp_type_name(DHCP_ACK), "ACK");
	assert_string_equal(dhcp_type_name(DHCP_NAK), "NAK");
	assert_string_equal(dhcp_type_name(DHCP_RELEASE), "RELEASE");
	assert_string_equal(dhcp_type_name(DHCP_INFORM), "INFORM");
	assert_null(dhcp_type_name(DHCP_INFORM + 1));
	assert_null(dhcp_type_name(255));
}

static void
assert_inside(struct slice text, struct slice whole)
{
	assert_true(text.n == 0 || (text.p >= whole.p && text.p + text.n <= whole.p + whole.n));
}

static void
read_prefix(struct slice prefix, void *arg)
{
	struct dhcp dhcp;
	struct dis_at at = {0};
	enum dis got = dhcp_dissect(prefix, &dhcp, &at);

	(void)arg;
	assert_int_not_equal(got, DIS_BAD);
	if (got == DIS_MORE) {
		assert_non_null(at.field);
		assert_true(at.off <= prefix.n);
	} else {
		assert_true(prefix.n >= FIELD_OPTIONS);
	}
	assert_true(dhcp.n_tftp <= 2);
	assert_int_equal(dhcp.reply, prefix.n > 0);
	assert_inside(dhcp.boot_server, prefix);
	assert_inside(dhcp.boot_file, prefix);
	assert_inside(dhcp.host_name, prefix);
	assert_inside(dhcp.vendor_class, prefix);
	assert_inside(dhcp.tftp_name, prefix);
}

static void
stays_inside_every_prefix(void **state)
{
	struct frame_bytes ack = frame_bytes(ACK);
	struct datagram d = datagram(2);

	(void)state;
	every_prefix(ack.b, ack.n, read_prefix, NULL);
	memcpy(d.b + FIELD_SNAME, "\x0c\x05sname\xff", 8);
	memcpy(d.b + FIELD_FILE, "\x96\x04\x0a\x00\x00\x05\xff", 7);
	ADD(&d, 66, "10.0.0.5, 10.0.0.6");
	ADD(&d, 52, "\x03");
	END(&d);
	every_prefix(d.b, d.n, read_prefix, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_ack),
		cmocka_unit_test(reads_a_request),
		cmocka_unit_test(reads_option_150),
		cmocka_unit_test(reads_option_66),
		cmocka_unit_test(option_150_goes_before_66),
		cmocka_unit_test(reads_overloaded_fields),
		cmocka_unit_test(fields_cannot_overload_again),
		cmocka_unit_test(an_option_cannot_leave_its_field),
		cmocka_unit_test(pad_and_end),
		cmocka_unit_test(options_that_run_off_the_end),
		cmocka_unit_test(wrong_lengths_are_not_said),
		cmocka_unit_test(the_first_piece_counts),
		cmocka_unit_test(reads_bootp),
		cmocka_unit_test(reads_hardware_addresses),
		cmocka_unit_test(refuses_what_is_neither_request_nor_reply),
		cmocka_unit_test(names_types),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
