/* dissectors/names.c and its tables, against the OpenSSL that is installed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <openssl/ssl.h>

#include "dissectors/hello.h"
#include "dissectors/names.h"

struct number_name {
	uint16_t value;
	const char *name;
};

#include "dissectors/names_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
finds_every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(CIPHERS); i++) {
		const struct cipher_name *found = cipher_lookup(CIPHERS[i].value);

		assert_non_null(found);
		assert_int_equal(found->value, CIPHERS[i].value);
		assert_string_equal(found->iana, CIPHERS[i].iana);
	}
	for (size_t i = 0; i < COUNT(ALERTS); i++)
		assert_string_equal(alert_name((uint8_t)ALERTS[i].value), ALERTS[i].name);
	for (size_t i = 0; i < COUNT(GROUPS); i++)
		assert_string_equal(group_name(GROUPS[i].value), GROUPS[i].name);
}

static void
finds_nothing_else(void **state)
{
	size_t ciphers = 0, alerts = 0, groups = 0;

	(void)state;
	for (unsigned value = 0; value <= UINT16_MAX; value++) {
		ciphers += cipher_lookup((uint16_t)value) != NULL;
		groups += group_name((uint16_t)value) != NULL;
		if (value <= UINT8_MAX)
			alerts += strcmp(alert_name((uint8_t)value), "unknown") != 0;
		if (cipher_is_grease((uint16_t)value))
			assert_null(cipher_lookup((uint16_t)value));
	}
	assert_int_equal(ciphers, COUNT(CIPHERS));
	assert_int_equal(groups, COUNT(GROUPS));
	assert_int_equal(alerts, COUNT(ALERTS));
}

static void
names_ciphers(void **state)
{
	static const struct cipher_name rows[] = {
		{0x0035, AUTH_RSA, 0, false, true, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"},
		{0x002f, AUTH_RSA, 0, false, true, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"},
		{0x0039, AUTH_RSA, 0, false, true, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA"},
		{0x000a, AUTH_RSA, WEAK_3DES, false, true, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-CBC3-SHA"},
		{0x0009, AUTH_RSA, WEAK_DES, false, true, "TLS_RSA_WITH_DES_CBC_SHA", "DES-CBC-SHA"},
		{0x0008, AUTH_RSA, WEAK_DES | WEAK_EXPORT, false, true,
		 "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "EXP-DES-CBC-SHA"},
		{0x0005, AUTH_RSA, WEAK_RC4, false, false, "TLS_RSA_WITH_RC4_128_SHA", "RC4-SHA"},
		{0x0004, AUTH_RSA, WEAK_RC4, false, false, "TLS_RSA_WITH_RC4_128_MD5", "RC4-MD5"},
		{0x0003, AUTH_RSA, WEAK_RC4 | WEAK_EXPORT, false, false,
		 "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "EXP-RC4-MD5"},
		{0x0002, AUTH_RSA, WEAK_NULL, false, false, "TLS_RSA_WITH_NULL_SHA", "NULL-SHA"},
		{0x0034, AUTH_ANON, WEAK_ANON, false, true, "TLS_DH_anon_WITH_AES_128_CBC_SHA",
		 "ADH-AES128-SHA"},
		{0x0038, AUTH_DSS, 0, false, true, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", "DHE-DSS-AES256-SHA"},
		{0x00a9, AUTH_PSK, 0, false, false, "TLS_PSK_WITH_AES_256_GCM_SHA384",
		 "PSK-AES256-GCM-SHA384"},
		{0x00ad, AUTH_RSA, 0, false, false, "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384",
		 "RSA-PSK-AES256-GCM-SHA384"},
		{0xc005, AUTH_ECDSA, 0, true, true, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA",
		 "ECDH-ECDSA-AES256-SHA"},
		{0xc02c, AUTH_ECDSA, 0, true, false, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
		 "ECDHE-ECDSA-AES256-GCM-SHA384"},
		{0xc030, AUTH_RSA, 0, true, false, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
		 "ECDHE-RSA-AES256-GCM-SHA384"},
		{0x1302, AUTH_ANY, 0, false, false, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"},
		{0xc0b4, AUTH_ANY, WEAK_NULL, false, false, "TLS_SHA256_SHA256", NULL},
		{0x001e, AUTH_OTHER, WEAK_DES, false, true, "TLS_KRB5_WITH_DES_CBC_SHA", "KRB5-DES-CBC-SHA"},
		{0x00ff, AUTH_ANY, 0, false, false, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct cipher_name *found = cipher_lookup(rows[i].value);

		assert_non_null(found);
		assert_string_equal(found->iana, rows[i].iana);
		assert_int_equal(found->auth, rows[i].auth);
		assert_int_equal(found->weak, rows[i].weak);
		assert_int_equal(found->ec_exchange, rows[i].ec_exchange);
		assert_int_equal(found->cbc, rows[i].cbc);
		if (rows[i].openssl == NULL)
			assert_null(found->openssl);
		else
			assert_string_equal(found->openssl, rows[i].openssl);
	}
}

/* What OpenSSL says of a suite's authentication, as an enum cipher_auth. */
static int
openssl_auth(const SSL_CIPHER *cipher)
{
	switch (SSL_CIPHER_get_auth_nid(cipher)) {
	case NID_auth_any:
		return AUTH_ANY;
	case NID_auth_rsa:
		return AUTH_RSA;
	case NID_auth_ecdsa:
		return AUTH_ECDSA;
	case NID_auth_dss:
		return AUTH_DSS;
	case NID_auth_psk:
		return AUTH_PSK;
	case NID_auth_null:
		return AUTH_ANON;
	default:
		return AUTH_OTHER;
	}
}

/* OpenSSL calls the sides of SRP without a certificate "SRP" or none; the table says AUTH_OTHER. */
static void
check_suite(const SSL_CIPHER *cipher)
{
	const struct cipher_name *found = cipher_lookup(SSL_CIPHER_get_protocol_id(cipher));
	int exchange = SSL_CIPHER_get_kx_nid(cipher);
	bool ec = exchange == NID_kx_ecdhe || exchange == NID_kx_ecdhe_psk;

	assert_non_null(found);
	assert_string_equal(found->iana, SSL_CIPHER_standard_name(cipher));
	assert_string_equal(found->openssl, SSL_CIPHER_get_name(cipher));
	if (exchange != NID_kx_srp)
		assert_int_equal(found->auth, openssl_auth(cipher));
	assert_int_equal(found->ec_exchange, ec);
	assert_int_equal((found->weak & WEAK_NULL) != 0, SSL_CIPHER_get_cipher_nid(cipher) == NID_undef);
	assert_int_equal(found->cbc, strstr(found->iana, "_CBC_") != NULL);
}

static void
agrees_with_openssl(void **state)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_method());
	STACK_OF(SSL_CIPHER) *suites;

	(void)state;
	assert_non_null(ctx);
	assert_int_equal(SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0"), 1);
	suites = SSL_CTX_get_ciphers(ctx);
	assert_true(sk_SSL_CIPHER_num(suites) > 100);
	for (int i = 0; i < sk_SSL_CIPHER_num(suites); i++)
		check_suite(sk_SSL_CIPHER_value(suites, i));
	SSL_CTX_free(ctx);
}

static void
agrees_with_openssl_on_alerts(void **state)
{
	/* Our names are the RFCs', OpenSSL's have blanks for their underscores; two differ. */
	static const uint8_t same[] = {0,  10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45,
				       46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 90, 100,
				       110, 111, 112, 113, 114, 115, 120};

	(void)state;
	for (size_t i = 0; i < sizeof same; i++) {
		const char *theirs = SSL_alert_desc_string_long(same[i]), *ours = alert_name(same[i]);

		assert_int_equal(strlen(theirs), strlen(ours));
		for (size_t c = 0; ours[c] != '\0'; c++)
			assert_true((ours[c] | 0x20) == (theirs[c] | 0x20) ||
				    (ours[c] == '_' && theirs[c] == ' '));
	}
	assert_string_equal(alert_name(116), "certificate_required");
	assert_string_equal(alert_name(200), "unknown");
}

static void
names_versions(void **state)
{
	static const struct number_name rows[] = {
		{0x0002, "SSLv2"},    {0x0300, "SSLv3"},    {0x0301, "TLSv1"},   {0x0302, "TLSv1.1"},
		{0x0303, "TLSv1.2"},  {0x0304, "TLSv1.3"},  {0x7f0e, "TLSv1.3"}, {0x7f1c, "TLSv1.3"},
		{0x0100, "DTLSv0.9"}, {0xfeff, "DTLSv1"},   {0xfefd, "DTLSv1.2"}, {0xfefc, "DTLSv1.3"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(version_name(rows[i].value), rows[i].name);
	assert_null(version_name(0x0000));
	assert_null(version_name(0x0305));
	assert_null(version_name(0xfefe));
	assert_null(version_name(0xffff));
}

static void
names_groups(void **state)
{
	(void)state;
	assert_string_equal(group_name(23), "secp256r1");
	assert_string_equal(group_name(29), "x25519");
	assert_string_equal(group_name(0x11ec), "X25519MLKEM768");
	assert_null(group_name(0));
	assert_null(group_name(0x0a0a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_row),
		cmocka_unit_test(finds_nothing_else),
		cmocka_unit_test(names_ciphers),
		cmocka_unit_test(agrees_with_openssl),
		cmocka_unit_test(agrees_with_openssl_on_alerts),
		cmocka_unit_test(names_versions),
		cmocka_unit_test(names_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
