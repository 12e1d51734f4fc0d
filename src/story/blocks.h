/* The blocks of one file sent by TFTP: what their numbers and the options make of them. They are counted from 1 over the
 * whole file, whatever their numbers on the wire.
 *
 * A block is missing for good where a later one was acknowledged: by an ACK, or by a block further on than the window. */
#ifndef SRC_STORY_BLOCKS_H
#define SRC_STORY_BLOCKS_H

#include "dissectors/tftp.h"
#include "receive.h"

struct blocks {
	struct receive file;
	bool write;            /* to the server */
	unsigned size, window; /* as agreed, or as asked for before that; and so told_size */
	bool has_told_size;
	uint64_t told_size;
	bool agreed;     /* what became of the options is known */
	bool guessed;    /* whether the first block is the last is not */
	bool acks;       /* the capture shows ACKs */
	bool last_again; /* the last block came again */
	uint64_t numbers; /* after which they begin again: 65536, or 65535 where 0 is left out */
	uint64_t reached, acked; /* the highest block that came or was acknowledged, and the highest acknowledged */
	uint64_t last, end;      /* the last block, 0: not known; and the file's size then */
	struct when fresh;       /* the last block that was new */
	uint64_t repeats;
};

/* blocks_begin begins a file with its request. */
void blocks_begin(struct blocks *blocks, struct story_host *host, const char *name, const struct tftp *request);
void blocks_clear(struct blocks *blocks);

/* blocks_restart forgets all blocks: the server begins again. */
void blocks_restart(struct blocks *blocks, const char *name);

/* What came: missing is what the capture cut off a block's end. */
void blocks_agree(struct blocks *blocks, const struct tftp *oack);
void blocks_data(struct blocks *blocks, const struct tftp *data, size_t missing, struct when now);
void blocks_ack(struct blocks *blocks, const struct tftp *ack);

/* blocks_begun says whether there was any; blocks_whole, whether all have come; blocks_taken, whether who receives them
 * acknowledged the last one; blocks_have_hole, whether one that was acknowledged is not there. */
bool blocks_begun(const struct blocks *blocks);
bool blocks_whole(const struct blocks *blocks);
bool blocks_taken(const struct blocks *blocks);
bool blocks_have_hole(const struct blocks *blocks);

/* blocks_is_span_copy says whether what comes again comes so soon after the last that it is a span port's copy. */
bool blocks_is_span_copy(struct when last, struct when now);

#endif
