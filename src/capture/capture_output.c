/* What write_to names: a pcap file that gets every frame. */
#include "capture_room.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

bool
capture_output_open(struct capture *c, char *err, size_t err_size)
{
	const char *path = c->options.write_to;

	if (c->input != NULL && input_is(c->input, path)) {
		snprintf(err, err_size, "%s: is being read, it cannot be written at the same time",
			 path);
		return false;
	}

	pcap_t *dead = capture_dead(c->linktype);

	if (dead == NULL) {
		snprintf(err, err_size, "out of memory");
		return false;
	}
	c->output = pcap_dump_open(dead, path);
	if (c->output == NULL)
		snprintf(err, err_size, "cannot be written: %s", pcap_geterr(dead));
	pcap_close(dead);
	return c->output != NULL;
}

bool
capture_flush(struct capture *c)
{
	if (c->output == NULL ||
	    (!ferror(pcap_dump_file(c->output)) && pcap_dump_flush(c->output) == 0))
		return true;
	capture_cut(c, "%s cannot be written any further: %s", c->options.write_to,
		    strerror(errno));
	return false;
}

/* A time that the file's 32 bits do not hold wraps. */
enum capture_status
capture_output_write(struct capture *c, const struct frame *frame)
{
	int64_t us = frame->when.us % US_PER_SECOND;
	int64_t seconds = frame->when.us / US_PER_SECOND;
	struct pcap_pkthdr header = {
		.ts.tv_sec = (time_t)(us < 0 ? seconds - 1 : seconds),
		.ts.tv_usec = (suseconds_t)(us < 0 ? us + US_PER_SECOND : us),
		.caplen = (bpf_u_int32)slice_first(frame->bytes, SNAPLEN_MOST).n,
		.len = (bpf_u_int32)frame->wire_len,
	};

	if (frame->linktype != c->linktype)
		return capture_cut(c,
				   "frame %" PRIu64 " is of link type %" PRIu32
				   ", those before of %" PRIu32 "; %s is a pcap file and holds one",
				   frame->when.frame, frame->linktype, c->linktype,
				   c->options.write_to);
	pcap_dump((u_char *)c->output, &header, frame->bytes.p);
	if (ferror(pcap_dump_file(c->output)))
		capture_flush(c);
	return c->status;
}
