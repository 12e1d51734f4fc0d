/* What workers.c, which hears the workers, workers_start.c, which begins and ends them, and workers_decided.c, which keeps what they
 * tell of handshakes that are decided and not over, share. */
#ifndef SRC_WORKERS_WORKERS_ROOM_H
#define SRC_WORKERS_WORKERS_ROOM_H

#include "listener.h"
#include "workers.h"

struct hand {
	pid_t pid;
	int asks; /* closed, it asks the worker to stop; -1: it was */
	bool missed; /* that it is lost was said */
	struct tally added; /* what it has counted, as far as that is in the sum */
	struct turn turn;   /* where it was when it was looked at last, */
	int64_t moved_ms;   /* and since when */
	struct handshake *decided[LIMIT_DECIDED]; /* and not over, as it was told last */
	size_t n_decided;
	size_t decided_weight; /* of their certificates */
	struct listener listener;
};

struct workers {
	unsigned n;
	struct carry_words words;
	bool lost;
	struct hand hands[];
};

/* workers_ask_to_stop asks all of them. */
void workers_ask_to_stop(struct workers *workers);

/* workers_hang_up has no more to do with one: it ends when it is heard by nobody. */
void workers_hang_up(struct hand *hand);

/* workers_how_lost says what became of one that tells no more, or what cannot be. */
const char *workers_how_lost(const struct hand *hand);

/* workers_take_decided takes one that a worker tells of; what cannot be kept is judged when it is over. workers_forget_decided
 * lets go of it when it is, and workers_forget_all_decided of all of a worker's. */
void workers_take_decided(struct workers *workers, struct hand *hand, struct cert_store *certs);
void workers_forget_decided(struct hand *hand, uint32_t id);
void workers_forget_all_decided(struct hand *hand);

/* workers_decided_weight gives what the certificates of all of them hold. */
size_t workers_decided_weight(const struct workers *workers);

/* workers_copy_decided gives as many as there is room for; what they point to stays here. */
void workers_copy_decided(const struct workers *workers, struct decided_copies *out);

#endif
