/* Any bytes as an LLDP announcement. */
#include <stdlib.h>

#include "dissectors/lldp.h"

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
	must(text.n == 0 || (text.n <= 511 && text.p >= body.p && text.p + text.n <= body.p + body.n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ip_addr zero;
	const struct slice body = slice_of(data, size);
	struct dis_at at = {0};
	struct lldp lldp;

	if (lldp_dissect(body, &lldp, &at) != DIS_OK)
		must(at.field != NULL && at.off <= size);
	must_lie_in(lldp.chassis_id, body);
	must_lie_in(lldp.port_id, body);
	must_lie_in(lldp.port_description, body);
	must_lie_in(lldp.system_name, body);
	must_lie_in(lldp.system_description, body);
	must_lie_in(lldp.hardware, body);
	must_lie_in(lldp.firmware, body);
	must_lie_in(lldp.software, body);
	must_lie_in(lldp.serial, body);
	must_lie_in(lldp.manufacturer, body);
	must_lie_in(lldp.model, body);
	must_lie_in(lldp.asset, body);
	must(lldp.has_ip == (memcmp(&lldp.ip, &zero, sizeof(zero)) != 0));
	must(lldp.capabilities <= UINT16_MAX);
	must(lldp.voice_vlan >= -1 && lldp.voice_vlan <= 4095);
	return 0;
}
