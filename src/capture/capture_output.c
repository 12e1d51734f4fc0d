/* Which frames are written where: all of them to what write_to names, those that matter to what
 * save_to names. */
#include "capture_room.h"

static bool
open_output(struct capture *c, const struct output_plan *plan, struct output **output, char *err,
	    size_t err_size)
{
	const struct output_form form = {
		.linktype = c->linktype, .snaplen = c->snaplen, .counts_ns = c->counts_ns};

	if (plan->path == NULL)
		return true;
	*output = output_open(plan, &form, c->input, err, err_size);
	return *output != NULL;
}

bool
capture_output_open(struct capture *c, char *err, size_t err_size)
{
	const struct capture_options *o = &c->options;
	const struct output_plan written = {.path = o->write_to,
					    .most_bytes = o->file_bytes,
					    .every_seconds = o->file_seconds,
					    .files = o->files,
					    .owner = o->owner,
					    .complain = o->complain};
	const struct output_plan saved = {
		.path = o->save_to, .owner = o->owner, .complain = o->complain};

	return open_output(c, &written, &c->written, err, err_size) &&
	       open_output(c, &saved, &c->saved, err, err_size);
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

void
capture_directories(const struct capture *c, int *write_to, int *save_to)
{
	*write_to = c->written != NULL ? output_directory(c->written) : -1;
	*save_to = c->saved != NULL ? output_directory(c->saved) : -1;
}

void
capture_output_close(struct capture *c)
{
	output_close(c->written);
	output_close(c->saved);
}
