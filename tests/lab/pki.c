/* One row for each certificate, true to form; the dates fit the captures' clock, not ours. */
#include "pki.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "frames.h"

struct recipe {
	const char *subject; /* "CN=a,O=b", in the order of the certificate */
	enum who issuer;     /* NOBODY: self-signed */
	int bits;	     /* of RSA; 0: EC on P-256 */
	const char *alt_names;
	const char *from, *until;
	bool ca, sha1;
};

/* The phones' url names the gateway by its address. */
#define ALT_NAMES "DNS:vpn.example.com,IP:198.51.100.1,IP:2001:db8:100::1"

static const struct recipe recipes[WHO_COUNT] = {
	[GATEWAY_RSA] = {.subject = "unstructuredName=asa.example.com,CN=vpn.example.com",
			 .bits = 2048,
			 .alt_names = ALT_NAMES,
			 .from = "20150804091526Z",
			 .until = "20250801091526Z"},
	[GATEWAY_RENEWED] = {.subject = "unstructuredName=asa.example.com,CN=vpn.example.com",
			     .bits = 2048,
			     .alt_names = ALT_NAMES,
			     .from = "20160331060210Z",
			     .until = "20260329060210Z"},
	[GATEWAY_OTHER] = {.subject = "unstructuredName=asa2.example.com,CN=vpn2.example.com",
			   .bits = 2048,
			   .alt_names = "DNS:vpn2.example.com,IP:198.51.100.2",
			   .from = "20150804094103Z",
			   .until = "20250801094103Z"},
	[GATEWAY_EC] = {.subject = "CN=ASA Temporary Self Signed Certificate",
			.from = "20160401181105Z",
			.until = "20260330181105Z"},
	[GATEWAY_EXPIRED] = {.subject = "unstructuredName=asa.example.com,CN=vpn.example.com",
			     .bits = 2048,
			     .alt_names = ALT_NAMES,
			     .from = "20110310120000Z",
			     .until = "20160309120000Z"},
	[GATEWAY_FUTURE] = {.subject = "unstructuredName=asa.example.com,CN=vpn.example.com",
			    .bits = 2048,
			    .alt_names = ALT_NAMES,
			    .from = "20160402000000Z",
			    .until = "20260331000000Z"},
	[GATEWAY_EXPIRING] = {.subject = "unstructuredName=asa.example.com,CN=vpn.example.com",
			      .bits = 2048,
			      .alt_names = ALT_NAMES,
			      .from = "20140411000000Z",
			      .until = "20160411000000Z"},
	[GATEWAY_ISSUED] = {.subject = "C=US,O=Example Inc.,CN=vpn.example.com",
			    .issuer = ISSUING_CA,
			    .bits = 2048,
			    .alt_names = ALT_NAMES,
			    .from = "20151012000000Z",
			    .until = "20171012235959Z"},
	[GATEWAY_WILDCARD] = {.subject = "C=US,O=Example Inc.,CN=*.vpn.com",
			      .issuer = ISSUING_CA,
			      .bits = 2048,
			      .alt_names = "DNS:*.vpn.com,DNS:vpn.com",
			      .from = "20151012000000Z",
			      .until = "20171012235959Z"},
	[GATEWAY_WEAK] = {.subject = "unstructuredName=asa.example.com,CN=vpn.example.com",
			  .bits = 1024,
			  .from = "20090115103000Z",
			  .until = "20190113103000Z",
			  .sha1 = true},
	[ROOT_CA] = {.subject = "C=US,O=Third Party Trust,CN=Third Party Root CA",
		     .bits = 2048,
		     .from = "20060101000000Z",
		     .until = "20351231235959Z",
		     .ca = true},
	[ISSUING_CA] = {.subject = "C=US,O=Third Party Trust,CN=Third Party Issuing CA 1",
			.issuer = ROOT_CA,
			.bits = 2048,
			.from = "20120101000000Z",
			.until = "20261231235959Z",
			.ca = true},
	[MANUFACTURING_CA] = {.subject = "O=Cisco,CN=Cisco Manufacturing CA SHA2",
			      .bits = 2048,
			      .from = "20121112135058Z",
			      .until = "20371112130017Z",
			      .ca = true},
	[CAPF] = {.subject = "C=US,O=Example Inc.,OU=Voice,CN=CAPF-12345678",
		  .bits = 2048,
		  .from = "20150302101500Z",
		  .until = "20200228101459Z",
		  .ca = true},
	[PHONE_MIC] =
		{.subject = "serialNumber=PID:CP-8861 SN:FCH00000000,O=Cisco Systems Inc.,OU=CTG,"
			    "CN=CP-8861-SEP001122334455",
		 .issuer = MANUFACTURING_CA,
		 .bits = 2048,
		 .from = "20150217083014Z",
		 .until = "20250217084014Z"},
	[PHONE_LSC] = {.subject = "C=US,O=Example Inc.,OU=Voice,CN=SEP001122334455",
		       .issuer = CAPF,
		       .bits = 2048,
		       .from = "20150611070000Z",
		       .until = "20200228101459Z"},
	[PHONE_2_LSC] = {.subject = "serialNumber=PID:CP-8861 SN:FCH00000001,C=US,O=Example Inc.,"
				    "OU=Voice,CN=CP-8861-SEP001122334466",
			 .issuer = CAPF,
			 .bits = 2048,
			 .from = "20150611070500Z",
			 .until = "20200228101459Z"},
	[CUCM] = {.subject = "C=US,O=Example Inc.,OU=Voice,CN=cucm-pub.example.com",
		  .bits = 2048,
		  .alt_names = "DNS:cucm-pub.example.com",
		  .from = "20150302101200Z",
		  .until = "20200228101159Z"},
	[CUCM_RENEWED] = {.subject = "C=US,O=Example Inc.,OU=Voice,CN=cucm-pub.example.com",
			  .bits = 2048,
			  .alt_names = "DNS:cucm-pub.example.com",
			  .from = "20160329194500Z",
			  .until = "20210328194459Z"},
	[TVS] = {.subject = "C=US,O=Example Inc.,OU=Voice,CN=cucm-pub.example.com",
		 .bits = 2048,
		 .from = "20150302101230Z",
		 .until = "20200228101229Z"},
	[CUC_ROOT] = {.subject = "CN=CiscoUnity1,DC=example,DC=com",
		      .bits = 2048,
		      .from = "20150302120000Z",
		      .until = "20250227120000Z",
		      .ca = true},
	[CUC] = {.subject = "CN=cuc-1",
		 .issuer = CUC_ROOT,
		 .bits = 2048,
		 .from = "20150302120500Z",
		 .until = "20250227120500Z"},
	[WEB_SERVER] = {.subject = "C=US,O=Web Shop,CN=www.shop.test",
			.issuer = ISSUING_CA,
			.bits = 2048,
			.alt_names = "DNS:www.shop.test,DNS:shop.test",
			.from = "20160111000000Z",
			.until = "20180111235959Z"},
};

static struct identity identities[WHO_COUNT];

static void
name(X509_NAME *out, const char *subject)
{
	char text[256], *rest = text;

	if (strlen(subject) >= sizeof(text))
		lab_die("too long a name: %s", subject);
	strcpy(text, subject);
	for (char *part; (part = strsep(&rest, ",")) != NULL;) {
		char *value = strchr(part, '=');

		if (value == NULL)
			lab_die("no name: %s", subject);
		*value++ = '\0';
		if (X509_NAME_add_entry_by_txt(out, part, MBSTRING_UTF8, (unsigned char *)value, -1,
					       -1, 0) != 1)
			lab_die("no name: %s", subject);
	}
}

static void
extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	if (ext == NULL || X509_add_ext(cert, ext, -1) != 1)
		lab_die("no extension: %s", value);
	X509_EXTENSION_free(ext);
}

static EVP_PKEY *
new_key(int bits)
{
	return bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen((unsigned)bits);
}

static void
number(X509 *cert)
{
	uint64_t serial;

	if (RAND_bytes((unsigned char *)&serial, sizeof(serial)) != 1 ||
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) != 1)
		lab_die("no serial number");
}

static struct identity
make(const struct recipe *recipe)
{
	struct identity me = {.key = new_key(recipe->bits), .cert = X509_new()};
	const struct identity *issuer = recipe->issuer == NOBODY ? &me : pki(recipe->issuer);

	if (recipe->subject == NULL || me.key == NULL || me.cert == NULL)
		lab_die("cannot make a certificate");
	X509_set_version(me.cert, X509_VERSION_3);
	number(me.cert);
	name(X509_get_subject_name(me.cert), recipe->subject);
	X509_set_issuer_name(me.cert, X509_get_subject_name(issuer->cert));
	X509_set_pubkey(me.cert, me.key);
	ASN1_TIME_set_string_X509(X509_getm_notBefore(me.cert), recipe->from);
	ASN1_TIME_set_string_X509(X509_getm_notAfter(me.cert), recipe->until);
	if (recipe->ca)
		extension(me.cert, NID_basic_constraints, "critical,CA:TRUE");
	if (recipe->alt_names != NULL)
		extension(me.cert, NID_subject_alt_name, recipe->alt_names);
	if (X509_sign(me.cert, issuer->key, recipe->sha1 ? EVP_sha1() : EVP_sha256()) <= 0)
		lab_die("cannot sign");
	return me;
}

const struct identity *
pki(enum who who)
{
	if (identities[who].cert == NULL)
		identities[who] = make(&recipes[who]);
	return &identities[who];
}

void
pki_hash(const X509 *cert, char out[PKI_HASH_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n;

	if (X509_digest(cert, EVP_sha1(), digest, &n) != 1)
		lab_die("cannot hash");
	EVP_EncodeBlock((unsigned char *)out, digest, (int)n);
}

void
pki_free(void)
{
	for (size_t i = 0; i < WHO_COUNT; i++) {
		EVP_PKEY_free(identities[i].key);
		X509_free(identities[i].cert);
		identities[i] = (struct identity){0};
	}
}
