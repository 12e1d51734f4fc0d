/* Frames out of pcapng blocks: draft-ietf-opsawg-pcapng, read here because libpcap refuses files
 * whose interfaces differ in link type. */
#ifndef SRC_CAPTURE_PCAPNG_H
#define SRC_CAPTURE_PCAPNG_H

#include "ahead.h"
#include "capture.h"

struct pcapng;

/* pcapng_is says whether a file that starts so is one. */
bool pcapng_is(struct slice start);

/* pcapng_open reads the first Section Header Block; ahead outlives the pcapng. NULL with the reason in
 * err, without the file's name. */
struct pcapng *pcapng_open(struct ahead *ahead, char *err, size_t err_size);

/* pcapng_next gives the next frame; its bytes live until the next call. CAPTURE_FRAME, _END or
 * _CUT. */
enum capture_status pcapng_next(struct pcapng *pcapng, struct frame *out);

/* pcapng_form says how the interface of the last frame captured, or the first one where no frame
 * was yet. */
struct pcapng_form {
	uint32_t snaplen; /* 0: none */
	bool counts_ns;	  /* its time stamps are finer than microseconds */
};
struct pcapng_form pcapng_form(const struct pcapng *pcapng);

/* pcapng_error says, after CAPTURE_CUT, at which byte what is wrong. */
const char *pcapng_error(const struct pcapng *pcapng);

void pcapng_close(struct pcapng *pcapng);

#endif
