/* Numbers, bytes and texts between processes. */
#include "carry.h"

#include <stdlib.h>

#include "text.h"

#define ROOM_MIN 4096

struct carry
carry_reading(struct slice in, struct cert_store *certs, struct carry_words *words)
{
	return (struct carry){.reads = true, .in = in, .certs = certs, .words = words};
}

void
carry_free(struct carry *carry)
{
	free(carry->out);
	carry->out = NULL;
	carry->n = carry->room = 0;
}

void
carry_words_free(struct carry_words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->word[i]);
	words->n = 0;
}

/* What was read so far is worth nothing. */
static void
go_bad(struct carry *carry)
{
	carry->bad = true;
	carry->in = slice_first(carry->in, 0);
}

void
carry_must(struct carry *carry, bool holds)
{
	if (carry->reads && !holds)
		go_bad(carry);
}

static bool
grow(struct carry *carry, size_t n)
{
	size_t room = carry->room > 0 ? carry->room : ROOM_MIN;
	uint8_t *out;

	while (room - carry->n < n)
		room *= 2;
	out = realloc(carry->out, room);
	if (out == NULL) {
		carry->out_of_memory = true;
		return false;
	}
	carry->out = out;
	carry->room = room;
	return true;
}

static inline bool
make_room(struct carry *carry, size_t n)
{
	return carry->room - carry->n >= n || grow(carry, n);
}

static void
write_bytes(struct carry *carry, const void *bytes, size_t n)
{
	if (n == 0 || !make_room(carry, n))
		return;
	memcpy(carry->out + carry->n, bytes, n);
	carry->n += n;
}

/* Seven bits a byte, the lowest first; the highest bit of a byte says that there are more. */
#define GROUP 7
#define MORE 0x80
#define NUMBER_MAX 10 /* bytes */

static void
write_number(struct carry *carry, uint64_t number)
{
	if (!make_room(carry, NUMBER_MAX))
		return;
	for (; number >= MORE; number >>= GROUP)
		carry->out[carry->n++] = (uint8_t)(number | MORE);
	carry->out[carry->n++] = (uint8_t)number;
}

static uint64_t
read_number(struct carry *carry, uint64_t most)
{
	uint64_t number = 0;
	uint8_t byte = MORE;

	for (unsigned shift = 0; byte & MORE; shift += GROUP) {
		if (shift >= NUMBER_MAX * GROUP || !slice_u8(&carry->in, &byte)) {
			go_bad(carry);
			return 0;
		}
		number |= (uint64_t)(byte & (MORE - 1)) << shift;
	}
	if (number <= most)
		return number;
	go_bad(carry);
	return 0;
}

uint64_t
carry_large(struct carry *carry, uint64_t number, uint64_t most)
{
	if (carry->reads)
		return read_number(carry, most);
	write_number(carry, number);
	return number;
}

void
carry_bytes(struct carry *carry, void *bytes, size_t n)
{
	if (!carry->reads)
		write_bytes(carry, bytes, n);
	else if (!slice_copy(&carry->in, bytes, n))
		go_bad(carry);
}

struct slice
carry_block(struct carry *carry, struct slice block, size_t most)
{
	size_t n = carry_number(carry, block.n, most);

	if (!carry->reads)
		write_bytes(carry, block.p, block.n);
	else if (!slice_take(&carry->in, n, &block))
		go_bad(carry);
	return carry->bad ? slice_first(carry->in, 0) : block;
}

/* ---- texts ---- */

static bool
is_escaped(struct slice text)
{
	uint32_t c;

	while (text.n > 0)
		if (!text_character(&text, &c) || text_is_harmful(c))
			return false;
	return true;
}

/* The characters of a text that is there. */
static struct slice
carry_chars(struct carry *carry, const char *text)
{
	struct slice chars = slice_of(text, text != NULL ? strlen(text) : 0);

	chars = carry_block(carry, chars, LIMIT_TEXT);
	if (carry->reads && !is_escaped(chars))
		go_bad(carry);
	return chars;
}

void
carry_text(struct carry *carry, char **text)
{
	bool there = *text != NULL;
	struct slice chars;

	CARRY(carry, there, 1);
	if (!there)
		return;
	chars = carry_chars(carry, *text);
	if (!carry->reads || carry->bad)
		return;
	*text = strndup((const char *)chars.p, chars.n);
	carry->out_of_memory |= *text == NULL;
}

/* keep_word gives the text of this word that was kept, or keeps it; NULL when there is no room. */
static const char *
keep_word(struct carry *carry, struct slice chars)
{
	struct carry_words *words = carry->words;

	for (size_t i = 0; i < words->n; i++)
		if (strlen(words->word[i]) == chars.n && slice_starts(chars, words->word[i], chars.n))
			return words->word[i];
	if (words->n == LIMIT_FIELD_NAMES) {
		go_bad(carry);
		return NULL;
	}
	words->word[words->n] = strndup((const char *)chars.p, chars.n);
	if (words->word[words->n] == NULL) {
		carry->out_of_memory = true;
		return NULL;
	}
	return words->word[words->n++];
}

void
carry_word(struct carry *carry, const char **word)
{
	bool there = *word != NULL;
	struct slice chars;

	CARRY(carry, there, 1);
	if (!there)
		return;
	chars = carry_chars(carry, *word);
	if (carry->reads && !carry->bad)
		*word = keep_word(carry, chars);
}

/* ---- what handshakes and events have in common ---- */

bool
carry_list(struct carry *carry, void **list, size_t *n, size_t each, size_t most)
{
	size_t carried = (size_t)carry_number(carry, *n, most);

	if (!carry->reads || carried == 0)
		return carried > 0;
	*list = calloc(carried, each);
	if (*list == NULL) {
		carry->out_of_memory = true;
		return false;
	}
	*n = carried;
	return true;
}

bool
carry_part(struct carry *carry, const void *part, size_t n)
{
	static const uint8_t zero[CARRY_PART_MOST];
	bool there = !carry->reads && memcmp(part, zero, n) != 0;

	CARRY(carry, there, 1);
	return there;
}

/* Small numbers for what is a little more or less than another. */
static uint64_t
zigzag(uint64_t difference)
{
	return difference << 1 ^ (difference >> 63 != 0 ? UINT64_MAX : 0);
}

static uint64_t
unzigzag(uint64_t number)
{
	return number >> 1 ^ (number & 1 ? UINT64_MAX : 0);
}

/* Against the one before, and 0 where there is no frame. */
void
carry_when(struct carry *carry, struct when *when)
{
	struct when *last = &carry->last;
	uint64_t frame = 0, us = 0;

	if (!carry->reads && when->frame != 0) {
		frame = zigzag(when->frame - last->frame) + 1;
		us = zigzag((uint64_t)when->us - (uint64_t)last->us);
	}
	CARRY(carry, frame, UINT64_MAX);
	if (frame == 0)
		return;
	CARRY(carry, us, UINT64_MAX);
	when->frame = unzigzag(frame - 1) + last->frame;
	when->us = (int64_t)(unzigzag(us) + (uint64_t)last->us);
	*last = *when;
}

void
carry_endpoint(struct carry *carry, struct endpoint *endpoint)
{
	carry_bytes(carry, endpoint->ip.b, sizeof(endpoint->ip.b));
	CARRY(carry, endpoint->port, UINT16_MAX);
	CARRY(carry, endpoint->has_mac, 1);
	carry_bytes(carry, endpoint->mac, sizeof(endpoint->mac));
}

void
carry_vlans(struct carry *carry, uint16_t vlan[LINK_MAX_VLANS], size_t *n)
{
	CARRY(carry, *n, LINK_MAX_VLANS);
	for (size_t i = 0; i < *n; i++)
		CARRY(carry, vlan[i], UINT16_MAX);
}

void
carry_repeats(struct carry *carry, struct repeats *repeats)
{
	CARRY(carry, repeats->n, SIZE_MAX);
	for (size_t i = 0; i < repeats->n && i < LIMIT_REPEATS; i++)
		CARRY(carry, repeats->frames[i], UINT64_MAX);
	carry_when(carry, &repeats->last);
}
