/* HTTP heads, and chunked bodies behind them, of any stream. */
#include "tests/transfer_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	walk_http(slice_of(bytes, n));
	return 0;
}
