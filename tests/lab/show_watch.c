/* What changes in hours and days, for --watch. */
#include "scenarios.h"
#include "story.h"

#define MINUTES 60
#define DAY UINT64_C(86400000000)

static const struct vpn_config named = {.host = "vpn.example.com", .hashes = {GATEWAY_RSA}};
static const struct vpn_config told_both = {.host = "vpn.example.com", .hashes = {GATEWAY_RSA, GATEWAY_RENEWED}};

static void
look_up(struct lab *lab)
{
	boot_lookup(lab, &host_phone, &(struct name){.name = "vpn.example.com", .answer = &host_gateway});
}

/* At night somebody renews the certificate; in the morning the phone is told. */
static void
renewal(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	story_boot(lab, &story_office);
	story_config(lab, &named);
	look_up(lab);
	story_tunnel(lab, &phone, &gateway);
	announce_wait(lab, 20 * MINUTES);
	for (unsigned i = 0; i < 3; i++) {
		look_up(lab);
		story_refusal(lab, &phone);
		announce_wait(lab, 5 * MINUTES);
	}
	story_config(lab, &told_both);
	phone.trusts = gateway.shows[0] = GATEWAY_RENEWED;
	look_up(lab);
	story_tunnel(lab, &phone, &gateway);
	story_end(lab);
}

/* Two gateways behind one address, of which only one has the certificate that the phone knows. */
static void
to_and_fro(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &named);
	look_up(lab);
	for (unsigned i = 0; i < 4; i++) {
		story_tunnel(lab, &vpn_phone, &vpn_gateway);
		announce_wait(lab, 3 * MINUTES);
		story_refusal(lab, &vpn_phone);
		announce_wait(lab, 3 * MINUTES);
	}
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	announce_wait(lab, 40 * MINUTES);
	story_refusal(lab, &vpn_phone);
	story_end(lab);
}

static void
login(struct lab *lab, const struct party *phone, enum who shows)
{
	struct party gateway = vpn_gateway;
	struct talk talk;

	gateway.shows[0] = shows;
	gateway.trust = TRUST_CHAIN;
	gateway.trusts = MANUFACTURING_CA;
	vpn_up(&talk, lab, phone, &gateway, NULL);
	talk_close(&talk);
}

/* Nobody speaks CDP here: the phone is known by its certificate, when it comes. */
static void
expiry(struct lab *lab)
{
	struct party phone = vpn_phone;

	phone.shows[0] = PHONE_MIC;
	phone.trusts = GATEWAY_EXPIRING;
	login(lab, &phone, GATEWAY_EXPIRING);
	for (unsigned i = 0; i < 4; i++) {
		frames_wait(&lab->frames, DAY * 7 / 2);
		login(lab, &phone, GATEWAY_EXPIRING);
	}
	phone.trusts = GATEWAY_RSA;
	frames_wait(&lab->frames, DAY / 2);
	login(lab, &phone, GATEWAY_RSA);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_EXPIRING, GATEWAY_RSA}, .by_certificate = true});
}

const struct scenario watch_scenarios[] = {
	{"130-watch-renewal",
	 "40 minutes: all is well, then the gateway's certificate is renewed and the phone refuses it three times (48), then it "
	 "gets the new hash and comes in",
	 "cert-hash-mismatch", renewal},
	{"131-watch-to-and-fro",
	 "75 minutes: of two gateways behind one address only one has the certificate whose hash the phone knows: it comes in and "
	 "refuses (48) in turns, then there is peace",
	 "cert-hash-mismatch", to_and_fro},
	{"132-watch-expiry",
	 "two weeks: a phone with a MIC logs in every three and a half days; the certificate has ten days left, and is renewed "
	 "after fourteen",
	 "certificate-expiring, certificate-expired (warning)", expiry},
	{0}};
