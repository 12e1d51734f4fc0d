/* pcap files, written as libpcap writes them: in this machine's byte order. */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define US_PER_SECOND 1000000
#define NS_PER_US 1000

/* libpcap's own most, its MAXIMUM_SNAPLEN: it refuses files that claim more, or frames that have
 * it. */
#define SNAPLEN_MOST 262144

#define MAGIC_US 0xa1b2c3d4
#define MAGIC_NS 0xa1b23c4d

struct file_header {
	uint32_t magic;
	uint16_t version_major, version_minor;
	uint32_t zone, accuracy; /* 0, nobody writes anything else */
	uint32_t snaplen;
	uint32_t linktype;
};

struct frame_header {
	uint32_t seconds, fraction;
	uint32_t captured, len;
};

static bool
put(struct output_file *file, const void *bytes, size_t n)
{
	file->bytes += n;
	return n == 0 || fwrite(bytes, n, 1, file->stream) == 1;
}

/* part_name is what the file is called while it is under way. */
static struct output_name
part_name(const struct output_name *name)
{
	struct output_name part = *name;

	strncat(part.text, OUTPUT_PART, sizeof part.text - strlen(part.text) - 1);
	return part;
}

bool
output_file_adopt(struct output_file *file, int fd, const struct output_form *form, char *buffer)
{
	const struct file_header header = {
		.magic = form->counts_ns ? MAGIC_NS : MAGIC_US,
		.version_major = 2,
		.version_minor = 4,
		.snaplen = form->snaplen > 0 && form->snaplen < SNAPLEN_MOST ? form->snaplen
									    : SNAPLEN_MOST,
		.linktype = form->linktype,
	};

	*file = (struct output_file){.stream = fdopen(fd, "w"), .directory = -1};
	if (file->stream == NULL) {
		close(fd);
		errno = ENOMEM;
		return false;
	}
	setvbuf(file->stream, buffer, _IOFBF, OUTPUT_BUFFER);
	return put(file, &header, sizeof header);
}

bool
output_file_begin(struct output_file *file, int directory, const struct output_name *name,
		  const struct output_form *form, char *buffer)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	const mode_t mode = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
	struct output_name part = part_name(name);
	int fd = openat(directory, part.text, flags, mode);

	if (fd < 0 && errno == EEXIST && unlinkat(directory, part.text, 0) == 0)
		fd = openat(directory, part.text, flags, mode);
	if (fd < 0 || !output_file_adopt(file, fd, form, buffer))
		return false;
	file->directory = directory;
	file->name = *name;
	return true;
}

bool
output_file_write(struct output_file *file, const struct output_form *form,
		  const struct frame *frame)
{
	int64_t us = frame->when.us % US_PER_SECOND;
	int64_t seconds = frame->when.us / US_PER_SECOND;
	struct slice bytes = slice_first(frame->bytes, SNAPLEN_MOST);

	if (us < 0) {
		us += US_PER_SECOND;
		seconds--;
	}

	const struct frame_header header = {
		.seconds = (uint32_t)seconds,
		.fraction = (uint32_t)(form->counts_ns ? us * NS_PER_US + frame->ns : us),
		.captured = (uint32_t)bytes.n,
		.len = (uint32_t)frame->wire_len,
	};

	file->frames++;
	return put(file, &header, sizeof header) && put(file, bytes.p, bytes.n);
}

bool
output_file_flush(struct output_file *file)
{
	return fflush(file->stream) == 0;
}

bool
output_file_end(struct output_file *file)
{
	FILE *stream = file->stream;

	file->stream = NULL;
	return fclose(stream) == 0;
}

bool
output_file_rename(const struct output_file *file)
{
	struct output_name part = part_name(&file->name);

	return file->directory < 0 ||
	       renameat(file->directory, part.text, file->directory, file->name.text) == 0;
}
