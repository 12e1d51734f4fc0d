/* A capture in the making: frames in memory with a clock of their own, to be edited and then
 * written. */
#ifndef LAB_FRAMES_H
#define LAB_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum side { CLIENT, SERVER };

/* Every capture begins at this second: 2016-04-01 20:14:22 UTC. */
#define LAB_TIME 1459541662

struct frame {
	uint64_t time;	  /* microseconds since 1970 */
	uint8_t *bytes;	  /* owned */
	size_t n, wire_n; /* captured, and on the wire */
	enum side from;
	size_t payload; /* bytes of TCP or UDP payload */
};

struct frames {
	struct frame *list; /* owned */
	size_t n, room;
	uint64_t now;
	int linktype; /* DLT_ value */
	int snaplen;
};

/* frames_init sets the clock to LAB_TIME and the link type to Ethernet. */
void frames_init(struct frames *frames);
void frames_free(struct frames *frames);

/* frames_wait lets the clock run. */
void frames_wait(struct frames *frames, uint64_t microseconds);

/* frames_add copies a frame to the end, at the present time. */
void frames_add(struct frames *frames, enum side from, const uint8_t *bytes, size_t n,
		size_t payload);

/* frames_nth gives the index of the nth frame (from 0) that carries payload from one side. */
size_t frames_nth(const struct frames *frames, enum side from, size_t nth);

void frames_drop(struct frames *frames, size_t index);

/* frames_swap exchanges two frames; the times stay where they are. */
void frames_swap(struct frames *frames, size_t a, size_t b);

/* frames_repeat puts a copy of a frame right behind it. */
void frames_repeat(struct frames *frames, size_t index);

/* frames_only drops all but one side's frames. */
void frames_only(struct frames *frames, enum side from);

/* frames_snap cuts every frame to n bytes. */
void frames_snap(struct frames *frames, int n);

/* frame_rehead replaces the first drop bytes of a frame by others. */
void frame_rehead(struct frame *frame, size_t drop, const uint8_t *head, size_t n);

/* frames_save writes a pcap file, frames_save_pcapng a pcapng file. */
void frames_save(const struct frames *frames, const char *path);
void frames_save_pcapng(const struct frames *frames, const char *path);

/* lab_die says what went wrong and ends the program. */
_Noreturn void lab_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
