/* The TLS records of one TCP stream.
 *
 * Each direction is in one of four states: looking for the first record (or for the next one, behind a hole that
 * swallowed a header), in a record's header, in its body, or given up. */
#include "tls_room.h"

#include <stdlib.h>

/* What a finished message is given with. */
struct giving {
	struct tls *tls;
	unsigned dir;
	struct when when;
};

struct tls *
tls_new(struct session_host *host, struct assembly_budget *budget, const struct ends *ends)
{
	struct tls *tls = malloc(sizeof(*tls));

	if (tls == NULL) {
		host->out_of_memory = true;
		return NULL;
	}
	*tls = (struct tls){.host = host, .budget = budget, .ends = ends, .may_come = !ends->from_start};
	return tls;
}

void
tls_free(struct tls *tls, struct when when)
{
	if (tls == NULL)
		return;
	for (unsigned dir = 0; dir < 2; dir++) {
		struct tls_assembly *assembly = &tls->dir[dir].assembly;
		const struct gap *gap = tls_assembly_lacks(assembly);

		if (tls->session != NULL && gap != NULL)
			session_lost(tls->session, dir, tls_assembly_type(assembly),
				     &(struct hole_fact){
					     .at = when, .cut = gap->cut, .offset = gap->off, .length = gap->len});
		tls_assembly_clear(assembly, tls->budget);
		tls_forget(tls, &tls->dir[dir]);
	}
	session_free(tls->session, when);
	free(tls);
}

static void
give_message(void *arg, const struct message *message)
{
	struct giving *giving = arg;
	struct direction *direction = &giving->tls->dir[giving->dir];

	if (direction->left > 0 && message->type < 32)
		direction->unsettled |= UINT32_C(1) << message->type;
	session_message(giving->tls->session, giving->dir, message, giving->when);
}

static void
on_handshake(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	struct giving giving = {tls, dir, when};

	if (direction->encrypted) {
		if (direction->left == 0)
			session_encrypted(tls->session, dir, TLS_HANDSHAKE, direction->record.length, when);
		return;
	}
	if (!tls_assembly_add(&direction->assembly, bytes, tls->budget, give_message, &giving) &&
	    !direction->unaligned) {
		direction->encrypted = true;
		session_encrypted(tls->session, dir, TLS_HANDSHAKE, direction->record.length, when);
	}
	direction->unaligned = false;
	if (direction->left == 0 && direction->unsettled != 0) {
		session_settle(tls->session, dir, direction->unsettled, when);
		direction->unsettled = 0;
	}
}

static void
on_alert(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];

	if (direction->record.length != sizeof(direction->body)) {
		if (direction->left == 0)
			session_encrypted(tls->session, dir, TLS_ALERT, direction->record.length, when);
		return;
	}
	while (slice_u8(&bytes, &direction->body[direction->n_body]))
		direction->n_body++;
	if (direction->left == 0)
		session_alert(tls->session, dir, slice_of(direction->body, direction->n_body), when);
}

/* Takes the next bytes of a record's body; direction->left is what comes after them. */
static void
on_body(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];

	switch (direction->record.type) {
	case TLS_HANDSHAKE:
		on_handshake(tls, dir, bytes, when);
		break;
	case TLS_ALERT:
		on_alert(tls, dir, bytes, when);
		break;
	case TLS_CHANGE_CIPHER_SPEC:
		if (direction->left == 0 && session_ccs(tls->session, dir, when))
			direction->encrypted = true;
		break;
	default:
		if (direction->left == 0)
			session_encrypted(tls->session, dir, direction->record.type, direction->record.length,
					  when);
		break;
	}
}

/* Goes back to looking for a record: what stands here is none. */
static void
lose_records(struct tls *tls, struct direction *direction)
{
	tls_assembly_clear(&direction->assembly, tls->budget);
	direction->unsettled = 0;
	direction->n_header = 0;
	direction->looked = 0;
	direction->unaligned = true;
	direction->reading = direction->encrypted ? GIVEN_UP : LOOKING;
}

/* A header that lies in two pieces is put together. */
static enum dis
next_header(struct direction *direction, struct slice *bytes)
{
	struct slice whole = slice_of(direction->header, TLS_RECORD_HEADER);
	struct slice part = slice_first(*bytes, TLS_RECORD_HEADER - (size_t)direction->n_header);
	struct dis_at at;

	if (part.n == TLS_RECORD_HEADER)
		return tls_record_next(bytes, &direction->record, &at);
	slice_copy(bytes, direction->header + direction->n_header, part.n);
	direction->n_header = (uint8_t)(direction->n_header + part.n);
	return direction->n_header < TLS_RECORD_HEADER ? DIS_MORE : tls_record_next(&whole, &direction->record, &at);
}

static void
read_header(struct tls *tls, struct direction *direction, struct slice *bytes)
{
	enum dis dis = next_header(direction, bytes);

	if (dis == DIS_BAD)
		lose_records(tls, direction);
	if (dis != DIS_OK)
		return;
	direction->n_header = 0;
	direction->n_body = 0;
	direction->left = direction->record.length;
	direction->reading = IN_BODY;
}

void
tls_read_records(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	struct slice part = {NULL, 0};

	for (;;) {
		if (direction->reading == IN_HEADER && bytes.n > 0)
			read_header(tls, direction, &bytes);
		if (direction->reading != IN_BODY)
			break;
		slice_take(&bytes, slice_first(bytes, direction->left).n, &part);
		if (part.n == 0 && direction->left > 0)
			break;
		direction->left -= (uint32_t)part.n;
		on_body(tls, dir, part, when);
		if (direction->left == 0)
			direction->reading = IN_HEADER;
		if (session_over(tls->session))
			break;
	}
}

void
tls_data(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];

	if (bytes.n == 0 || direction->reading == GIVEN_UP)
		return;
	if (direction->reading == LOOKING)
		tls_look(tls, dir, bytes, when);
	else
		tls_read_records(tls, dir, bytes, when);
}

void
tls_hole(struct tls *tls, unsigned dir, uint64_t off, uint64_t len, bool cut, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	struct hole_fact hole = {.at = when, .offset = off, .length = len, .cut = cut};
	struct giving giving = {tls, dir, when};
	bool handshake = direction->reading == IN_BODY && direction->record.type == TLS_HANDSHAKE &&
			 !direction->encrypted;

	tls_forget(tls, direction);
	hole.message = handshake ? tls_assembly_type(&direction->assembly) : 255;
	if (tls->session == NULL) {
		tls->may_come = true;
		return;
	}
	session_hole(tls->session, dir, &hole);
	if (direction->reading != IN_BODY && direction->reading != IN_HEADER)
		return;
	if (direction->reading == IN_BODY && len <= direction->left) {
		direction->left -= (uint32_t)len;
		if (handshake && !tls_assembly_gap(&direction->assembly, (size_t)len, cut, tls->budget,
						   give_message, &giving)) {
			session_lost(tls->session, dir, hole.message, &hole);
			direction->unaligned = true;
		}
		if (direction->left == 0)
			direction->reading = IN_HEADER;
		return;
	}
	if (handshake)
		session_lost(tls->session, dir, hole.message, &hole);
	lose_records(tls, direction);
}

void
tls_fin(struct tls *tls, unsigned dir, struct when when)
{
	if (tls->session != NULL)
		session_fin(tls->session, dir, when);
	else
		tls->dir[dir].reading = GIVEN_UP;
}

void
tls_rst(struct tls *tls, unsigned dir, bool plain, struct when when)
{
	if (tls->session != NULL)
		session_rst(tls->session, dir, plain, when);
	else
		tls->dir[dir].reading = GIVEN_UP;
}

static bool
looked_enough(const struct direction *direction)
{
	return direction->reading == GIVEN_UP && direction->looked >= LIMIT_OPENING_BYTES;
}

void
tls_waits(struct tls *tls, bool waits)
{
	if (tls->session != NULL)
		session_waits(tls->session, waits);
}

/* Whoever receives so much of something else may say nothing to the end; should he begin a handshake after all, the
 * gate opens again. */
bool
tls_done(const struct tls *tls)
{
	bool one = tls->dir[0].reading == GIVEN_UP, other = tls->dir[1].reading == GIVEN_UP;

	if (tls->session != NULL)
		return session_over(tls->session);
	if (!tls->may_come)
		return one || other;
	return (one && other) || looked_enough(&tls->dir[0]) || looked_enough(&tls->dir[1]);
}
