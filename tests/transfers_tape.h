/* TFTP between a phone and its server, told datagram by datagram. */
#ifndef TESTS_TRANSFERS_TAPE_H
#define TESTS_TRANSFERS_TAPE_H

#include "dissectors/tftp.h"
#include "src/story/transfers.h"
#include "tests/story_tape.h"

enum { TAPE_PHONE = 0x0a000007, TAPE_SERVER = 0x0a000002, TAPE_OTHER = 0x0a000003 };
enum { TAPE_PORT = 50000, TAPE_DATA = 40000 }; /* the phone's, and the server's for the data */
enum { TAPE_CONFIG_SIZE = 1300 };              /* three blocks of 512 */
enum { TAPE_SMALL = 8 };                       /* the smallest block */

#define TAPE_CONFIG "SEP001122334455.cnf.xml"

struct transfers_tape {
	struct story_tape tape;
	struct transfers *transfers;
	int64_t ms; /* between datagrams */
	bool ours;  /* the last one was a transfer's */
};

static inline void
tape_begin(struct transfers_tape *t)
{
	story_begin(&t->tape);
	t->transfers = transfers_new(&t->tape.host);
	t->ms = 2;
	assert_non_null(t->transfers);
}

/* Nothing may be held any more. */
static inline void
tape_end(struct transfers_tape *t)
{
	if (t->transfers != NULL && transfers_held(t->transfers) == 0)
		assert_int_equal(t->tape.host.transfers_held, 0);
	transfers_free(t->transfers);
	assert_int_equal(t->tape.host.transfers_held, 0);
	story_end(&t->tape);
}

static inline void
tape_finish(struct transfers_tape *t)
{
	transfers_finish(t->transfers, t->tape.now);
	assert_int_equal(transfers_held(t->transfers), 0);
}

/* So much time passes. */
static inline void
tape_wait(struct transfers_tape *t, int64_t seconds)
{
	t->tape.now.us += seconds * 1000000;
	transfers_age(t->transfers, t->tape.now);
}

/* The n-th transfer that is over, from 0, in the order of their ends. */
static inline const struct transfer *
tape_transfer(const struct transfers_tape *t, size_t n)
{
	assert_true(n < t->tape.n && n < STORY_MOST);
	assert_int_equal(t->tape.events[n]->kind, EVENT_TRANSFER);
	return &t->tape.events[n]->transfer;
}

/* The only one that there was. */
static inline const struct transfer *
tape_only(const struct transfers_tape *t)
{
	assert_int_equal(t->tape.n, 1);
	return tape_transfer(t, 0);
}

/* ---- datagrams ---- */

static inline void
tape_send(struct transfers_tape *t, uint32_t src, uint16_t src_port, uint32_t dst, uint16_t dst_port,
	  const struct bytes *bytes)
{
	struct packet packet = story_udp(src, src_port, dst, dst_port, bytes);

	t->ours = transfers_datagram(t->transfers, &packet, story_next(&t->tape, t->ms));
}

static inline void
tape_from_phone(struct transfers_tape *t, uint16_t server_port, const struct bytes *bytes)
{
	tape_send(t, TAPE_PHONE, TAPE_PORT, TAPE_SERVER, server_port, bytes);
}

static inline void
tape_from_server(struct transfers_tape *t, const struct bytes *bytes)
{
	tape_send(t, TAPE_SERVER, TAPE_DATA, TAPE_PHONE, TAPE_PORT, bytes);
}

static inline void
tape_put_string(struct bytes *out, const char *text)
{
	put_bytes(out, text, strlen(text) + 1);
}

/* options: names and values, each with its NUL, as one literal; NULL: none. */
static inline struct bytes
tape_request(uint16_t opcode, const char *file, const char *options, size_t n_options)
{
	struct bytes bytes;

	bytes.n = 0;
	put(&bytes, 2, opcode);
	tape_put_string(&bytes, file);
	tape_put_string(&bytes, "octet");
	put_bytes(&bytes, options, n_options);
	return bytes;
}

static inline void
tape_ask(struct transfers_tape *t, const char *file)
{
	struct bytes bytes = tape_request(TFTP_RRQ, file, NULL, 0);

	tape_from_phone(t, TFTP_PORT, &bytes);
}

#define TAPE_ASK_WITH(t, opcode, options)                                                                    \
	do {                                                                                                 \
		struct bytes bytes_ = tape_request((opcode), TAPE_CONFIG, (options), sizeof(options)); \
		tape_from_phone((t), TFTP_PORT, &bytes_);                                                    \
	} while (0)

#define TAPE_AGREE(t, options)                                         \
	do {                                                           \
		struct bytes bytes_;                                   \
		bytes_.n = 0;                                          \
		put(&bytes_, 2, TFTP_OACK);                            \
		put_bytes(&bytes_, (options), sizeof(options));        \
		tape_from_server((t), &bytes_);                        \
	} while (0)

/* The file's byte at this place. */
static inline uint8_t
tape_said(uint64_t off)
{
	return (uint8_t)(off * 2654435761U >> 21);
}

/* A block of a file of this size. */
static inline struct bytes
tape_data(uint64_t block, size_t block_size, uint64_t file_size)
{
	uint64_t from = (block - 1) * block_size, to = from + block_size < file_size ? from + block_size : file_size;
	struct bytes bytes;

	bytes.n = 0;
	put(&bytes, 2, TFTP_DATA);
	put(&bytes, 2, block & 0xffff);
	for (uint64_t off = from; off < to; off++)
		put(&bytes, 1, tape_said(off));
	return bytes;
}

/* A block of the configuration, from the server. */
static inline void
tape_block(struct transfers_tape *t, uint64_t block)
{
	struct bytes bytes = tape_data(block, TFTP_BLOCK_SIZE, TAPE_CONFIG_SIZE);

	tape_from_server(t, &bytes);
}

static inline struct bytes
tape_short(uint16_t opcode, uint64_t block)
{
	struct bytes bytes;

	bytes.n = 0;
	put(&bytes, 2, opcode);
	put(&bytes, 2, block & 0xffff);
	return bytes;
}

static inline void
tape_ack(struct transfers_tape *t, uint64_t block)
{
	struct bytes bytes = tape_short(TFTP_ACK, block);

	tape_from_phone(t, TAPE_DATA, &bytes);
}

static inline struct bytes
tape_error(uint16_t code, const char *message)
{
	struct bytes bytes = tape_short(TFTP_ERROR, code);

	tape_put_string(&bytes, message);
	return bytes;
}

static inline void
tape_server_error(struct transfers_tape *t, uint16_t code, const char *message)
{
	struct bytes bytes = tape_error(code, message);

	tape_from_server(t, &bytes);
}

/* What was kept is the file's first n bytes. */
static inline void
tape_check_content(const struct transfer *transfer, size_t n, bool cut)
{
	assert_non_null(transfer->content);
	assert_int_equal(transfer->content->n, n);
	assert_int_equal(transfer->content->cut, cut);
	for (size_t off = 0; off < n; off++)
		assert_int_equal(transfer->content->bytes[off], tape_said(off));
}

static inline void
tape_check(const struct transfer *transfer, enum transfer_outcome outcome, uint64_t size)
{
	assert_string_equal(transfer_outcome_name(transfer->outcome), transfer_outcome_name(outcome));
	assert_int_equal(transfer->size, size);
}

/* ---- small blocks ---- */

/* A file in small blocks, in windows of so many. */
static inline void
tape_ask_in_windows(struct transfers_tape *t, unsigned window)
{
	struct bytes request = tape_request(TFTP_RRQ, TAPE_CONFIG, NULL, 0), agreed;

	agreed.n = 0;
	put(&agreed, 2, TFTP_OACK);
	tape_put_string(&agreed, "blksize");
	tape_put_string(&agreed, "8");
	tape_put_string(&agreed, "windowsize");
	put_format(&agreed, "%u", window);
	put(&agreed, 1, 0);
	tape_from_phone(t, TFTP_PORT, &request);
	tape_from_server(t, &agreed);
	tape_ack(t, 0);
}

static inline void
tape_small_block(struct transfers_tape *t, uint64_t block, uint64_t size)
{
	struct bytes bytes = tape_data(block, TAPE_SMALL, size);

	tape_from_server(t, &bytes);
}

/* The only transfer is done. */
static inline void
tape_check_whole(const struct transfers_tape *t, size_t size, uint64_t repeats)
{
	tape_check(tape_only(t), TRANSFER_DONE, size);
	tape_check_content(tape_only(t), size, false);
	assert_int_equal(tape_only(t)->repeats, repeats);
}

#endif
