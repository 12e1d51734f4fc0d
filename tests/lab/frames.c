/* Frames in memory: add, edit, write by libpcap. */
#include "frames.h"

#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define USEC 1000000U

_Noreturn void
lab_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("labmake: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

void
frames_init(struct frames *frames)
{
	*frames = (struct frames){.now = (uint64_t)LAB_TIME * USEC + 741838,
				  .linktype = DLT_EN10MB,
				  .snaplen = 65535};
}

void
frames_free(struct frames *frames)
{
	for (size_t i = 0; i < frames->n; i++)
		free(frames->list[i].bytes);
	free(frames->list);
	*frames = (struct frames){0};
}

void
frames_wait(struct frames *frames, uint64_t microseconds)
{
	frames->now += microseconds;
}

static uint8_t *
copy(const uint8_t *bytes, size_t n)
{
	uint8_t *own = malloc(n);

	if (own == NULL)
		lab_die("out of memory");
	memcpy(own, bytes, n);
	return own;
}

static void
make_room(struct frames *frames)
{
	if (frames->n < frames->room)
		return;
	frames->room = frames->room == 0 ? 64 : 2 * frames->room;
	frames->list = reallocarray(frames->list, frames->room, sizeof(*frames->list));
	if (frames->list == NULL)
		lab_die("out of memory");
}

void
frames_add(struct frames *frames, enum side from, const uint8_t *bytes, size_t n, size_t payload)
{
	make_room(frames);
	frames->list[frames->n++] = (struct frame){.time = frames->now,
						   .bytes = copy(bytes, n),
						   .n = n,
						   .wire_n = n,
						   .from = from,
						   .payload = payload};
}

size_t
frames_nth(const struct frames *frames, enum side from, size_t nth)
{
	for (size_t i = 0; i < frames->n; i++)
		if (frames->list[i].from == from && frames->list[i].payload > 0 && nth-- == 0)
			return i;
	lab_die("there is no such frame");
}

void
frames_drop(struct frames *frames, size_t index)
{
	struct frame *frame = &frames->list[index];

	free(frame->bytes);
	frames->n--;
	memmove(frame, frame + 1, (frames->n - index) * sizeof(*frame));
}

void
frames_swap(struct frames *frames, size_t a, size_t b)
{
	struct frame was = frames->list[a];

	frames->list[a] = frames->list[b];
	frames->list[b] = was;
	frames->list[b].time = frames->list[a].time;
	frames->list[a].time = was.time;
}

void
frames_repeat(struct frames *frames, size_t index)
{
	struct frame *frame;

	make_room(frames);
	frame = &frames->list[index];
	memmove(frame + 1, frame, (frames->n - index) * sizeof(*frame));
	frames->n++;
	frame[1].bytes = copy(frame->bytes, frame->n);
	frame[1].time += 10;
}

void
frames_only(struct frames *frames, enum side from)
{
	for (size_t i = frames->n; i > 0; i--)
		if (frames->list[i - 1].from != from)
			frames_drop(frames, i - 1);
}

void
frames_snap(struct frames *frames, int n)
{
	frames->snaplen = n;
	for (size_t i = 0; i < frames->n; i++)
		if (frames->list[i].n > (size_t)n)
			frames->list[i].n = (size_t)n;
}

void
frame_rehead(struct frame *frame, size_t drop, const uint8_t *head, size_t n)
{
	size_t rest = frame->n - drop;
	uint8_t *bytes = malloc(n + rest);

	if (bytes == NULL)
		lab_die("out of memory");
	memcpy(bytes, head, n);
	memcpy(bytes + n, frame->bytes + drop, rest);
	free(frame->bytes);
	frame->bytes = bytes;
	frame->n = n + rest;
	frame->wire_n = frame->wire_n - drop + n;
}

void
frames_save(const struct frames *frames, const char *path)
{
	pcap_t *dead = pcap_open_dead(frames->linktype, frames->snaplen);
	pcap_dumper_t *dump = dead == NULL ? NULL : pcap_dump_open(dead, path);

	if (dump == NULL)
		lab_die("%s: %s", path, dead == NULL ? "out of memory" : pcap_geterr(dead));
	for (size_t i = 0; i < frames->n; i++) {
		const struct frame *frame = &frames->list[i];
		struct pcap_pkthdr header = {.ts = {.tv_sec = (time_t)(frame->time / USEC),
						    .tv_usec = (suseconds_t)(frame->time % USEC)},
					     .caplen = (bpf_u_int32)frame->n,
					     .len = (bpf_u_int32)frame->wire_n};

		pcap_dump((uint8_t *)dump, &header, frame->bytes);
	}
	if (pcap_dump_flush(dump) != 0)
		lab_die("%s: cannot be written", path);
	pcap_dump_close(dump);
	pcap_close(dead);
}

/* A pcapng block: type, total length, body, padding to four bytes, total length again. */
static void
block(FILE *file, uint32_t type, const struct bytes *body)
{
	struct bytes out = {.n = 0};
	size_t padded = (body->n + 3) & ~(size_t)3;

	put(&out, 4, type);
	put(&out, 4, padded + 12);
	put_bytes(&out, body->b, body->n);
	put(&out, padded - body->n, 0);
	put(&out, 4, padded + 12);
	if (fwrite(out.b, out.n, 1, file) != 1)
		lab_die("cannot write");
}

void
frames_save_pcapng(const struct frames *frames, const char *path)
{
	struct bytes body = {.n = 0};
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		lab_die("%s: cannot be written", path);
	put(&body, 4, 0x1a2b3c4d); /* byte order: big-endian, the rarer one */
	put(&body, 4, 0x00010000); /* version 1.0 */
	put(&body, 8, UINT64_MAX); /* section length unknown */
	block(file, 0x0a0d0d0a, &body);
	body.n = 0;
	put(&body, 4, (uint64_t)frames->linktype << 16);
	put(&body, 4, (uint64_t)frames->snaplen);
	block(file, 1, &body);
	for (size_t i = 0; i < frames->n; i++) {
		const struct frame *frame = &frames->list[i];

		body.n = 0;
		put(&body, 4, 0); /* interface */
		put(&body, 8, frame->time);
		put(&body, 4, frame->n);
		put(&body, 4, frame->wire_n);
		put_bytes(&body, frame->bytes, frame->n);
		block(file, 6, &body);
	}
	if (fclose(file) != 0)
		lab_die("%s: cannot be written", path);
}
