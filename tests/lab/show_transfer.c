/* How a phone comes by its files: where they are not, what gets lost on the way, and who signed
 * them. */
#include "scenarios.h"
#include "signed.h"
#include "story.h"

#define CONFIG "SEP001122334455.cnf.xml"

static const struct vpn_config right = {.hashes = {GATEWAY_RSA}};

static struct download
config_download(const struct bytes *content)
{
	return (struct download){
		.client = &host_phone, .server = &host_cucm, .file = CONFIG, .content = content};
}

static void
web_missing(struct lab *lab, const char *file)
{
	struct tcp web;

	web_open(&web, lab, &host_phone, &host_cucm);
	web_get(&web, file, NULL);
	web_close(&web);
}

/* What CUCM has for phones it does not know. */
static void
put_default_config(struct bytes *out)
{
	put_text(out, "<Default>\n <callManagerGroup>\n  <members>\n"
		      "   <member priority=\"0\">\n    <callManager>\n     <ports>\n"
		      "      <ethernetPhonePort>2000</ethernetPhonePort>\n     </ports>\n"
		      "     <processNodeName>cucm-pub.example.com</processNodeName>\n"
		      "    </callManager>\n   </member>\n  </members>\n </callManagerGroup>\n"
		      " <loadInformation683 model=\"Cisco 8861\">sip88xx.11-0-1-11"
		      "</loadInformation683>\n</Default>\n");
}

static void
not_found(struct lab *lab)
{
	struct bytes text = {.n = 0};

	put_default_config(&text);
	story_boot(lab, &story_office);
	web_missing(lab, CONFIG);
	story_fetch(lab, CONFIG, NULL);
	story_fetch(lab, "XMLDefault.cnf.xml", &text);
	story_end(lab);
}

static void
not_found_by_http(struct lab *lab)
{
	struct bytes text = {.n = 0};

	vpn_config_text(&text, &right);
	story_boot(lab, &story_office);
	web_missing(lab, CONFIG);
	story_fetch(lab, CONFIG, &text);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

static void
silent(struct lab *lab)
{
	const struct download config = config_download(NULL);
	struct download ctl = config;

	ctl.file = "CTLSEP001122334455.tlv";
	story_boot(lab, &story_office);
	tftp_unanswered(lab, &ctl, 3);
	tftp_unanswered(lab, &config, 4);
	story_end(lab);
}

static void
broken_off(struct lab *lab)
{
	struct bytes text = {.n = 0};
	struct download config = config_download(&text);

	vpn_config_text(&text, &right);
	config.stops = 2;
	story_boot(lab, &story_office);
	tftp_get(lab, &config);
	announce_wait(lab, 30);
	story_end(lab);
}

static void
unreachable(struct lab *lab)
{
	const struct download config = config_download(NULL);

	story_boot(lab, &story_office);
	tftp_unreachable(lab, &config, 4);
	story_end(lab);
}

static void
repeats(struct lab *lab)
{
	struct bytes text = {.n = 0};
	struct download config = config_download(&text);

	vpn_config_text(&text, &right);
	config.asks_size = true;
	config.block_size = 320;
	config.lost = 2;
	config.repeated = 4;
	story_boot(lab, &story_office);
	tftp_get(lab, &config);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

static void
windows(struct lab *lab)
{
	struct bytes text = {.n = 0};
	struct download config = config_download(&text);

	vpn_config_text(&text, &right);
	config.block_size = 160;
	config.window = 4;
	config.lost = 6;
	story_boot(lab, &story_office);
	tftp_get(lab, &config);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

/* The phone's whole configuration, for its eyes only: what it trusts is not to be seen. */
static void
encrypted(struct lab *lab)
{
	static const struct seal seal = {.file_name = CONFIG ".enc.sgn", .signer = CUCM};
	struct bytes text = {.n = 0}, file = {.n = 0};

	vpn_config_text(&text, &right);
	signed_put_encrypted(&file, &seal, &text, PHONE_MIC);
	story_boot(lab, &story_office);
	story_fetch(lab, CONFIG ".enc.sgn", &file);
	story_refusal(lab, &vpn_phone);
	story_end(lab);
}

/* A secure cluster's list, as it was signed by a record of its own. */
static void
put_ctl(struct bytes *out, bool odd)
{
	const struct record records[] = {
		{.role = ROLE_SAST,
		 .who = CUCM,
		 .dns_name = "cucm-pub.example.com",
		 .host = &host_cucm,
		 .odd_address = odd},
		{.role = ROLE_CCM_TFTP,
		 .who = CUCM,
		 .dns_name = "cucm-pub.example.com",
		 .host = &host_cucm},
		{.role = ROLE_CCM_TFTP, .dns_name = "192.0.2.103", .host = &host_cuc}};

	signed_put_list(out,
			&(struct seal){.file_name = "CTLFile.tlv", .signer = CUCM, .minor = true},
			records, sizeof(records) / sizeof(*records));
}

static void
fetch_signed(struct lab *lab, bool odd, bool tampered)
{
	static const struct seal seal = {.file_name = CONFIG ".sgn", .signer = CUCM};
	struct bytes ctl = {.n = 0}, text = {.n = 0}, file = {.n = 0};

	put_ctl(&ctl, odd);
	vpn_config_text(&text, &right);
	signed_put(&file, &seal, &text);
	if (tampered) /* the line feed at the end, so that the file means what it did */
		put_at(&file, file.n - 1, 1, ' ');
	story_boot(lab, &story_office);
	story_fetch(lab, "CTLSEP001122334455.tlv", &ctl);
	story_fetch(lab, CONFIG ".sgn", &file);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

static void
verifies(struct lab *lab)
{
	fetch_signed(lab, false, false);
}

static void
bad_signature(struct lab *lab)
{
	fetch_signed(lab, false, true);
}

static void
odd_address(struct lab *lab)
{
	fetch_signed(lab, true, false);
}

const struct scenario transfer_scenarios[] = {
	{"100-config-not-found",
	 "CUCM has no configuration for the phone, by HTTP (404) nor by TFTP (error 1), only the "
	 "default for all",
	 "http-not-found, tftp-not-found", not_found},
	{"101-config-by-tftp-alone",
	 "404 by HTTP, then the configuration comes by TFTP: all is well", "", not_found_by_http},
	{"102-tftp-silent",
	 "nobody answers the requests for CTL and configuration, which the phone repeats",
	 "tftp-timeout", silent},
	{"103-tftp-broken-off",
	 "the server falls silent in the middle of the configuration; the phone repeats its ACK",
	 "tftp-timeout", broken_off},
	{"104-tftp-unreachable", "each request is answered by ICMP port unreachable",
	 "tftp-timeout", unreachable},
	{"105-tftp-lost-and-repeated",
	 "options tsize and blksize (320); one block is lost and sent again, one comes twice: all "
	 "is well",
	 "", repeats},
	{"106-tftp-window",
	 "windows of four blocks of 160; the sixth is lost, and the next window begins with it: "
	 "all is well",
	 "", windows},
	{"107-config-encrypted",
	 "the configuration is encrypted to the phone (.enc.sgn), so what it trusts is not known; "
	 "it refuses the gateway's certificate (48)",
	 "server-certificate-rejected", encrypted},
	{"108-config-signed",
	 "a CTL and a configuration signed by CUCM, whose certificate is in the CTL: all is well",
	 "", verifies},
	{"109-config-tampered",
	 "the same, and the configuration's last byte was changed: its signature is bad; the VPN "
	 "comes up",
	 "signature-wrong", bad_signature},
	{"110-ctl-odd-address",
	 "the same with a good signature; a record of the CTL has an address of five bytes "
	 "(CSCum48958), another no certificate",
	 "", odd_address},
	{0}};
