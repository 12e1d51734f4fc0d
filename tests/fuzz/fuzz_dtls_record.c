/* DTLS records and openings, of any datagram. */
#include "tests/tls_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	walk_datagram(slice_of(bytes, n));
	return 0;
}
