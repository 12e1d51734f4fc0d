/* Any bytes as a frame: two bytes of link type, then the frame; and its body as one put together from fragments. */
#include <stdlib.h>

#include "dissectors/packet_walk.h"
#include "tests/packet_same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* must ends the run where what the headers promise does not hold. */
static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check(enum dis got, struct slice frame, const struct packet *packet, const struct dis_at *at)
{
	const struct slice *payload = &packet->payload;
	const bool announcement = packet->kind == PACKET_CDP || packet->kind == PACKET_LLDP;
	const bool in_ip = packet->kind != PACKET_OTHER && !announcement;

	must(packet->link.vlans <= LINK_MAX_VLANS);
	must(packet->tunnels <= 2 * PACKET_MAX_LAYERS);
	must(payload->n <= packet->payload_len);
	must(payload->p >= frame.p && payload->p + payload->n <= frame.p + frame.n);
	if (got != DIS_OK) {
		must(packet->kind == PACKET_OTHER);
		must(at->field != NULL && at->off <= frame.n);
	}
	if (in_ip)
		must(packet->ip.version == 4 || packet->ip.version == 6);
	if (announcement)
		must(payload->n == packet->payload_len);
	must((packet->kind == PACKET_FRAGMENT) == (in_ip && packet->ip.fragment));
}

/* The long way answers the same, whichever way the frame went. */
static void
check_way(uint32_t linktype, struct slice frame, enum dis got, const struct packet *packet, const struct dis_at *at)
{
	struct packet walked;
	struct dis_at walked_at = {0};

	must(packet_walk(linktype, frame, &walked, &walked_at) == got);
	must(packet_same(packet, &walked));
	must(got == DIS_OK || (at->field == walked_at.field && at->off == walked_at.off));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice frame = slice_of(data, size);
	struct packet packet;
	struct dis_at at = {0};
	uint16_t linktype;
	enum dis got;

	if (!slice_u16(&frame, &linktype))
		return 0;
	got = packet_dissect(linktype, frame, &packet, &at);
	must(link_known(linktype) || got == DIS_BAD);
	check(got, frame, &packet, &at);
	check_way(linktype, frame, got, &packet, &at);
	if (got == DIS_OK && packet.kind == PACKET_FRAGMENT) {
		frame = packet.payload;
		got = packet_dissect_datagram(frame, &packet, &at);
		must(got != DIS_MORE);
		check(got, frame, &packet, &at);
	}
	return 0;
}
