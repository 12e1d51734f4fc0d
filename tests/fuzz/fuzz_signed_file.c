/* Headers of signed files, of any bytes. */
#include <stdlib.h>

#include "dissectors/signed_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* must_lie_in: a slice that is there is a part of the file. */
static void
must_lie_in(struct slice file, struct slice part)
{
	if (part.n > 0 && (part.p < file.p || part.n > file.n || part.p > file.p + (file.n - part.n)))
		abort();
}

static void
must_be_sound(struct slice file, const struct signed_file *out)
{
	const struct slice parts[] = {out->signer_name, out->signer_serial, out->signer_issuer, out->signature,
				      out->before,	out->behind,	    out->file_name,	out->iv,
				      out->wrapped_key, out->body};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		must_lie_in(file, parts[i]);
	if (out->signature.n > 0 && out->before.n + 3 + out->signature.n + out->behind.n != file.n)
		abort();
	if (out->body.n > 0 && out->body.n + out->header_length != file.n)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice file = slice_of(bytes, n);
	struct signed_file out;
	struct dis_at at = {0};
	enum dis opens = signed_file_opens(file), answer = signed_file_dissect(file, &out, &at);

	if (opens != DIS_OK && answer != opens)
		abort();
	if (answer != DIS_OK && (at.field == NULL || at.off > n))
		abort();
	if (answer == DIS_MORE && opens == DIS_OK && n >= out.header_length)
		abort();
	must_be_sound(file, &out);
	return 0;
}
