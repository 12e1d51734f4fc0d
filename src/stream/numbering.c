/* The sequence numbers of one direction: learned from its SYN, from the other side's acknowledgements, or from the
 * first segment there is. */
#include "numbering.h"

#include "limit.h"

/* TCP Fast Open: a SYN+ACK may acknowledge what the SYN carried. */
#define SYN_DATA_MAX 65535

/* How far number is after from, modulo 2^32; more than LIMIT_STREAM_REACH is far off, or before it. */
static uint32_t
distance(uint32_t from, uint32_t number)
{
	return number - from;
}

static bool
in_reach(uint32_t from, uint32_t number)
{
	return distance(from, number) <= LIMIT_STREAM_REACH;
}

/* The dispute is over when a number fits one of the two; it decides for the nearer. True when that is the rival. */
static bool
decide(struct numbering *n, uint32_t number)
{
	bool rival = distance(n->rival, number) < distance(n->first, number);

	if (!n->disputed || !in_reach(rival ? n->rival : n->first, number))
		return false;
	n->disputed = false;
	if (rival)
		n->first = n->rival;
	return rival;
}

bool
numbering_syn(struct numbering *n, uint32_t seq)
{
	uint32_t first = seq + 1;
	bool moved = n->from != NUMBERING_UNKNOWN && first != n->first;

	if (n->settled) {
		if (!moved)
			n->from = NUMBERING_SYN;
		return false;
	}
	if (n->from == NUMBERING_SYN && moved) {
		n->disputed = !n->confirmed;
		n->rival = first;
		return false;
	}
	if (n->from == NUMBERING_SHOWN && moved && !in_reach(first, n->first)) {
		n->rival = n->first;
		n->disputed = true;
	}
	n->from = NUMBERING_SYN;
	n->first = first;
	return moved;
}

bool
numbering_data(struct numbering *n, uint32_t seq, uint64_t len)
{
	bool moved = false;

	if (n->settled)
		return false;
	moved = decide(n, seq);
	if (n->from == NUMBERING_UNKNOWN) {
		n->from = NUMBERING_OWN;
		n->first = seq;
	} else if (n->from == NUMBERING_SHOWN && len == 1 && seq + 1 == n->first) {
		return false; /* a keep-alive: the other side has this byte already */
	} else if (n->from != NUMBERING_SYN && seq != n->first && in_reach(seq, n->first)) {
		n->first = seq;
		moved = true;
	}
	n->settled = in_reach(n->first, seq);
	return moved;
}

bool
numbering_own(struct numbering *n, uint32_t seq)
{
	if (n->from == NUMBERING_UNKNOWN) {
		n->from = NUMBERING_OWN;
		n->first = seq;
	}
	return false;
}

bool
numbering_ack(struct numbering *n, uint32_t ack)
{
	uint32_t was = n->first;
	/* A keep-alive is numbered one too low. */
	bool keep_alive = n->from == NUMBERING_OWN && ack == n->first + 1;

	if (n->settled)
		return false;
	if (n->from == NUMBERING_SYN) {
		bool moved = decide(n, ack);

		n->confirmed |= !n->disputed && in_reach(n->first, ack);
		return moved;
	}
	if (n->from == NUMBERING_UNKNOWN || keep_alive || in_reach(ack, n->first)) {
		bool moved = n->from != NUMBERING_UNKNOWN && ack != was;

		n->from = NUMBERING_SHOWN;
		n->first = ack;
		return moved;
	}
	return false;
}

bool
numbering_is(const struct numbering *n, uint32_t seq)
{
	return seq + 1 == n->first || (n->disputed && seq + 1 == n->rival);
}

bool
numbering_answers(const struct numbering *n, uint32_t ack)
{
	return distance(n->first, ack) <= SYN_DATA_MAX;
}

int64_t
numbering_offset(const struct numbering *n, uint32_t seq, uint64_t near)
{
	return (int64_t)near + (int32_t)(seq - n->first - (uint32_t)near);
}
