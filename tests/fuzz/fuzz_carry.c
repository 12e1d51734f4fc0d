/* What a worker tells, read by its parent: of each thing told a byte for its kind and itself. What can be read is written as
 * JSON, judged, and written back, which must come to what it was. */
#include <stdlib.h>

#include "src/findings/case.h"
#include "src/output/sink.h"
#include "src/workers/carry.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *nowhere;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What was read once is read again: from carry, it has been written to again. */
static void
must_come_back(struct carry *again, const struct carry *in, struct handshake *handshake, struct event *event)
{
	struct carry back = carry_reading(slice_of(again->out, again->n), in->certs, in->words);
	struct handshake *same_handshake = handshake != NULL ? carry_handshake(&back, NULL) : NULL;
	struct event *same_event = event != NULL ? carry_event(&back, NULL) : NULL;

	must(back.in.n == 0 && (same_handshake != NULL || same_event != NULL));
	handshake_free(same_handshake);
	event_free(same_event);
	carry_free(again);
}

static bool
take_handshake(struct carry *in, struct cases *cases, struct tally *tally)
{
	struct handshake *handshake = carry_handshake(in, NULL);
	struct carry again = {.n = 0};

	if (handshake == NULL)
		return false;
	must_be_printable(handshake->client_hello.server_name);
	must(carry_handshake(&again, handshake) == handshake);
	must_come_back(&again, in, handshake, NULL);
	sink_json.handshake(nowhere, handshake);
	cases_add(cases, handshake, tally);
	return true;
}

static bool
take_event(struct carry *in, struct cases *cases, struct tally *tally)
{
	struct event *event = carry_event(in, NULL);
	struct carry again = {.n = 0};

	if (event == NULL)
		return false;
	must(carry_event(&again, event) == event);
	must_come_back(&again, in, NULL, event);
	sink_json.event(nowhere, event);
	cases_add_event(cases, event, tally);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct trust trust = {.all = true};
	struct tally tally = {.packets = 1};
	struct carry_words words = {.n = 0};
	struct cert_store *certs = cert_store_new(1);
	struct cases *cases = cases_new(&trust);
	struct carry in = carry_reading(slice_of(data, size), certs, &words);
	const struct report *report;
	uint8_t kind;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	must(nowhere != NULL && certs != NULL && cases != NULL);
	while (slice_u8(&in.in, &kind) && (kind & 1 ? take_event : take_handshake)(&in, cases, &tally))
		continue;
	report = cases_report(cases, &tally);
	must(!in.out_of_memory && report != NULL);
	sink_json.report(nowhere, report, &tally);
	sink_text.report(nowhere, report, &tally);
	cases_free(cases);
	cert_store_free(certs);
	carry_words_free(&words);
	return 0;
}
