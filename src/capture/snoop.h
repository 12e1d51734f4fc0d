/* Frames out of Solaris's snoop files, RFC 1761 and RFC 3827: libpcap does not read them. */
#ifndef SRC_CAPTURE_SNOOP_H
#define SRC_CAPTURE_SNOOP_H

#include "ahead.h"
#include "capture.h"

struct snoop;

/* snoop_is says whether a file that starts so is one. */
bool snoop_is(struct slice start);

/* snoop_open reads a file's header; ahead outlives the snoop. NULL with the reason in err, without the
 * file's name. */
struct snoop *snoop_open(struct ahead *ahead, char *err, size_t err_size);

/* snoop_next gives the next frame, LINKTYPE_ETHERNET always; its bytes live until the next call.
 * CAPTURE_FRAME, _END or _CUT. */
enum capture_status snoop_next(struct snoop *snoop, struct frame *out);

/* snoop_drops is how many packets the capturing system lost before the last frame given. */
uint32_t snoop_drops(const struct snoop *snoop);

/* snoop_error says, after CAPTURE_CUT, at which byte what is wrong. */
const char *snoop_error(const struct snoop *snoop);

void snoop_close(struct snoop *snoop);

#endif
