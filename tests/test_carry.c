/* What one process tells another: every handshake and event of the captures there and back, and what no process would say. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/output/sink.h"
#include "src/pipeline.h"
#include "src/workers/carry.h"
#include "tests/allocations.h"
#include "tests/prefixes.h"

enum { ENOUGH_HANDSHAKES = 100, ENOUGH_EVENTS = 200 };

static struct cert_store *there; /* the other process' store */
static struct carry_words words;
static size_t handshakes, events;

static int
setup(void **state)
{
	(void)state;
	there = cert_store_new(2);
	return there == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	carry_words_free(&words);
	cert_store_free(there);
	return 0;
}

/* ---- there and back ---- */

static struct slice
written(const struct carry *carry)
{
	assert_false(carry->out_of_memory);
	return slice_of(carry->out, carry->n);
}

static void
assert_same_bytes(const struct carry *a, const struct carry *b)
{
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->out, b->out, a->n);
}

static char *
handshake_text(const struct handshake *handshake)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	sink_json.handshake(to, handshake);
	fclose(to);
	return text;
}

static char *
event_text(const struct event *event)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	sink_json.event(to, event);
	fclose(to);
	return text;
}

static void
assert_same_text(char *a, char *b)
{
	assert_string_equal(a, b);
	free(a);
	free(b);
}

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct carry out = {.n = 0}, again = {.n = 0}, in;
	struct handshake *read;

	(void)arg;
	handshakes++;
	assert_ptr_equal(carry_handshake(&out, handshake), handshake);
	in = carry_reading(written(&out), there, &words);
	read = carry_handshake(&in, NULL);
	assert_non_null(read);
	assert_int_equal(in.in.n, 0);
	assert_same_text(handshake_text(read), handshake_text(handshake));
	assert_int_equal(handshake_weight(read), handshake_weight(handshake));
	carry_handshake(&again, read);
	assert_same_bytes(&again, &out);
	handshake_free(read);
	handshake_free(handshake);
	carry_free(&out);
	carry_free(&again);
}

static void
on_event(void *arg, struct event *event)
{
	struct carry out = {.n = 0}, again = {.n = 0}, in;
	struct event *read;

	(void)arg;
	events++;
	assert_ptr_equal(carry_event(&out, event), event);
	in = carry_reading(written(&out), there, &words);
	read = carry_event(&in, NULL);
	assert_non_null(read);
	assert_int_equal(in.in.n, 0);
	assert_same_text(event_text(read), event_text(event));
	assert_int_equal(event_weight(read), event_weight(event));
	carry_event(&again, read);
	assert_same_bytes(&again, &out);
	event_free(read);
	event_free(event);
	carry_free(&out);
	carry_free(&again);
}

static void
carry_capture(const char *path)
{
	const struct capture_options options = {.filter = NULL};
	char error[512];
	struct capture *capture = capture_open_file(path, &options, error, sizeof(error));
	struct cert_store *certs = cert_store_new(1);
	struct tally tally = {.packets = 0};
	struct pipeline *pipeline = pipeline_new(certs, &tally, 1, on_handshake, on_event, NULL);
	struct frame frame;

	assert_non_null(capture);
	while (capture_next(capture, &frame) == CAPTURE_FRAME)
		assert_true(pipeline_frame(pipeline, &frame));
	assert_true(pipeline_finish(pipeline));
	pipeline_free(pipeline);
	cert_store_free(certs);
	capture_close(capture);
}

static int
is_capture(const struct dirent *entry)
{
	return strstr(entry->d_name, ".pcap") != NULL;
}

static void
everything_there_and_back(void **state)
{
	const char *corpus = getenv("CORPUS");
	char folder[4096], path[8192];
	struct dirent **captures;
	int n;

	(void)state;
	if (corpus == NULL)
		skip();
	snprintf(folder, sizeof(folder), "%s/../../../pcaps", corpus);
	n = scandir(folder, &captures, is_capture, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, captures[i]->d_name);
		carry_capture(path);
		free(captures[i]);
	}
	assert_true(n > 0);
	free(captures);
	assert_in_range(handshakes, ENOUGH_HANDSHAKES, SIZE_MAX);
	assert_in_range(events, ENOUGH_EVENTS, SIZE_MAX);
}

/* Who adds a fact adds it to the walk too, and then the size here; what the cases note of an event (again_us) is not carried. */
static void
nothing_was_added_unseen(void **state)
{
	(void)state;
	if (sizeof(void *) != 8)
		skip();
	assert_int_equal(sizeof(struct handshake), 960);
	assert_int_equal(sizeof(struct event), 472);
}

/* ---- what no process says ---- */

/* A handshake that has something of everything. */
static struct handshake *
full_handshake(struct cert_store *certs, const char *server_name)
{
	struct handshake *handshake = handshake_new();
	struct client_hello_fact *hello = &handshake->client_hello;
	struct cert_request_fact *request = &handshake->cert_request;
	struct cert_list_fact *list = &handshake->certs[SIDE_SERVER];

	handshake->id = 7;
	handshake->vlan[0] = 100;
	handshake->vlans = 1;
	hello->at = (struct when){3, -5};
	hello->ciphers = calloc(2, sizeof(hello->ciphers[0]));
	hello->n_ciphers = 2;
	hello->server_name = strdup(server_name);
	hello->session_id_len = 32;
	copies_add(&hello->repeats, hello->at);
	request->authorities = calloc(1, sizeof(request->authorities[0]));
	request->authorities[0] = strdup("CN=authority");
	request->n_authorities = 1;
	list->certs = calloc(1, sizeof(list->certs[0]));
	list->certs[0].cert = cert_store_get(certs, slice_of("no DER", 6));
	list->n = 1;
	hello->versions = calloc(1, sizeof(hello->versions[0]));
	hello->n_versions = 1;
	handshake_add_alert(handshake, (struct alert_fact){.code = 40});
	handshake_add_hole(handshake, (struct hole_fact){.length = 1});
	handshake_add_missing(handshake, (struct missing_fact){.why = WHY_MALFORMED, .field = "client_hello.ciphers"});
	return handshake;
}

static struct event *
transfer_of(struct cert_store *certs)
{
	struct event *event = event_new(EVENT_TRANSFER);

	event->transfer.file = strdup("SEP001122334455.cnf.xml");
	event->transfer.content = phone_file_read(event->transfer.file, slice_of("<device/>", 9), certs);
	return event;
}

static void
write_all(struct carry *out, struct handshake *handshake, struct event *event)
{
	carry_handshake(out, handshake);
	carry_event(out, event);
	handshake_free(handshake);
	event_free(event);
}

/* How many of the two could be read. */
static unsigned
read_all(struct slice bytes)
{
	struct carry in = carry_reading(bytes, there, &words);
	struct handshake *handshake = carry_handshake(&in, NULL);
	struct event *event = in.bad ? NULL : carry_event(&in, NULL);
	unsigned n = (handshake != NULL ? 1U : 0U) + (event != NULL ? 1U : 0U);

	assert_true(n == 2 ? !in.bad && !in.out_of_memory : in.bad || in.out_of_memory);
	handshake_free(handshake);
	event_free(event);
	return n;
}

static void
read_prefix(struct slice prefix, void *arg)
{
	const struct carry *all = arg;

	assert_true((read_all(prefix) == 2) == (prefix.n == all->n));
}

static void
a_part_is_bad(void **state)
{
	struct cert_store *certs = cert_store_new(1);
	struct carry out = {.n = 0};

	(void)state;
	write_all(&out, full_handshake(certs, "gateway"), transfer_of(certs));
	every_prefix(out.out, out.n, read_prefix, &out);
	carry_free(&out);
	cert_store_free(certs);
}

/* Whatever a byte is, what is read keeps its bounds: a sanitizer's build sees where it would not. */
static void
any_byte_may_lie(void **state)
{
	struct cert_store *certs = cert_store_new(1);
	struct carry out = {.n = 0};

	(void)state;
	write_all(&out, full_handshake(certs, "gateway"), transfer_of(certs));
	for (size_t i = 0; i < out.n; i++) {
		const uint8_t was = out.out[i];

		for (unsigned lie = 0; lie < 256; lie++) {
			out.out[i] = (uint8_t)lie;
			read_all(written(&out));
		}
		out.out[i] = was;
	}
	assert_int_equal(read_all(written(&out)), 2);
	carry_free(&out);
	cert_store_free(certs);
}

static void
text_must_be_escaped(void **state)
{
	struct cert_store *certs = cert_store_new(1);
	struct carry out = {.n = 0};

	(void)state;
	write_all(&out, full_handshake(certs, "\x1b[2J"), transfer_of(certs));
	assert_int_equal(read_all(written(&out)), 0);
	carry_free(&out);
	cert_store_free(certs);
}

static void
words_come_to_an_end(void **state)
{
	struct carry out = {.n = 0}, in;
	const char *read = NULL;

	(void)state;
	carry_words_free(&words);
	for (unsigned i = 0; i <= LIMIT_FIELD_NAMES; i++) {
		char text[16];
		const char *word = text;

		snprintf(text, sizeof(text), "field %u", i / 2 * 2);
		carry_word(&out, &word);
	}
	in = carry_reading(written(&out), there, &words);
	for (unsigned i = 0; i <= LIMIT_FIELD_NAMES; i++)
		carry_word(&in, &read);
	assert_false(in.bad);
	assert_int_equal(words.n, LIMIT_FIELD_NAMES / 2 + 1);
	assert_string_equal(read, "field 512");
	carry_free(&out);
}

static void
no_memory_is_said(void **state)
{
	struct cert_store *certs = cert_store_new(1);
	struct carry out = {.n = 0};
	bool failed = true;

	(void)state;
	write_all(&out, full_handshake(certs, "gateway"), transfer_of(certs));
	for (size_t nth = 1; failed; nth++) {
		unsigned n;

		allocations_fail(nth);
		n = read_all(written(&out));
		failed = allocations_failed();
		assert_int_equal(n == 2, !failed);
	}
	carry_free(&out);
	cert_store_free(certs);
}

static void
no_memory_to_write_is_said(void **state)
{
	struct cert_store *certs = cert_store_new(1);
	struct handshake *handshake = full_handshake(certs, "gateway");
	struct carry out = {.n = 0};

	(void)state;
	allocations_fail(1);
	assert_null(carry_handshake(&out, handshake));
	assert_true(allocations_failed() && out.out_of_memory);
	handshake_free(handshake);
	carry_free(&out);
	cert_store_free(certs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(everything_there_and_back, setup, teardown),
		cmocka_unit_test(nothing_was_added_unseen),
		cmocka_unit_test_setup_teardown(a_part_is_bad, setup, teardown),
		cmocka_unit_test_setup_teardown(any_byte_may_lie, setup, teardown),
		cmocka_unit_test_setup_teardown(text_must_be_escaped, setup, teardown),
		cmocka_unit_test_setup_teardown(words_come_to_an_end, setup, teardown),
		cmocka_unit_test_setup_teardown(no_memory_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(no_memory_to_write_is_said, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
