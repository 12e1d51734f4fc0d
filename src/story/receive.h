/* The bytes of one file under way. Each comes with its place, so that they may come in any order, and more than once.
 *
 * They are kept where the file's name says that it is read (trust/phone_file.h), the first LIMIT_PHONE_FILE of them, and
 * while all that is kept for transfers stays within LIMIT_PHONE_FILES; of any other file they are only counted. */
#ifndef SRC_STORY_RECEIVE_H
#define SRC_STORY_RECEIVE_H

#include "story.h"

/* Runs of bytes that wait for others before them: a TFTP window with every other block lost is more, but then its sender
 * begins again at the first that is missing (RFC 7440 section 4). */
#define RECEIVE_RUNS 16

struct receive_run {
	uint64_t from, to;
};

struct receive {
	struct story_host *host;
	bool keeps;
	uint8_t *bytes; /* of [0, room) of the file */
	size_t room;
	uint64_t kept;  /* bytes from here on are not kept: a limit */
	bool over;      /* there were such bytes */
	uint64_t lost;  /* the first byte that never comes; UINT64_MAX: none */
	struct receive_run run[RECEIVE_RUNS]; /* apart and in order; what was given up counts as come */
	size_t n_runs;
	uint64_t size; /* bytes that came, each counted once */
};

/* receive_begin begins a file; nothing is allocated yet. */
void receive_begin(struct receive *file, struct story_host *host, const char *name);
void receive_clear(struct receive *file);

/* receive_has says whether all of [from, to) came, or was given up. */
bool receive_has(const struct receive *file, uint64_t from, uint64_t to);

/* receive_put takes bytes and their place. False: there is no room to remember one more run, and they are left out. */
bool receive_put(struct receive *file, uint64_t from, struct slice bytes);

/* receive_give_up says that what is missing before this place never comes. */
void receive_give_up(struct receive *file, uint64_t to);

/* receive_is_whole says whether a file of this size came, without a hole. */
bool receive_is_whole(const struct receive *file, uint64_t size);

/* receive_content reads what is kept of the file, up to the first hole; whole: that is all of it. NULL where it is of a
 * kind that is not read, where nothing came, and without memory, which the host is told. */
struct phone_file *receive_content(const struct receive *file, const char *name, bool whole);

/* What is kept for transfers is counted: receive_take makes room for n more bytes, false where there is none.
 * receive_give gives them back. */
bool receive_take(struct story_host *host, size_t n);
void receive_give(struct story_host *host, size_t n);

#endif
