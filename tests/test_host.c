/* Hosts, ports and phones' names as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/trust/host.h"
#include "src/trust/phone_name.h"
#include "tests/allocations.h"

static void
check(const char *text, const char *expected_host, uint16_t expected_port)
{
	char *host;
	uint16_t port;

	assert_true(host_read(text, 443, &host, &port));
	assert_string_equal(host, expected_host);
	if (*host != '\0')
		assert_int_equal(port, expected_port);
	free(host);
}

static void
urls(void **state)
{
	(void)state;
	check("https://asa.example.test/phonevpn", "asa.example.test", 443);
	check("https://ASA.Example.Test:8443/phonevpn", "asa.example.test", 8443);
	check("https://asa.example.test", "asa.example.test", 443);
	check("HTTPS://asa.example.test:/", "asa.example.test", 443);
	check("https://192.0.2.10/SSLVPNphone", "192.0.2.10", 443);
	check("https://asa.example.test./vpn", "asa.example.test", 443);
	check("https://user:secret@asa.example.test:444/x@y", "asa.example.test", 444);
	check("https://asa.example.test?group=1", "asa.example.test", 443);
	check("https://asa.example.test#x", "asa.example.test", 443);
	check("https:/asa.example.test/one-slash", "asa.example.test", 443);
	check("https:///asa.example.test", "asa.example.test", 443);
}

static void
without_a_scheme(void **state)
{
	(void)state;
	check("asa.example.test", "asa.example.test", 443);
	check("asa.example.test/phonevpn", "asa.example.test", 443);
	check("asa:8443", "asa", 8443);
	check("192.0.2.10:65535/vpn", "192.0.2.10", 65535);
}

static void
ipv6(void **state)
{
	(void)state;
	check("https://[2001:DB8:0:0::1]:8443/vpn", "2001:db8::1", 8443);
	check("[2001:db8::1]", "2001:db8::1", 443);
	check("2001:db8::1/vpn", "2001:db8::1", 443);
	check("::ffff:c000:20a", "::ffff:192.0.2.10", 443);
	check("https://[fe80::1%eth0]/", "fe80::1%eth0", 443);
}

static void
no_host(void **state)
{
	(void)state;
	check("", "", 0);
	check("https://", "", 0);
	check("https:///", "", 0);
	check(":443", "", 0);
	check(":/asa", "", 0);
	check("asa:0", "", 0);
	check("asa:65536", "", 0);
	check("asa:99999999999999999999", "", 0);
	check("asa:port", "", 0);
	check("asa: 443", "", 0);
	check("[2001:db8::1]x", "", 0);
	check("[2001:db8::1", "[2001:db8::1", 443); /* as it stands: no address, no name */
}

static void
hostile_hosts(void **state)
{
	(void)state;
	check("https://a\x1b[2Jb/", "a\\x1b[2jb", 443);
	check("https://\xc3\xbc.test/", "\xc3\xbc.test", 443);
	check("https://\xff/", "\\xff", 443);
}

static void
another_default_port(void **state)
{
	char *host;
	uint16_t port;

	(void)state;
	assert_true(host_read("asa", 0, &host, &port));
	assert_int_equal(port, 0);
	free(host);
}

static void
no_memory_is_said(void **state)
{
	char *host;
	uint16_t port;

	(void)state;
	for (size_t nth = 1; nth <= 2; nth++) {
		allocations_fail(nth);
		assert_false(host_read("[2001:db8::1]", 443, &host, &port));
		assert_true(allocations_failed());
	}
}

static void
check_name(const char *text, const char *expected)
{
	char name[PHONE_NAME_SIZE] = "";

	assert_int_equal(phone_name_read(text, name), expected != NULL);
	assert_string_equal(name, expected == NULL ? "" : expected);
}

static void
names_of_phones(void **state)
{
	(void)state;
	check_name("SEP001122334455", "SEP001122334455");
	check_name("SEP001122AABBCC.cnf.xml", "SEP001122AABBCC");
	check_name("sep001122aabbcc_old", "SEP001122AABBCC");
	check_name("SEP0011223344551", NULL);
	check_name("SEP001122334455x", NULL);
	check_name("SEP00112233445", NULL);
	check_name("SEP00112233445G", NULL);
	check_name("SIP001122334455", NULL);
	check_name("SE", NULL);
	check_name("", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls),
		cmocka_unit_test(without_a_scheme),
		cmocka_unit_test(ipv6),
		cmocka_unit_test(no_host),
		cmocka_unit_test(hostile_hosts),
		cmocka_unit_test(another_default_port),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(names_of_phones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
