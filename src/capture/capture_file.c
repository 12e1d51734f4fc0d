/* Capture files: pcap by savefile.c, pcapng by pcapng.c, snoop by snoop.c, all out of what packed them. */
#include "capture_room.h"

#include <inttypes.h>
#include <stdio.h>

#include "dissectors/link.h"
#include "foreign.h"

/* reason gives why a file cannot be read: damage to what packed it explains all else. */
static const char *
reason(const struct capture *c, const char *reader_error)
{
	const char *unpack_error = decompress_error(c->unpacked);

	return unpack_error != NULL ? unpack_error : reader_error;
}

static enum capture_status
cut_file(struct capture *c, const char *reader_error)
{
	c->out_of_memory = c->ahead.out_of_memory;
	if (c->stop)
		return c->status = CAPTURE_END;
	return capture_cut(c, "after frame %" PRIu64 ", %s", c->frames, reason(c, reader_error));
}

static ssize_t
read_unpacked(void *arg, void *to, size_t n)
{
	return decompress_read(arg, to, n);
}

static bool
start_savefile(struct capture *c, char *why, size_t why_size)
{
	struct savefile_form form;

	c->savefile = savefile_open(&c->ahead, why, why_size);
	if (c->savefile == NULL)
		return false;
	form = savefile_form(c->savefile);
	c->linktype = form.linktype;
	c->snaplen = form.snaplen;
	c->counts_ns = form.counts_ns;
	return true;
}

static bool
start_pcapng(struct capture *c, char *why, size_t why_size)
{
	c->pcapng = pcapng_open(&c->ahead, why, why_size);
	if (c->pcapng == NULL)
		return false;
	c->status = pcapng_next(c->pcapng, &c->first);
	if (c->status == CAPTURE_FRAME)
		c->linktype = c->first.linktype;
	else if (c->status == CAPTURE_CUT)
		cut_file(c, pcapng_error(c->pcapng));
	c->snaplen = pcapng_form(c->pcapng).snaplen;
	c->counts_ns = pcapng_form(c->pcapng).counts_ns;
	return true;
}

static bool
start_snoop(struct capture *c, char *why, size_t why_size)
{
	c->snoop = snoop_open(&c->ahead, why, why_size);
	c->linktype = LINKTYPE_ETHERNET;
	return c->snoop != NULL;
}

static const struct format {
	bool (*is)(struct slice start);
	bool (*start)(struct capture *c, char *why, size_t why_size);
} formats[] = {
	{savefile_is, start_savefile},
	{pcapng_is, start_pcapng},
	{snoop_is, start_snoop},
};

/* start_format starts to read what the first bytes say the file is. */
static bool
start_format(struct capture *c, char *err, size_t err_size)
{
	struct slice start = decompress_start(c->unpacked);
	char why[sizeof c->error / 2];

	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (!formats[i].is(start))
			continue;
		if (formats[i].start(c, why, sizeof why))
			return true;
		snprintf(err, err_size, "%s: %s", c->name, reason(c, why));
		return false;
	}
	if (start.n == 0)
		snprintf(err, err_size, "%s: %s", c->name, reason(c, "empty file, no capture"));
	else
		foreign_explain(c->name, start, err, err_size);
	return false;
}

bool
capture_file_open(struct capture *c, const char *path, char *err, size_t err_size)
{
	c->input = input_open(path, &c->stop, err, err_size);
	if (c->input == NULL)
		return false;
	c->unpacked = decompress_open(c->input);
	if (c->unpacked == NULL ||
	    !ahead_start(&c->ahead, (struct ahead_source){.read = read_unpacked, .arg = c->unpacked})) {
		snprintf(err, err_size, "%s: out of memory", c->name);
		return false;
	}
	return start_format(c, err, err_size) &&
	       (c->options.filter == NULL || capture_filter_open(c, err, err_size)) &&
	       capture_output_open(c, err, err_size);
}

static enum capture_status
next_pcapng(struct capture *c, struct frame *out)
{
	if (c->first.when.frame == 0)
		return pcapng_next(c->pcapng, out);
	*out = c->first;
	c->first.when.frame = 0;
	return c->status;
}

static const char *
reader_error(const struct capture *c)
{
	if (c->savefile != NULL)
		return savefile_error(c->savefile);
	return c->pcapng != NULL ? pcapng_error(c->pcapng) : snoop_error(c->snoop);
}

enum capture_status
capture_file_next(struct capture *c, struct frame *out)
{
	if (c->savefile != NULL)
		c->status = savefile_next(c->savefile, out);
	else
		c->status = c->pcapng != NULL ? next_pcapng(c, out) : snoop_next(c->snoop, out);
	if (c->status == CAPTURE_CUT)
		return cut_file(c, reader_error(c));
	if (c->status == CAPTURE_FRAME)
		c->frames = out->when.frame;
	return c->status;
}
