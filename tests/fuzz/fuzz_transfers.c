/* transfers.h under datagrams of any kind and order, six bytes of input each: what is kept of a file is always its own
 * beginning, what is done is whole, and nothing stays held. */
#include "dissectors/tftp.h"
#include "src/story/transfers.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PHONE = 7, SERVER = 2, OTHER = 3 };

/* The low half of a datagram's first byte. */
enum kind {
	READ,
	WRITE,
	DATA_DOWN,
	DATA_UP,
	ACK_UP,
	ACK_DOWN,
	AGREE,
	ERROR_DOWN,
	ERROR_UP,
	ICMP_UP,
	ICMP_DOWN,
	RAW_UP,
	RAW_REQUEST,
	RAW_DOWN, /* and those behind it */
};

/* uint1 phone_port;  uint1 data_port;  uint1 other_server;  uint1 cut;  uint4 kind;  uint16 number;  uint16 length;
 * uint8 time; */
struct step {
	uint8_t how, time;
	uint16_t number, length;
};

struct run {
	struct when now;
	uint64_t given, events; /* bytes of data, and requests at the most as many as events */
	bool lied; /* other bytes than the file's, or other blocks than of 512 */
};

static enum kind
kind_of(const struct step *step)
{
	return step->how & 15;
}

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* The file's byte at this place. */
static uint8_t
said(uint64_t off)
{
	return (uint8_t)(off * 2654435761U >> 21);
}

static void
check_content(const struct run *run, const struct transfer *transfer)
{
	const struct phone_file *content = transfer->content;

	require(content->n > 0 && content->n <= LIMIT_PHONE_FILE);
	require(transfer->outcome == TRANSFER_DONE || content->cut);
	require(content->n == transfer->size || content->cut);
	for (size_t off = 0; off < content->n && !run->lied; off++)
		require(content->bytes[off] == said(off));
}

static void
on_event(void *arg, struct event *event)
{
	const struct transfer *transfer = &event->transfer;
	struct run *run = arg;

	run->events++;
	require(event->kind == EVENT_TRANSFER && transfer->file != NULL);
	require(event->at.frame > 0 && event->at.frame <= event->last.frame && event->last.frame <= run->now.frame);
	require(transfer->answered.frame <= event->last.frame && transfer->refused.frame <= event->last.frame);
	require(transfer->size <= run->given);
	require((transfer->outcome == TRANSFER_REFUSED) <= (transfer->refused.frame != 0));
	require((transfer->outcome == TRANSFER_UNANSWERED) <= (transfer->answered.frame == 0 && transfer->size == 0));
	require(transfer->block_size >= 1 && transfer->window >= 1);
	must_be_printable(transfer->file);
	must_be_printable(transfer->message);
	if (transfer->content != NULL)
		check_content(run, transfer);
	event_free(event);
}

/* ---- datagrams ---- */

static void
put_number(uint8_t *out, uint16_t number)
{
	out[0] = (uint8_t)(number >> 8);
	out[1] = (uint8_t)number;
}

static size_t
make_request(uint8_t *out, uint16_t opcode, uint16_t number)
{
	static const char *const files[] = {"SEP001122334455.cnf.xml", "CTLFile.tlv", "a.loads"};
	const char *file = files[number % 3];
	size_t n = strlen(file) + 1;

	put_number(out, opcode);
	memcpy(out + 2, file, n);
	memcpy(out + 2 + n, "octet", 6);
	return 2 + n + 6;
}

static size_t
make_data(struct run *run, uint8_t *out, const struct step *step)
{
	size_t length = step->length <= TFTP_BLOCK_SIZE ? step->length : TFTP_BLOCK_SIZE;

	put_number(out, TFTP_DATA);
	put_number(out + 2, step->number);
	for (size_t i = 0; i < length; i++)
		out[4 + i] = said((step->number - UINT64_C(1)) * TFTP_BLOCK_SIZE + i);
	run->given += length;
	return 4 + length;
}

static size_t
make_agreement(uint8_t *out, const struct step *step)
{
	put_number(out, TFTP_OACK);
	memcpy(out + 2, "windowsize\0", 11);
	out[13] = (uint8_t)('1' + step->number % 9);
	out[14] = '\0';
	return 15;
}

static size_t
make_short(uint8_t *out, uint16_t opcode, const struct step *step)
{
	put_number(out, opcode);
	put_number(out + 2, step->number);
	return 4;
}

/* Bytes of the input, as a datagram of either side. */
static size_t
make_raw(struct run *run, uint8_t *out, const struct step *step, struct slice *in)
{
	size_t n = step->length % 600;
	struct slice bytes = slice_first(*in, n);

	n = bytes.n;
	(void)slice_skip(in, n);
	slice_copy(&bytes, out, n);
	run->given += n;
	run->lied = true;
	return n;
}

static size_t
make(struct run *run, uint8_t *out, const struct step *step, struct slice *in)
{
	switch (kind_of(step)) {
	case READ:
	case WRITE:
		return make_request(out, kind_of(step) == READ ? TFTP_RRQ : TFTP_WRQ, step->number);
	case DATA_DOWN:
	case DATA_UP:
		return make_data(run, out, step);
	case ACK_UP:
	case ACK_DOWN:
		return make_short(out, TFTP_ACK, step);
	case AGREE:
		return make_agreement(out, step);
	case ERROR_DOWN:
	case ERROR_UP:
		return make_short(out, TFTP_ERROR, step);
	default:
		return make_raw(run, out, step, in);
	}
}

static struct ip_addr
ip(uint8_t last)
{
	return (struct ip_addr){{[10] = 0xff, 0xff, 10, 0, 0, last}};
}

static bool
is_up(const struct step *step)
{
	static const uint16_t up = 1 << READ | 1 << WRITE | 1 << DATA_UP | 1 << ACK_UP | 1 << ERROR_UP | 1 << ICMP_UP |
				   1 << RAW_UP | 1 << RAW_REQUEST;

	return up >> kind_of(step) & 1;
}

static struct packet
between(const struct step *step)
{
	const enum kind kind = kind_of(step);
	const bool up = is_up(step), asks = kind == READ || kind == WRITE || kind == RAW_REQUEST;
	const uint16_t phone = step->how & 128 ? 50001 : 50000, data = step->how & 64 ? 40001 : 40000;
	const struct ip_addr server = ip(step->how & 32 ? OTHER : SERVER);
	struct packet packet = {.kind = PACKET_UDP, .ip = {.version = 4, .protocol = IP_UDP}};

	packet.ip.src = up ? ip(PHONE) : server;
	packet.ip.dst = up ? server : ip(PHONE);
	packet.udp.src_port = up ? phone : data;
	packet.udp.dst_port = !up ? phone : asks ? TFTP_PORT : data;
	return packet;
}

static void
take(struct transfers *transfers, struct run *run, const struct step *step, struct slice *in)
{
	struct packet packet = between(step);
	uint8_t bytes[1024], *own;
	size_t n;

	if (kind_of(step) == ICMP_UP || kind_of(step) == ICMP_DOWN) {
		struct icmp_header icmp = {.type = 3, .code = 3, .unreachable = true, .quoted = packet.ip,
					   .src_port = packet.udp.src_port, .dst_port = packet.udp.dst_port};

		transfers_unreachable(transfers, &icmp, run->now);
		return;
	}
	n = make(run, bytes, step, in);
	packet.payload_len = n;
	n = step->how & 16 ? n - n / 3 : n;
	own = malloc(n); /* of its own, so that reading on is seen */
	require(own != NULL || n == 0);
	if (n > 0)
		memcpy(own, bytes, n);
	packet.payload = slice_of(own, n);
	transfers_datagram(transfers, &packet, run->now);
	free(own);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct run run = {.now = {0, 1}};
	struct tally tally = {.packets = 0};
	struct cert_store *certs = cert_store_new(0);
	struct story_host host = {.certs = certs, .tally = &tally, .over = on_event, .arg = &run};
	struct transfers *transfers = transfers_new(&host);
	struct step step;

	require(certs != NULL && transfers != NULL);
	while (slice_u8(&in, &step.how) && slice_u16(&in, &step.number) && slice_u16(&in, &step.length) &&
	       slice_u8(&in, &step.time)) {
		run.now.frame++;
		run.now.us += step.time < 128 ? step.time * INT64_C(100) : (step.time - 128) * INT64_C(1000000);
		transfers_age(transfers, run.now);
		take(transfers, &run, &step, &in);
		require(host.transfers_held <= LIMIT_PHONE_FILES);
		require(transfers_held(transfers) >= host.transfers_held);
	}
	transfers_finish(transfers, run.now);
	require(!host.out_of_memory && transfers_held(transfers) == 0 && host.transfers_held == 0);
	require(run.events <= run.now.frame);
	transfers_free(transfers);
	cert_store_free(certs);
	return 0;
}
