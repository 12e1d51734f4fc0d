/* Whose handshake is it, and whose story: handshakes and events gathered by phone and gateway, and which of them matter. */
#ifndef SRC_FINDINGS_CASE_H
#define SRC_FINDINGS_CASE_H

#include "finding.h"
#include "story/event.h"
#include "tally.h"
#include "tls/fact.h"
#include "trust/phone_config.h"

/* A host given by the user; port 0: any. */
struct gateway_name {
	char *host;
	uint16_t port;
};

/* All that is known before the first packet. */
struct trust {
	struct phone_file **files; /* of --phone-config */
	size_t n_files;
	struct phone_config **configs; /* in them, in clear */
	size_t n_configs;
	struct config_hash *hashes; /* of --cert-hash */
	size_t n_hashes;
	struct gateway_name *gateways; /* of --gateway */
	size_t n_gateways;
	struct phone_file **lists; /* of --trust-list */
	size_t n_lists;
	bool all;     /* --all: every handshake matters */
	bool has_now;
	int64_t now;  /* --now, seconds since 1970; else the last packet's */
};

/* Why a visit matters; 0: it does not. */
enum matters {
	MATTERS_GATEWAY = 1,    /* its server is named by --gateway or a configuration, shows a trusted certificate, or is
				 * another client's gateway */
	MATTERS_ANYCONNECT = 2, /* it has an AnyConnect-shaped DTLS handshake */
	MATTERS_VOICE = 4,      /* its server is on 5061 or 2443: CUCM or Unity Connection */
	MATTERS_PHONE = 8,      /* its client is a phone, or known for a client of a gateway */
	MATTERS_ALL = 16,       /* nothing in the capture tells, or --all */
};

enum verdict { VERDICT_UNKNOWN, VERDICT_OK, VERDICT_FAILING };

/* What kinds of certificates one server showed to anybody. */
struct server_keys {
	const struct handshake *rsa, *ec; /* the first with such a certificate; NULL: none */
};

/* One client at one server. */
struct visit {
	struct phone *phone;
	struct ip_addr server;
	uint16_t port; /* the first handshake's */
	struct handshake **handshakes; /* by first frame; the handshakes are the cases' */
	size_t n;
	unsigned matters; /* enum matters, or-ed */
	bool assumed; /* only its port tells that it is the gateway of the configuration */
	bool told;    /* what the phone received on this wire speaks for this visit: see report_told */
	const struct phone_config *config; /* the configuration that speaks for this visit at its end, NULL where unknown */
	const struct event *config_event; /* the transfer that brought it; NULL: it was given */
	const char *host; /* the host of the url that this gateway is, NULL where unknown */
	const struct server_keys *keys; /* of its server */
	const struct handshake *fitting; /* the first anywhere with a certificate that fits this visit's hashes; NULL: none */
	enum verdict verdict;
};

/* How a thing is known: "CDP", "LLDP", "DHCP", "certificate", "configuration", "file name", "packets"; NULL: it is not. */
struct known {
	const char *from;
	struct when at; /* frame 0: not from the wire */
};

struct phone_address {
	struct ip_addr ip;
	struct known known;
};

/* A configuration that the phone got on this wire. */
struct received {
	const struct event *event; /* its transfer */
	const struct phone_config *config;
};

/* One thing that happened to the phone, for people. */
enum step_kind {
	STEP_IDENTITY,
	STEP_ADDRESS,
	STEP_PING,
	STEP_NAME,
	STEP_TRUST_LIST,
	STEP_CONFIGURATION,
	STEP_FILE,
	STEP_CONNECTION,
	STEP_TLS,
	STEP_DTLS,
	STEP_END,
};

enum step_result { STEP_SAID, STEP_OK, STEP_FAILED, STEP_UNKNOWN };

struct step {
	enum step_kind kind;
	enum step_result result;
	struct when at, last;
	int64_t after_us; /* since the step before began; 0 in the first */
	char *text; /* one sentence */
	const struct event *event;         /* NULL: none */
	const struct handshake *handshake; /* NULL: none */
	bool first_failed; /* a finding names it, and none before it */
};

/* One phone, however many addresses it had; or a client that is no more than an address. */
struct phone {
	struct ip_addr ip; /* the first one; zero: none is known */
	struct phone_address *addresses; /* by first frame */
	size_t n_addresses;
	bool is_phone; /* known for a Cisco phone, from more than a configuration given by the user */
	bool has_mac;
	uint8_t mac[6];
	char name[16]; /* "SEP..." or "" */
	const char *name_from; /* as in struct known; NULL */
	struct when name_at;   /* frame 0: not from the wire */
	char *model; /* "CP-8861"; NULL */
	struct known model_known;
	const char *software; /* its firmware's name; NULL */
	struct known software_known;
	int32_t voice_vlan; /* -1: unknown */
	const struct cert *certificate; /* its own; NULL where it was not shown */
	struct when certificate_at;
	const struct phone_config *config; /* the one given by the user that is this phone's */
	struct received *received; /* by their ends; the last LIMIT_RECEIVED that differ */
	size_t n_received;
	const struct event **events; /* by first frame */
	size_t n_events;
	struct visit *visits; /* by first frame */
	size_t n_visits;
	struct step *timeline; /* NULL: nothing happened that is worth telling */
	size_t n_steps;
	enum verdict verdict; /* the worst of its visits', and of its own findings */
};

/* All phones and findings of one input. */
struct report {
	const struct trust *trust;
	const struct tally *tally;
	struct event **events; /* by first frame; the events are the cases' */
	size_t n_events;
	struct phone *phones; /* by first frame */
	size_t n_phones;
	struct received told[LIMIT_TOLD]; /* what phones received that are nowhere else on this wire: they may have
				 * gone on with another address; the first of them, and each one's last */
	size_t n_told;
	struct finding *findings; /* by phone, its own before those of its visits, and by order of the table */
	size_t n_findings;
	size_t others; /* handshakes that do not matter */
	size_t visits_that_matter;
	struct server_keys *keys; /* one for each server */
	int64_t now;   /* for date checks, seconds since 1970 */
};

struct cases;

/* cases_new makes an empty collection; trust must outlive it. NULL when out of memory. */
struct cases *cases_new(const struct trust *trust);
void cases_free(struct cases *cases);

/* cases_add takes a finished handshake. The oldest ones go, and are counted, where there are more than
 * LIMIT_HANDSHAKES, or they hold more than LIMIT_FACTS. */
void cases_add(struct cases *cases, struct handshake *handshake, struct tally *tally);

/* cases_add_event takes an event. An announcement that says what was said before is freed at once; any other is the last
 * to go. The oldest ones go where there are
 * more than LIMIT_EVENTS and LIMIT_QUESTIONS, or they hold more than LIMIT_EVENT_BYTES. Signatures are verified with the
 * trust lists that are at hand by then. False when out of memory; the event is taken all the same. */
bool cases_add_event(struct cases *cases, struct event *event, struct tally *tally);

/* cases_forget lets the oldest handshake go, and counts it. False: there is none. */
bool cases_forget(struct cases *cases, struct tally *tally);

/* cases_forget_event lets the oldest event that is no question go, and counts it. False: there is but one. */
bool cases_forget_event(struct cases *cases, struct tally *tally);

/* cases_let_go lets handshakes and events go that are older: but not who was announced again since, nor the last file of each
 * name. The report that was given goes as well. */
void cases_let_go(struct cases *cases, int64_t before_us);

/* cases_let_go_of_the_same lets one handshake go that tells the same as the one taken last: of one client at one server, ended
 * alike, with the same certificate. The last LIMIT_THE_SAME of each are kept. */
void cases_let_go_of_the_same(struct cases *cases);

/* cases_kept gives how many handshakes and events there are. */
size_t cases_kept(const struct cases *cases);

/* cases_report gathers, judges, and gives the report, which lives until it is asked for again or cases is freed; NULL when
 * out of memory. cases_findings leaves the timelines out, and judges handshakes with the others that are not over: the
 * caller's, which live as long as the report. */
const struct report *cases_report(struct cases *cases, const struct tally *tally);
const struct report *cases_findings(struct cases *cases, const struct tally *tally, struct handshake *open, size_t n_open);

/* report_told gives the configuration that speaks for this handshake: of those that the phone received on this wire the
 * last one before it, else the one that was given. event: the transfer that brought it, or NULL. */
struct received report_told(const struct visit *visit, const struct handshake *handshake);

/* report_hashes calls each for every hash that this handshake's certificates are held against. */
void report_hashes(const struct report *report, const struct visit *visit, const struct handshake *handshake,
		   void (*each)(void *arg, const struct config_hash *hash), void *arg);

/* phone_told gives the last configuration that the phone received, else the one that was given; NULL: none. */
struct received phone_told(const struct phone *phone);

/* What the hashes say of a chain. */
enum trusted {
	TRUST_UNKNOWN, /* no hash known, or no certificate seen */
	TRUST_LEAF,    /* the leaf has a hash of the list */
	TRUST_ISSUER,  /* another certificate of the chain has */
	TRUST_NONE,
};
enum trusted report_trusted(const struct report *report, const struct visit *visit,
			    const struct handshake *handshake);

/* report_tls_of gives the last TLS handshake with a ServerHello before a DTLS one, between the same two; NULL
 * where there is none. */
const struct handshake *report_tls_of(const struct visit *visit, const struct handshake *dtls);

/* handshake_is_anyconnect says whether a DTLS handshake has AnyConnect's shape: a session id, and one suite or
 * none but PSK ones offered (facts sheet sections 3 and 6). */
bool handshake_is_anyconnect(const struct handshake *handshake);

/* handshake_same_offer says whether two ClientHellos offer the same ciphers in the same order: one software. */
bool handshake_same_offer(const struct handshake *a, const struct handshake *b);

const char *verdict_name(enum verdict verdict);
const char *step_name(enum step_kind kind);
const char *step_result_name(enum step_result result);

#endif
