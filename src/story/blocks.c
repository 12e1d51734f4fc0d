/* The blocks of one file sent by TFTP. */
#include "blocks.h"

#define NO_BLOCK UINT64_MAX

/* RFC 2348, RFC 7440 */
#define BLOCK_SIZE_MIN 8
#define BLOCK_SIZE_MAX 65464
#define WINDOW_MAX 65535

/* ---- options ---- */

static void
without_options(struct blocks *blocks)
{
	blocks->size = TFTP_BLOCK_SIZE;
	blocks->window = 1;
}

/* Who asks for a file asks for its size too, with a value that says nothing. */
static void
note_options(struct blocks *blocks, struct slice options, bool tells_size)
{
	struct tftp_option option;
	struct dis_at at;
	uint64_t n;

	without_options(blocks);
	while (tftp_option_next(&options, &option, &at) == DIS_OK) {
		if (!tftp_option_number(&option, &n))
			continue;
		if (tftp_option_is(&option, "blksize") && n >= BLOCK_SIZE_MIN && n <= BLOCK_SIZE_MAX) {
			blocks->size = (unsigned)n;
		} else if (tftp_option_is(&option, "windowsize") && n >= 1 && n <= WINDOW_MAX) {
			blocks->window = (unsigned)n;
		} else if (tftp_option_is(&option, "tsize") && tells_size) {
			blocks->has_told_size = true;
			blocks->told_size = n;
		}
	}
}

/* The first block without an OACK: the server takes no options, or the capture lacks it, as a longer block shows. One
 * shorter than what was asked for is the last then, or the server agreed to less: the next block tells. */
static void
guess_options(struct blocks *blocks, size_t length)
{
	if (length > blocks->size)
		blocks->size = (unsigned)length;
	else if (length != blocks->size && length <= TFTP_BLOCK_SIZE)
		without_options(blocks);
	else
		blocks->guessed = length < blocks->size;
}

/* The first block may have come before that. */
static void
agree(struct blocks *blocks)
{
	blocks->agreed = true;
	blocks->guessed = false;
	if (blocks->end >= blocks->size)
		blocks->last = 0;
}

void
blocks_agree(struct blocks *blocks, const struct tftp *oack)
{
	if (blocks->reached > 1)
		return;
	note_options(blocks, oack->options, true);
	agree(blocks);
}

/* ---- beginning ---- */

void
blocks_begin(struct blocks *blocks, struct story_host *host, const char *name, const struct tftp *request)
{
	*blocks = (struct blocks){.write = request->opcode == TFTP_WRQ, .numbers = 65536};
	note_options(blocks, request->options, blocks->write);
	receive_begin(&blocks->file, host, name);
}

void
blocks_clear(struct blocks *blocks)
{
	receive_clear(&blocks->file);
}

void
blocks_restart(struct blocks *blocks, const char *name)
{
	struct story_host *host = blocks->file.host;

	receive_clear(&blocks->file);
	*blocks = (struct blocks){
		.write = blocks->write,
		.size = blocks->size,
		.window = blocks->window,
		.numbers = 65536,
	};
	receive_begin(&blocks->file, host, name);
}

/* ---- blocks ---- */

/* Whose number on the wire this is, next to the highest one. */
static uint64_t
block_of(const struct blocks *blocks, uint16_t number)
{
	const uint64_t numbers = blocks->numbers;
	uint64_t ahead = (number + numbers - blocks->reached % numbers) % numbers;

	if (ahead < numbers / 2)
		return blocks->reached + ahead;
	return numbers - ahead <= blocks->reached ? blocks->reached - (numbers - ahead) : NO_BLOCK;
}

static void
note_acked(struct blocks *blocks, uint64_t block)
{
	if (block > blocks->acked)
		blocks->acked = block;
	if (block > blocks->reached)
		blocks->reached = block;
}

/* Where there are too many holes to remember, those that were acknowledged are given up. */
static void
put(struct blocks *blocks, uint64_t from, struct slice data)
{
	if (receive_put(&blocks->file, from, data))
		return;
	receive_give_up(&blocks->file, blocks->acked * blocks->size);
	(void)receive_put(&blocks->file, from, data);
}

bool
blocks_is_span_copy(struct when last, struct when now)
{
	return now.us >= last.us && now.us - last.us < LIMIT_SPAN_COPY_MICROSECONDS;
}

static void
note_again(struct blocks *blocks, uint64_t block, struct when now)
{
	if (blocks_is_span_copy(blocks->fresh, now))
		return;
	blocks->repeats++;
	blocks->last_again |= block == blocks->last;
}

/* The first block in its length tells what the others are like. */
static void
learn_size(struct blocks *blocks, uint16_t number, size_t length)
{
	if (blocks->reached == 0 && !blocks->agreed)
		guess_options(blocks, length);
	if (blocks->guessed && number == 2) {
		blocks->size = (unsigned)blocks->end;
		agree(blocks);
	}
}

static void
note_new(struct blocks *blocks, uint64_t block, uint64_t end, struct when now)
{
	blocks->fresh = now;
	if (block > blocks->reached)
		blocks->reached = block;
	if (block > blocks->window)
		note_acked(blocks, block - blocks->window);
	if (end < block * blocks->size) {
		blocks->last = block;
		blocks->end = end;
	} else if (block >= blocks->last) {
		blocks->last = 0;
	}
}

void
blocks_data(struct blocks *blocks, const struct tftp *data, size_t missing, struct when now)
{
	const size_t length = data->data.n + missing;
	uint64_t block, from;

	learn_size(blocks, data->block, length);
	if (blocks->reached == 65535 && data->block == 1) /* some senders leave 0 out */
		blocks->numbers = 65535;
	block = block_of(blocks, data->block);
	if (block == 0 || block == NO_BLOCK || length > blocks->size)
		return;
	from = (block - 1) * blocks->size;
	if (receive_has(&blocks->file, from, from + length + (length == 0)) || (length == 0 && block == blocks->last)) {
		note_again(blocks, block, now);
		return;
	}
	put(blocks, from, data->data);
	note_new(blocks, block, from + length, now);
}

/* That of block 0 takes the place of an OACK where a file is written; else it answers one that the capture lacks. */
void
blocks_ack(struct blocks *blocks, const struct tftp *ack)
{
	uint64_t block = block_of(blocks, ack->block);

	blocks->acks = true;
	if (block == 0 && !blocks->agreed) {
		blocks->agreed = true;
		if (blocks->write)
			without_options(blocks);
	}
	if (block != NO_BLOCK)
		note_acked(blocks, block);
}

/* ---- what is there ---- */

bool
blocks_begun(const struct blocks *blocks)
{
	return blocks->reached > 0;
}

bool
blocks_whole(const struct blocks *blocks)
{
	return blocks->last != 0 && receive_is_whole(&blocks->file, blocks->end);
}

bool
blocks_taken(const struct blocks *blocks)
{
	return blocks->acked >= blocks->last && !blocks->guessed;
}

bool
blocks_have_hole(const struct blocks *blocks)
{
	return !receive_is_whole(&blocks->file, blocks->acked * blocks->size);
}
