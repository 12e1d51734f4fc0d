/* One interface of a live capture, for capture_live.c alone. */
#ifndef SRC_CAPTURE_CAPTURE_INTERFACE_H
#define SRC_CAPTURE_CAPTURE_INTERFACE_H

#include "capture_room.h"

struct capture_interface {
	const char *name;
	pcap_t *pcap;
	int poll_fd; /* -1 where it does not say when there is something */
	int drops_fd[2]; /* the kernel's counts of what the interface dropped; -1: none */
	uint64_t drops_before; /* their sum when it was opened */
	uint32_t linktype;
	bool counts_ns; /* frames of two interfaces may be less than a microsecond apart */
	struct frame head; /* the next frame, without a number, where has_head; its bytes live until interface_next */
	bool has_head;
	bool down, gone;
	int64_t empty_us; /* by the clock of time stamps: nothing was there then; 0: to be looked at */
};

/* interface_open opens one, and has the kernel hand frames over after so many milliseconds at the most. False with a whole
 * sentence and the way out in err; interface_close takes it either way. */
bool interface_open(struct capture_interface *interface, const char *name, const struct capture_options *options,
		    int block_ms, char *err, size_t err_size);
void interface_close(struct capture_interface *interface);

/* interface_next takes the next frame for its head, if there is one. It is down while it may come up again, and gone where it
 * will not: pcap_geterr says why. */
void interface_next(struct capture_interface *interface);

/* interface_drops gives what the interface dropped since it was opened. */
uint64_t interface_drops(const struct capture_interface *interface);

#endif
