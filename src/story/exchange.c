/* One file asked for by TFTP. */
#include "exchange.h"

#include "tell.h"

static const int64_t second = 1000000;

static struct transfer *
transfer_of(struct exchange *exchange)
{
	return &exchange->event->transfer;
}

/* ---- beginning ---- */

void
exchange_begin(struct exchange *exchange, struct story_host *host, struct event *event, const struct tftp *request,
	       struct when now)
{
	*exchange = (struct exchange){.host = host, .event = event, .peer = event->server.ip, .asked = now};
	blocks_begin(&exchange->blocks, host, event->transfer.file, request);
}

void
exchange_ask_again(struct exchange *exchange, uint16_t client_port, struct when now)
{
	struct repeats *asked = &transfer_of(exchange)->asked;
	bool copy = blocks_is_span_copy(exchange->asked, now) && client_port == exchange->event->client.port;

	exchange->event->last = now;
	exchange->event->client.port = client_port;
	if (copy)
		return;
	exchange->asked = now;
	if (asked->n < LIMIT_REPEATS)
		asked->frames[asked->n] = now.frame;
	asked->n++;
	asked->last = now;
	if (exchange->settled) {
		exchange->settled = false;
		exchange->asked_again = true;
	}
}

/* ---- whose datagrams count ---- */

static bool
begins_a_file(const struct tftp *tftp)
{
	return tftp->opcode == TFTP_OACK || (tftp->opcode == TFTP_DATA && tftp->block == 1);
}

static void
note_answer(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);

	transfer->answered = now;
	transfer->data_port = datagram->server_port;
	exchange->peer = datagram->server;
}

static bool
server_counts(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);

	exchange->heard = true;
	if (transfer->answered.frame == 0)
		note_answer(exchange, datagram, now);
	if (datagram->server_port == transfer->data_port)
		return true;
	if (exchange->settled)
		return false;
	if (exchange->asked_again && begins_a_file(&datagram->tftp)) {
		blocks_restart(&exchange->blocks, transfer->file);
		exchange->asked_again = false;
		transfer->data_port = datagram->server_port;
	}
	return true;
}

/* A client's answer shows that there was one of the server's, even where the capture lacks it. Its ERROR may go to a port
 * that it has no use for. */
static bool
client_counts(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);

	if (datagram->tftp.opcode == TFTP_ERROR)
		return transfer->answered.frame == 0 || datagram->server_port == transfer->data_port;
	if (transfer->answered.frame == 0)
		note_answer(exchange, datagram, now);
	exchange->settled = true;
	transfer->data_port = datagram->server_port;
	return true;
}

/* ---- what they say ---- */

static void
on_error(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);
	const char *name = tftp_error_name(datagram->tftp.code);

	transfer->refused = now;
	transfer->code = datagram->tftp.code;
	exchange->turned_down = datagram->from_server && !blocks_begun(&exchange->blocks);
	tell_text(exchange->host, &transfer->message, datagram->tftp.message);
	if (transfer->message == NULL && name != NULL)
		tell_text(exchange->host, &transfer->message, slice_of(name, strlen(name)));
}

bool
exchange_datagram(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	const struct tftp *tftp = &datagram->tftp;
	struct blocks *blocks = &exchange->blocks;
	bool from_sender = datagram->from_server != blocks->write;

	exchange->event->last = now;
	if (!(datagram->from_server ? server_counts : client_counts)(exchange, datagram, now))
		return false;
	switch (tftp->opcode) {
	case TFTP_DATA:
		if (from_sender)
			blocks_data(blocks, tftp, datagram->missing, now);
		break;
	case TFTP_ACK:
		if (!from_sender)
			blocks_ack(blocks, tftp);
		break;
	case TFTP_OACK:
		if (datagram->from_server)
			blocks_agree(blocks, tftp);
		break;
	case TFTP_ERROR:
		on_error(exchange, datagram, now);
		return true;
	default:
		break;
	}
	return blocks_whole(blocks) && blocks_taken(blocks);
}

void
exchange_unreachable(struct exchange *exchange, enum side from, const struct icmp_header *icmp, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);

	exchange->event->last = now;
	if (from == SIDE_SERVER) {
		exchange->unwanted = true;
	} else if (transfer->unreachable.frame == 0) {
		transfer->unreachable = now;
		transfer->unreachable_type = icmp->type;
		transfer->unreachable_code = icmp->code;
	}
}

/* ---- the end ---- */

static bool
waited_for_an_answer(const struct exchange *exchange, struct when now)
{
	const struct transfer *transfer = &exchange->event->transfer;

	return transfer->asked.n > 0 || transfer->unreachable.frame != 0 ||
	       now.us - exchange->asked.us >= LIMIT_ANSWER_SECONDS * second;
}

static enum transfer_outcome
outcome_of(const struct exchange *exchange, enum exchange_end why, struct when now)
{
	const struct transfer *transfer = &exchange->event->transfer;
	const struct blocks *blocks = &exchange->blocks;
	bool left = blocks->last_again && blocks->acks && !blocks_taken(blocks);

	if (transfer->refused.frame != 0)
		return exchange->turned_down ? TRANSFER_REFUSED : TRANSFER_BROKEN;
	if (blocks_whole(blocks) && !left)
		return TRANSFER_DONE;
	if (transfer->answered.frame == 0)
		return waited_for_an_answer(exchange, now) ? TRANSFER_UNANSWERED : TRANSFER_INCOMPLETE;
	if (blocks_have_hole(blocks) || !exchange->heard)
		return TRANSFER_INCOMPLETE;
	return why == END_CAPTURE && !exchange->unwanted ? TRANSFER_INCOMPLETE : TRANSFER_BROKEN;
}

void
exchange_end(struct exchange *exchange, enum exchange_end why, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);
	const struct blocks *blocks = &exchange->blocks;

	transfer->outcome = outcome_of(exchange, why, now);
	transfer->size = transfer->outcome == TRANSFER_DONE ? blocks->end : blocks->file.size;
	transfer->block_size = blocks->size;
	transfer->window = blocks->window;
	transfer->repeats = blocks->repeats;
	transfer->has_told_size = blocks->has_told_size;
	transfer->told_size = blocks->told_size;
	transfer->content = receive_content(&blocks->file, transfer->file, transfer->outcome == TRANSFER_DONE);
	tell_over(exchange->host, exchange->event);
	exchange->event = NULL;
	exchange_clear(exchange);
}

void
exchange_clear(struct exchange *exchange)
{
	blocks_clear(&exchange->blocks);
	event_free(exchange->event);
	exchange->event = NULL;
}
