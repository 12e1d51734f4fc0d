/* Frames out of pcap files, as pcap-savefile(5) has them: where they lie in the buffer, from which
 * libpcap would copy them.
 *
 * What libpcap reads is read alike, but: frames longer than the file's snap length are whole; times
 * are unsigned in either byte order; and what a link type has in the byte order of who wrote the file
 * stays so (USB, NFLOG, CAN: nothing that handspan reads). */
#ifndef SRC_CAPTURE_SAVEFILE_H
#define SRC_CAPTURE_SAVEFILE_H

#include "ahead.h"
#include "capture.h"

struct savefile;

/* savefile_is says whether a file that starts so is one. */
bool savefile_is(struct slice start);

/* savefile_open reads a file's header; ahead outlives the savefile. NULL with the reason in err,
 * without the file's name. */
struct savefile *savefile_open(struct ahead *ahead, char *err, size_t err_size);

/* savefile_next gives the next frame; its bytes live until the next call. CAPTURE_FRAME, _END or
 * _CUT. */
enum capture_status savefile_next(struct savefile *savefile, struct frame *out);

/* savefile_form says what the header says of all frames. */
struct savefile_form {
	uint32_t linktype;
	uint32_t snaplen; /* 0: none */
	bool counts_ns;	  /* time stamps are nanoseconds */
};
struct savefile_form savefile_form(const struct savefile *savefile);

/* savefile_error says, after CAPTURE_CUT, at which byte what is wrong. */
const char *savefile_error(const struct savefile *savefile);

void savefile_close(struct savefile *savefile);

#endif
