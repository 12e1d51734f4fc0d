/* defrag.h under fragments of any kind, 8 bytes of input each: a datagram that comes out has the bytes that were put
 * in, as many as its last fragment says; and every one that begins is accounted for. */
#include <stdlib.h>

#include "src/stream/defrag.h"
#include "src/limit.h"

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

/* said gives what the datagram of this identification says from off on. */
static const uint8_t *
said(uint32_t id, size_t off)
{
	static uint8_t bytes[3 * 65536];

	if (bytes[1] == 0)
		for (uint32_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)(i * 2654435761U >> 24);
	return bytes + off + (id & 0xff) * 251;
}

/* uint1 version;  uint1 protocol;  uint1 more;  uint1 cut;  uint1 lie;  uint3 time_scale;
 * uint8 id;  uint16 offset; (8 bytes)  uint16 length;  uint8 time;  uint8 long; */
static void
fragment(struct defrag *defrag, struct slice in, struct when *when, bool *lied)
{
	uint8_t *bytes;
	struct ip_header ip = {.fragment = true};
	struct slice out = {0};
	uint8_t how = 0, id = 0, time = 0, is_long = 0;
	uint16_t offset = 0, len = 0;
	size_t captured;
	bool complete;

	slice_u8(&in, &how);
	slice_u8(&in, &id);
	slice_u16(&in, &offset);
	slice_u16(&in, &len);
	slice_u8(&in, &time);
	slice_u8(&in, &is_long);
	len = is_long & 1 ? len : len & 1023;
	ip.version = how & 128 ? 6 : 4;
	ip.protocol = how & 64 ? IP_UDP : IP_TCP;
	ip.more = how & 32;
	ip.id = id;
	ip.offset = (uint16_t)(offset << 3);
	captured = how & 16 ? len / 2 : len;
	bytes = malloc(captured + 1); /* of its own, so that reading on is seen */
	if (bytes == NULL)
		abort();
	memcpy(bytes, said(id, ip.offset), captured);
	if ((how & 8) && captured > 0) {
		bytes[captured / 2] ^= 1;
		*lied = true;
	}
	when->us += (int64_t)((uint64_t)time << (how & 7) * 6) - (how & 1 ? 1000 : 0);
	complete = defrag_add(defrag, &ip, slice_of(bytes, captured), len, *when, &out);
	free(bytes);
	if (!complete)
		return;
	require(out.n > 0 && out.n <= 65535);
	require(out.n >= (size_t)ip.offset + len && (ip.more || out.n == (size_t)ip.offset + len));
	require(*lied || slice_starts(out, said(id, 0), out.n));
	require(defrag_protocol(defrag) == IP_UDP || defrag_protocol(defrag) == IP_TCP);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct defrag *defrag = defrag_new();
	struct slice in = slice_of(data, size), one;
	struct when when = {.frame = 1};
	uint64_t given = 0;
	bool lied = false;
	struct defrag_counts counts;

	if (defrag == NULL)
		abort();
	while (slice_take(&in, 8, &one)) {
		fragment(defrag, one, &when, &lied);
		given++;
	}
	counts = defrag_counts(defrag);
	require(counts.incomplete <= LIMIT_DATAGRAMS);
	require(counts.overlapping + counts.cut + counts.aged + counts.evicted + counts.incomplete <= given);
	defrag_free(defrag);
	return 0;
}
