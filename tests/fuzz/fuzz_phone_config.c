/* Phones' configurations, signed ones too, of any bytes. */
#include "tests/config_of_file.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
must_be_sound(const struct phone_config *config)
{
	must_be_printable(config->load);
	if (config->n_urls > LIMIT_URLS || config->n_hashes > LIMIT_HASHES)
		abort();
	for (size_t i = 0; i < config->n_urls; i++) {
		must_be_printable(config->urls[i].text);
		must_be_printable(config->urls[i].host);
	}
	for (size_t i = 0; i < config->n_hashes; i++) {
		must_be_printable(config->hashes[i].text);
		if ((config->hashes[i].form == HASH_BAD) != (config->hashes[i].hash.n == 0))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char err[256] = "";
	struct phone_config *config =
		config_of_bytes(slice_of(bytes, n), "fuzz.xml", err, sizeof(err));

	if ((config == NULL) == (err[0] == '\0'))
		abort();
	must_be_printable(err);
	if (config != NULL)
		must_be_sound(config);
	phone_config_free(config);
	return 0;
}
