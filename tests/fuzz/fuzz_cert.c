/* Certificates and names, of any bytes. */
#include <openssl/err.h>

#include "src/trust/cert.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
must_be_sound(const struct cert *cert)
{
	must_be_printable(cert->key_type);
	must_be_printable(cert->curve);
	must_be_printable(cert->subject);
	must_be_printable(cert->issuer);
	must_be_printable(cert->subject_cn);
	must_be_printable(cert->issuer_cn);
	must_be_printable(cert->serial);
	must_be_printable(cert->signature);
	for (size_t i = 0; i < cert->n_dns_names; i++)
		must_be_printable(cert->dns_names[i]);
	for (size_t i = 0; i < cert->n_ip_addresses; i++)
		must_be_printable(cert->ip_addresses[i]);
	if (cert->n_dns_names + cert->n_ip_addresses > LIMIT_ALT_NAMES)
		abort();
	if (cert->parsed !=
	    (cert->subject != NULL && cert->issuer != NULL && cert->key_type != NULL &&
	     cert->serial != NULL && cert->signature != NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice der = slice_of(bytes, n);
	struct cert_store *store = cert_store_new(0);
	const struct cert *cert = cert_store_get(store, der), *same = cert_store_get(store, der);
	char *name = cert_name_text(der), phone[16];

	if (cert == NULL || cert != same || name == NULL || ERR_peek_error() != 0)
		abort();
	must_be_sound(cert);
	must_be_printable(name);
	cert_phone_name(cert, phone);
	free(name);
	cert_unref(same);
	cert_store_free(store);
	cert_unref(cert);
	return 0;
}
