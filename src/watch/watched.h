/* What --watch keeps in mind of phones and gateways: what was said of them, and when they were seen. */
#ifndef SRC_WATCH_WATCHED_H
#define SRC_WATCH_WATCHED_H

#include "change.h"
#include "flaps.h"
#include "limit.h"
#include "table.h"

/* One phone at one server, or alone. */
struct watched_visit {
	struct ip_addr server; /* zero: alone */
	int64_t seen_us;
	const struct rule *failing; /* as was said; NULL: it is not */
	const struct rule *doubted; /* what it may be failing of, and since when that is so */
	int64_t since_us;
	enum trusted trusted;
};

struct watched_phone {
	struct table_item item;
	char name[16]; /* "" where it is known by its address alone */
	struct ip_addr ip;
	bool has_mac;
	uint8_t mac[6];
	struct flaps flaps;
	struct watched_visit visits[LIMIT_WATCHED_VISITS];
	size_t n_visits;
};

struct watched_leaf {
	char *name; /* owned; NULL */
	uint8_t sha1[SHA1_SIZE];
	bool has_dates;
	int64_t not_after;
	bool ec; /* gateways show one of each kind */
	int64_t seen_us;
	unsigned warned; /* how many of the days before its end were said, and then the end */
};

struct watched_gateway {
	struct table_item item;
	struct ip_addr server;
	uint16_t port;
	char host[256]; /* "": none is known */
	struct flaps flaps;
	struct watched_leaf leaves[LIMIT_GATEWAY_LEAVES];
	size_t n_leaves;
};

/* watched_key makes the key of a phone: its name, else its address, else its MAC address. watched_key_of_ip is that of one with
 * this address and no name, watched_key_of_server that of a gateway. */
void watched_key(const struct phone *phone, uint8_t key[TABLE_KEY]);
void watched_key_of_ip(const struct ip_addr *ip, uint8_t key[TABLE_KEY]);
void watched_key_of_server(const struct ip_addr *ip, uint16_t port, uint8_t key[TABLE_KEY]);

/* watched_visit gives a phone's visit at this server, NULL: there is none; watched_visit_begin begins it then, in the place of the
 * one least recently seen where there is no other. */
struct watched_visit *watched_visit(struct watched_phone *phone, const struct ip_addr *server);
struct watched_visit *watched_visit_begin(struct watched_phone *phone, const struct ip_addr *server);

/* watched_leaf finds a leaf of a gateway; NULL: it is not among them. */
struct watched_leaf *watched_leaf(struct watched_gateway *gateway, const struct cert *cert);

/* watched_leaf_oldest gives the one least recently seen, or where the next one goes while there is room. */
struct watched_leaf *watched_leaf_oldest(struct watched_gateway *gateway);

void watched_gateway_free(struct watched_gateway *gateway);

#endif
