/* What capture_interface.c (one interface), capture_live.c (all of a capture) and capture_order.c (their frames) share. */
#ifndef SRC_CAPTURE_CAPTURE_INTERFACE_H
#define SRC_CAPTURE_CAPTURE_INTERFACE_H

#include "capture_room.h"

#define INTERFACE_COUNTS 2

/* How long the kernel may gather frames for a block; less where there are others to be put in order with, interfaces or
 * captures: what waits for them lies in the rings meanwhile. And how late its timer may be. */
#define BLOCK_MS 100
#define BLOCK_OF_SEVERAL_MS 10
#define TIMER_LATE_MS 10

struct capture_interface {
	const char *name;
	pcap_t *pcap;
	int poll_fd; /* -1 where it does not say when there is something */
	struct {
		int fd; /* -1: none */
		uint64_t n;
	} counts[INTERFACE_COUNTS]; /* of what the interface dropped since it is there */
	uint64_t counted_before; /* their sum when it was opened */
	unsigned kernel_count; /* libpcap's, which wraps around */
	struct interface_drops { /* since it was opened */
		uint64_t kernel, interface;
	} dropped, told;
	int64_t told_us; /* when the user was told last */
	uint32_t linktype;
	bool counts_ns; /* frames of two interfaces may be less than a microsecond apart */
	struct frame head; /* the next frame, without a number, where has_head; its bytes live until interface_next */
	bool has_head;
	bool leaves_out;
	bool down, gone;
	bool begun; /* a frame has come since the capture began */
	int64_t empty_us; /* by the clock of time stamps: nothing was there then; 0: to be looked at */
};

/* interface_open opens one, and has the kernel hand frames over after so many milliseconds at the most. False with a whole
 * sentence and the way out in err; interface_close takes it either way. */
bool interface_open(struct capture_interface *interface, const char *name, const struct capture_options *options,
		    int block_ms, char *err, size_t err_size);

/* interface_share makes it a member of a fanout group (fanout.h), of a new one where that is 0. False as above. */
bool interface_share(struct capture_interface *interface, int *group, char *err, size_t err_size);
void interface_close(struct capture_interface *interface);

/* interface_next takes the next frame for its head, if there is one. It is down while it may come up again, and gone where it
 * will not: pcap_geterr says why. */
void interface_next(struct capture_interface *interface);

/* interface_count counts what was dropped up to now; what the interface itself did, if interface_counts was called before. */
void interface_counts(struct capture_interface *interface);
void interface_count(struct capture_interface *interface);

struct live {
	char *names; /* owned */
	struct drops drops; /* of all */
	int64_t counted_us; /* when they were counted last */
	bool beside;	  /* another capture counts what interfaces drop, and says what becomes of them */
	int64_t begun_us; /* when it began, if it is shared; else 0 */
	uint64_t next;	  /* of one that is shared: the lowest number that may come */
	int64_t stopped_us; /* what came later is left; 0: it goes on */
	size_t n;
	struct capture_interface interfaces[];
};

/* live_now_us is the clock that frames are stamped by. */
int64_t live_now_us(void);

/* live_look asks an interface for its next frame, and tells the user what has become of it. */
void live_look(struct capture *c, struct capture_interface *interface);

/* live_number gives a frame of that time its number; live_passed says that none before that time will come any more. */
uint64_t live_number(struct capture *c, int64_t us);
void live_passed(struct live *live, int64_t us);

/* live_count counts drops, and tells the user of them, where that is due. */
void live_count(struct capture *c);

#endif
