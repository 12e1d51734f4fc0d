/* Any bytes as a CDP announcement. */
#include <stdlib.h>

#include "dissectors/cdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* must ends the run where what the header promises does not hold. */
static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
must_lie_in(struct slice text, struct slice body)
{
	must(text.n == 0 || (text.p >= body.p && text.p + text.n <= body.p + body.n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ip_addr zero;
	const struct slice body = slice_of(data, size);
	struct dis_at at = {0};
	struct cdp cdp;

	if (cdp_dissect(body, &cdp, &at) != DIS_OK)
		must(at.field != NULL && at.off <= size);
	must_lie_in(cdp.device_id, body);
	must_lie_in(cdp.port_id, body);
	must_lie_in(cdp.platform, body);
	must_lie_in(cdp.software, body);
	must(cdp.has_ip == (memcmp(&cdp.ip, &zero, sizeof(zero)) != 0));
	must(cdp.native_vlan >= -1 && cdp.native_vlan <= UINT16_MAX);
	must(cdp.voice_vlan >= -1 && cdp.voice_vlan <= UINT16_MAX);
	must(cdp.voice_vlan >= 0 || !cdp.voice_vlan_asked);
	return 0;
}
