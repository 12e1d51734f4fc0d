/* The header of a signed file, and who signed it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissectors/trust_list.h"
#include "limit.h"
#include "phone_file_room.h"
#include "signature.h"

#define ENCRYPTED_MAJOR 2 /* header version of .enc.sgn; .sgn and trust lists have 1 */

bool
seal_read(struct phone_file *file, struct slice *body)
{
	struct seal *seal = &file->seal;
	struct signed_file header;
	struct dis_at at;
	enum dis answer = signed_file_dissect(*body, &header, &at);

	file->seal_state = SEAL_UNVERIFIED;
	file->cut = answer == DIS_MORE;
	file->broken = answer == DIS_BAD ? at.field : NULL;
	*body = header.body;
	seal->major = header.major;
	seal->minor = header.minor;
	seal->header_length = header.header_length;
	seal->signer_major = header.signer_major;
	seal->signer_minor = header.signer_minor;
	seal->digest = header.digest;
	seal->key_bits = (unsigned)header.signature.n * 8;
	seal->has_time = header.has_time;
	seal->time = header.time;
	seal->encrypted = header.encrypted || header.major == ENCRYPTED_MAJOR;
	return keep_text(header.signer_name, &seal->signer) && keep_text(header.signer_issuer, &seal->signer_issuer) &&
	       keep_serial(header.signer_serial, &seal->signer_serial) &&
	       keep_text(header.file_name, &seal->file_name);
}

void
seal_free(struct seal *seal)
{
	free(seal->signer);
	free(seal->signer_issuer);
	free(seal->signer_serial);
	free(seal->file_name);
}

size_t
seal_weight(const struct seal *seal)
{
	return kept_size(seal->signer) + kept_size(seal->signer_issuer) + kept_size(seal->signer_serial) +
	       kept_size(seal->file_name);
}

/* ---- who signed it ---- */

/* A signature on its way through the records of a list. */
struct search {
	struct phone_file *file;
	const struct phone_file *list;
	struct signed_file header;
	unsigned tried;
	size_t wrong; /* the first record that is the signer's and does not fit, counted from 1; 0: none */
};

/* signs_such says whether a record's role is to sign files like this one. */
static bool
signs_such(const struct phone_file *file, const struct list_record *record)
{
	if (!record->has_role)
		return false;
	if (phone_file_is_list(file))
		return record->role == ROLE_SAST;
	return record->role == ROLE_TFTP || record->role == ROLE_CCM_TFTP;
}

static bool
is_serial(const char *serial, const char *of_signer)
{
	return serial != NULL && strcmp(serial, of_signer) == 0;
}

/* may_be_signer says whether a record can be the signer's. */
static bool
may_be_signer(const struct phone_file *file, const struct list_record *record)
{
	const char *serial = file->seal.signer_serial;

	if (record->cert == NULL)
		return false;
	if (serial == NULL)
		return signs_such(file, record);
	return is_serial(record->cert->serial, serial) || is_serial(record->serial, serial);
}

/* settle says whose record decided. */
static bool
settle(struct search *search, enum seal_state state, size_t number)
{
	const struct list_record *record = &search->list->records[number - 1];
	const char *role = record->has_role ? trust_role_name(record->role) : NULL;
	char *by;
	int n;

	if (role != NULL)
		n = asprintf(&by, "record %zu (%s) of %s", number, role, search->list->name);
	else if (record->has_role)
		n = asprintf(&by, "record %zu (role %u) of %s", number, record->role, search->list->name);
	else
		n = asprintf(&by, "record %zu of %s", number, search->list->name);
	if (n < 0)
		return false;
	free(search->file->verified_by);
	search->file->verified_by = by;
	search->file->seal_state = state;
	return true;
}

/* try_record holds the signature against the certificate of the record of this number; false when out of memory, and so
 * below. */
static bool
try_record(struct search *search, size_t number, struct slice certificate)
{
	switch (signature_check(&search->header, certificate)) {
	case SIGNATURE_FITS:
		return settle(search, SEAL_GOOD, number);
	case SIGNATURE_WRONG:
		if (search->wrong == 0 && search->file->seal.signer_serial != NULL)
			search->wrong = number;
		break;
	case SIGNATURE_UNCHECKED:
		break;
	case SIGNATURE_NO_MEMORY:
		return false;
	}
	return true;
}

/* try_records tries the records whose role is to sign such files, or all others. */
static bool
try_records(struct search *search, struct slice records, bool signs)
{
	struct trust_record bytes;
	struct dis_at at;

	for (size_t i = 0; i < search->list->n_records && search->file->seal_state != SEAL_GOOD; i++) {
		const struct list_record *record = &search->list->records[i];

		if (trust_list_next(&records, &bytes, &at) != DIS_OK)
			break;
		if (signs_such(search->file, record) != signs || !may_be_signer(search->file, record) ||
		    search->tried++ >= LIMIT_SIGNERS)
			continue;
		if (!try_record(search, i + 1, bytes.certificate))
			return false;
	}
	return true;
}

bool
phone_file_verify(struct phone_file *file, const struct phone_file *list)
{
	struct search search = {.file = file, .list = list};
	struct signed_file list_header;
	struct dis_at at;

	if (file->seal_state == SEAL_NONE || file->seal_state == SEAL_GOOD || list->n_records == 0 ||
	    (list != file && list->seal_state == SEAL_BAD) ||
	    signed_file_dissect(slice_of(file->bytes, file->n), &search.header, &at) != DIS_OK)
		return true;
	signed_file_dissect(slice_of(list->bytes, list->n), &list_header, &at);
	if (!try_records(&search, list_header.body, true) || !try_records(&search, list_header.body, false))
		return false;
	/* A signature that does not fit half a file says nothing. */
	if (file->seal_state != SEAL_UNVERIFIED || file->cut || search.wrong == 0)
		return true;
	return settle(&search, SEAL_BAD, search.wrong);
}

const char *
seal_state_name(enum seal_state state)
{
	static const char *const names[] = {
		[SEAL_NONE] = "unsigned",
		[SEAL_UNVERIFIED] = "not verified",
		[SEAL_GOOD] = "good",
		[SEAL_BAD] = "bad",
	};

	return names[state];
}

const char *
seal_digest_name(uint8_t digest)
{
	switch (digest) {
	case SIGNED_SHA1:
		return "SHA-1";
	case SIGNED_SHA256:
		return "SHA-256";
	case SIGNED_SHA512:
		return "SHA-512";
	default:
		return NULL;
	}
}
