/* A certificate's own file: OpenSSL's room, with cert.c and signature.c. */
#include "cert.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/pem.h>

#include "cert_parse.h"
#include "file.h"
#include "limit.h"

/* find_pem finds the first certificate of a PEM file and copies its DER; what stands before it, a
 * key too, is passed over undecoded. */
static bool
find_pem(struct slice file, unsigned char **der, size_t *n)
{
	BIO *bio = BIO_new_mem_buf(file.p, (int)file.n);
	char *name, *header;
	long len;
	bool found = false;

	while (!found && bio != NULL && PEM_read_bio(bio, &name, &header, der, &len) == 1) {
		found = strcmp(name, PEM_STRING_X509) == 0 ||
			strcmp(name, PEM_STRING_X509_OLD) == 0;
		*n = (size_t)len;
		OPENSSL_free(name);
		OPENSSL_free(header);
		if (!found)
			OPENSSL_clear_free(*der, *n);
	}
	BIO_free(bio);
	return found;
}

/* cut_der leaves out what follows a certificate in its file: no server would send it. */
static struct slice
cut_der(struct slice file)
{
	const unsigned char *p = file.p;
	long n;
	int tag, class;

	if (ASN1_get_object(&p, &n, &tag, &class, (long)file.n) != V_ASN1_CONSTRUCTED)
		return file;
	return slice_first(file, (size_t)(p - file.p) + (size_t)n);
}

const struct cert *
cert_file_read(struct cert_store *store, const char *path, const char **why)
{
	const struct cert *cert;
	unsigned char *der = NULL;
	uint8_t *bytes;
	size_t n, der_n;

	if (!file_read(path, LIMIT_CERT_FILE, &bytes, &n, why))
		return NULL;
	if (find_pem(slice_of(bytes, n), &der, &der_n)) {
		cert = cert_store_get(store, slice_of(der, der_n));
		OPENSSL_free(der);
	} else {
		cert = cert_store_get(store, cut_der(slice_of(bytes, n)));
	}
	free(bytes);
	if (cert_drain_errors() || cert == NULL)
		*why = strerror(ENOMEM);
	else if (!cert->parsed)
		*why = "no certificate in PEM or DER form";
	else
		return cert;
	cert_unref(cert);
	return NULL;
}
