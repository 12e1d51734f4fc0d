/* pcap, in this machine's byte order, as tcpdump writes it. */
#include "out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/frames.h"

#define SECOND UINT64_C(1000000000)

/* Beside the frame itself a link carries its checksum, preamble and gap; a byte takes 8 ns. */
enum { LINK_EXTRA = 4 + 8 + 12, BYTE_NS = 8 };

#define BUFFER (1 << 20)

static void
write_out(const void *p, size_t n)
{
	if (fwrite(p, 1, n, stdout) != n)
		lab_die("cannot write");
}

void
out_begin(struct out *out, uint64_t most)
{
	static const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1}; /* Ethernet */
	static char buffer[BUFFER];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	*out = (struct out){.most = most, .ns = LAB_TIME * SECOND};
	write_out(header, sizeof(header));
}

void
out_packet(struct out *out, const uint8_t *frame, size_t n)
{
	static const uint8_t zeros[OUT_FRAME_LEAST];
	size_t padding = n < OUT_FRAME_LEAST ? OUT_FRAME_LEAST - n : 0;
	uint32_t length = (uint32_t)(n + padding);
	uint32_t header[] = {(uint32_t)(out->ns / SECOND), (uint32_t)(out->ns % SECOND / 1000), length, length};

	if (out_full(out))
		return;
	write_out(header, sizeof(header));
	write_out(frame, n);
	write_out(zeros, padding);
	out->n++;
	out->ns += (length + LINK_EXTRA) * BYTE_NS;
}

void
out_until(struct out *out, uint64_t ns)
{
	if (ns > out->ns)
		out->ns = ns;
}

bool
out_end(struct out *out)
{
	(void)out;
	return fflush(stdout) == 0;
}
