/* Assembly of DTLS messages against a naive model, and of TLS messages against themselves in other cuts. */
#include <stdlib.h>
#include <string.h>

#include "src/tls/assemble.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LENGTH = 200 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What was given: how many messages, and a sum over types and bodies. */
struct sum {
	size_t messages;
	uint64_t hash;
};

static void
add_up(void *arg, const struct message *message)
{
	struct sum *sum = arg;

	sum->messages++;
	sum->hash = sum->hash * 31 + message->type;
	for (size_t i = 0; i < message->body.n; i++)
		sum->hash = sum->hash * 31 + message->body.p[i];
}

static void
assemble_tls(struct slice bytes, size_t cut, struct sum *sum)
{
	struct assembly_budget budget = {.held = 0};
	struct tls_assembly assembly = {.partial = NULL};
	struct slice part;

	while (bytes.n > 0 && slice_take(&bytes, slice_first(bytes, cut).n, &part))
		if (!tls_assembly_add(&assembly, part, &budget, add_up, sum))
			break;
	tls_assembly_clear(&assembly, &budget);
	must(budget.held == 0);
}

static void
give_dtls(void *arg, const struct message *message)
{
	size_t *given = arg;

	(*given)++;
	must(message->body.n == LENGTH && message->n_gaps == 0);
	for (size_t i = 0; i < LENGTH; i++)
		must(message->body.p[i] == (uint8_t)i);
}

/* Two bytes a fragment: its start, and its length. */
static void
assemble_dtls(struct slice cuts)
{
	struct assembly_budget budget = {.held = 0};
	struct dtls_assembly assembly = {.n = 0};
	uint8_t body[LENGTH], from, n;
	bool have[LENGTH] = {false};
	size_t given = 0, missing = LENGTH;

	for (size_t i = 0; i < LENGTH; i++)
		body[i] = (uint8_t)i;
	while (slice_u8(&cuts, &from) && slice_u8(&cuts, &n)) {
		struct handshake_header header = {.type = HS_CERTIFICATE, .length = LENGTH};
		if (from >= LENGTH || n == 0)
			continue;
		header.frag_offset = from;
		header.frag_length = from + n > LENGTH ? (uint32_t)(LENGTH - from) : n;
		if (dtls_assembly_add(&assembly, &header, slice_of(body + from, header.frag_length), &budget,
				      give_dtls, &given) == DTLS_REFUSED)
			continue;
		for (size_t i = from; i < from + header.frag_length; i++) {
			missing -= !have[i];
			have[i] = true;
		}
		must(given == (missing == 0));
	}
	dtls_assembly_clear(&assembly, &budget);
	must(budget.held == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of(data, size);
	struct sum whole = {0, 0}, cut = {0, 0};
	uint8_t width;

	if (!slice_u8(&input, &width))
		return 0;
	assemble_dtls(input);
	assemble_tls(input, input.n + 1, &whole);
	assemble_tls(input, width % 64 + 1, &cut);
	must(whole.messages == cut.messages && whole.hash == cut.hash);
	return 0;
}
