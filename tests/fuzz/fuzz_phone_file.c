/* Files that phones download, of any bytes: the first one chooses the name. */
#include <openssl/err.h>

#include "src/trust/phone_file.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const names[] = {
	"CTLFile.tlv", "ITLSEP001122334455.tlv", "SEP001122334455.cnf.xml.sgn", "SEP001122334455.cnf.xml.enc",
	"download",
};

static void
must_be_sound_list(const struct phone_file *file)
{
	if (file->n_records > LIMIT_LIST_RECORDS || (file->n_records > 0 && !phone_file_is_list(file)))
		abort();
	for (size_t i = 0; i < file->n_records; i++) {
		const struct list_record *record = &file->records[i];

		must_be_printable(record->dns_name);
		must_be_printable(record->subject);
		must_be_printable(record->issuer);
		must_be_printable(record->serial);
		if (record->cert != NULL && !phone_file_lists(file, record->cert))
			abort();
	}
}

static void
must_be_sound(const struct phone_file *file, size_t n)
{
	must_be_printable(file->seal.signer);
	must_be_printable(file->seal.signer_issuer);
	must_be_printable(file->seal.signer_serial);
	must_be_printable(file->seal.file_name);
	must_be_printable(file->config_error);
	must_be_sound_list(file);
	if (file->n != n || phone_file_weight(file) < n + sizeof(*file))
		abort();
	if (file->config != NULL && (file->kind != PHONE_FILE_CONFIG || file->config_error != NULL))
		abort();
	if (file->broken != NULL && file->cut && file->seal_state == SEAL_NONE)
		abort();
	if ((file->verified_by != NULL) != (file->seal_state == SEAL_GOOD || file->seal_state == SEAL_BAD))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice input = slice_of(bytes, n);
	struct cert_store *store = cert_store_new(0);
	struct phone_file *file;
	uint8_t name = 0;

	slice_u8(&input, &name);
	file = phone_file_read(names[name % (sizeof(names) / sizeof(names[0]))], input, store);
	if (store == NULL || file == NULL || !phone_file_verify(file, file) || ERR_peek_error() != 0)
		abort();
	must_be_sound(file, input.n);
	phone_file_free(file);
	cert_store_free(store);
	return 0;
}
