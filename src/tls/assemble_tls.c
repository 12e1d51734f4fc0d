/* Messages of a TLS stream: the common one lies whole in one piece and is never copied. */
#include "assemble.h"

#include <stdlib.h>

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
body_have(const struct tls_assembly *assembly)
{
	return assembly->have - TLS_HANDSHAKE_HEADER;
}

void
tls_assembly_clear(struct tls_assembly *assembly, struct assembly_budget *budget)
{
	budget->held -= assembly->room;
	free(assembly->buffer);
	*assembly = (struct tls_assembly){.have = 0};
}

uint8_t
tls_assembly_type(const struct tls_assembly *assembly)
{
	return assembly->have > 0 && assembly->header[0] != 0 ? assembly->header[0] : 255;
}

/* The buffer grows with what came, never with what was announced. */
static bool
grow(struct tls_assembly *assembly, size_t need, struct assembly_budget *budget)
{
	size_t room = assembly->room == 0 ? 2048 : assembly->room;
	uint8_t *buffer;

	if (need <= assembly->room)
		return true;
	while (room < need)
		room *= 2;
	if (need > LIMIT_MESSAGE || !assembly_fits(budget, room - assembly->room)) {
		budget->refused++;
		return false;
	}
	buffer = realloc(assembly->buffer, room);
	if (buffer == NULL) {
		budget->out_of_memory = true;
		return false;
	}
	budget->held += room - assembly->room;
	assembly->buffer = buffer;
	assembly->room = room;
	return true;
}

static void
give_up_body(struct tls_assembly *assembly, struct assembly_budget *budget)
{
	budget->held -= assembly->room;
	free(assembly->buffer);
	assembly->buffer = NULL;
	assembly->room = 0;
	assembly->message.over_limit = true;
}

/* Takes the next n bytes of the body: copies of them, or zeros where bytes is NULL. */
static void
take_body(struct tls_assembly *assembly, const uint8_t *bytes, size_t n, struct assembly_budget *budget)
{
	size_t at = body_have(assembly);

	assembly->have += n;
	if (n == 0 || !wanted(assembly->message.type) || assembly->message.over_limit)
		return;
	if (!grow(assembly, at + n, budget)) {
		give_up_body(assembly, budget);
		return;
	}
	if (bytes != NULL)
		memcpy(assembly->buffer + at, bytes, n);
	else
		memset(assembly->buffer + at, 0, n);
}

static void
give_whole(struct tls_assembly *assembly, struct assembly_budget *budget, message_fn give, void *arg)
{
	if (wanted(assembly->message.type) && !assembly->message.over_limit)
		assembly->message.body = slice_of(assembly->buffer, assembly->length);
	give(arg, &assembly->message);
	tls_assembly_clear(assembly, budget);
}

/* Completes the 4 bytes of the header. False: no message begins like this. */
static bool
take_header(struct tls_assembly *assembly, struct slice *bytes)
{
	struct slice part, whole = slice_of(assembly->header, TLS_HANDSHAKE_HEADER);
	struct handshake_header header;
	struct dis_at at;

	part = slice_first(*bytes, TLS_HANDSHAKE_HEADER - assembly->have);
	slice_copy(bytes, assembly->header + assembly->have, part.n);
	assembly->have += part.n;
	if (!handshake_type_known(assembly->header[0]))
		return false;
	if (assembly->have < TLS_HANDSHAKE_HEADER)
		return true;
	if (handshake_header(&whole, false, &header, &at) != DIS_OK)
		return false;
	assembly->message.type = header.type;
	assembly->length = header.length;
	return true;
}

/* Gives the message at the front of bytes without a copy, where all of it is there. */
static bool
give_in_place(struct slice *bytes, message_fn give, void *arg)
{
	struct slice rest = *bytes, body;
	struct handshake_header header;
	struct message message = {.n_gaps = 0};
	struct dis_at at;

	if (handshake_header(&rest, false, &header, &at) != DIS_OK || !handshake_type_known(header.type) ||
	    !slice_take(&rest, header.length, &body))
		return false;
	message.type = header.type;
	if (wanted(header.type))
		message.body = body;
	give(arg, &message);
	*bytes = rest;
	return true;
}

bool
tls_assembly_add(struct tls_assembly *assembly, struct slice bytes, struct assembly_budget *budget,
		 message_fn give, void *arg)
{
	while (bytes.n > 0) {
		struct slice part;

		if (assembly->have == 0 && give_in_place(&bytes, give, arg))
			continue;
		if (assembly->have < TLS_HANDSHAKE_HEADER) {
			if (!take_header(assembly, &bytes)) {
				tls_assembly_clear(assembly, budget);
				return false;
			}
			if (assembly->have < TLS_HANDSHAKE_HEADER)
				return true;
		}
		if (slice_take(&bytes, slice_first(bytes, assembly->length - body_have(assembly)).n, &part))
			take_body(assembly, part.p, part.n, budget);
		if (body_have(assembly) == assembly->length)
			give_whole(assembly, budget, give, arg);
	}
	return true;
}

bool
tls_assembly_gap(struct tls_assembly *assembly, size_t len, bool cut, struct assembly_budget *budget,
		 message_fn give, void *arg)
{
	struct message *message = &assembly->message;

	if (assembly->have < TLS_HANDSHAKE_HEADER || len > assembly->length - body_have(assembly)) {
		tls_assembly_clear(assembly, budget);
		return false;
	}
	if (message->n_gaps == LIMIT_HOLES)
		message->over_limit = true;
	else
		message->gaps[message->n_gaps++] = (struct gap){
			.off = (uint32_t)body_have(assembly), .len = (uint32_t)len, .cut = cut};
	take_body(assembly, NULL, len, budget);
	if (body_have(assembly) == assembly->length)
		give_whole(assembly, budget, give, arg);
	return true;
}
