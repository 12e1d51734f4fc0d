/* The sample's failing phone with a story: announced by CDP, an address by DHCP, a configuration that came by TFTP. */
#ifndef TESTS_SAMPLE_STORY_H
#define TESTS_SAMPLE_STORY_H

#include <string.h>

#include "tests/sample.h"

#define STORY_START 1459541640000000 /* 2016-04-01T20:14:00.000000Z */

enum { STORY_CDP, STORY_DHCP, STORY_CTL, STORY_PING, STORY_PING_AGAIN, STORY_CONFIG, STORY_TLS, STORY_END, STORY_STEPS };

static struct event story_events[STORY_STEPS];
static const struct event *story_order[STORY_STEPS];
static struct step story_steps[STORY_STEPS];
static struct phone_file story_file;
static struct phone_config story_config;
static struct config_url story_url = {"https://vpn.example.com/phone", "vpn.example.com", 443};
static struct received story_received;
static struct phone_address story_addresses[2];
static struct cert story_cert;

static inline struct when
story_at(uint64_t frame)
{
	return (struct when){frame, STORY_START + (int64_t)frame * 500000};
}

static inline void
story_step(unsigned which, enum step_kind kind, enum step_result result, uint64_t first, uint64_t last, char *text)
{
	struct step *step = &story_steps[which];

	*step = (struct step){kind, result, story_at(first), story_at(last), 0, text, NULL, NULL, false};
	step->after_us = which > 0 ? step->at.us - story_steps[which - 1].at.us : 0;
	if (kind < STEP_TLS) {
		step->event = story_order[which] = &story_events[which];
		story_events[which] = (struct event){.at = step->at, .last = step->last, .kind = EVENT_PING};
	}
}

static inline void
story_transfer(void)
{
	struct event *event = &story_events[STORY_CONFIG];

	story_config = (struct phone_config){
		.source = "SEP001122334455.cnf.xml.sgn", .has_vpn_group = true, .urls = &story_url, .n_urls = 1};
	story_file = (struct phone_file){.kind = PHONE_FILE_CONFIG,
					 .name = "SEP001122334455.cnf.xml.sgn",
					 .seal_state = SEAL_GOOD,
					 .seal.signer = "CN=cucm-pub",
					 .config = &story_config};
	event->kind = EVENT_TRANSFER;
	event->transfer.outcome = TRANSFER_DONE;
	event->transfer.content = &story_file;
	story_received = (struct received){event, &story_config};
}

/* sample_story makes the sample anew, and gives it. */
static inline struct report *
sample_story(void)
{
	struct report *report = sample_report();
	struct phone *phone = &report->phones[SAMPLE_FAILING];

	story_step(STORY_CDP, STEP_IDENTITY, STEP_SAID, 1, 1, "CDP: SEP001122334455, Cisco IP Phone 8861");
	story_step(STORY_DHCP, STEP_ADDRESS, STEP_OK, 2, 2, "DHCP gives 10.0.0.5; TFTP server 10.0.0.9 (option 150)");
	story_step(STORY_CTL, STEP_TRUST_LIST, STEP_SAID, 3, 4,
		   "TFTP CTLSEP001122334455.tlv from 10.0.0.9: 1 File not found");
	story_step(STORY_PING, STEP_PING, STEP_UNKNOWN, 5, 5, "ping to 10.0.0.9: no answer");
	story_step(STORY_PING_AGAIN, STEP_PING, STEP_UNKNOWN, 6, 6, "ping to 10.0.0.9: no answer");
	story_step(STORY_CONFIG, STEP_CONFIGURATION, STEP_OK, 7, 9,
		   "TFTP SEP001122334455.cnf.xml.sgn from 10.0.0.9: 1230 bytes, signature good, 1 url and 1 hash");
	story_step(STORY_TLS, STEP_TLS, STEP_FAILED, 12, 20,
		   "TLSv1.2 with 63.85.30.34 port 443, ECDHE-ECDSA-AES256-GCM-SHA384: failed, the client sent unknown_ca");
	story_step(STORY_END, STEP_END, STEP_FAILED, 20, 20, "it fails");
	story_steps[STORY_TLS].handshake = phone->visits[0].handshakes[0];
	story_steps[STORY_TLS].first_failed = true;
	story_transfer();
	story_cert = *report->phones[SAMPLE_FAILING].visits[0].handshakes[0]->certs[SIDE_SERVER].certs[0].cert;
	story_cert.subject = "CN=CP-8861-SEP001122334455";
	story_cert.issuer = "CN=Cisco Manufacturing CA SHA2,O=Cisco";
	story_cert.issuer_cn = "Cisco Manufacturing CA SHA2";
	story_addresses[0] = (struct phone_address){phone->ip, {"DHCP", story_at(2)}};
	story_addresses[1] = (struct phone_address){phone->ip, {"packets", story_at(30)}};
	story_addresses[1].ip.b[15] = 99;

	phone->is_phone = true;
	phone->name_from = "CDP";
	phone->name_at = story_at(1);
	phone->model_known = (struct known){"CDP", story_at(1)};
	phone->software_known = (struct known){"configuration", story_at(9)};
	phone->voice_vlan = 110;
	phone->certificate = &story_cert;
	phone->certificate_at = story_at(18);
	phone->addresses = story_addresses;
	phone->n_addresses = 2;
	phone->received = &story_received;
	phone->n_received = 1;
	phone->events = story_order;
	phone->n_events = STORY_TLS;
	phone->timeline = story_steps;
	phone->n_steps = STORY_STEPS;
	phone->visits[0].config = &story_config;
	phone->visits[0].told = true;
	return report;
}

#endif
