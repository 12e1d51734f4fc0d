/* Turns, one flight each, until nobody has anything to say. */
#include "talk.h"

static const uint64_t thinks[] = {[CLIENT] = 9350, [SERVER] = 22710};

void
talk_open(struct talk *talk, struct lab *lab, const struct party *client,
	  const struct party *server)
{
	uint32_t nth = ++lab->connections;

	*talk = (struct talk){.lab = lab};
	end_new(&talk->end[CLIENT], CLIENT, client, 0);
	end_new(&talk->end[SERVER], SERVER, server, 0);
	talk->tcp = (struct tcp){
		.frames = &lab->frames,
		.mss = server->mss ? server->mss : 1380,
		.end = {[CLIENT] = {.host = client->host,
				    .port = client->port ? client->port : (uint16_t)(50090 + nth),
				    .next = 0x3b9a0000U + 0x10001U * nth},
			[SERVER] = {.host = server->host,
				    .port = server->port ? server->port : 443,
				    .next = 0xfffff000U + 0x20003U * nth}}};
	tcp_open(&talk->tcp);
}

void
talk_bytes(struct talk *talk, enum side from, const void *p, size_t n)
{
	frames_wait(&talk->lab->frames, thinks[from]);
	tcp_send(&talk->tcp, from, p, n);
}

void
talk_plain(struct talk *talk, enum side from, const char *text)
{
	talk_bytes(talk, from, text, strlen(text));
}

void
talk_deliver(struct talk *talk, enum side from)
{
	struct end *me = &talk->end[from];
	struct bytes shown = me->out.bytes;

	if (talk->reframe != NULL)
		talk->reframe(from, &shown);
	talk_bytes(talk, from, shown.b, shown.n);
	end_hear(&talk->end[!from], me->out.bytes.b, me->out.bytes.n);
	flight_clear(&me->out);
}

/* One side's turn; false when it has nothing to say. */
static bool
turn(struct talk *talk, enum side side)
{
	struct end *me = &talk->end[side];

	end_step(me);
	if (me->failed && !talk->has_failed) {
		talk->has_failed = true;
		talk->failed = side;
		if (me->party->refuses != MANNER_ALERT)
			flight_clear(&me->out);
	}
	if (me->out.bytes.n == 0)
		return false;
	talk_deliver(talk, side);
	return true;
}

bool
talk_handshake(struct talk *talk)
{
	enum side side = CLIENT;

	for (unsigned idle = 0; idle < 2; side = !side)
		idle = turn(talk, side) ? 0 : idle + 1;
	return talk->end[CLIENT].up && talk->end[SERVER].up && !talk->has_failed;
}

void
talk_say(struct talk *talk, enum side from, const char *text)
{
	end_say(&talk->end[from], text, strlen(text));
	talk_deliver(talk, from);
	end_step(&talk->end[!from]);
}

static void
fins(struct talk *talk, enum side first)
{
	struct end *other = &talk->end[!first];

	frames_wait(&talk->lab->frames, 410);
	tcp_fin(&talk->tcp, first);
	if (other->party->last_words) {
		BIO_set_mem_eof_return(SSL_get_rbio(other->ssl), 0);
		end_step(other);
		talk_deliver(talk, !first);
	}
	frames_wait(&talk->lab->frames, 21700);
	tcp_fin(&talk->tcp, !first);
}

void
talk_close(struct talk *talk)
{
	const struct party *refuser = talk->end[talk->failed].party;

	if (!talk->has_failed) {
		for (int side = CLIENT; side <= SERVER; side++) {
			SSL_shutdown(talk->end[side].ssl);
			talk_deliver(talk, (enum side)side);
		}
		fins(talk, CLIENT);
	} else if (refuser->refuses == MANNER_RST) {
		frames_wait(&talk->lab->frames, 2310);
		tcp_rst(&talk->tcp, talk->failed);
	} else {
		fins(talk, talk->failed);
	}
	end_free(&talk->end[CLIENT]);
	end_free(&talk->end[SERVER]);
}

bool
talk_start(struct talk *talk, struct lab *lab, const struct party *client,
	   const struct party *server)
{
	talk_open(talk, lab, client, server);
	return talk_handshake(talk);
}

void
talk_all(struct lab *lab, const struct party *client, const struct party *server)
{
	struct talk talk;

	talk_start(&talk, lab, client, server);
	talk_close(&talk);
}
