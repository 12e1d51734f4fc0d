/* What a phone was told: the vpnGroup of SEP<MAC>.cnf.xml, read leniently (facts sheet cisco-phones, section 1).
 * The XML library's room. */
#ifndef SRC_TRUST_PHONE_CONFIG_H
#define SRC_TRUST_PHONE_CONFIG_H

#include "hash.h"

struct config_url {
	char *text; /* as written, trimmed */
	char *host; /* a name or an address, no brackets, lower case; "" where the text has none */
	uint16_t port; /* 443 where none is written */
};

struct config_hash {
	char *text; /* as written, trimmed */
	enum hash_form form;
	struct hash hash; /* form is not HASH_BAD */
};

/* All text is escaped (text.h). Where an element stands twice, urls and hashes add up, and of all else the first
 * one counts. */
struct phone_config {
	char *source; /* the file's name, for people */
	char name[16]; /* "SEP001122334455" from the file's name or its content; "" where unknown */
	bool has_vpn_group;
	bool partial; /* there is more elsewhere: fullConfig is false (the rest is in the encrypted file), or the file
		       * ends in the middle */
	struct config_url *urls;
	size_t n_urls;
	struct config_hash *hashes;
	size_t n_hashes;
	size_t left_out; /* urls and hashes over LIMIT_URLS and LIMIT_HASHES */
	int enable_host_id_check, auth_method, auto_net_detect, hash_alg, fail_connect_time; /* -1: not written */
	int mtu, password_persistent, security_mode; /* -1: not written */
	char *load; /* firmware, loadInformation; NULL where unknown, and so below */
	char *protocol;     /* deviceProtocol: "SIP" */
	char *own_cert_md5; /* <certHash> right in <device>: of the phone's own certificate, in hex */
};

void phone_config_free(struct phone_config *config);

/* phone_config_weight gives the bytes that it holds. */
size_t phone_config_weight(const struct phone_config *config);

#endif
