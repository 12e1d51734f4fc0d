/* Which of Cisco's certificates a phone's own is. */
#include "cert_kind.h"

struct issuer {
	const char *cn;
	bool begins; /* more may follow */
	enum cert_kind kind;
	const char *words;
};

static const struct issuer other = {
	"", false, CERT_KIND_OTHER, "a certificate of neither CAPF nor Cisco Manufacturing"};

static const struct issuer issuers[] = {
	{"CAPF-", true, CERT_KIND_LSC, "an LSC (locally significant, made by CUCM's CAPF)"},
	{"Cisco Manufacturing CA SHA2", false, CERT_KIND_MIC, "a MIC (made by Cisco, SHA-2 chain)"},
	{"Cisco Manufacturing CA", false, CERT_KIND_MIC, "a MIC (made by Cisco, SHA-1 chain)"},
	{"ACT2 SUDI CA", true, CERT_KIND_MIC, "a MIC (made by Cisco, ACT2 SUDI CA)"},
};

static const struct issuer *
issuer_of(const struct cert *cert)
{
	const char *cn = cert->issuer_cn != NULL ? cert->issuer_cn : "";

	for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
		const struct issuer *issuer = &issuers[i];

		if (issuer->begins ? strncmp(cn, issuer->cn, strlen(issuer->cn)) == 0
				   : strcmp(cn, issuer->cn) == 0)
			return issuer;
	}
	return &other;
}

enum cert_kind
cert_kind(const struct cert *cert)
{
	return issuer_of(cert)->kind;
}

const char *
cert_kind_name(enum cert_kind kind)
{
	static const char *const names[] = {[CERT_KIND_MIC] = "MIC", [CERT_KIND_LSC] = "LSC"};

	return kind == CERT_KIND_OTHER ? NULL : names[kind];
}

const char *
cert_kind_words(const struct cert *cert)
{
	return issuer_of(cert)->words;
}
