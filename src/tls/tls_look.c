/* Looking for the first record of a direction: at its first byte, behind opening words, in the middle of a stream, or
 * behind a hole. */
#include <stdlib.h>

#include "dissectors/opening.h"
#include "tls_room.h"

/* An SSLv2 hello lies in one record of at most 32 KiB; real ones are under 2 KiB. */
#define SSLV2_MOST 4096

static struct session *
session_of(struct tls *tls)
{
	if (tls->session == NULL)
		tls->session = session_new(tls->host, tls->ends, false);
	return tls->session;
}

/* An SSLv2 hello can only stand at the very start. DIS_BAD: it does not. */
static enum dis
try_sslv2(struct tls *tls, unsigned dir, struct slice *bytes, struct when when)
{
	struct client_hello hello;
	struct sslv2_server_hello answer;
	struct dis_at at;
	enum dis client = sslv2_client_hello(bytes, &hello, &at);
	enum dis server = client == DIS_OK ? DIS_BAD : sslv2_server_hello(bytes, &answer, &at);

	if (client == DIS_OK && session_of(tls) != NULL)
		session_sslv2_client(tls->session, dir, &hello, when);
	if (server == DIS_OK && session_of(tls) != NULL)
		session_sslv2_server(tls->session, dir, &answer, when);
	if (client == DIS_OK || server == DIS_OK)
		return DIS_OK;
	return client == DIS_MORE || server == DIS_MORE ? DIS_MORE : DIS_BAD;
}

/* Whether a record may begin here. Behind a hole in a TLS stream any record will do; otherwise it has to open a
 * handshake, so that nothing is read into other protocols or into encrypted bytes. */
static enum dis
record_begins(const struct direction *direction, struct slice here)
{
	struct tls_record record;
	struct dis_at at;
	enum dis opens = tls_record_opens(here);

	if (opens != DIS_BAD || !direction->synced)
		return opens;
	return tls_record_next(&here, &record, &at);
}

/* Finds the first place in bytes at which a record begins, or may begin when more bytes come. */
static enum dis
find_record(const struct tls *tls, const struct direction *direction, struct slice *bytes)
{
	bool anywhere = tls->may_come && direction->looked < LIMIT_OPENING_BYTES;

	do {
		enum dis begins = record_begins(direction, *bytes);
		if (begins != DIS_BAD)
			return begins;
	} while (anywhere && slice_skip(bytes, 1) && bytes->n > 0);
	return DIS_BAD;
}

static void
keep(struct tls *tls, struct direction *direction, struct slice bytes)
{
	uint8_t *kept = NULL;

	if (bytes.n > SSLV2_MOST)
		slice_skip(&bytes, bytes.n - SSLV2_MOST);
	if (bytes.n > 0) {
		kept = malloc(bytes.n);
		if (kept == NULL) {
			tls->host->out_of_memory = true;
			return;
		}
		memcpy(kept, bytes.p, bytes.n);
	}
	tls_forget(tls, direction);
	direction->kept = kept;
	direction->n_kept = (uint32_t)bytes.n;
	tls->budget->held += bytes.n;
}

void
tls_forget(struct tls *tls, struct direction *direction)
{
	tls->budget->held -= direction->n_kept;
	free(direction->kept);
	direction->kept = NULL;
	direction->n_kept = 0;
}

/* Looks at bytes for a beginning. What is undecided is kept for the next time. */
static void
look(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	bool first = direction->looked == 0 && !direction->synced;
	size_t n = bytes.n;
	enum dis found = record_begins(direction, bytes);

	if (found != DIS_OK && first) {
		tls->may_come = tls->may_come || opening_leads_to_tls(bytes);
		found = DIS_BAD;
		if (tls->ends->from_start && bytes.n <= SSLV2_MOST)
			found = try_sslv2(tls, dir, &bytes, when);
	}
	if (found == DIS_BAD)
		found = find_record(tls, direction, &bytes);
	if (found == DIS_MORE) {
		keep(tls, direction, bytes);
		return;
	}
	tls_forget(tls, direction);
	direction->looked += (uint32_t)n;
	if (found == DIS_OK && session_of(tls) != NULL) {
		direction->synced = true;
		direction->reading = IN_HEADER;
		tls->dir[!dir].looked = 0;
		tls_read_records(tls, dir, bytes, when);
	} else if (direction->looked >= LIMIT_OPENING_BYTES ||
		   (!tls->may_come && tls->session == NULL)) {
		direction->reading = GIVEN_UP;
	}
}

/* Joins what was kept with what has come. */
void
tls_look(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	uint8_t *joined;
	size_t n = direction->n_kept + bytes.n;

	if (direction->n_kept == 0) {
		look(tls, dir, bytes, when);
		return;
	}
	joined = malloc(n);
	if (joined == NULL) {
		tls->host->out_of_memory = true;
		return;
	}
	memcpy(joined, direction->kept, direction->n_kept);
	memcpy(joined + direction->n_kept, bytes.p, bytes.n);
	look(tls, dir, slice_of(joined, n), when);
	free(joined);
}
