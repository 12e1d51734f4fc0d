/* One file asked for by TFTP. Blocks are counted from 1 over the whole file, whatever their numbers on the wire. */
#include "exchange.h"

#include "tell.h"

#define NO_BLOCK UINT64_MAX

/* RFC 2348, RFC 7440 */
#define BLOCK_SIZE_MIN 8
#define BLOCK_SIZE_MAX 65464
#define WINDOW_MAX 65535

static const int64_t second = 1000000;

static struct transfer *
transfer_of(struct exchange *exchange)
{
	return &exchange->event->transfer;
}

/* ---- options ---- */

static void
without_options(struct transfer *transfer)
{
	transfer->block_size = TFTP_BLOCK_SIZE;
	transfer->window = 1;
}

/* Who asks for a file asks for its size too, with a value that says nothing. */
static void
note_options(struct transfer *transfer, struct slice options, bool tells_size)
{
	struct tftp_option option;
	struct dis_at at;
	uint64_t n;

	without_options(transfer);
	while (tftp_option_next(&options, &option, &at) == DIS_OK) {
		if (!tftp_option_number(&option, &n))
			continue;
		if (tftp_option_is(&option, "blksize") && n >= BLOCK_SIZE_MIN && n <= BLOCK_SIZE_MAX) {
			transfer->block_size = (unsigned)n;
		} else if (tftp_option_is(&option, "windowsize") && n >= 1 && n <= WINDOW_MAX) {
			transfer->window = (unsigned)n;
		} else if (tftp_option_is(&option, "tsize") && tells_size) {
			transfer->has_told_size = true;
			transfer->told_size = n;
		}
	}
}

/* The first block without an OACK: the server takes no options, or the capture lacks it, as a longer block shows. */
static void
guess_options(struct transfer *transfer, size_t length)
{
	if (length > transfer->block_size)
		transfer->block_size = (unsigned)length;
	else if (length != transfer->block_size && length <= TFTP_BLOCK_SIZE)
		without_options(transfer);
}

/* ---- beginning ---- */

static void
begin_file(struct exchange *exchange)
{
	receive_begin(&exchange->file, exchange->host, transfer_of(exchange)->file);
	exchange->blocks = 65536;
	exchange->reached = exchange->acked = exchange->last = exchange->end = 0;
	exchange->agreed = exchange->last_again = false;
	exchange->fresh = (struct when){0};
}

void
exchange_begin(struct exchange *exchange, struct story_host *host, struct event *event, const struct tftp *request,
	       struct when now)
{
	*exchange = (struct exchange){.host = host, .event = event, .peer = event->server.ip, .asked = now};
	event->transfer.write = request->opcode == TFTP_WRQ;
	note_options(&event->transfer, request->options, event->transfer.write);
	begin_file(exchange);
}

static bool
is_span_copy(struct when before, struct when now)
{
	return now.us >= before.us && now.us - before.us < LIMIT_SPAN_COPY_MICROSECONDS;
}

void
exchange_ask_again(struct exchange *exchange, uint16_t client_port, struct when now)
{
	struct repeats *asked = &transfer_of(exchange)->asked;
	bool copy = is_span_copy(exchange->asked, now) && client_port == exchange->event->client.port;

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
		receive_clear(&exchange->file);
		begin_file(exchange);
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

/* ---- blocks ---- */

/* Whose number on the wire this is, next to the highest one. */
static uint64_t
block_of(const struct exchange *exchange, uint16_t number)
{
	const uint64_t blocks = exchange->blocks;
	uint64_t ahead = (number + blocks - exchange->reached % blocks) % blocks;

	if (ahead < blocks / 2)
		return exchange->reached + ahead;
	return blocks - ahead <= exchange->reached ? exchange->reached - (blocks - ahead) : NO_BLOCK;
}

static void
note_acked(struct exchange *exchange, uint64_t block)
{
	if (block > exchange->acked)
		exchange->acked = block;
	if (block > exchange->reached)
		exchange->reached = block;
}

/* Where there are too many holes to remember, those that were acknowledged are given up. */
static void
put(struct exchange *exchange, uint64_t from, struct slice data)
{
	if (receive_put(&exchange->file, from, data))
		return;
	receive_give_up(&exchange->file, exchange->acked * transfer_of(exchange)->block_size);
	(void)receive_put(&exchange->file, from, data);
}

static void
note_again(struct exchange *exchange, uint64_t block, struct when now)
{
	if (is_span_copy(exchange->fresh, now))
		return;
	transfer_of(exchange)->repeats++;
	exchange->last_again |= block == exchange->last;
}

static void
on_data(struct exchange *exchange, const struct tftp *tftp, size_t missing, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);
	const size_t length = tftp->data.n + missing;
	uint64_t block, from;

	if (exchange->reached == 0 && !exchange->agreed)
		guess_options(transfer, length);
	if (exchange->reached == 65535 && tftp->block == 1) /* some senders leave 0 out */
		exchange->blocks = 65535;
	block = block_of(exchange, tftp->block);
	if (block == 0 || block == NO_BLOCK || length > transfer->block_size)
		return;
	from = (block - 1) * transfer->block_size;
	if (receive_has(&exchange->file, from, from + length + (length == 0)) ||
	    (length == 0 && block == exchange->last)) {
		note_again(exchange, block, now);
		return;
	}
	put(exchange, from, tftp->data);
	exchange->fresh = now;
	if (block > exchange->reached)
		exchange->reached = block;
	if (block > transfer->window)
		note_acked(exchange, block - transfer->window);
	if (length < transfer->block_size) {
		exchange->last = block;
		exchange->end = from + length;
	} else if (block >= exchange->last) {
		exchange->last = 0;
	}
}

static void
on_ack(struct exchange *exchange, uint16_t number)
{
	struct transfer *transfer = transfer_of(exchange);
	uint64_t block = block_of(exchange, number);

	exchange->acks = true;
	if (block == 0 && !exchange->agreed) { /* of a write, in place of an OACK; else of an OACK that the capture lacks */
		exchange->agreed = true;
		if (transfer->write)
			without_options(transfer);
	}
	if (block != NO_BLOCK)
		note_acked(exchange, block);
}

static void
on_error(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);
	const char *name = tftp_error_name(datagram->tftp.code);

	transfer->refused = now;
	transfer->code = datagram->tftp.code;
	exchange->turned_down = datagram->from_server && exchange->reached == 0;
	tell_text(exchange->host, &transfer->message, datagram->tftp.message);
	if (transfer->message == NULL && name != NULL)
		tell_text(exchange->host, &transfer->message, slice_of(name, strlen(name)));
}

static bool
is_whole(const struct exchange *exchange)
{
	return exchange->last != 0 && receive_is_whole(&exchange->file, exchange->end);
}

bool
exchange_datagram(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);
	const struct tftp *tftp = &datagram->tftp;
	bool from_sender = datagram->from_server != transfer->write;

	exchange->event->last = now;
	if (!(datagram->from_server ? server_counts : client_counts)(exchange, datagram, now))
		return false;
	switch (tftp->opcode) {
	case TFTP_DATA:
		if (from_sender)
			on_data(exchange, tftp, datagram->missing, now);
		break;
	case TFTP_ACK:
		if (!from_sender)
			on_ack(exchange, tftp->block);
		break;
	case TFTP_OACK:
		if (datagram->from_server && exchange->reached <= 1) {
			note_options(transfer, tftp->options, !transfer->write);
			exchange->agreed = true;
		}
		break;
	case TFTP_ERROR:
		on_error(exchange, datagram, now);
		return true;
	default:
		break;
	}
	return is_whole(exchange) && exchange->acked >= exchange->last;
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

/* What was acknowledged is not all there: the capture lacks it. */
static bool
has_hole(const struct exchange *exchange)
{
	return !receive_is_whole(&exchange->file, exchange->acked * exchange->event->transfer.block_size);
}

static enum transfer_outcome
outcome_of(const struct exchange *exchange, enum exchange_end why, struct when now)
{
	const struct transfer *transfer = &exchange->event->transfer;
	bool taken = exchange->acked >= exchange->last || !exchange->acks || !exchange->last_again;

	if (transfer->refused.frame != 0)
		return exchange->turned_down ? TRANSFER_REFUSED : TRANSFER_BROKEN;
	if (is_whole(exchange) && taken)
		return TRANSFER_DONE;
	if (transfer->answered.frame == 0)
		return waited_for_an_answer(exchange, now) ? TRANSFER_UNANSWERED : TRANSFER_INCOMPLETE;
	if (has_hole(exchange) || !exchange->heard)
		return TRANSFER_INCOMPLETE;
	return why == END_CAPTURE && !exchange->unwanted ? TRANSFER_INCOMPLETE : TRANSFER_BROKEN;
}

void
exchange_end(struct exchange *exchange, enum exchange_end why, struct when now)
{
	struct transfer *transfer = transfer_of(exchange);

	transfer->outcome = outcome_of(exchange, why, now);
	transfer->size = transfer->outcome == TRANSFER_DONE ? exchange->end : exchange->file.size;
	transfer->content =
		receive_content(&exchange->file, transfer->file, transfer->outcome == TRANSFER_DONE);
	tell_over(exchange->host, exchange->event);
	exchange->event = NULL;
	exchange_clear(exchange);
}

void
exchange_clear(struct exchange *exchange)
{
	receive_clear(&exchange->file);
	event_free(exchange->event);
	exchange->event = NULL;
}
