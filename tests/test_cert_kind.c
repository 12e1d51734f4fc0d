/* MIC, LSC or neither, by the issuer's CN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/trust/cert_kind.h"

static void
check(const char *issuer_cn, enum cert_kind kind, const char *words)
{
	const struct cert cert = {.issuer_cn = (char *)(uintptr_t)issuer_cn};

	assert_int_equal(cert_kind(&cert), kind);
	assert_string_equal(cert_kind_words(&cert), words);
}

static void
kinds(void **state)
{
	static const char neither[] = "a certificate of neither CAPF nor Cisco Manufacturing";

	(void)state;
	check("CAPF-a7fb32bf", CERT_KIND_LSC, "an LSC (locally significant, made by CUCM's CAPF)");
	check("Cisco Manufacturing CA", CERT_KIND_MIC, "a MIC (made by Cisco, SHA-1 chain)");
	check("Cisco Manufacturing CA SHA2", CERT_KIND_MIC, "a MIC (made by Cisco, SHA-2 chain)");
	check("ACT2 SUDI CA", CERT_KIND_MIC, "a MIC (made by Cisco, ACT2 SUDI CA)");
	check("Cisco Manufacturing CA of mine", CERT_KIND_OTHER, neither);
	check("My CAPF-a7fb32bf", CERT_KIND_OTHER, neither);
	check("", CERT_KIND_OTHER, neither);
	check(NULL, CERT_KIND_OTHER, neither);
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(cert_kind_name(CERT_KIND_MIC), "MIC");
	assert_string_equal(cert_kind_name(CERT_KIND_LSC), "LSC");
	assert_null(cert_kind_name(CERT_KIND_OTHER));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
