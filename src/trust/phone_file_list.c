/* The records of a trust list. */
#include <stdlib.h>
#include <string.h>

#include "dissectors/trust_list.h"
#include "hash.h"
#include "limit.h"
#include "phone_file_room.h"

static bool
keep_certificate(const struct trust_record *from, struct list_record *record, struct cert_store *certs)
{
	struct slice hash = from->hash;

	if (from->certificate.n > 0 && certs != NULL) {
		record->cert = cert_store_get(certs, from->certificate);
		return record->cert != NULL;
	}
	if (hash.n <= sizeof(record->hash)) {
		record->hash_len = hash.n;
		slice_copy(&hash, record->hash, hash.n);
	}
	return true;
}

static bool
keep_record(const struct trust_record *from, struct list_record *record, struct cert_store *certs)
{
	record->has_role = from->has_role;
	record->role = from->role;
	record->has_ip = from->has_ip;
	record->ip = from->ip;
	record->odd_address = from->odd_address;
	return keep_text(from->dns_name, &record->dns_name) && keep_text(from->subject, &record->subject) &&
	       keep_text(from->issuer, &record->issuer) && keep_serial(from->serial, &record->serial) &&
	       keep_certificate(from, record, certs);
}

static bool
add_record(struct phone_file *file, const struct trust_record *from, struct cert_store *certs)
{
	struct list_record *longer;

	if (file->n_records == LIMIT_LIST_RECORDS)
		return true;
	longer = realloc(file->records, (file->n_records + 1) * sizeof(*longer));
	if (longer == NULL)
		return false;
	file->records = longer;
	longer[file->n_records] = (struct list_record){.has_role = false};
	return keep_record(from, &longer[file->n_records++], certs);
}

bool
records_read(struct phone_file *file, struct slice list, struct cert_store *certs)
{
	struct trust_record record;
	struct dis_at at;
	enum dis answer = DIS_OK;

	while (answer == DIS_OK && list.n > 0) {
		answer = trust_list_next(&list, &record, &at);
		if (answer == DIS_OK && !add_record(file, &record, certs))
			return false;
	}
	file->cut |= answer == DIS_MORE;
	if (answer == DIS_BAD && file->broken == NULL)
		file->broken = at.field;
	return true;
}

void
records_free(struct phone_file *file)
{
	for (size_t i = 0; i < file->n_records; i++) {
		struct list_record *record = &file->records[i];

		free(record->dns_name);
		free(record->subject);
		free(record->issuer);
		free(record->serial);
		cert_unref(record->cert);
	}
	free(file->records);
}

size_t
records_weight(const struct phone_file *file)
{
	size_t weight = file->n_records * sizeof(*file->records);

	for (size_t i = 0; i < file->n_records; i++) {
		const struct list_record *record = &file->records[i];

		weight += kept_size(record->dns_name) + kept_size(record->subject) + kept_size(record->issuer) +
			  kept_size(record->serial);
	}
	return weight;
}

/* is_of says whether a record is of a certificate. */
static bool
is_of(const struct list_record *record, const struct cert *cert)
{
	struct hash hash = {.n = record->hash_len};

	if (record->cert != NULL)
		return memcmp(record->cert->sha256, cert->sha256, SHA256_SIZE) == 0;
	memcpy(hash.bytes, record->hash, record->hash_len);
	return hash_fits(&hash, cert);
}

bool
phone_file_lists(const struct phone_file *list, const struct cert *cert)
{
	for (size_t i = 0; i < list->n_records; i++)
		if (is_of(&list->records[i], cert))
			return true;
	return false;
}
