/* Outputs: they get finished objects and nothing live. One file each, one row in the table. */
#ifndef SRC_OUTPUT_SINK_H
#define SRC_OUTPUT_SINK_H

#include <stdio.h>

#include "findings/case.h"
#include "tally.h"
#include "watch/change.h"

struct sink {
	const char *name; /* as --format has it */
	/* any may be NULL */
	void (*handshake)(FILE *to, const struct handshake *handshake); /* when it is over */
	void (*event)(FILE *to, const struct event *event); /* when it is over */
	void (*news)(FILE *to, const struct finding *finding, int64_t us); /* while capturing; us: the frames' time */
	void (*change)(FILE *to, const struct change *change); /* of --watch */
	/* an input has ended: all of it, or the phones' stories alone */
	void (*report)(FILE *to, const struct report *report, const struct tally *tally);
	void (*story)(FILE *to, const struct report *report, const struct tally *tally);
};

extern const struct sink sink_text, sink_json;

/* sink_find finds a sink by name; NULL when there is none. */
const struct sink *sink_find(const char *name);

/* sink_text_color says whether sink_text may use colours. */
void sink_text_color(bool on);

#endif
