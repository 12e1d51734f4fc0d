/* Whose handshake is it: handshakes gathered by phone and gateway, TLS paired with DTLS. */
#ifndef SRC_CASE_H
#define SRC_CASE_H

#include "fact.h"
#include "finding.h"
#include "phone_config.h"

/* A host given by the user or by a configuration; port 0: any. */
struct gateway_name {
	char *host;
	uint16_t port;
};

/* All that is known before the first packet. */
struct trust {
	struct phone_config **configs;
	size_t n_configs;
	struct config_hash *hashes; /* of --cert-hash */
	size_t n_hashes;
	struct gateway_name *gateways; /* of --gateway */
	size_t n_gateways;
	bool all; /* --all: every handshake matters */
	bool has_now;
	int64_t now; /* --now, seconds since 1970; else the last packet's */
};

/* Why a visit matters; 0: it does not. */
enum matters {
	MATTERS_GATEWAY = 1,  /* its server is named by --gateway or a configuration */
	MATTERS_ANYCONNECT = 2, /* it has an AnyConnect-shaped DTLS handshake */
	MATTERS_VOICE = 4,    /* its server is on 5061 or 2443 */
	MATTERS_PHONE = 8,    /* its client is known for a phone, or for a client of a gateway */
	MATTERS_ALL = 16,     /* nothing in the capture tells, or --all */
};

/* One client at one server. */
struct visit {
	struct phone *phone;
	struct ip_addr server;
	uint16_t port; /* the first handshake's */
	struct handshake **handshakes; /* by first frame; owned */
	size_t n;
	unsigned matters; /* enum matters */
	const struct phone_config *config; /* whose url this gateway is, NULL where unknown */
	const char *host; /* that url's host; NULL */
};

enum verdict { VERDICT_UNKNOWN, VERDICT_OK, VERDICT_FAILING };

/* One client address. */
struct phone {
	struct ip_addr ip;
	bool has_mac;
	uint8_t mac[6];
	char name[16]; /* "SEP..." or "" */
	const char *name_from; /* "certificate", "configuration"; NULL */
	struct when name_at;   /* frame 0: not from the wire */
	char *model; /* from the certificate: "CP-8861"; NULL */
	const struct phone_config *config;
	struct visit *visits; /* by first frame */
	size_t n_visits;
	enum verdict verdict;
};

/* The report: all phones and findings of one input. */
struct report {
	struct phone *phones; /* by first frame */
	size_t n_phones;
	struct finding *findings; /* by phone, visit, and order of the table */
	size_t n_findings;
	const struct trust *trust;
	size_t others; /* handshakes that do not matter */
};

#endif
