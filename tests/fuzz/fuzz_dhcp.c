/* DHCP, of any datagram. */
#include <stdlib.h>

#include "dissectors/dhcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* must ends the run where what the header promises does not hold. */
static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* A text lies in the datagram, and ends in no NUL. */
static void
check_text(struct slice text, struct slice datagram)
{
	uint8_t last;

	if (text.n == 0)
		return;
	must(text.p >= datagram.p && text.p + text.n <= datagram.p + datagram.n);
	must(slice_peek(text, text.n - 1, &last) && last != '\0');
}

static void
check_address(const struct ip_addr *a, bool may_be_unset)
{
	static const struct ip_addr unset;

	must(ip_addr_is_v4(a) || (may_be_unset && memcmp(a, &unset, sizeof unset) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice datagram = slice_of(data, size);
	struct dis_at at = {0};
	struct dhcp dhcp;
	enum dis got = dhcp_dissect(datagram, &dhcp, &at);

	must(got == DIS_OK || (at.field != NULL && at.off <= size));
	check_text(dhcp.boot_server, datagram);
	check_text(dhcp.boot_file, datagram);
	check_text(dhcp.host_name, datagram);
	check_text(dhcp.vendor_class, datagram);
	check_text(dhcp.tftp_name, datagram);
	check_address(&dhcp.client, true);
	check_address(&dhcp.yours, true);
	check_address(&dhcp.next_server, true);
	check_address(&dhcp.relay, true);
	check_address(&dhcp.requested, true);
	check_address(&dhcp.server, true);
	must(dhcp.n_tftp <= DHCP_MAX_SERVERS);
	for (size_t i = 0; i < dhcp.n_tftp; i++)
		check_address(&dhcp.tftp[i], false);
	must(dhcp.option_66 || dhcp.tftp_name.n == 0);
	must(dhcp.option_66 || dhcp.option_150 || dhcp.n_tftp == 0);
	return 0;
}
