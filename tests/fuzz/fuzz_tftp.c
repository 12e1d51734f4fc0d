/* TFTP datagrams and their options, of any bytes. */
#include "tests/transfer_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	walk_tftp(slice_of(bytes, n));
	return 0;
}
