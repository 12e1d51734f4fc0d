/* The chapters that most stories share. */
#include "story.h"

#include "relink.h"

const struct lease story_office = {
	.address = &host_phone, .tftp = &host_cucm, .option_150 = OPTION_BYTES};
const struct lease story_home = {.address = &host_phone};

void
story_boot(struct lab *lab, const struct lease *lease)
{
	announce_join(lab, &device_switch);
	announce_wait(lab, 23);
	announce_join(lab, &device_phone);
	boot_dhcp(lab, &device_phone, lease);
}

void
story_fetch(struct lab *lab, const char *file, const struct bytes *content)
{
	tftp_get(lab, &(struct download){.client = &host_phone,
					 .server = &host_cucm,
					 .file = file,
					 .content = content});
}

void
story_config(struct lab *lab, const struct vpn_config *config)
{
	struct bytes text = {.n = 0};

	story_fetch(lab, "CTLSEP001122334455.tlv", NULL);
	story_fetch(lab, "ITLSEP001122334455.tlv", NULL);
	vpn_config_text(&text, config);
	story_fetch(lab, "SEP001122334455.cnf.xml", &text);
	announce_wait(lab, 6);
}

void
story_tunnel(struct lab *lab, const struct party *phone, const struct party *gateway)
{
	struct talk talk;
	struct dtls dtls;

	dtls_init(&dtls, lab, phone, gateway);
	dtls.gateway.verifies = true;
	vpn_up(&talk, lab, phone, gateway, &dtls);
	if (!dtls_resume(&dtls))
		lab_die("DTLS does not come up");
	for (unsigned i = 0; i < 2; i++) {
		dtls_alive(&dtls);
		announce_wait(lab, 20);
	}
	talk_close(&talk);
	dtls_free(&dtls);
}

void
story_refusal(struct lab *lab, const struct party *phone)
{
	struct party gateway = vpn_gateway;

	gateway.shows[0] = GATEWAY_RENEWED;
	talk_all(lab, phone, &gateway);
}

void
story_end(struct lab *lab)
{
	uint64_t began = lab->frames.now;

	announce_wait(lab, 40);
	while (lab->frames.list[lab->frames.n - 1].time < began + 40000000U)
		announce_wait(lab, 1);
	relink_pad(&lab->frames);
}
