/* Frames from files and interfaces: what both have in common. */
#include "capture_room.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dissectors/link.h"

enum capture_status
capture_cut(struct capture *c, const char *format, ...)
{
	char why[sizeof c->error / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	snprintf(c->error, sizeof c->error, "%s: %s", c->name, why);
	return c->status = CAPTURE_CUT;
}

static struct capture *
capture_new(const char *name, const struct capture_options *options, char *err, size_t err_size)
{
	struct capture *c = calloc(1, sizeof *c);

	if (c == NULL) {
		snprintf(err, err_size, "%s: out of memory", name);
		return NULL;
	}
	c->name = name;
	c->options = *options;
	c->linktype = LINKTYPE_ETHERNET;
	return c;
}

struct capture *
capture_open_file(const char *path, const struct capture_options *options, char *err,
		  size_t err_size)
{
	struct capture *c = capture_new(input_name(path), options, err, err_size);

	if (c == NULL || capture_file_open(c, path, err, err_size))
		return c;
	capture_close(c);
	return NULL;
}

struct capture *
capture_open_live(const char *const *interfaces, size_t n, const struct capture_options *options, char *err,
		  size_t err_size)
{
	struct capture *c = capture_new(interfaces[0], options, err, err_size);

	if (c == NULL || capture_live_open(c, interfaces, n, NULL, err, err_size))
		return c;
	capture_close(c);
	return NULL;
}

bool
capture_open_shared(const char *const *interfaces, size_t n_interfaces, const struct capture_options *options,
		    struct capture **out, unsigned n, char *err, size_t err_size)
{
	int groups[LIMIT_CAPTURED] = {0};
	bool good = true;

	for (unsigned i = 0; i < n; i++) {
		out[i] = good ? capture_new(interfaces[0], options, err, err_size) : NULL;
		good = out[i] != NULL && capture_live_open(out[i], interfaces, n_interfaces, groups, err, err_size);
	}
	if (good)
		capture_live_begin(out, n);
	for (unsigned i = 0; !good && i < n; i++) {
		capture_close(out[i]);
		out[i] = NULL;
	}
	return good;
}

enum capture_status
capture_next(struct capture *c, struct frame *out)
{
	enum capture_status status = c->status;
	bool more = status == CAPTURE_FRAME;

	while (more) {
		if (c->stop && c->live == NULL)
			status = c->status = CAPTURE_END;
		else
			status = c->live != NULL ? capture_live_next(c, out) : capture_file_next(c, out);
		more = status == CAPTURE_FRAME && c->filters != NULL && !capture_filter_passes(c, out);
	}
	if (status == CAPTURE_FRAME && c->written != NULL)
		return capture_output_write(c, out);
	if (status == CAPTURE_AGAIN)
		capture_output_flush(c);
	return status;
}

void
capture_stop(struct capture *c)
{
	c->stop = 1;
}

const char *
capture_error(const struct capture *c)
{
	return c->error;
}

bool
capture_out_of_memory(const struct capture *c)
{
	return c->out_of_memory;
}

bool
capture_lost(const struct capture *c)
{
	return c->lost;
}

void
capture_heard_by(struct capture *c, void (*heard)(void *arg, const char *sentence, bool own), void *arg)
{
	c->heard = heard;
	c->heard_arg = arg;
}

const char *
capture_name(const struct capture *c)
{
	return c->name;
}

void
capture_drops(struct capture *c, struct drops *out)
{
	if (c->live != NULL)
		*out = *capture_live_drops(c);
	else
		*out = (struct drops){.kernel = c->snoop != NULL ? snoop_drops(c->snoop) : 0};
}

void
capture_bytes(const struct capture *c, uint64_t *read, uint64_t *size)
{
	*read = c->input != NULL ? input_offset(c->input) : 0;
	*size = c->input != NULL ? input_size(c->input) : 0;
}

void
capture_close(struct capture *c)
{
	if (c == NULL)
		return;
	capture_outputs_close(c->own_outputs);
	capture_filters_free(c->own_filters);
	savefile_close(c->savefile);
	pcapng_close(c->pcapng);
	snoop_close(c->snoop);
	capture_live_close(c);
	ahead_end(&c->ahead);
	decompress_close(c->unpacked);
	input_close(c->input);
	free(c);
}
