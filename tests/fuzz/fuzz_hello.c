/* Hellos and extensions, of any message body. */
#include "tests/tls_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	walk_hello(slice_of(bytes, n));
	return 0;
}
