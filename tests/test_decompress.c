/* Inputs, plain and packed: files and pipes made here by zlib, libzstd and liblz4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "src/capture/decompress.h"
#include "src/limit.h"
#include "tests/allocations.h"

#define PLAIN_BYTES 700000
#define PACKED_ROOM (2 * PLAIN_BYTES)

static char folder[] = "/tmp/handspan-XXXXXX";
static char path[sizeof folder + 16];
static volatile sig_atomic_t stop;

/* Half of it packs well and half of it hardly. */
static uint8_t plain[PLAIN_BYTES];
static uint8_t packed[PACKED_ROOM], unpacked[PLAIN_BYTES + 1000];

/* ---- packing ---- */

static size_t
pack_plain(const uint8_t *from, size_t n)
{
	memcpy(packed, from, n);
	return n;
}

static size_t
pack_gzip(const uint8_t *from, size_t n)
{
	z_stream z = {.next_in = (Bytef *)from,
		      .avail_in = (uInt)n,
		      .next_out = packed,
		      .avail_out = PACKED_ROOM};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static size_t
pack_zstd(const uint8_t *from, size_t n)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t got;

	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	got = ZSTD_compress2(zstd, packed, PACKED_ROOM, from, n);
	assert_false(ZSTD_isError(got));
	ZSTD_freeCCtx(zstd);
	return got;
}

static size_t
pack_lz4(const uint8_t *from, size_t n)
{
	LZ4F_preferences_t preferences = {
		.frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
	size_t got = LZ4F_compressFrame(packed, PACKED_ROOM, from, n, &preferences);

	assert_false(LZ4F_isError(got));
	return got;
}

static const struct packer {
	const char *name;
	size_t (*pack)(const uint8_t *from, size_t n);
} packers[] = {{"gzip", pack_gzip}, {"zstd", pack_zstd}, {"lz4", pack_lz4}, {"plain", pack_plain}};

enum { PACKERS = 3, PACKERS_AND_PLAIN = 4 };

/* ---- files and pipes ---- */

static void
write_file(const uint8_t *bytes, size_t n)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static struct input *
open_path(const char *name)
{
	char err[200] = "";
	struct input *input = input_open(name, &stop, err, sizeof err);

	if (input == NULL)
		fail_msg("%s", err);
	return input;
}

/* read_all reads the input to its end in pieces of at most step: what of it is in unpacked, and
 * whether it is whole. */
static size_t
read_all(struct input *input, size_t step, bool *whole, char *error, size_t error_size)
{
	struct decompress *d = decompress_open(input);
	size_t n = 0;
	ssize_t got;

	assert_non_null(d);

	struct slice start = decompress_start(d);
	uint8_t first[DECOMPRESS_START];
	size_t first_len = start.n;

	assert_true(slice_copy(&start, first, start.n));
	do {
		size_t room = sizeof unpacked - n;

		got = decompress_read(d, unpacked + n, step < room ? step : room);
		assert_true(n > 0 || got < DECOMPRESS_START || step < DECOMPRESS_START ||
			    (size_t)got >= first_len);
		n += got > 0 ? (size_t)got : 0;
		assert_true(n < sizeof unpacked);
	} while (got > 0);
	assert_int_equal(first_len, n < DECOMPRESS_START ? n : DECOMPRESS_START);
	assert_memory_equal(unpacked, first, first_len);
	*whole = got == 0;
	assert_int_equal(decompress_read(d, unpacked + n, 1), got);
	snprintf(error, error_size, "%s", decompress_error(d) != NULL ? decompress_error(d) : "");
	assert_int_equal(*whole, error[0] == '\0');
	decompress_close(d);
	input_close(input);
	return n;
}

static void
expect_all(struct input *input, size_t step, const uint8_t *bytes, size_t n)
{
	char error[200];
	bool whole;

	assert_int_equal(read_all(input, step, &whole, error, sizeof error), n);
	assert_true(whole);
	assert_memory_equal(unpacked, bytes, n);
}

/* be_stdin moves fd to where stdin is. */
static void
be_stdin(int fd)
{
	if (fd == STDIN_FILENO)
		return;
	dup2(fd, STDIN_FILENO);
	close(fd);
}

static void
drop_stdin(void)
{
	be_stdin(open("/dev/null", O_RDONLY));
}

/* open_stdin opens a pipe that a child fills, a byte at a time at first. */
static struct input *
open_stdin(const uint8_t *bytes, size_t n, pid_t *child)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*child = fork();
	assert_true(*child >= 0);
	if (*child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < n;) {
			ssize_t put = write(ends[1], bytes + at, at < 40 && at < n ? 1 : n - at);

			if (put < 0)
				_exit(1);
			at += (size_t)put;
		}
		_exit(0);
	}
	close(ends[1]);
	be_stdin(ends[0]);

	struct input *input = open_path("-");

	drop_stdin();
	return input;
}

/* ---- what is right ---- */

static void
unpacks_files_of_any_size(void **state)
{
	static const size_t sizes[] = {0,  1,	 3,	4,	23,	24,
				       25, 1000, 65536, 131072, 131073, PLAIN_BYTES};
	static const size_t steps[] = {1, 24, 4096, 300000};

	(void)state;
	for (size_t p = 0; p < PACKERS_AND_PLAIN; p++) {
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
			write_file(packed, packers[p].pack(plain, sizes[i]));
			for (size_t s = sizes[i] > 200000 ? 1 : 0;
			     s < sizeof steps / sizeof steps[0]; s++)
				expect_all(open_path(path), steps[s], plain, sizes[i]);
		}
	}
}

static void
unpacks_pipes(void **state)
{
	(void)state;
	for (size_t p = 0; p < PACKERS_AND_PLAIN; p++) {
		pid_t child;
		size_t n = packers[p].pack(plain, PLAIN_BYTES);

		expect_all(open_stdin(packed, n, &child), 65536, plain, PLAIN_BYTES);
		waitpid(child, NULL, 0);
	}
}

/* cat a.gz b.gz is a gzip file, and so it is with the others. */
static void
unpacks_one_stream_after_another(void **state)
{
	static uint8_t both[PACKED_ROOM];

	(void)state;
	for (size_t p = 0; p < PACKERS; p++) {
		size_t first = packers[p].pack(plain, 200000);

		memcpy(both, packed, first);

		size_t second = packers[p].pack(plain + 200000, PLAIN_BYTES - 200000);

		memcpy(both + first, packed, second);
		write_file(both, first + second);
		expect_all(open_path(path), 65536, plain, PLAIN_BYTES);
	}
}

static void
passes_over_gzip_padding(void **state)
{
	size_t n = pack_gzip(plain, 1000);

	(void)state;
	memset(packed + n, 0, 5000);
	write_file(packed, n + 5000);
	expect_all(open_path(path), 4096, plain, 1000);
}

static void
starts_at_a_skippable_zstd_frame(void **state)
{
	static const uint8_t skippable[] = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
	static uint8_t both[PACKED_ROOM];
	size_t n = pack_zstd(plain, 5000);

	(void)state;
	memcpy(both, skippable, sizeof skippable);
	memcpy(both + sizeof skippable, packed, n);
	write_file(both, sizeof skippable + n);
	expect_all(open_path(path), 4096, plain, 5000);
}

/* ---- what is wrong ---- */

/* All that can be unpacked stands before the cut, byte for byte. */
static void
says_where_packed_data_end_too_early(void **state)
{
	(void)state;
	for (size_t p = 0; p < PACKERS; p++) {
		size_t n = packers[p].pack(plain, 3000);

		for (size_t cut = 5; cut < n; cut++) {
			char error[200], expected[200];
			bool whole;

			write_file(packed, cut);

			size_t got = read_all(open_path(path), 4096, &whole, error, sizeof error);

			assert_false(whole);
			assert_true(got <= 3000);
			assert_memory_equal(unpacked, plain, got);
			snprintf(expected, sizeof expected,
				 "its %s data cannot be unpacked at byte %zu: the file ends too "
				 "early",
				 packers[p].name, cut);
			assert_string_equal(error, expected);
		}
	}
}

static void
finds_damage_anywhere(void **state)
{
	(void)state;
	for (size_t p = 0; p < PACKERS; p++) {
		size_t n = packers[p].pack(plain, 3000);

		/* A gzip header has bytes that mean nothing here: time, system. */
		for (size_t at = packers[p].pack == pack_gzip ? 10 : 4; at < n; at++) {
			char error[200];
			bool whole;

			packed[at] ^= 0x10;
			write_file(packed, n);
			packed[at] ^= 0x10;

			size_t got = read_all(open_path(path), 4096, &whole, error, sizeof error);

			/* The last byte of deflated bits has some that mean nothing. */
			if (whole && (got != 3000 || memcmp(unpacked, plain, got) != 0))
				fail_msg("%s: damage at byte %zu goes unseen", packers[p].name, at);
			assert_true(whole || strstr(error, packers[p].name) != NULL);
		}
	}
}

/* Damage costs no more than a cut at the same place would: the blocks before it are given. */
static void
gives_what_stands_before_damage(void **state)
{
	(void)state;
	for (size_t p = 0; p < PACKERS; p++) {
		size_t n = packers[p].pack(plain, PLAIN_BYTES);
		size_t at = n - n / 4;
		char error[200];
		bool whole;

		write_file(packed, at);

		size_t before = read_all(open_path(path), 300000, &whole, error, sizeof error);

		assert_in_range(before, PLAIN_BYTES / 2, PLAIN_BYTES);
		memset(packed + at, 0xff, 64);
		write_file(packed, n);
		assert_true(read_all(open_path(path), 300000, &whole, error, sizeof error) >=
			    before);
		assert_false(whole);
		assert_memory_equal(unpacked, plain, before);
	}
}

/* All of the frames are there, only the checksum at the end is wrong. */
static void
gives_all_before_a_wrong_checksum(void **state)
{
	(void)state;
	for (size_t p = 0; p < PACKERS; p++) {
		size_t n = packers[p].pack(plain, PLAIN_BYTES);
		char error[200];
		bool whole;

		packed[n - 5] ^= packers[p].pack == pack_gzip;
		packed[n - 1] ^= packers[p].pack != pack_gzip;
		write_file(packed, n);
		assert_int_equal(read_all(open_path(path), 300000, &whole, error, sizeof error),
				 PLAIN_BYTES);
		assert_false(whole);
		assert_memory_equal(unpacked, plain, PLAIN_BYTES);
	}
}

static void
refuses_what_follows_gzip(void **state)
{
	size_t n = pack_gzip(plain, 1000);
	char error[200];
	bool whole;

	(void)state;
	memcpy(packed + n, "something else", 14);
	write_file(packed, n + 14);
	assert_int_equal(read_all(open_path(path), 4096, &whole, error, sizeof error), 1000);
	assert_false(whole);
	assert_non_null(strstr(error, "incorrect header check"));
}

/* A frame header that asks for 256 MiB of window. */
static void
limits_the_zstd_window(void **state)
{
	static const uint8_t frame[] = {0x28, 0xb5, 0x2f, 0xfd, 0, (28 - 10) << 3, 1, 0, 0};
	char error[200];
	bool whole;

	(void)state;
	assert_int_equal(LIMIT_ZSTD_WINDOW_LOG, 27);
	write_file(frame, sizeof frame);
	assert_int_equal(read_all(open_path(path), 4096, &whole, error, sizeof error), 0);
	assert_non_null(strstr(error, "memory"));
}

static void
expect_no_input(const char *name, const char *sentence)
{
	char err[200] = "";

	assert_null(input_open(name, &stop, err, sizeof err));
	assert_string_equal(err, sentence);
}

static void
says_why_a_file_cannot_be_opened(void **state)
{
	char sentence[200];

	(void)state;
	expect_no_input("/nonexistent", "/nonexistent: no such file");
	snprintf(sentence, sizeof sentence, "%s: a directory; name the capture files in it",
		 folder);
	expect_no_input(folder, sentence);
	snprintf(sentence, sizeof sentence,
		 "%s: permission denied; read it as its owner or with sudo", path);
	write_file(plain, 10);
	assert_int_equal(chmod(path, 0), 0);
	if (geteuid() == 0) {
		assert_int_equal(chmod(folder, 0755), 0);
		assert_int_equal(seteuid(65534), 0);
		expect_no_input(path, sentence);
		assert_int_equal(seteuid(0), 0);
	} else {
		expect_no_input(path, sentence);
	}
	assert_int_equal(chmod(path, 0600), 0);
}

static void
wants_no_terminal(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	(void)state;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		skip();
	be_stdin(open(ptsname(master), O_RDWR | O_NOCTTY));
	expect_no_input(
		"-",
		"stdin: a terminal, no capture; tcpdump -U -w - | handspan - reads from a pipe");
	drop_stdin();
	close(master);
}

static void
says_that_a_read_failed(void **state)
{
	char error[200];
	bool whole;

	(void)state;
	/* A file that opens and does not read: this process' memory at 0. */
	assert_int_equal(read_all(open_path("/proc/self/mem"), 100, &whole, error, sizeof error),
			 0);
	assert_string_equal(error, "cannot be read at byte 0: Input/output error");
}

static bool
is_input(const struct input *input, const char *name)
{
	int fd = open(name, O_RDONLY);
	bool is = input_is(input, fd);

	assert_true(fd >= 0);
	close(fd);
	return is;
}

static void
knows_its_file_under_other_names(void **state)
{
	char other[sizeof path + 2];
	struct input *input;

	(void)state;
	snprintf(other, sizeof other, "%s.2", path);
	write_file(plain, 10);
	assert_int_equal(link(path, other), 0);
	input = open_path(path);
	assert_true(is_input(input, path));
	assert_true(is_input(input, other));
	assert_false(is_input(input, folder));
	assert_false(input_is(input, -1));
	input_close(input);
	unlink(other);
}

/* ---- stopping ---- */

static void
set_stop(int signal)
{
	(void)signal;
	stop = 1;
}

/* A pipe says nothing; the signal's handler restarts system calls. It must end all the same. */
static void
stops_waiting_for_a_silent_pipe(void **state)
{
	struct sigaction action = {.sa_handler = set_stop, .sa_flags = SA_RESTART};
	uint8_t byte;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], plain, DECOMPRESS_START), DECOMPRESS_START);
	be_stdin(ends[0]);
	sigaction(SIGALRM, &action, NULL);

	struct input *input = open_path("-");
	struct decompress *d = decompress_open(input);

	assert_int_equal(decompress_read(d, unpacked, 100), DECOMPRESS_START);
	alarm(1);
	assert_int_equal(decompress_read(d, &byte, 1), 0);
	assert_true(stop);
	decompress_close(d);
	input_close(input);
	drop_stdin();
	close(ends[1]);
	stop = 0;
}

/* ---- memory ---- */

static void
stands_without_memory(void **state)
{
	char err[200] = "";

	(void)state;
	write_file(packed, pack_gzip(plain, 10));
	allocations_fail(1);
	assert_null(input_open(path, &stop, err, sizeof err));
	assert_true(allocations_failed());
	assert_non_null(strstr(err, "out of memory"));

	struct input *input = open_path(path);

	allocations_fail(1);
	assert_null(decompress_open(input));
	assert_true(allocations_failed());
	input_close(input);
}

static int
set_up(void **state)
{
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < PLAIN_BYTES; i++) {
		x = x * 1103515245 + 12345;
		plain[i] = i / 1000 % 2 == 0 ? (uint8_t)(x >> 16) : (uint8_t)(i / 100);
	}
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/input", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_files_of_any_size),
		cmocka_unit_test(unpacks_pipes),
		cmocka_unit_test(unpacks_one_stream_after_another),
		cmocka_unit_test(passes_over_gzip_padding),
		cmocka_unit_test(starts_at_a_skippable_zstd_frame),
		cmocka_unit_test(says_where_packed_data_end_too_early),
		cmocka_unit_test(finds_damage_anywhere),
		cmocka_unit_test(gives_what_stands_before_damage),
		cmocka_unit_test(gives_all_before_a_wrong_checksum),
		cmocka_unit_test(refuses_what_follows_gzip),
		cmocka_unit_test(limits_the_zstd_window),
		cmocka_unit_test(says_why_a_file_cannot_be_opened),
		cmocka_unit_test(wants_no_terminal),
		cmocka_unit_test(says_that_a_read_failed),
		cmocka_unit_test(knows_its_file_under_other_names),
		cmocka_unit_test(stops_waiting_for_a_silent_pipe),
		cmocka_unit_test(stands_without_memory),
	};

	return cmocka_run_group_tests_name("decompress", tests, set_up, tear_down);
}
