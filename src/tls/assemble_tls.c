/* Messages of a TLS stream: the common one lies whole in one piece and is never copied. */
#include "assemble.h"

#include <stdlib.h>

struct tls_partial {
	uint8_t header[TLS_HANDSHAKE_HEADER];
	size_t have;            /* of header and body */
	struct message message; /* gaps so far */
	uint32_t length;        /* of the body, once the header is whole */
	uint8_t *buffer;
	size_t room;
};

/* Which messages' bodies are read; of the others only that they came matters. */
static bool
wanted(uint8_t type)
{
	switch (type) {
	case HS_CLIENT_HELLO:
	case HS_SERVER_HELLO:
	case HS_HELLO_VERIFY_REQUEST:
	case HS_HELLO_RETRY_REQUEST:
	case HS_CERTIFICATE:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST:
		return true;
	default:
		return false;
	}
}

bool
assembly_fits(const struct assembly_budget *budget, size_t n)
{
	return budget->held <= LIMIT_ASSEMBLY && n <= LIMIT_ASSEMBLY - budget->held;
}

static size_t
body_have(const struct tls_partial *partial)
{
	return partial->have - TLS_HANDSHAKE_HEADER;
}

void
tls_assembly_clear(struct tls_assembly *assembly, struct assembly_budget *budget)
{
	struct tls_partial *partial = assembly->partial;

	if (partial == NULL)
		return;
	assembly->partial = NULL;
	budget->held -= partial->room;
	free(partial->buffer);
	free(partial);
}

uint8_t
tls_assembly_type(const struct tls_assembly *assembly)
{
	return assembly->partial != NULL && assembly->partial->header[0] != 0 ? assembly->partial->header[0] : 255;
}

const struct gap *
tls_assembly_lacks(const struct tls_assembly *assembly)
{
	const struct tls_partial *partial = assembly->partial;

	return partial != NULL && partial->message.n_gaps > 0 ? &partial->message.gaps[0] : NULL;
}

/* The buffer grows with what came, never with what was announced. */
static bool
grow(struct tls_partial *partial, size_t need, struct assembly_budget *budget)
{
	size_t room = partial->room == 0 ? 2048 : partial->room;
	uint8_t *buffer;

	if (need <= partial->room)
		return true;
	while (room < need)
		room *= 2;
	if (need > LIMIT_MESSAGE || !assembly_fits(budget, room - partial->room)) {
		budget->refused++;
		return false;
	}
	buffer = realloc(partial->buffer, room);
	if (buffer == NULL) {
		budget->out_of_memory = true;
		return false;
	}
	budget->held += room - partial->room;
	partial->buffer = buffer;
	partial->room = room;
	return true;
}

static void
give_up_body(struct tls_partial *partial, struct assembly_budget *budget)
{
	budget->held -= partial->room;
	free(partial->buffer);
	partial->buffer = NULL;
	partial->room = 0;
	partial->message.over_limit = true;
}

/* Takes the next n bytes of the body: copies of them, or zeros where bytes is NULL. */
static void
take_body(struct tls_partial *partial, const uint8_t *bytes, size_t n, struct assembly_budget *budget)
{
	size_t at = body_have(partial);

	partial->have += n;
	if (n == 0 || !wanted(partial->message.type) || partial->message.over_limit)
		return;
	if (!grow(partial, at + n, budget)) {
		give_up_body(partial, budget);
		return;
	}
	if (bytes != NULL)
		memcpy(partial->buffer + at, bytes, n);
	else
		memset(partial->buffer + at, 0, n);
}

static void
give_whole(struct tls_assembly *assembly, struct assembly_budget *budget, message_fn give, void *arg)
{
	struct tls_partial *partial = assembly->partial;

	if (wanted(partial->message.type) && !partial->message.over_limit)
		partial->message.body = slice_of(partial->buffer, partial->length);
	give(arg, &partial->message);
	tls_assembly_clear(assembly, budget);
}

/* Takes what there is of the 4 bytes of the header. */
static void
take_header(struct tls_partial *partial, struct slice *bytes)
{
	struct slice part, whole = slice_of(partial->header, TLS_HANDSHAKE_HEADER);
	struct handshake_header header;
	struct dis_at at;

	part = slice_first(*bytes, TLS_HANDSHAKE_HEADER - partial->have);
	slice_copy(bytes, partial->header + partial->have, part.n);
	partial->have += part.n;
	if (partial->have < TLS_HANDSHAKE_HEADER || handshake_header(&whole, false, &header, &at) != DIS_OK)
		return;
	partial->message.type = header.type;
	partial->length = header.length;
}

/* Gives the message at the front of bytes without a copy. DIS_MORE: the rest of it is to come; DIS_BAD: no message
 * begins like this. */
static enum dis
give_in_place(struct slice *bytes, message_fn give, void *arg)
{
	struct slice rest = *bytes, body;
	struct handshake_header header;
	struct message message;
	struct dis_at at;
	uint8_t type;

	if (slice_peek(*bytes, 0, &type) && !handshake_type_known(type))
		return DIS_BAD;
	if (handshake_header(&rest, false, &header, &at) != DIS_OK || !slice_take(&rest, header.length, &body))
		return DIS_MORE;
	message_whole(&message, header.type, wanted(header.type) ? body : slice_of(NULL, 0));
	give(arg, &message);
	*bytes = rest;
	return DIS_OK;
}

/* Takes the next bytes of the message in the middle of which it is. */
static void
take(struct tls_assembly *assembly, struct slice *bytes, struct assembly_budget *budget, message_fn give, void *arg)
{
	struct tls_partial *partial = assembly->partial;
	struct slice part;

	if (partial->have < TLS_HANDSHAKE_HEADER)
		take_header(partial, bytes);
	if (partial->have < TLS_HANDSHAKE_HEADER)
		return;
	if (slice_take(bytes, slice_first(*bytes, partial->length - body_have(partial)).n, &part))
		take_body(partial, part.p, part.n, budget);
	if (body_have(partial) == partial->length)
		give_whole(assembly, budget, give, arg);
}

bool
tls_assembly_add(struct tls_assembly *assembly, struct slice bytes, struct assembly_budget *budget,
		 message_fn give, void *arg)
{
	while (bytes.n > 0) {
		enum dis whole = assembly->partial == NULL ? give_in_place(&bytes, give, arg) : DIS_MORE;

		if (whole == DIS_BAD)
			return false;
		if (whole == DIS_OK)
			continue;
		if (assembly->partial == NULL)
			assembly->partial = calloc(1, sizeof(*assembly->partial));
		if (assembly->partial == NULL) {
			budget->out_of_memory = true;
			return true;
		}
		take(assembly, &bytes, budget, give, arg);
	}
	return true;
}

bool
tls_assembly_gap(struct tls_assembly *assembly, size_t len, bool cut, struct assembly_budget *budget,
		 message_fn give, void *arg)
{
	struct tls_partial *partial = assembly->partial;
	struct message *message;

	if (partial == NULL || partial->have < TLS_HANDSHAKE_HEADER || len > partial->length - body_have(partial)) {
		tls_assembly_clear(assembly, budget);
		return false;
	}
	message = &partial->message;
	if (message->n_gaps == LIMIT_HOLES)
		message->over_limit = true;
	else
		message->gaps[message->n_gaps++] = (struct gap){
			.off = (uint32_t)body_have(partial), .len = (uint32_t)len, .cut = cut};
	take_body(partial, NULL, len, budget);
	if (body_have(partial) == partial->length)
		give_whole(assembly, budget, give, arg);
	return true;
}
