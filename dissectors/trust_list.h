/* The records of a trust list, CTL or ITL: the body of a signed .tlv file. Facts sheet cisco-phones, section 2.3. */
#ifndef DISSECTORS_TRUST_LIST_H
#define DISSECTORS_TRUST_LIST_H

#include "dis.h"
#include "ip.h"
#include "slice.h"

enum trust_role {
	ROLE_SAST = 0,
	ROLE_CCM = 1,
	ROLE_CCM_TFTP = 2,
	ROLE_TFTP = 3,
	ROLE_CAPF = 4,
	ROLE_SRST = 5,
	ROLE_APP_SERVER = 7,
	ROLE_TVS = 21,
};

/* What was not there is empty; a record may lack even its certificate. Texts come without their NUL. */
struct trust_record {
	uint16_t length; /* tag 1: of the whole record */
	struct slice dns_name, subject; /* tags 2, 3 */
	bool has_role;
	uint16_t role; /* tag 4, enum trust_role, or another */
	struct slice issuer, serial, public_key, signature; /* tags 5 to 8 */
	struct slice certificate; /* tag 9, DER */
	bool has_ip;
	struct ip_addr ip;  /* tag 10, where it has 4 or 16 bytes */
	bool odd_address;   /* tag 10 of another length, a known defect of CUCM: the rest of the record counts */
	struct slice hash;  /* tag 11, of the certificate */
	uint8_t hash_digest; /* tag 12, as a signed file's tag 8; 0: not there */
};

/* trust_list_next reads the next record off the front of a list. DIS_MORE: the list ends inside it (or, with nothing left,
 * at all). Where it fails, out has what came before, and list has not moved. */
enum dis trust_list_next(struct slice *list, struct trust_record *out, struct dis_at *at);

/* trust_role_name names a role as CUCM prints it: "CCM+TFTP"; NULL where unknown. */
const char *trust_role_name(uint16_t role);

#endif
