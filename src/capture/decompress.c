/* What packed the input files: the room of zlib, libzstd and liblz4. */
#include "decompress.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define ZLIB_CONST /* next_in is only read */
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "limit.h"

/* Bytes of the packed file read at once. */
#define PACKED_BYTES (128 * 1024)

/* libzstd and liblz4 say after each block how many bytes they want of the next, and do not say what
 * they had unpacked where a block is damaged: so they are given one block at a time. This starts
 * them. */
#define FIRST_BLOCK 16

/* A step unpacks from d->packed to at most n bytes, says in *got how many, and keeps d->between.
 * False with the library's reason in *why. Given input and room it always gets on. */
struct codec {
	const char *name;
	uint8_t magic[4];
	size_t magic_len;
	bool (*start)(struct decompress *d);
	bool (*step)(struct decompress *d, uint8_t *to, size_t n, size_t *got, const char **why);
	void (*end)(struct decompress *d);
};

struct decompress {
	struct input *input;	   /* the caller's */
	const struct codec *codec; /* NULL: a plain file */
	union {
		z_stream gzip;
		ZSTD_DCtx *zstd;
		LZ4F_dctx *lz4;
	} state;
	bool between;	     /* one packed stream is over, another may follow */
	size_t block;	     /* zstd and lz4: bytes of the next block, the most to give at once */
	struct slice packed; /* what is left of buffer */
	struct slice start;  /* what is left of start_bytes */
	uint8_t start_bytes[DECOMPRESS_START];
	uint8_t buffer[PACKED_BYTES];
	char error[160];
};

static bool
gzip_start(struct decompress *d)
{
	return inflateInit2(&d->state.gzip, 16 + MAX_WBITS) == Z_OK;
}

static bool
gzip_step(struct decompress *d, uint8_t *to, size_t n, size_t *got, const char **why)
{
	z_stream *z = &d->state.gzip;
	uint8_t first;

	if (d->between) {
		/* gzip files may be padded with zeros behind a member (tapes were). */
		if (slice_peek(d->packed, 0, &first) && first == 0)
			return slice_skip(&d->packed, 1);
		inflateReset(z);
		d->between = false;
	}
	z->next_in = d->packed.p;
	z->avail_in = (uInt)d->packed.n;
	z->next_out = to;
	z->avail_out = n < UINT_MAX ? (uInt)n : UINT_MAX;

	int answer = inflate(z, Z_NO_FLUSH);

	*got = (size_t)(z->next_out - to);
	d->packed = slice_of(z->next_in, z->avail_in);
	d->between = answer == Z_STREAM_END;
	*why = z->msg != NULL ? z->msg : zError(answer);
	/* Z_BUF_ERROR: nothing was left to do, which is for the caller to see. */
	return answer == Z_OK || answer == Z_STREAM_END || answer == Z_BUF_ERROR;
}

static void
gzip_end(struct decompress *d)
{
	inflateEnd(&d->state.gzip);
}

static bool
zstd_start(struct decompress *d)
{
	d->state.zstd = ZSTD_createDCtx();
	return d->state.zstd != NULL &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(d->state.zstd, ZSTD_d_windowLogMax,
						    LIMIT_ZSTD_WINDOW_LOG));
}

static bool
zstd_step(struct decompress *d, uint8_t *to, size_t n, size_t *got, const char **why)
{
	ZSTD_inBuffer in = {.src = d->packed.p, .size = slice_first(d->packed, d->block).n};
	ZSTD_outBuffer out = {.dst = to, .size = n};
	size_t answer = ZSTD_decompressStream(d->state.zstd, &out, &in);

	*got = out.pos;
	*why = ZSTD_getErrorName(answer);
	d->between = answer == 0;
	d->block = answer > 0 ? answer : FIRST_BLOCK;
	return slice_skip(&d->packed, in.pos) && !ZSTD_isError(answer);
}

static void
zstd_end(struct decompress *d)
{
	ZSTD_freeDCtx(d->state.zstd);
}

static bool
lz4_start(struct decompress *d)
{
	return !LZ4F_isError(LZ4F_createDecompressionContext(&d->state.lz4, LZ4F_VERSION));
}

static bool
lz4_step(struct decompress *d, uint8_t *to, size_t n, size_t *got, const char **why)
{
	size_t taken = slice_first(d->packed, d->block).n;
	size_t answer = LZ4F_decompress(d->state.lz4, to, &n, d->packed.p, &taken, NULL);

	*why = LZ4F_getErrorName(answer);
	if (LZ4F_isError(answer)) {
		*got = 0;
		return false;
	}
	*got = n;
	d->between = answer == 0;
	d->block = answer > 0 ? answer : FIRST_BLOCK;
	return slice_skip(&d->packed, taken);
}

static void
lz4_end(struct decompress *d)
{
	LZ4F_freeDecompressionContext(d->state.lz4);
}

static const struct codec codecs[] = {
	{"gzip", {0x1f, 0x8b, 0x08}, 3, gzip_start, gzip_step, gzip_end},
	{"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, zstd_start, zstd_step, zstd_end},
	{"zstd", {0x50, 0x2a, 0x4d, 0x18}, 4, zstd_start, zstd_step, zstd_end}, /* pzstd's skippable
										   frame */
	{"lz4", {0x04, 0x22, 0x4d, 0x18}, 4, lz4_start, lz4_step, lz4_end},
};

static ssize_t
read_plain(struct decompress *d, uint8_t *to, size_t n)
{
	struct slice first = slice_first(d->packed, n);

	if (first.n == 0)
		return input_read(d->input, to, n);
	return slice_copy(&d->packed, to, first.n) ? (ssize_t)first.n : 0;
}

/* refill puts the next bytes behind what is left in the buffer, which must be less than a magic. */
static ssize_t
refill(struct decompress *d)
{
	size_t left = d->packed.n;

	if (left > 0)
		memmove(d->buffer, d->packed.p, left);

	ssize_t got = input_read(d->input, d->buffer + left, sizeof d->buffer - left);

	d->packed = slice_of(d->buffer, left + (got > 0 ? (size_t)got : 0));
	return got;
}

static ssize_t
damaged(struct decompress *d, const char *why)
{
	snprintf(d->error, sizeof d->error,
		 "its %s data cannot be unpacked at byte %" PRIu64 ": %s", d->codec->name,
		 input_offset(d->input) - d->packed.n, why);
	return -1;
}

static ssize_t
read_packed(struct decompress *d, uint8_t *to, size_t n)
{
	const char *why = "";

	for (;;) {
		size_t got = 0;
		bool good = true;

		if (d->packed.n > 0 || !d->between)
			good = d->codec->step(d, to, n, &got, &why);
		if (got > 0)
			return (ssize_t)
				got; /* what stands before the damage; the next step fails again */
		if (!good)
			return damaged(d, why);
		if (d->packed.n > 0)
			continue;

		ssize_t more = refill(d);

		if (more < 0 || (more == 0 && d->between))
			return more;
		if (more == 0)
			return damaged(d, "the file ends too early");
	}
}

static ssize_t
read_unpacked(struct decompress *d, uint8_t *to, size_t n)
{
	if (decompress_error(d) != NULL)
		return -1;
	return d->codec == NULL ? read_plain(d, to, n) : read_packed(d, to, n);
}

/* A short read is no end: a pipe gives what it has, a codec what is unpacked. */
static size_t
read_start(struct decompress *d)
{
	size_t have = 0;
	ssize_t got;

	do {
		got = read_unpacked(d, d->start_bytes + have, sizeof d->start_bytes - have);
		have += got > 0 ? (size_t)got : 0;
	} while (got > 0 && have < sizeof d->start_bytes);
	return have;
}

static const struct codec *
find_codec(struct slice packed)
{
	for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
		if (slice_starts(packed, codecs[i].magic, codecs[i].magic_len))
			return &codecs[i];
	}
	return NULL;
}

/* detect reads enough to know the codec, and starts it. */
static bool
detect(struct decompress *d)
{
	while (d->packed.n < sizeof codecs[0].magic && refill(d) > 0)
		continue;

	d->codec = find_codec(d->packed);
	if (d->codec != NULL && !d->codec->start(d))
		return false;
	errno = 0;
	d->start = slice_of(d->start_bytes, read_start(d));
	return errno != ENOMEM;
}

struct decompress *
decompress_open(struct input *input)
{
	struct decompress *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->input = input;
	d->block = FIRST_BLOCK;
	if (detect(d))
		return d;
	decompress_close(d);
	return NULL;
}

struct slice
decompress_start(const struct decompress *d)
{
	return d->start;
}

ssize_t
decompress_read(struct decompress *d, void *to, size_t n)
{
	struct slice first = slice_first(d->start, n);

	if (first.n == 0)
		return read_unpacked(d, to, n);
	return slice_copy(&d->start, to, first.n) ? (ssize_t)first.n : 0;
}

const char *
decompress_error(const struct decompress *d)
{
	return d->error[0] != '\0' ? d->error : input_error(d->input);
}

void
decompress_close(struct decompress *d)
{
	if (d == NULL)
		return;
	if (d->codec != NULL)
		d->codec->end(d);
	free(d);
}
