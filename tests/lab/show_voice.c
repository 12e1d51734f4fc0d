/* CUCM and Unity Connection call each other by TLS, on 5061 (SIP) or 2443 (SCCP), after Unity
 * Connection has fetched the CTL; and a phone that registers. */
#include "scenarios.h"
#include "signed.h"
#include "story.h"

/* The CTL of a cluster in mixed mode, made when this was its CallManager certificate. */
static void
put_ctl(struct bytes *out, enum who call_manager)
{
	const struct record records[] = {{.role = ROLE_SAST,
					  .who = call_manager,
					  .dns_name = "cucm-pub.example.com",
					  .host = &host_cucm},
					 {.role = ROLE_CCM_TFTP,
					  .who = call_manager,
					  .dns_name = "cucm-pub.example.com",
					  .host = &host_cucm},
					 {.role = ROLE_CAPF, .who = CAPF}};

	signed_put_list(
		out,
		&(struct seal){.file_name = "CTLFile.tlv", .signer = call_manager, .minor = true},
		records, sizeof(records) / sizeof(*records));
}

/* Unity Connection starts: it asks CUCM for the CTL. */
static void
fetch_ctl(struct lab *lab, const struct bytes *ctl)
{
	announce_join(lab, &device_switch);
	tftp_get(lab, &(struct download){.client = &host_cuc,
					 .server = &host_cucm,
					 .file = "CTLFile.tlv",
					 .content = ctl});
	announce_wait(lab, 12);
}

/* What differs from a call that is well. */
struct call {
	uint16_t port;
	enum who cucm_shows, cucm_trusts, cuc_trusts;
};

static void
call(struct lab *lab, const struct call *call)
{
	const struct party cucm = {.host = &host_cucm,
				   .least = TLS1_VERSION,
				   .most = TLS1_VERSION,
				   .ciphers = "AES128-SHA",
				   .shows = {call->cucm_shows},
				   .trust = TRUST_CHAIN,
				   .trusts = call->cucm_trusts};
	const struct party cuc = {.host = &host_cuc,
				  .port = call->port,
				  .least = TLS1_VERSION,
				  .most = TLS1_VERSION,
				  .ciphers = "AES128-SHA",
				  .shows = {CUC, CUC_ROOT},
				  .trust = TRUST_CHAIN,
				  .trusts = call->cuc_trusts};
	struct talk talk;

	if (talk_start(&talk, lab, &cucm, &cuc)) {
		talk_say(&talk, CLIENT,
			 "OPTIONS sip:192.0.2.102:5061 SIP/2.0\r\nCSeq: 101 OPTIONS\r\n\r\n");
		talk_say(&talk, SERVER, "SIP/2.0 200 OK\r\nCSeq: 101 OPTIONS\r\n\r\n");
		announce_wait(lab, 5);
	}
	talk_close(&talk);
}

static void
good_call(struct lab *lab)
{
	struct bytes ctl = {.n = 0};

	put_ctl(&ctl, CUCM);
	fetch_ctl(lab, &ctl);
	call(lab, &(struct call){5061, CUCM, CUC_ROOT, CUCM});
	story_end(lab);
}

static void
old_ctl(struct lab *lab)
{
	struct bytes ctl = {.n = 0};

	put_ctl(&ctl, CUCM);
	fetch_ctl(lab, &ctl);
	for (unsigned i = 0; i < 2; i++) {
		call(lab, &(struct call){2443, CUCM_RENEWED, CUC_ROOT, CUCM});
		announce_wait(lab, 30);
	}
	story_end(lab);
}

static void
cucm_refuses(struct lab *lab)
{
	struct bytes ctl = {.n = 0};

	put_ctl(&ctl, CUCM);
	fetch_ctl(lab, &ctl);
	call(lab, &(struct call){5061, CUCM, CAPF, CUCM});
	story_end(lab);
}

static void
no_ctl(struct lab *lab)
{
	fetch_ctl(lab, NULL);
	call(lab, &(struct call){5061, CUCM, CUC_ROOT, CAPF});
	story_end(lab);
}

static void
registration(struct lab *lab)
{
	struct party phone = vpn_phone;
	const struct party cucm = {.host = &host_cucm,
				   .port = 5061,
				   .least = TLS1_VERSION,
				   .most = TLS1_2_VERSION,
				   .ciphers = "ECDHE-RSA-AES256-GCM-SHA384",
				   .shows = {CUCM},
				   .trust = TRUST_CHAIN,
				   .trusts = CAPF};
	struct bytes ctl = {.n = 0};
	struct talk talk;

	put_ctl(&ctl, CUCM);
	story_boot(lab, &story_office);
	story_fetch(lab, "CTLSEP001122334455.tlv", &ctl);
	announce_wait(lab, 4);
	phone.shows[0] = PHONE_LSC;
	phone.trust = TRUST_CHAIN;
	phone.trusts = CUCM;
	if (!talk_start(&talk, lab, &phone, &cucm))
		lab_die("the phone does not register");
	talk_say(&talk, CLIENT,
		 "REGISTER sip:192.0.2.101 SIP/2.0\r\nFrom: <sip:3001@192.0.2.101>\r\n"
		 "CSeq: 101 REGISTER\r\nExpires: 3600\r\n\r\n");
	talk_say(&talk, SERVER, "SIP/2.0 200 OK\r\nCSeq: 101 REGISTER\r\nExpires: 120\r\n\r\n");
	story_end(lab);
	talk_close(&talk);
}

const struct scenario voice_scenarios[] = {
	{"120-cuc-well",
	 "Unity Connection fetches the CTL by TFTP, CUCM calls it on port 5061, both trust each "
	 "other: all is well",
	 "", good_call},
	{"121-cuc-old-ctl",
	 "CUCM's certificate was renewed, the CTL was not: on port 2443 Unity Connection does not "
	 "trust it (48), twice",
	 "cuc-trust, trust-list-mismatch", old_ctl},
	{"122-cucm-trust", "the CTL is right, but CUCM does not trust Unity Connection's root (48)",
	 "cucm-trust", cucm_refuses},
	{"123-cuc-no-ctl",
	 "there is no CTL: the cluster is not in mixed mode; so Unity Connection trusts nobody "
	 "(48)",
	 "ctl-missing, cuc-trust", no_ctl},
	{"124-phone-registers",
	 "a phone fetches the CTL and registers on port 5061 with its LSC: all is well", "",
	 registration},
	{0}};
