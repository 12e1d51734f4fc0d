/* Where frames come from: libpcap's room. */
#ifndef SRC_CAPTURE_CAPTURE_H
#define SRC_CAPTURE_CAPTURE_H

#include "dissectors/slice.h"
#include "when.h"

struct frame {
	struct when when;
	uint32_t ns;	    /* of when, below 1000: where the input counts so finely */
	uint32_t linktype;  /* enum linktype */
	struct slice bytes; /* as captured */
	size_t wire_len;    /* more than bytes.n where the snap length cut it */
};

enum capture_status {
	CAPTURE_FRAME,
	CAPTURE_AGAIN, /* live, nothing for now: signals may be looked at */
	CAPTURE_END,
	CAPTURE_CUT, /* the file ends in the middle of a packet or is damaged there; capture_error
			says where */
};

struct capture;

struct capture_options {
	const char *filter; /* BPF text, or NULL */
	int snaplen;	    /* live only, 0: libpcap's most */
	int buffer_kib;	    /* live only, 0: libpcap's default */
	bool no_promiscuous;
	const char *write_to; /* a file that gets every frame, or NULL */
};

/* capture_open_file opens a capture file, "-" being stdin. NULL with a whole sentence in err. A
 * pipe is waited for until it has a capture's start: SIGINT should keep its default action until
 * this returns. path and the texts of options outlive the capture. */
struct capture *capture_open_file(const char *path, const struct capture_options *options,
				  char *err, size_t err_size);

/* capture_open_live opens an interface. NULL with a whole sentence and the way out in err. */
struct capture *capture_open_live(const char *interface, const struct capture_options *options,
				  char *err, size_t err_size);

/* capture_next gives the next frame; its bytes live until the next call. */
enum capture_status capture_next(struct capture *capture, struct frame *out);

/* capture_stop makes a running capture_next return; may be called from a signal handler. */
void capture_stop(struct capture *capture);

const char *capture_error(const struct capture *capture); /* a sentence, after CAPTURE_CUT */
bool capture_out_of_memory(const struct capture *capture); /* was that why? */
const char *capture_name(const struct capture *capture);  /* the file or the interface */

/* capture_flush brings what write_to got to its file; false: capture_error says why not.
 * CAPTURE_END comes flushed; for who stops earlier. */
bool capture_flush(struct capture *capture);

/* capture_drops gives what kernel and interface dropped, as far as that is known: of a snoop file
 * it is what the system that wrote it lost, of other files nothing. */
void capture_drops(struct capture *capture, uint64_t *kernel, uint64_t *interface);

void capture_close(struct capture *capture);

/* capture_list prints the interfaces (-D) to stdout, one a line; false with a sentence in err. */
bool capture_list(char *err, size_t err_size);

#endif
