/* pcapng blocks to frames: sections, their interfaces, and three kinds of packet. */
#include "pcapng.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "limit.h"
#include "pcapng_block.h"
#include "pcapng_time.h"

enum option_code {
	OPTION_END = 0,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
};

struct interface {
	uint32_t linktype;
	uint32_t snaplen; /* 0: none */
	uint8_t tsresol;
	bool counts_ns;
	int64_t tsoffset; /* seconds */
};

struct pcapng {
	struct blocks blocks;
	uint64_t frames;	      /* numbered so far */
	struct interface *interfaces; /* of this section; owned */
	size_t interfaces_len, interfaces_room;
	size_t last; /* the interface of the last frame */
};

/* find_option finds the first option of this code; value.n is 0 where there is none. The options
 * end with their block or with OPTION_END:
 *
 *   u16 code, u16 length, value, padding to 32 bits
 */
static bool
find_option(struct pcapng *p, struct slice options, uint16_t wanted, struct slice *value)
{
	uint16_t code, len;

	*value = slice_of(NULL, 0);
	while (options.n > 0) {
		if (!blocks_u16(&p->blocks, &options, &code) ||
		    !blocks_u16(&p->blocks, &options, &len) || !slice_take(&options, len, value))
			return blocks_stop(&p->blocks, "an option is longer than its block");
		if (code == wanted)
			return true;
		*value = slice_of(NULL, 0);
		if (code == OPTION_END)
			return true;
		slice_skip(&options, (4u - len % 4u) % 4u);
	}
	return true;
}

/* Section Header Block, section 4.1:
 *
 *   u32 byte-order magic, u16 major version, u16 minor version, i64 section length, options
 */
static bool
read_section(struct pcapng *p, struct slice body, struct frame *out)
{
	uint16_t major;

	(void)out;
	if (!slice_skip(&body, sizeof(uint32_t)) || !blocks_u16(&p->blocks, &body, &major))
		return blocks_stop(&p->blocks, "a section header is too short");
	if (major != 1)
		return blocks_stop(&p->blocks,
				   "a section of pcapng version %u, which nobody has defined yet",
				   major);
	p->interfaces_len = 0;
	return true;
}

static bool
add_interface(struct pcapng *p, struct interface interface)
{
	if (p->interfaces_len == p->interfaces_room) {
		size_t room = p->interfaces_room > 0 ? 2 * p->interfaces_room : 4;

		if (room > LIMIT_INTERFACES)
			return blocks_stop(&p->blocks, "more than %d interfaces", LIMIT_INTERFACES);

		struct interface *more = realloc(p->interfaces, room * sizeof *more);

		if (more == NULL) {
			p->blocks.ahead->out_of_memory = true;
			return blocks_stop(&p->blocks, "out of memory");
		}
		p->interfaces = more;
		p->interfaces_room = room;
	}
	p->interfaces[p->interfaces_len++] = interface;
	return true;
}

/* Interface Description Block, section 4.2:
 *
 *   u16 link type, u16 reserved, u32 snap length, options (9 if_tsresol: u8; 14 if_tsoffset: i64)
 */
static bool
read_interface(struct pcapng *p, struct slice body, struct frame *out)
{
	struct interface interface = {.tsresol = TSRESOL_DEFAULT};
	struct slice tsresol, tsoffset;
	uint16_t linktype;
	uint64_t seconds;

	(void)out;
	if (!blocks_u16(&p->blocks, &body, &linktype) || !slice_skip(&body, 2) ||
	    !blocks_u32(&p->blocks, &body, &interface.snaplen))
		return blocks_stop(&p->blocks, "an interface description is too short");
	if (!find_option(p, body, OPTION_TSRESOL, &tsresol) ||
	    !find_option(p, body, OPTION_TSOFFSET, &tsoffset))
		return false;
	interface.linktype = linktype;
	if (tsresol.n == sizeof interface.tsresol)
		slice_u8(&tsresol, &interface.tsresol);
	interface.counts_ns = pcapng_counts_ns(interface.tsresol);
	if (tsoffset.n == sizeof seconds && blocks_u64(&p->blocks, &tsoffset, &seconds))
		interface.tsoffset = (int64_t)seconds;
	return add_interface(p, interface);
}

/* take_packet fills in a frame whose captured bytes stand at the front of data. */
static bool
take_packet(struct pcapng *p, const struct interface *interface, uint32_t captured, uint32_t len,
	    struct slice data, struct frame *out)
{
	struct slice bytes;

	if (!slice_take(&data, captured, &bytes))
		return blocks_stop(&p->blocks,
				   "%" PRIu32 " captured bytes are more than their block holds",
				   captured);
	*out = (struct frame){
		.when.frame = p->frames + 1,
		.linktype = interface->linktype,
		.bytes = bytes,
		.wire_len = len > captured ? len : captured,
	};
	p->last = (size_t)(interface - p->interfaces);
	return true;
}

static bool
take_timed_packet(struct pcapng *p, uint32_t interface_id, struct slice body, struct frame *out)
{
	uint32_t high, low, captured, len;

	if (!blocks_u32(&p->blocks, &body, &high) || !blocks_u32(&p->blocks, &body, &low) ||
	    !blocks_u32(&p->blocks, &body, &captured) || !blocks_u32(&p->blocks, &body, &len))
		return blocks_stop(&p->blocks, "a packet block is too short");
	if (interface_id >= p->interfaces_len)
		return blocks_stop(&p->blocks,
				   "a packet of interface %" PRIu32 ", which is not described",
				   interface_id);

	const struct interface *interface = &p->interfaces[interface_id];

	if (!take_packet(p, interface, captured, len, body, out))
		return false;

	uint64_t ticks = (uint64_t)high << 32 | low;

	out->when.us = pcapng_us(ticks, interface->tsresol, interface->tsoffset);
	out->ns = interface->counts_ns ? pcapng_ns(ticks, interface->tsresol) : 0;
	return true;
}

/* Enhanced Packet Block, section 4.3:
 *
 *   u32 interface, u32 time stamp high, u32 low, u32 captured length, u32 length, data, options
 */
static bool
read_enhanced_packet(struct pcapng *p, struct slice body, struct frame *out)
{
	uint32_t interface_id;

	if (!blocks_u32(&p->blocks, &body, &interface_id))
		return blocks_stop(&p->blocks, "a packet block is too short");
	return take_timed_packet(p, interface_id, body, out);
}

/* Packet Block, appendix A, obsolete:
 *
 *   u16 interface, u16 drops, u32 time stamp high, u32 low, u32 captured length, u32 length, data,
 * options
 */
static bool
read_packet(struct pcapng *p, struct slice body, struct frame *out)
{
	uint16_t interface_id;

	if (!blocks_u16(&p->blocks, &body, &interface_id) || !slice_skip(&body, 2))
		return blocks_stop(&p->blocks, "a packet block is too short");
	return take_timed_packet(p, interface_id, body, out);
}

/* Simple Packet Block, section 4.4; of the first interface, without a time:
 *
 *   u32 length, data as far as the interface's snap length
 */
static bool
read_simple_packet(struct pcapng *p, struct slice body, struct frame *out)
{
	uint32_t len;

	if (!blocks_u32(&p->blocks, &body, &len))
		return blocks_stop(&p->blocks, "a packet block is too short");
	if (p->interfaces_len == 0)
		return blocks_stop(&p->blocks, "a packet before any interface is described");

	uint32_t snaplen = p->interfaces[0].snaplen;
	uint32_t captured = snaplen != 0 && snaplen < len ? snaplen : len;

	return take_packet(p, &p->interfaces[0], captured, len, body, out);
}

/* What is not here is skipped. Wireshark numbers some blocks among the frames though they are no
 * packets: those have no reader. */
static const struct block_kind {
	uint32_t type;
	bool numbered;
	bool (*read)(struct pcapng *p, struct slice body, struct frame *out);
} kinds[] = {
	{BLOCK_ENHANCED_PACKET, true, read_enhanced_packet},
	{BLOCK_SIMPLE_PACKET, true, read_simple_packet},
	{BLOCK_PACKET, true, read_packet},
	{BLOCK_INTERFACE, false, read_interface},
	{BLOCK_SECTION, false, read_section},
	{BLOCK_JOURNAL, true, NULL},
	{BLOCK_SYSDIG, true, NULL},
	{BLOCK_SYSDIG_V2, true, NULL},
	{BLOCK_SYSDIG_V2_LARGE, true, NULL},
	{BLOCK_CUSTOM, true, NULL},
	{BLOCK_CUSTOM_NO_COPY, true, NULL},
};

static const struct block_kind *
find_kind(uint32_t type)
{
	static const struct block_kind unknown = {.numbered = false};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].type == type)
			return &kinds[i];
	}
	return &unknown;
}

/* read_block reads one block; *is_frame says whether it gave a frame. */
static bool
read_block(struct pcapng *p, struct frame *out, bool *is_frame)
{
	const struct block_kind *kind;
	uint32_t type;
	struct slice body;

	if (!blocks_next(&p->blocks, &type))
		return false;
	kind = find_kind(type);
	if (kind->read == NULL) {
		if (!blocks_skip(&p->blocks))
			return false;
	} else if (!blocks_take(&p->blocks, &body) || !kind->read(p, body, out)) {
		return false;
	}
	p->frames += kind->numbered;
	*is_frame = kind->numbered && kind->read != NULL;
	return true;
}

enum capture_status
pcapng_next(struct pcapng *p, struct frame *out)
{
	bool is_frame = false;

	while (p->blocks.status == CAPTURE_FRAME && !is_frame)
		read_block(p, out, &is_frame);
	return p->blocks.status;
}

bool
pcapng_is(struct slice start)
{
	uint32_t type = 0;

	return slice_u32(&start, &type) && type == BLOCK_SECTION;
}

struct pcapng *
pcapng_open(struct ahead *ahead, char *err, size_t err_size)
{
	struct pcapng *p = calloc(1, sizeof *p);
	uint32_t type;
	struct slice body;

	if (p == NULL) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	p->blocks.ahead = ahead;
	if (blocks_next(&p->blocks, &type) && blocks_take(&p->blocks, &body) && read_section(p, body, NULL))
		return p;
	snprintf(err, err_size, "%s", p->blocks.status == CAPTURE_END ? "empty" : p->blocks.error);
	pcapng_close(p);
	return NULL;
}

struct pcapng_form
pcapng_form(const struct pcapng *p)
{
	if (p->last >= p->interfaces_len)
		return (struct pcapng_form){.snaplen = 0};
	return (struct pcapng_form){.snaplen = p->interfaces[p->last].snaplen,
				    .counts_ns = p->interfaces[p->last].counts_ns};
}

const char *
pcapng_error(const struct pcapng *p)
{
	return p->blocks.error;
}

void
pcapng_close(struct pcapng *p)
{
	if (p == NULL)
		return;
	free(p->interfaces);
	free(p);
}
