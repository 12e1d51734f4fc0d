/* What a phone downloads, by whichever way it came: configurations, plain, signed or encrypted, and trust lists (facts sheet
 * cisco-phones, sections 1 to 3). */
#ifndef SRC_TRUST_PHONE_FILE_H
#define SRC_TRUST_PHONE_FILE_H

#include "cert.h"
#include "dissectors/ip.h"
#include "phone_config.h"
#include "phone_name.h"

enum phone_file_kind {
	PHONE_FILE_OTHER,
	PHONE_FILE_CONFIG, /* SEP<MAC>.cnf.xml, .cnf.xml.sgn, .cnf.xml.enc.sgn */
	PHONE_FILE_CTL,    /* CTLSEP<MAC>.tlv, CTLFile.tlv */
	PHONE_FILE_ITL,    /* ITLSEP<MAC>.tlv, ITLFile.tlv */
};

/* phone_file_kind_of_name tells the kind by a file's name, in any case, the folders before it left out; phone becomes the
 * phone's name in it, or "". */
enum phone_file_kind phone_file_kind_of_name(const char *name, char phone[PHONE_NAME_SIZE]);

/* The header of a signed file. Texts are escaped; NULL: not there. */
struct seal {
	uint8_t major, minor;
	uint16_t header_length;
	uint8_t signer_major, signer_minor; /* 0.0: not there; 1.1: the phone may use HTTPS on 6971 */
	char *signer, *signer_issuer;
	char *signer_serial; /* lower-case hex */
	uint8_t digest;      /* enum signed_digest, or another */
	unsigned key_bits;   /* of the signature; 0: not said */
	char *file_name;
	bool has_time;
	uint32_t time; /* seconds since 1970 */
	bool encrypted;
};

enum seal_state {
	SEAL_NONE,       /* not a signed file */
	SEAL_UNVERIFIED, /* no certificate of its signer at hand */
	SEAL_GOOD,
	SEAL_BAD,
};

struct list_record {
	bool has_role;
	uint16_t role; /* enum trust_role of dissectors/trust_list.h, or another */
	char *dns_name, *subject, *issuer; /* escaped; NULL: not there */
	char *serial;                      /* lower-case hex */
	const struct cert *cert; /* one reference is the file's; NULL: the record has none */
	uint8_t hash[SHA512_SIZE]; /* of a certificate that is not there */
	size_t hash_len;
	bool has_ip, odd_address;
	struct ip_addr ip;
};

struct phone_file {
	enum phone_file_kind kind;
	char *name; /* escaped, as asked for or given */
	char phone[PHONE_NAME_SIZE]; /* "" where the name has none */
	uint8_t *bytes; /* as they came */
	size_t n;
	bool cut;           /* it ends in the middle: in its header, in a record or in its XML, or the transfer did */
	const char *broken; /* the field that cannot be; static text, NULL where all is well */
	enum seal_state seal_state;
	struct seal seal; /* unless SEAL_NONE */
	char *verified_by; /* whose record, for people: "record 1 (SAST) of CTLFile.tlv"; SEAL_GOOD and SEAL_BAD */
	struct phone_config *config; /* a configuration in clear; NULL otherwise, and where it cannot be read */
	char *config_error;          /* why it cannot */
	struct list_record *records; /* of a trust list, the first LIMIT_LIST_RECORDS */
	size_t n_records;
};

/* phone_file_read reads bytes, which it copies; its content decides, and its name where the content does not. Without certs
 * a trust list's records have no certificates. NULL when out of memory: bytes of any kind give a file. */
struct phone_file *phone_file_read(const char *name, struct slice bytes, struct cert_store *certs);

/* phone_file_open reads a file that the user named; NULL with *why set to static or strerror text. */
struct phone_file *phone_file_open(const char *path, struct cert_store *certs, const char **why);

/* phone_file_problem says why a file has no configuration to read. */
const char *phone_file_problem(const struct phone_file *file);

void phone_file_free(struct phone_file *file);

/* phone_file_weight gives the bytes that it holds, its certificates left out. */
size_t phone_file_weight(const struct phone_file *file);

/* phone_file_verify holds the signature against the certificates of this list (its own too: list may be file) whose serial
 * number is the signer's, or whose role signs such files where the header has none. Sets seal_state and verified_by where
 * one fits, or where the signer's own does not and the file is whole; does nothing where it is good already. A list whose
 * own signature is bad vouches for nobody. False when out of memory. */
bool phone_file_verify(struct phone_file *file, const struct phone_file *list);

/* phone_file_is_list says whether it is a trust list. */
bool phone_file_is_list(const struct phone_file *file);

/* phone_file_lists says whether a trust list has this certificate, whole or by its hash. */
bool phone_file_lists(const struct phone_file *list, const struct cert *cert);

/* Static names: "configuration", "CTL", "ITL", "other"; "unsigned", "not verified", "good", "bad"; "SHA-1" or NULL. */
const char *phone_file_kind_name(enum phone_file_kind kind);
const char *seal_state_name(enum seal_state state);
const char *seal_digest_name(uint8_t digest);

#endif
