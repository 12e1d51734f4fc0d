/* What --watch says of what is told by hand. Gateways show certificates, phones 10.0.0.x come to 198.51.100.1. */
#ifndef TESTS_WATCH_TAPE_H
#define TESTS_WATCH_TAPE_H

#include "src/watch/watch.h"
#include "tests/so_far.h"

#define OFFER SUITES(0xc02c, 0x0035)
#define HOUR 3600

static struct watch *watch;
static char *said;
static size_t said_size;
static FILE *saying;
static int64_t due_us;

static inline const char *
about(const struct change *change)
{
	if (change->kind == CHANGE_FAILING)
		return change->finding->rule->id;
	if (change->kind == CHANGE_FORGOTTEN)
		return forgotten_name(change->why);
	return change->rule != NULL ? change->rule->id : change->has_leaf ? change->leaf.name : "";
}

static inline void
say(void *arg, const struct change *change)
{
	const struct phone *phone = change->phone;

	(void)arg;
	if (ftell(saying) > 0)
		fputs(", ", saying);
	if (phone != NULL && phone->name[0] != '\0')
		fprintf(saying, "%s ", phone->name + 13);
	else if (phone != NULL)
		fprintf(saying, ".%u ", phone->ip.b[15]);
	fprintf(saying, "%s", change_name(change->kind));
	if (about(change)[0] != '\0')
		fprintf(saying, " %s", about(change));
	if (change->n > 0)
		fprintf(saying, " %llu", (unsigned long long)change->n);
}

static inline int
setup(void **state)
{
	watch = watch_new(say, NULL);
	saying = open_memstream(&said, &said_size);
	return so_far_setup(state) || watch == NULL || saying == NULL;
}

static inline int
teardown(void **state)
{
	watch_free(watch);
	fclose(saying);
	free(said);
	return facts_teardown(state);
}

#define WATCH_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static inline const char *
hear(const struct report *report)
{
	rewind(saying);
	assert_true(watch_read(watch, report, facts.now.us, &due_us));
	fputc('\0', saying);
	fflush(saying);
	return said;
}

/* hears wants this said of all that was told so far. */
static inline void
hears(const char *expected)
{
	assert_string_equal(hear(so_far()), expected);
}

static inline struct handshake *
shown(uint8_t phone, const struct cert *cert)
{
	struct handshake *tls = tls_from(phone, 1, OFFER);

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(cert));
	return tls;
}

static inline void
refuses(uint8_t phone, const struct cert *cert)
{
	alerts(shown(phone, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
}

static inline void
comes_in(uint8_t phone, const struct cert *cert)
{
	goes_on(shown(phone, cert));
}

#endif
