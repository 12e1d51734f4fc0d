/* Signed files and trust lists, put together byte by byte (facts sheet cisco-phones, sections 2.2 and 2.3). */
#ifndef TESTS_TLV_MAKE_H
#define TESTS_TLV_MAKE_H

#include <stdlib.h>

#include "dissectors/slice.h"

struct made {
	uint8_t bytes[16384];
	size_t n;
};

/* What a header says: what is NULL, 0 or empty is not there, but for the signature, which is all zero. */
struct header_parts {
	uint8_t major, minor, signer_major, signer_minor;
	const char *signer, *issuer, *file_name;
	struct slice serial;
	uint8_t digest, modulus;
	size_t signature_len;
	uint32_t time;
	bool encrypted;
	struct slice body;
};

/* What a record says: no role is -1. */
struct record_parts {
	int role;
	const char *dns_name, *subject, *issuer;
	struct slice serial, certificate, hash, ip;
};

#define TEXT(text) slice_of(text, sizeof(text) - 1)

static inline struct slice
made_slice(const struct made *made)
{
	return slice_of(made->bytes, made->n);
}

static inline void
made_add(struct made *made, const void *bytes, size_t n)
{
	if (n > sizeof(made->bytes) - made->n)
		abort();
	if (n > 0)
		memcpy(made->bytes + made->n, bytes, n);
	made->n += n;
}

static inline void
made_head(struct made *made, uint8_t tag, size_t n)
{
	const uint8_t head[] = {tag, (uint8_t)(n >> 8), (uint8_t)n};

	made_add(made, head, sizeof(head));
}

static inline void
made_tlv(struct made *made, uint8_t tag, const void *bytes, size_t n)
{
	made_head(made, tag, n);
	made_add(made, bytes, n);
}

static inline void
made_slice_tlv(struct made *made, uint8_t tag, struct slice value)
{
	if (value.n > 0)
		made_tlv(made, tag, value.p, value.n);
}

static inline void
made_text_tlv(struct made *made, uint8_t tag, const char *text)
{
	if (text != NULL)
		made_tlv(made, tag, text, strlen(text) + 1);
}

/* made_number writes a number of n bytes. */
static inline void
made_number(struct made *made, uint8_t tag, size_t n, uint32_t number)
{
	made_head(made, tag, n);
	for (; n > 0; n--)
		made_add(made, &(uint8_t){(uint8_t)(number >> 8 * (n - 1))}, 1);
}

/* made_span writes the TLVs of inner behind a tag that spans them. */
static inline void
made_span(struct made *made, uint8_t tag, const struct made *inner)
{
	made_head(made, tag, inner->n);
	made_add(made, inner->bytes, inner->n);
}

static inline void
made_encryption(struct made *made)
{
	static const uint8_t wrapped[64] = {0x77};
	struct made iv = {.n = 0}, key = {.n = 0}, both = {.n = 0};

	made_number(&iv, 18, 1, 0);
	made_tlv(&iv, 19, "0123456789abcdef", 16);
	made_number(&iv, 20, 2, 3);
	made_number(&key, 22, 1, 0);
	made_number(&key, 23, 2, 512);
	made_number(&key, 24, 1, 1);
	made_tlv(&key, 25, wrapped, sizeof(wrapped));
	made_span(&both, 17, &iv);
	made_span(&both, 21, &key);
	made_span(made, 16, &both);
	made_number(made, 26, 1, 1);
	made_tlv(made, 27, "01234567890123456789", 20);
}

/* made_file appends a file, and gives the place of its signature. */
static inline size_t
made_file(struct made *made, const struct header_parts *parts)
{
	static const uint8_t zeros[512];
	struct made who = {.n = 0}, how = {.n = 0}, algorithm = {.n = 0};
	size_t begin = made->n, signature, length;

	made_number(made, 1, 2, (uint32_t)parts->major << 8 | parts->minor);
	made_number(made, 2, 2, 0);
	if (parts->signer_major != 0)
		made_number(made, 28, 2, (uint32_t)parts->signer_major << 8 | parts->signer_minor);
	made_text_tlv(&who, 4, parts->signer);
	made_slice_tlv(&who, 5, parts->serial);
	made_text_tlv(&who, 6, parts->issuer);
	made_span(made, 3, &who);
	made_number(&how, 8, 1, parts->digest);
	made_number(&algorithm, 10, 1, 0);
	made_number(&algorithm, 11, 1, parts->modulus);
	made_span(&how, 9, &algorithm);
	made_span(made, 7, &how);
	signature = made->n + 3;
	made_tlv(made, 12, zeros, parts->signature_len);
	made_text_tlv(made, 14, parts->file_name);
	if (parts->time != 0)
		made_number(made, 15, 4, parts->time);
	if (parts->encrypted)
		made_encryption(made);
	while ((made->n - begin) % 4 != 0)
		made_add(made, "\x0d", 1);
	length = made->n - begin;
	made->bytes[begin + 8] = (uint8_t)(length >> 8);
	made->bytes[begin + 9] = (uint8_t)length;
	made_add(made, parts->body.p, parts->body.n);
	return signature;
}

/* made_record appends a record. */
static inline void
made_record(struct made *made, const struct record_parts *parts)
{
	struct made inner = {.n = 0};

	made_text_tlv(&inner, 2, parts->dns_name);
	made_text_tlv(&inner, 3, parts->subject);
	if (parts->role >= 0)
		made_number(&inner, 4, 2, (uint32_t)parts->role);
	made_text_tlv(&inner, 5, parts->issuer);
	made_slice_tlv(&inner, 6, parts->serial);
	made_slice_tlv(&inner, 9, parts->certificate);
	made_slice_tlv(&inner, 10, parts->ip);
	if (parts->hash.n > 0) {
		made_slice_tlv(&inner, 11, parts->hash);
		made_number(&inner, 12, 1, 1);
	}
	made_number(made, 1, 2, (uint32_t)(inner.n + 5));
	made_add(made, inner.bytes, inner.n);
}

#endif
