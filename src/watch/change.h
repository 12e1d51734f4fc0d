/* What --watch says: one change, finished, for the outputs. */
#ifndef SRC_WATCH_CHANGE_H
#define SRC_WATCH_CHANGE_H

#include "findings/case.h"

enum change_kind {
	CHANGE_NEW_LEAF,  /* a gateway shows a certificate that it had not shown */
	CHANGE_EXPIRES,   /* one that it shows ends soon */
	CHANGE_EXPIRED,
	CHANGE_MISFIT,    /* what the phone was told to trust does not fit what it is shown */
	CHANGE_FITS,      /* it fits again */
	CHANGE_FAILING,   /* a phone begins to fail, or fails otherwise */
	CHANGE_WELL,      /* it does not fail any more */
	CHANGE_FLAPPING,  /* it changes so often that no more is said of it */
	CHANGE_CALM,      /* it does not any more */
	CHANGE_FORGOTTEN, /* nothing is known of it any more */
	CHANGE_UNSAID,    /* more changes than anybody reads */
};

enum forgotten {
	FORGOTTEN_UNSEEN, /* for LIMIT_WATCHED_SECONDS */
	FORGOTTEN_PHONES, /* there are more than LIMIT_WATCHED */
	FORGOTTEN_GATEWAYS,
	FORGOTTEN_LEAVES,
};

/* The leaf that a change is about. */
struct change_leaf {
	const char *name; /* its subject; NULL where it does not parse */
	char hash[HASH_BASE64_SIZE]; /* as it would stand in a configuration */
	bool has_dates;
	int64_t not_after; /* seconds since 1970 */
};

struct change {
	enum change_kind kind;
	int64_t us;                /* the frames' time */
	const struct phone *phone; /* format_phone's part of it; NULL: it is about a gateway */
	bool has_gateway;
	struct ip_addr server;
	uint16_t port;
	const char *host; /* its name in a configuration; NULL */
	bool before; /* of MISFIT: it did fit */
	const struct finding *finding; /* of FAILING */
	const struct rule *rule; /* of WELL: what it failed of; of FAILING: what it failed of before; of CALM: what it fails of; NULL */
	struct change_leaf leaf; /* of NEW_LEAF, EXPIRES, EXPIRED, MISFIT, FITS, and of a leaf that is FORGOTTEN */
	bool has_leaf;
	const struct config_hash *told; /* of MISFIT: the first hash that counts */
	size_t n_told;
	struct received told_by; /* the configuration that has them; config NULL: it was given otherwise */
	enum forgotten why;
	uint64_t n; /* of EXPIRES whole days, of UNSAID changes */
};

/* Static names: "new-leaf", "unseen". */
const char *change_name(enum change_kind kind);
const char *forgotten_name(enum forgotten why);

#endif
