/* What capture.c and capture_*.c share: together they are libpcap's room, and here alone it is
 * included. */
#ifndef SRC_CAPTURE_CAPTURE_ROOM_H
#define SRC_CAPTURE_CAPTURE_ROOM_H

#include <signal.h>

#include <pcap/pcap.h>

#include "ahead.h"
#include "capture.h"
#include "decompress.h"
#include "input.h"
#include "limit.h"
#include "output.h"
#include "pcapng.h"
#include "savefile.h"
#include "snoop.h"

/* libpcap's own most, its MAXIMUM_SNAPLEN. */
#define SNAPLEN_MOST 262144

/* What is saved of a frame that only says when the capture ended: its headers. */
#define SAVED_OF_LAST 128

#define US_PER_SECOND 1000000
#define NS_PER_US 1000

struct capture {
	const char *name;
	struct capture_options options;
	void (*heard)(void *arg, const char *sentence, bool own); /* NULL: options.notice is told */
	void *heard_arg;
	volatile sig_atomic_t stop;
	/* of every way to read exactly one is there: */
	struct live *live;	   /* interfaces */
	struct savefile *savefile; /* a pcap file */
	struct pcapng *pcapng;	   /* a pcapng file */
	struct snoop *snoop;	   /* a snoop file */
	struct input *input; /* of files */
	struct decompress *unpacked;
	struct ahead ahead; /* of unpacked */
	struct frame first; /* of pcapng, read ahead for its link type; frame 0 once given away */
	uint64_t frames;
	uint32_t linktype; /* of all frames, of the first interface, or of pcapng's first frame, and so are these: */
	uint32_t snaplen;  /* 0: none */
	bool counts_ns;	   /* time stamps are nanoseconds */
	const struct capture_filters *filters; /* of files; NULL: every frame passes */
	struct capture_filters *own_filters;
	struct capture_outputs *own_outputs;
	struct output *written, *saved; /* of write_to and save_to; NULL: there is none */
	struct frame last; /* that did not matter, since one did; frame 0: none */
	uint8_t last_bytes[SAVED_OF_LAST];
	enum capture_status status; /* CAPTURE_FRAME until reading is over */
	bool out_of_memory;
	bool lost; /* no interface is left */
	char error[512];
};

/* capture_cut ends the reading with a sentence. */
__attribute__((format(printf, 2, 3))) enum capture_status capture_cut(struct capture *c,
								      const char *format, ...);

/* capture_linktype gives the LINKTYPE_ of libpcap's DLT_. */
uint32_t capture_linktype(int dlt);

/* capture_dead gives what libpcap needs to compile a filter or write a file without reading one;
 * NULL when out of memory. */
pcap_t *capture_dead(uint32_t linktype);

/* capture_file.c */
bool capture_file_open(struct capture *c, const char *path, char *err, size_t err_size);
enum capture_status capture_file_next(struct capture *c, struct frame *out);

/* capture_live.c and capture_order.c; groups: of each interface, where it is shared, or NULL. */
bool capture_live_open(struct capture *c, const char *const *names, size_t n, int *groups, char *err, size_t err_size);
void capture_live_begin(struct capture *const *captures, unsigned n); /* shared ones, when all are open */
enum capture_status capture_live_next(struct capture *c, struct frame *out);
const struct drops *capture_live_drops(struct capture *c);
void capture_live_close(struct capture *c);

/* capture_filter.c: capture_filter_open takes or makes what options ask for. */
bool capture_filter_open(struct capture *c, char *err, size_t err_size);
bool capture_filter_set_live(pcap_t *pcap, const char *interface, const char *text, char *err, size_t err_size);
bool capture_filter_leave_out(pcap_t *pcap, uint32_t linktype);
bool capture_filter_passes(const struct capture *c, const struct frame *frame);

/* capture_output.c */
bool capture_output_open(struct capture *c, char *err, size_t err_size);
enum capture_status capture_output_write(struct capture *c, const struct frame *frame);
void capture_output_flush(struct capture *c);

#endif
