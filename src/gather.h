/* What becomes of the handshakes and events of one input: they are written, exported, and gathered for the findings. */
#ifndef SRC_GATHER_H
#define SRC_GATHER_H

#include "export/export.h"
#include "options.h"
#include "tls/decided.h"
#include "watch/watch.h"

struct gather;

/* gather_new begins one input's; all of these outlive it, export and watch may be NULL, and into tally is counted. Who is
 * watched for changes gets no lines of handshakes and events, and no report. NULL when out of memory. */
struct gather *gather_new(const struct options *options, struct cert_store *certs, struct export *export,
			  struct watch *watch, struct tally *tally);
void gather_free(struct gather *gather);

/* gather_handshake and gather_event take what is over. held: what the handshakes and events hold that are still open. */
void gather_handshake(struct gather *gather, struct handshake *handshake, size_t held);
void gather_event(struct gather *gather, struct event *event, size_t held);

/* gather_out_of_memory says whether something was lost by that. */
bool gather_out_of_memory(const struct gather *gather);

/* gather_stir says that something else happened that findings may rest on. gather_is_due says whether it is time, while
 * frames come from an interface or who sends them is watched, to look what has been found, and gather_look writes it. now: the
 * time of the frame that comes next, or the clock's while none does; open: handshakes that are decided and not over, or
 * NULL. False when out of memory. */
void gather_stir(struct gather *gather);
bool gather_is_due(const struct gather *gather, int64_t now_us);
bool gather_look(struct gather *gather, int64_t now_us, struct decided_copies *open);

/* gather_report writes the report to stdout, or what changed at the end; findings is set where some are at or above --fail-on.
 * False when out of memory. */
bool gather_report(struct gather *gather, bool *findings);

#endif
