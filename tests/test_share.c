/* Whose is it? Shares of every capture, put together again, are what one reader gives. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/output/sink.h"
#include "src/pipeline.h"
#include "tests/frames.h"

/* ---- one packet ---- */

#define OTHER_WAY "4500 0030 1234 4000 40" "06" "0000 0a000002 0a000001"

/* Who of seven has the flow of the packet in a frame. */
static int
owner(const char *hex)
{
	struct frame_bytes bytes = frame_bytes(hex);
	struct share share = {.of = 7};
	struct packet packet;
	struct dis_at at;
	int of_one = -1;

	assert_int_equal(packet_dissect(LINKTYPE_ETHERNET, frame_slice(&bytes), &packet, &at), DIS_OK);
	for (; share.which < share.of; share.which++)
		if (share_has(&share, &packet)) {
			assert_int_equal(of_one, -1);
			of_one = (int)share.which;
		}
	assert_in_range(of_one, 0, 6);
	return of_one;
}

static void
a_pair_is_the_same_either_way_and_whatever_it_says(void **state)
{
	int one = owner(ETHERNET "0800" IPV4("0028", "06") TCP);

	(void)state;
	assert_int_equal(owner(ETHERNET "0800" OTHER_WAY TCP), one);
	assert_int_equal(owner(ETHERNET "8100 0064 0800" IPV4("0028", "06") TCP), one);
	assert_int_equal(owner(ETHERNET "8847 00064140" OTHER_WAY TCP), one);
	assert_int_equal(owner(ETHERNET "0800" IPV4("0030", "11") UDP("001c") "16feff"), one);
}

static void
names_and_leases_are_the_first_ones(void **state)
{
	static const char *const ports[] = {"c001 0035", "0035 c001", "0044 0043", "0043 0044"};

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		char hex[512];

		snprintf(hex, sizeof(hex), ETHERNET "0800" IPV4("0028", "11") "%s 0014 0000 16feff000000000000000000", ports[i]);
		assert_int_equal(owner(hex), 0);
	}
}

/* ---- captures ---- */

enum { MOST = 20000 };

struct given {
	struct turn turn;
	unsigned which;
	size_t number; /* of those that its reader gives */
	char *text;
};

/* What the readers of one capture give. */
struct all {
	struct given given[MOST];
	size_t n;
	struct tally tally; /* of all */
	struct pipeline *pipeline;
	unsigned which;
};

static void
give(struct all *all, char *text)
{
	assert_true(all->n < MOST);
	all->given[all->n] =
		(struct given){.turn = pipeline_turn(all->pipeline), .which = all->which, .number = all->n, .text = text};
	all->n++;
}

static void
on_handshake(void *arg, struct handshake *handshake)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	handshake->id = 0;
	sink_json.handshake(to, handshake);
	fclose(to);
	handshake_free(handshake);
	give(arg, text);
}

static void
on_event(void *arg, struct event *event)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	sink_json.event(to, event);
	fclose(to);
	event_free(event);
	give(arg, text);
}

static void
add_tally(struct tally *sum, const struct tally *part)
{
	sum->packets += part->packets;
	sum->bytes += part->bytes;
	sum->unreadable += part->unreadable;
	sum->cut += part->cut;
	sum->flows += part->flows;
	sum->handshakes += part->handshakes;
	sum->certificates += part->certificates;
	sum->holes += part->holes;
	sum->hole_bytes += part->hole_bytes;
	sum->over_limit += part->over_limit;
	sum->fragments_lost += part->fragments_lost;
}

static void
read_share(const char *path, const struct share *share, struct all *all)
{
	const struct capture_options options = {.filter = NULL};
	char error[512];
	struct capture *capture = capture_open_file(path, &options, error, sizeof(error));
	struct cert_store *certs = cert_store_new(1);
	struct tally tally = {.packets = 0};
	struct frame frame;

	assert_non_null(capture);
	all->which = share->which;
	all->pipeline = pipeline_new(certs, &tally, 1, on_handshake, on_event, all);
	assert_non_null(all->pipeline);
	pipeline_share(all->pipeline, share);
	while (capture_next(capture, &frame) == CAPTURE_FRAME)
		assert_true(pipeline_frame(all->pipeline, &frame));
	assert_true(pipeline_finish(all->pipeline));
	add_tally(&all->tally, &tally);
	pipeline_free(all->pipeline);
	cert_store_free(certs);
	capture_close(capture);
}

static int
compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
by_turn(const void *a, const void *b)
{
	const struct given *x = a, *y = b;
	int order = compare(x->turn.frame, y->turn.frame);

	if (order == 0)
		order = compare(x->turn.order, y->turn.order);
	return order != 0 ? order : compare(x->number, y->number);
}

static void
clear(struct all *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->given[i].text);
	all->n = 0;
	all->tally = (struct tally){.packets = 0};
}

static bool
is_in_order(const struct all *all)
{
	for (size_t i = 1; i < all->n; i++)
		if (all->given[i].which == all->given[i - 1].which && by_turn(&all->given[i], &all->given[i - 1]) < 0)
			return false;
	return true;
}

/* What several readers give, and what one does. */
static void
assert_same(const char *path, const struct all *several, const struct all *one)
{
	bool same = several->n == one->n;

	for (size_t i = 0; same && i < one->n; i++)
		same = strcmp(several->given[i].text, one->given[i].text) == 0;
	if (!same)
		print_error("%s\n", path);
	assert_true(same);
	assert_memory_equal(&several->tally, &one->tally, sizeof(one->tally));
}

static void
share_capture(const char *path)
{
	static const unsigned readers[] = {2, 3, 7};
	static struct all one, several;

	read_share(path, &(struct share){0, 1}, &one);
	assert_true(is_in_order(&one));
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		struct share share = {.of = readers[i]};

		for (; share.which < share.of; share.which++)
			read_share(path, &share, &several);
		assert_true(is_in_order(&several));
		qsort(several.given, several.n, sizeof(several.given[0]), by_turn);
		assert_same(path, &several, &one);
		clear(&several);
	}
	clear(&one);
}

static int
is_capture(const struct dirent *entry)
{
	return strstr(entry->d_name, ".pcap") != NULL && strstr(entry->d_name, ".tsv") == NULL;
}

/* False: there is no such folder. */
static bool
share_folder(const char *folder)
{
	struct dirent **captures;
	char path[8192];
	int n = scandir(folder, &captures, is_capture, alphasort);

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, captures[i]->d_name);
		share_capture(path);
		free(captures[i]);
	}
	if (n >= 0)
		free(captures);
	return n > 0;
}

static void
shares_make_the_whole(void **state)
{
	const char *corpus = getenv("CORPUS");
	char folder[4096];

	(void)state;
	if (corpus == NULL)
		skip();
	snprintf(folder, sizeof(folder), "%s/../../../pcaps", corpus);
	assert_true(share_folder(folder));
}

static void
shares_of_captures_of_others(void **state)
{
	static const char *const folders[] = {"public", "lab", "matrix"};
	const char *corpus = getenv("CORPUS");
	char folder[4096];
	bool any = false;

	(void)state;
	for (size_t i = 0; corpus != NULL && i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(folder, sizeof(folder), "%s/../../../../shared/captures/%s", corpus, folders[i]);
		any = share_folder(folder) || any;
	}
	if (!any)
		skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_the_same_either_way_and_whatever_it_says),
		cmocka_unit_test(names_and_leases_are_the_first_ones),
		cmocka_unit_test(shares_make_the_whole),
		cmocka_unit_test(shares_of_captures_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
