/* web.h under a stream of any pieces, holes and ends: of each a byte for what it is, one of time, two bytes of length, and
 * its bytes. */
#include "src/story/web.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte: its lowest bit is the direction, the next three what comes; those not named are data too. In the first
 * of all, the highest two say where the stream begins and at which port. */
enum kind { DATA, HOLE, LONG_HOLE, FIN, RST };

struct run {
	struct when now;
	uint64_t given, events;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_content(const struct transfer *transfer)
{
	const struct phone_file *content = transfer->content;

	require(content->n > 0 && content->n <= LIMIT_PHONE_FILE && content->n <= transfer->size);
	require(transfer->outcome == TRANSFER_DONE || content->cut);
	require(content->n == transfer->size || content->cut);
}

static void
on_event(void *arg, struct event *event)
{
	const struct transfer *transfer = &event->transfer;
	struct run *run = arg;

	run->events++;
	require(event->kind == EVENT_TRANSFER && transfer->http && transfer->file != NULL && transfer->mode != NULL);
	require(event->at.frame > 0 && event->at.frame <= event->last.frame && event->last.frame <= run->now.frame);
	require(transfer->answered.frame <= event->last.frame && transfer->refused.frame <= transfer->answered.frame);
	require(transfer->size <= run->given);
	require((transfer->outcome == TRANSFER_REFUSED) == (transfer->refused.frame != 0));
	require(transfer->outcome != TRANSFER_UNANSWERED || transfer->answered.frame == 0);
	require(transfer->outcome != TRANSFER_DONE || transfer->code >= 200);
	must_be_printable(transfer->file);
	must_be_printable(transfer->mode);
	must_be_printable(transfer->message);
	if (transfer->content != NULL)
		check_content(transfer);
	event_free(event);
}

static void
say(struct web *web, struct run *run, unsigned dir, struct slice bytes)
{
	uint8_t *own = malloc(bytes.n); /* of its own, so that reading on is seen */
	size_t n = bytes.n;

	require(own != NULL || n == 0);
	slice_copy(&bytes, own, n);
	run->given += n;
	web_data(web, dir, slice_of(own, n), run->now);
	free(own);
}

static void
take(struct web *web, struct run *run, uint8_t first, struct slice bytes)
{
	const unsigned dir = first & 1;

	switch (first >> 1 & 7) {
	case HOLE:
		web_hole(web, dir, bytes.n, run->now);
		break;
	case LONG_HOLE:
		web_hole(web, dir, UINT64_C(1) << bytes.n % 60, run->now);
		break;
	case FIN:
		web_fin(web, dir, run->now);
		break;
	case RST:
		web_rst(web, dir, run->now);
		break;
	default:
		say(web, run, dir, bytes);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size), bytes;
	struct run run = {.now = {0, 1}};
	struct tally tally = {.packets = 0};
	struct cert_store *certs = cert_store_new(0);
	struct story_host host = {.certs = certs, .tally = &tally, .over = on_event, .arg = &run};
	struct ends ends = {.saw = {true, true}};
	struct web *web;
	uint8_t first = 0, seconds;

	(void)slice_peek(in, 0, &first);
	ends.from_start = (first & 128) == 0;
	ends.end[0].port = ends.end[1].port = first & 64 ? 80 : 6970;
	web = web_new(&host, &ends);
	require(certs != NULL && web != NULL);
	while (!web_done(web) && slice_u8(&in, &first) && slice_u8(&in, &seconds) && slice_vec(&in, 2, &bytes)) {
		run.now.frame++;
		run.now.us += seconds * INT64_C(1000000);
		take(web, &run, first, bytes);
		require(host.transfers_held <= LIMIT_PHONE_FILES);
	}
	web_free(web, run.now);
	require(!host.out_of_memory && host.transfers_held == 0);
	cert_store_free(certs);
	return 0;
}
