/* Which frames are written where: all of them to what write_to names, those that matter to what
 * save_to names. */
#include "capture_room.h"

#include <stdlib.h>

struct capture_outputs {
	struct output *written, *saved; /* NULL: there is none */
};

/* open_output opens one where a plan names one. */
static bool
open_output(const struct output_plan *plan, struct output **output, char *err, size_t err_size)
{
	*output = plan->path != NULL ? output_open(plan, err, err_size) : NULL;
	return plan->path == NULL || *output != NULL;
}

struct capture_outputs *
capture_outputs_open(const struct capture_options *o, char *err, size_t err_size)
{
	const struct output_plan written = {.path = o->write_to,
					    .most_bytes = o->file_bytes,
					    .every_seconds = o->file_seconds,
					    .files = o->files,
					    .owner = o->owner,
					    .complain = o->complain};
	const struct output_plan saved = {
		.path = o->save_to, .owner = o->owner, .complain = o->complain};
	struct capture_outputs *outputs = calloc(1, sizeof *outputs);

	if (outputs == NULL)
		snprintf(err, err_size, "%s: out of memory", o->write_to != NULL ? o->write_to : o->save_to);
	else if (open_output(&written, &outputs->written, err, err_size) &&
		 open_output(&saved, &outputs->saved, err, err_size))
		return outputs;
	capture_outputs_close(outputs);
	return NULL;
}

size_t
capture_outputs_directories(const struct capture_outputs *outputs, int out[2])
{
	const struct output *const all[] = {outputs->written, outputs->saved};
	size_t n = 0;

	for (size_t i = 0; i < 2; i++) {
		if (all[i] != NULL && output_directory(all[i]) >= 0)
			out[n++] = output_directory(all[i]);
	}
	return n;
}

void
capture_outputs_close(struct capture_outputs *outputs)
{
	if (outputs == NULL)
		return;
	output_close(outputs->written);
	output_close(outputs->saved);
	free(outputs);
}

static bool
begin(const struct capture *c, struct output *output, char *err, size_t err_size)
{
	const struct output_form form = {
		.linktype = c->linktype, .snaplen = c->snaplen, .counts_ns = c->counts_ns};

	return output == NULL || output_begin(output, &form, c->input, err, err_size);
}

bool
capture_output_open(struct capture *c, char *err, size_t err_size)
{
	const struct capture_outputs *outputs = c->options.outputs;

	if (outputs == NULL && c->options.write_to == NULL && c->options.save_to == NULL)
		return true;
	if (outputs == NULL)
		outputs = c->own_outputs = capture_outputs_open(&c->options, err, err_size);
	if (outputs == NULL)
		return false;
	c->written = outputs->written;
	c->saved = outputs->saved;
	return begin(c, c->written, err, err_size) && begin(c, c->saved, err, err_size);
}

enum capture_status
capture_output_write(struct capture *c, const struct frame *frame)
{
	if (!output_write(c->written, frame))
		c->status = CAPTURE_END;
	return c->status;
}

/* keep_last keeps the frame that may turn out to be the last one. */
static void
keep_last(struct capture *c, const struct frame *frame)
{
	struct slice start = slice_first(frame->bytes, sizeof c->last_bytes);

	c->last = *frame;
	c->last.bytes = slice_of(c->last_bytes, start.n);
	slice_copy(&start, c->last_bytes, start.n);
}

static void
save_last(struct capture *c)
{
	if (c->last.when.frame != 0)
		output_write(c->saved, &c->last);
	c->last.when.frame = 0;
}

void
capture_save(struct capture *c, const struct frame *frame, bool matters)
{
	if (c->saved == NULL)
		return;
	if (!matters) {
		keep_last(c, frame);
		return;
	}
	c->last.when.frame = 0;
	output_write(c->saved, frame);
}

void
capture_output_flush(struct capture *c)
{
	if (c->written != NULL)
		output_flush(c->written);
	if (c->saved != NULL)
		output_flush(c->saved);
}

void
capture_rotate(struct capture *c)
{
	if (c->written != NULL)
		output_rotate(c->written);
	if (c->saved == NULL)
		return;
	save_last(c);
	output_rotate(c->saved);
}

bool
capture_finish(struct capture *c)
{
	bool written = c->written == NULL || output_finish(c->written);

	if (c->saved == NULL)
		return written;
	save_last(c);
	return output_finish(c->saved) && written;
}
