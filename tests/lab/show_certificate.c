/* The gateway's certificate: of another kind, another age, another name, or in bad company. */
#include "boot.h"
#include "scenarios.h"

static const struct vpn_config right_hash = {.hashes = {GATEWAY_RSA}};

/* An ASA 9.4(1) and later: elliptic curves first, and a certificate made up for them. */
static struct party
ec_gateway(void)
{
	struct party gateway = vpn_gateway;

	gateway.ciphers = CIPHERS_EC;
	gateway.shows[0] = GATEWAY_EC;
	gateway.also = GATEWAY_RSA;
	return gateway;
}

static void
ec_certificate(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = ec_gateway();

	phone.ciphers = CIPHERS_EC;
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &right_hash);
}

static void
ec_after_rsa(struct lab *lab)
{
	struct party old_phone = vpn_old_phone, gateway = ec_gateway();
	struct talk talk;

	old_phone.host = &host_phone_2;
	vpn_up(&talk, lab, &old_phone, &gateway, NULL);
	talk_close(&talk);
	frames_wait(&lab->frames, 2000000);
	ec_certificate(lab);
}

/* A phone that knows some certificates by their hash meets a gateway that shows another. */
static void
meet(struct lab *lab, enum who trusts, const enum who shows[PARTY_CHAIN])
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	phone.trusts = trusts;
	memcpy(gateway.shows, shows, sizeof(gateway.shows));
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.hashes = {trusts}});
}

static void
renewed(struct lab *lab)
{
	meet(lab, GATEWAY_RSA, (const enum who[PARTY_CHAIN]){GATEWAY_RENEWED});
}

static void
renewed_both(struct lab *lab)
{
	meet(lab, GATEWAY_RENEWED, (const enum who[PARTY_CHAIN]){GATEWAY_RENEWED});
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA, GATEWAY_RENEWED}});
}

static void
chain(struct lab *lab)
{
	meet(lab, GATEWAY_ISSUED, (const enum who[PARTY_CHAIN]){GATEWAY_ISSUED, ISSUING_CA});
}

static void
chain_issuer_hash(struct lab *lab)
{
	meet(lab, ISSUING_CA, (const enum who[PARTY_CHAIN]){GATEWAY_ISSUED, ISSUING_CA});
}

static void
chain_incomplete(struct lab *lab)
{
	meet(lab, ISSUING_CA, (const enum who[PARTY_CHAIN]){GATEWAY_ISSUED});
}

static void
chain_order(struct lab *lab)
{
	meet(lab, GATEWAY_ISSUED,
	     (const enum who[PARTY_CHAIN]){GATEWAY_ISSUED, ROOT_CA, ISSUING_CA});
}

static void
not_yet_valid(struct lab *lab)
{
	meet(lab, GATEWAY_FUTURE, (const enum who[PARTY_CHAIN]){GATEWAY_FUTURE});
}

static void
expiring(struct lab *lab)
{
	meet(lab, GATEWAY_EXPIRING, (const enum who[PARTY_CHAIN]){GATEWAY_EXPIRING});
}

static void
expired(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	phone.trust = TRUST_CHAIN;
	phone.trusts = gateway.shows[0] = GATEWAY_EXPIRED;
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_EXPIRED}});
}

static void
wildcard(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	phone.trust = TRUST_CHAIN;
	phone.trusts = ROOT_CA;
	phone.checks_host = phone.server_name = "test.vpn.com";
	gateway.shows[0] = GATEWAY_WILDCARD;
	gateway.shows[1] = ISSUING_CA;
	boot_lookup(lab, &host_phone,
		    &(struct name){.name = "test.vpn.com", .answer = &host_gateway});
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.host = "test.vpn.com",
					     .hashes = {GATEWAY_WILDCARD},
					     .check_host = true});
}

static void
reset_after_certificate(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	phone.refuses = MANNER_RST;
	gateway.shows[0] = GATEWAY_RENEWED;
	talk_all(lab, &phone, &gateway);
}

static void
reset_with_config(struct lab *lab)
{
	reset_after_certificate(lab);
	vpn_config(lab, &right_hash);
}

static void
hash_in_hex(struct lab *lab)
{
	ec_certificate(lab);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}, .in_hex = true});
}

static void
no_vpn_group(struct lab *lab)
{
	ec_certificate(lab);
	vpn_config(lab, &(struct vpn_config){.no_group = true});
}

const struct scenario certificate_scenarios[] = {
	{"ec-certificate",
	 "an ASA 9.4(1) shows its EC 'ASA Temporary Self Signed Certificate' to a phone "
	 "that knows the hash of the RSA one: unknown_ca (48)",
	 "ec-certificate, cert-hash-mismatch", ec_certificate},
	{"15-ec-after-rsa",
	 "the same gateway and phone, after an old phone got the RSA certificate and came in",
	 "ec-certificate, ec-cipher-on-rsa-phone, cert-hash-mismatch", ec_after_rsa},
	{"16-certificate-renewed",
	 "the gateway's certificate was renewed, the phone has the old hash: unknown_ca (48)",
	 "cert-hash-mismatch", renewed},
	{"17-certificate-renewed-both-hashes",
	 "the same with the old hash and the new one in the configuration: all is well", "",
	 renewed_both},
	{"18-certificate-expired", "the certificate has run out: certificate_expired (45)",
	 "certificate-expired", expired},
	{"19-certificate-not-yet-valid",
	 "the certificate begins tomorrow; a phone that goes by the hash does not mind",
	 "certificate-not-yet-valid", not_yet_valid},
	{"20-certificate-expiring", "the certificate has ten days left", "certificate-expiring",
	 expiring},
	{"21-chain", "leaf and intermediate, the leaf's hash is known: all is well", "", chain},
	{"22-chain-issuer-hash", "the same chain, the intermediate's hash is known: all is well",
	 "", chain_issuer_hash},
	{"23-chain-incomplete",
	 "the intermediate's hash is known and the gateway does not send it: unknown_ca (48)",
	 "chain-incomplete, cert-hash-mismatch", chain_incomplete},
	{"24-chain-out-of-order", "leaf, root, intermediate", "chain-order", chain_order},
	{"25-wildcard",
	 "the url's host is test.vpn.com, the certificate is for *.vpn.com: "
	 "bad_certificate (42), which is what OpenSSL says; what a phone says is not known",
	 "host-id-mismatch", wildcard},
	{"26-reset-after-certificate",
	 "a client that pins and refuses without an alert: reset after the Certificate; no "
	 "configuration is there",
	 "handshake-aborted", reset_after_certificate},
	{"27-reset-with-config", "the same, and the configuration tells why: it has another hash",
	 "cert-hash-mismatch", reset_with_config},
	{"28-hash-in-hex",
	 "as ec-certificate, and the configuration has the hash as a browser shows it",
	 "ec-certificate, cert-hash-mismatch, config-hash-unusable", hash_in_hex},
	{"29-no-vpn-group",
	 "as ec-certificate, and the configuration has no vpnGroup: the phone has it from "
	 "an older one",
	 "ec-certificate, no-vpn-group (info)", no_vpn_group},
	{0}};
