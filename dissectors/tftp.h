/* TFTP: RFC 1350, options of RFC 2347 (OACK), RFC 2348 (blksize), RFC 2349 (timeout, tsize) and RFC 7440 (windowsize). */
#ifndef DISSECTORS_TFTP_H
#define DISSECTORS_TFTP_H

#include "dis.h"
#include "slice.h"

#define TFTP_PORT 69
#define TFTP_BLOCK_SIZE 512 /* without blksize */

enum tftp_opcode { TFTP_RRQ = 1, TFTP_WRQ, TFTP_DATA, TFTP_ACK, TFTP_ERROR, TFTP_OACK };

struct tftp {
	uint16_t opcode;
	struct slice file, mode; /* RRQ, WRQ; without their NUL */
	struct slice options;    /* RRQ, WRQ, OACK: for tftp_option_next */
	uint16_t block;          /* DATA, ACK */
	struct slice data;       /* DATA */
	uint16_t code;           /* ERROR */
	struct slice message;    /* ERROR, without its NUL */
};

struct tftp_option {
	struct slice name, value;
};

/* tftp_dissect reads a datagram. A request whose file or mode lacks its NUL, or is empty, is read all the same: what is
 * there counts. */
enum dis tftp_dissect(struct slice datagram, struct tftp *out, struct dis_at *at);

/* tftp_option_next reads one option; DIS_MORE when there are no more. */
enum dis tftp_option_next(struct slice *options, struct tftp_option *out, struct dis_at *at);

/* tftp_option_is compares an option's name, in any case. */
bool tftp_option_is(const struct tftp_option *option, const char *name);

/* tftp_option_number reads an option's decimal value; false where it is none. */
bool tftp_option_number(const struct tftp_option *option, uint64_t *out);

/* tftp_error_name names an error code as RFC 1350 does: "File not found"; NULL where unknown. */
const char *tftp_error_name(uint16_t code);

#endif
