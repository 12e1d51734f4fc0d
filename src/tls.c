/* The TLS records of one TCP stream.
 *
 * Each direction is in one of four states: looking for the first record (or for the next one, behind a hole that
 * swallowed a header), in a record's header, in its body, or given up. */
#include "tls.h"

#include <stdlib.h>

#include "dissectors/opening.h"
#include "dissectors/tls_record.h"

/* An SSLv2 hello lies in one record of at most 32 KiB; real ones are under 2 KiB. */
#define SSLV2_MOST 4096

enum reading { LOOKING, IN_HEADER, IN_BODY, GIVEN_UP };

struct direction {
	enum reading reading;
	bool synced;    /* a record was found: behind a hole, any plausible record will do */
	bool encrypted; /* behind ChangeCipherSpec */
	bool unaligned; /* behind a hole: the next record need not begin a message */
	size_t looked;  /* bytes looked through so far */
	uint8_t *kept;  /* the end of what was looked through: a record may begin in it */
	size_t n_kept;
	uint8_t header[TLS_RECORD_HEADER];
	size_t n_header;
	struct tls_record record;
	size_t left;     /* of the body */
	uint32_t unsettled; /* messages that became whole before their record did: a bit for each type */
	uint8_t body[2]; /* of an alert */
	size_t n_body;
	struct tls_assembly assembly;
};

struct tls {
	struct session_host *host;
	struct assembly_budget *budget;
	struct ends ends;
	struct session *session; /* NULL: nothing found yet */
	bool may_come;           /* opening words promise TLS, or the stream is seen from the middle */
	struct direction dir[2];
	struct when last;
};

/* What a finished message is given with. */
struct giving {
	struct tls *tls;
	unsigned dir;
	struct when when;
};

struct tls *
tls_new(struct session_host *host, struct assembly_budget *budget, const struct ends *ends)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (tls == NULL) {
		host->out_of_memory = true;
		return NULL;
	}
	tls->host = host;
	tls->budget = budget;
	tls->ends = *ends;
	tls->may_come = !ends->from_start;
	return tls;
}

void
tls_free(struct tls *tls, struct when when)
{
	if (tls == NULL)
		return;
	for (unsigned dir = 0; dir < 2; dir++) {
		uint8_t type = tls_assembly_type(&tls->dir[dir].assembly);
		if (tls->session != NULL && type != 255 && tls->dir[dir].assembly.message.n_gaps > 0)
			session_lost(tls->session, dir, type,
				     &(struct hole_fact){.at = when,
							 .cut = tls->dir[dir].assembly.message.gaps[0].cut,
							 .offset = tls->dir[dir].assembly.message.gaps[0].off,
							 .length = tls->dir[dir].assembly.message.gaps[0].len});
		tls_assembly_clear(&tls->dir[dir].assembly, tls->budget);
		free(tls->dir[dir].kept);
	}
	session_free(tls->session, when);
	free(tls);
}

static struct session *
session_of(struct tls *tls)
{
	if (tls->session == NULL)
		tls->session = session_new(tls->host, &tls->ends, false);
	return tls->session;
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
	tls->host->out_of_memory = tls->host->out_of_memory || tls->budget->out_of_memory;
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

static void
read_header(struct tls *tls, struct direction *direction, struct slice *bytes)
{
	struct slice part = slice_first(*bytes, TLS_RECORD_HEADER - direction->n_header);
	struct slice header = slice_of(direction->header, TLS_RECORD_HEADER);
	struct dis_at at;

	slice_copy(bytes, direction->header + direction->n_header, part.n);
	direction->n_header += part.n;
	if (direction->n_header < TLS_RECORD_HEADER)
		return;
	if (tls_record_next(&header, &direction->record, &at) != DIS_OK) {
		lose_records(tls, direction);
		return;
	}
	direction->n_header = 0;
	direction->n_body = 0;
	direction->left = direction->record.length;
	direction->reading = IN_BODY;
}

static void
read_records(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
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
		direction->left -= part.n;
		on_body(tls, dir, part, when);
		if (direction->left == 0)
			direction->reading = IN_HEADER;
		if (session_over(tls->session))
			break;
	}
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
		bytes = slice_of(bytes.p + (bytes.n - SSLV2_MOST), SSLV2_MOST);
	if (bytes.n > 0) {
		kept = malloc(bytes.n);
		if (kept == NULL) {
			tls->host->out_of_memory = true;
			return;
		}
		memcpy(kept, bytes.p, bytes.n);
	}
	free(direction->kept);
	direction->kept = kept;
	direction->n_kept = bytes.n;
}

/* Looks at bytes for a beginning. What is undecided is kept for the next time. */
static void
look(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	bool first = direction->looked == 0 && !direction->synced;
	size_t n = bytes.n;
	enum dis found = DIS_BAD;

	if (first)
		tls->may_come = tls->may_come || opening_leads_to_tls(bytes);
	if (first && tls->ends.from_start && bytes.n <= SSLV2_MOST)
		found = try_sslv2(tls, dir, &bytes, when);
	if (found == DIS_BAD)
		found = find_record(tls, direction, &bytes);
	if (found == DIS_MORE) {
		keep(tls, direction, bytes);
		return;
	}
	keep(tls, direction, slice_of(NULL, 0));
	direction->looked += n;
	if (found == DIS_OK && session_of(tls) != NULL) {
		direction->synced = true;
		direction->reading = IN_HEADER;
		tls->dir[!dir].looked = 0;
		read_records(tls, dir, bytes, when);
	} else if (direction->looked >= LIMIT_OPENING_BYTES ||
		   (!tls->may_come && tls->session == NULL)) {
		direction->reading = GIVEN_UP;
	}
}

/* Joins what was kept with what has come. */
static void
look_again(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
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

void
tls_data(struct tls *tls, unsigned dir, struct slice bytes, struct when when)
{
	struct direction *direction = &tls->dir[dir];

	tls->last = when;
	if (bytes.n == 0 || direction->reading == GIVEN_UP)
		return;
	if (direction->reading == LOOKING)
		look_again(tls, dir, bytes, when);
	else
		read_records(tls, dir, bytes, when);
}

void
tls_hole(struct tls *tls, unsigned dir, uint64_t off, uint64_t len, bool cut, struct when when)
{
	struct direction *direction = &tls->dir[dir];
	struct hole_fact hole = {.at = when, .offset = off, .length = len, .cut = cut};
	struct giving giving = {tls, dir, when};
	bool handshake = direction->reading == IN_BODY && direction->record.type == TLS_HANDSHAKE &&
			 !direction->encrypted;

	tls->last = when;
	keep(tls, direction, slice_of(NULL, 0));
	hole.message = handshake ? tls_assembly_type(&direction->assembly) : 255;
	if (tls->session == NULL) {
		tls->may_come = true;
		return;
	}
	session_hole(tls->session, dir, &hole);
	if (direction->reading != IN_BODY && direction->reading != IN_HEADER)
		return;
	if (direction->reading == IN_BODY && len <= direction->left) {
		direction->left -= (size_t)len;
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
	tls->last = when;
	if (tls->session != NULL)
		session_fin(tls->session, dir, when);
	else
		tls->dir[dir].reading = GIVEN_UP;
}

void
tls_rst(struct tls *tls, unsigned dir, struct when when)
{
	tls->last = when;
	if (tls->session != NULL)
		session_rst(tls->session, dir, when);
	else
		tls->dir[dir].reading = GIVEN_UP;
}

void
tls_packet(struct tls *tls, unsigned dir)
{
	tls->ends.saw[dir] = true;
	if (tls->session != NULL)
		session_packet(tls->session, dir);
}

bool
tls_done(const struct tls *tls)
{
	bool one = tls->dir[0].reading == GIVEN_UP, other = tls->dir[1].reading == GIVEN_UP;

	if (tls->session != NULL)
		return session_over(tls->session);
	return tls->may_come ? one && other : one || other;
}

bool
tls_seen(const struct tls *tls)
{
	return tls->session != NULL;
}
