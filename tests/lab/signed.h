/* Files that CUCM signs for phones: configurations, encrypted ones, and trust lists. */
#ifndef LAB_SIGNED_H
#define LAB_SIGNED_H

#include "pki.h"
#include "wire.h"

/* What stands in a signed file's header. */
struct seal {
	const char *file_name;
	enum who signer;
	bool sha512;
	bool newer; /* tag 28: the phone may use HTTPS on 6971 */
	bool minor; /* version 1.2, as trust lists have, not 1.0 */
};

/* signed_put appends a file: its header, and a body in clear. */
void signed_put(struct bytes *out, const struct seal *seal, const struct bytes *body);

/* signed_put_encrypted does so with the body encrypted to a phone's key. */
void signed_put_encrypted(struct bytes *out, const struct seal *seal, const struct bytes *body,
			  enum who phone);

enum role { ROLE_SAST = 0, ROLE_CCM_TFTP = 2, ROLE_TFTP = 3, ROLE_CAPF = 4, ROLE_TVS = 21 };

/* A record of a trust list; zero means that a part is not there. */
struct record {
	enum role role;
	enum who who;
	const char *dns_name;
	const struct host *host;
	bool odd_address; /* too long by a byte, as CUCM 10.0 writes it (CSCum48958) */
	bool hash_alone;  /* its certificate's hash in its place */
};

/* signed_put_list appends a signed trust list of n records. */
void signed_put_list(struct bytes *out, const struct seal *seal, const struct record *records,
		     size_t n);

#endif
