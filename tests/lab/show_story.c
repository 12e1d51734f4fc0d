/* A phone's whole story: from CDP and DHCP over its configuration to its VPN. The configuration is
 * on the wire, where none lies beside the capture. */
#include "relink.h"
#include "scenarios.h"
#include "signed.h"
#include "story.h"

static const struct vpn_config right = {.hashes = {GATEWAY_RSA}};
static const struct vpn_config named = {.host = "vpn.example.com", .hashes = {GATEWAY_RSA}};

/* A signed trust list as every CUCM since 8.0 has it. */
static void
put_itl(struct bytes *out)
{
	static const struct record records[] = {{.role = ROLE_SAST, .who = CUCM},
						{.role = ROLE_CCM_TFTP, .who = CUCM},
						{.role = ROLE_CAPF, .who = CAPF},
						{.role = ROLE_TVS, .who = TVS, .hash_alone = true}};

	signed_put_list(out,
			&(struct seal){.file_name = "ITLFile.tlv",
				       .signer = CUCM,
				       .sha512 = true,
				       .newer = true,
				       .minor = true},
			records, sizeof(records) / sizeof(*records));
}

static void
put_signed_config(struct bytes *out, const struct vpn_config *config)
{
	struct bytes text = {.n = 0};

	vpn_config_text(&text, config);
	signed_put(out,
		   &(struct seal){.file_name = "SEP001122334455.cnf.xml.sgn",
				  .signer = CUCM,
				  .sha512 = true},
		   &text);
}

static void
boot_tftp(struct lab *lab)
{
	struct bytes itl = {.n = 0}, config = {.n = 0};

	put_itl(&itl);
	put_signed_config(&config, &named);
	story_boot(lab, &story_office);
	announce_lldp(lab, &device_phone, &host_phone, 0);
	story_fetch(lab, "CTLSEP001122334455.tlv", NULL);
	story_fetch(lab, "ITLSEP001122334455.tlv", &itl);
	story_fetch(lab, "SEP001122334455.cnf.xml.sgn", &config);
	story_fetch(lab, "AppDialRules.xml", NULL);
	announce_wait(lab, 6);
	boot_lookup(lab, &host_phone,
		    &(struct name){.name = "vpn.example.com", .answer = &host_gateway});
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

static void
boot_http(struct lab *lab)
{
	const struct vpn_config told = {.hashes = {GATEWAY_RSA}, .by_certificate = true};
	struct party phone = vpn_phone, gateway = vpn_gateway;
	struct bytes itl = {.n = 0}, config = {.n = 0};
	struct tcp web;

	put_itl(&itl);
	put_signed_config(&config, &told);
	story_boot(lab, &story_office);
	web_open(&web, lab, &host_phone, &host_cucm);
	web_get(&web, "CTLSEP001122334455.tlv", NULL);
	web_get(&web, "ITLSEP001122334455.tlv", &itl);
	web_get(&web, "SEP001122334455.cnf.xml.sgn", &config);
	web_get(&web, "AppDialRules.xml", NULL);
	web_close(&web);
	announce_wait(lab, 6);
	phone.shows[0] = PHONE_MIC;
	gateway.trust = TRUST_CHAIN;
	gateway.trusts = MANUFACTURING_CA;
	story_tunnel(lab, &phone, &gateway);
	story_end(lab);
}

static void
stale_hash(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &right);
	story_refusal(lab, &vpn_phone);
	story_end(lab);
}

static void
stale_hash_renewed(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	story_boot(lab, &story_office);
	story_config(lab, &right);
	story_refusal(lab, &vpn_phone);
	announce_wait(lab, 95);
	story_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA, GATEWAY_RENEWED}});
	phone.trusts = gateway.shows[0] = GATEWAY_RENEWED;
	story_tunnel(lab, &phone, &gateway);
	story_end(lab);
}

static void
no_vpn_group(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &(struct vpn_config){.no_group = true});
	story_end(lab);
}

/* What the phone makes of such a hash is no certificate's. */
static void
hash_in_hex(struct lab *lab)
{
	struct party phone = vpn_phone;

	story_boot(lab, &story_office);
	story_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}, .in_hex = true});
	phone.trusts = GATEWAY_OTHER;
	talk_all(lab, &phone, &vpn_gateway);
	story_end(lab);
}

static void
no_tftp_server(struct lab *lab)
{
	story_boot(lab, &story_home);
	story_end(lab);
}

static void
no_tftp_server_vpn_up(struct lab *lab)
{
	story_boot(lab, &story_home);
	announce_wait(lab, 12);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
	vpn_config(lab, &right);
}

static void
option_66(struct lab *lab)
{
	const struct lease lease = {.address = &host_phone,
				    .option_66 = OPTION_TEXT,
				    .tftp_name = "cucm-pub.example.com"};

	story_boot(lab, &lease);
	boot_lookup(lab, &host_phone,
		    &(struct name){.name = "cucm-pub.example.com", .answer = &host_cucm});
	story_config(lab, &right);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

static void
dns_silent(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &named);
	boot_lookup_unanswered(lab, &host_phone, "vpn.example.com", 3);
	boot_lookup_unanswered(lab, &host_phone, "vpn.example.com", 3);
	story_end(lab);
}

static void
dns_nxdomain(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &named);
	for (unsigned i = 0; i < 2; i++) {
		boot_lookup(lab, &host_phone, &(struct name){.name = "vpn.example.com"});
		boot_lookup(lab, &host_phone,
			    &(struct name){.name = "vpn.example.com.example.com"});
		announce_wait(lab, 14);
	}
	story_end(lab);
}

static void
dns_suffix(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &named);
	boot_lookup(lab, &host_phone, &(struct name){.name = "vpn.example.com.example.com"});
	boot_lookup(lab, &host_phone,
		    &(struct name){.name = "vpn.example.com", .answer = &host_gateway});
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
}

/* Two servers on port 443; the directory's certificate is of no concern to the VPN. */
static void
dns_alias(struct lab *lab)
{
	struct party phone = vpn_phone;
	const struct party directory = {.host = &host_web, .shows = {WEB_SERVER, ISSUING_CA}};

	story_boot(lab, &story_office);
	story_config(lab, &named);
	boot_lookup(lab, &host_phone,
		    &(struct name){.name = "directory.example.com", .answer = &host_web});
	phone.trust = TRUST_ANY;
	talk_all(lab, &phone, &directory);
	announce_wait(lab, 8);
	boot_lookup(lab, &host_phone,
		    &(struct name){.name = "vpn.example.com",
				   .alias = "gw1.vpn-farm.example.net",
				   .answer = &host_gateway});
	story_refusal(lab, &vpn_phone);
	story_end(lab);
}

static void
at_home_in_the_office(struct lab *lab)
{
	story_boot(lab, &story_office);
	story_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}, .auto_detect = true});
	boot_ping(lab, &host_phone, &host_cucm, true);
	story_end(lab);
}

static void
away(struct lab *lab)
{
	story_boot(lab, &story_home);
	boot_ping(lab, &host_phone, &host_cucm, false);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}, .auto_detect = true});
}

static void
two_phones(struct lab *lab)
{
	const struct vpn_config second_told = {.phone = "SEP001122334466",
					       .hashes = {GATEWAY_RSA, GATEWAY_RENEWED},
					       .by_certificate = true};
	struct lease second_lease = story_office;
	struct party second = vpn_old_phone, gateway = vpn_gateway;
	struct bytes text = {.n = 0};

	story_boot(lab, &story_office);
	announce_join(lab, &device_phone_2);
	second_lease.address = &host_phone_2;
	boot_dhcp(lab, &device_phone_2, &second_lease);
	vpn_config_text(&text, &second_told);
	tftp_get(lab, &(struct download){.client = &host_phone_2,
					 .server = &host_cucm,
					 .file = "SEP001122334466.cnf.xml",
					 .content = &text});
	story_config(lab, &right);
	story_refusal(lab, &vpn_phone);
	second.host = &host_phone_2;
	second.shows[0] = PHONE_2_LSC;
	second.trusts = gateway.shows[0] = GATEWAY_RENEWED;
	gateway.trust = TRUST_CHAIN;
	gateway.trusts = CAPF;
	story_tunnel(lab, &second, &gateway);
	story_end(lab);
}

/* The PC has no configuration of a phone, no VPN and no luck; none of it is the phone's fault. */
static void
pc_misfortunes(struct lab *lab)
{
	const struct lease lease = {.address = &host_pc};
	const struct party pc = {.host = &host_pc,
				 .most = TLS1_2_VERSION,
				 .server_name = "www.shop.test",
				 .trust = TRUST_CHAIN,
				 .trusts = ROOT_CA};
	const struct party shop = {.host = &host_web, .shows = {WEB_SERVER}};

	boot_dhcp(lab, &device_pc, &lease);
	boot_lookup(lab, &host_pc, &(struct name){.name = "wpad.example.com"});
	tftp_get(lab, &(struct download){
			      .client = &host_pc, .server = &host_cucm, .file = "startup-config"});
	boot_ping(lab, &host_pc, &host_cucm, true);
	boot_lookup(lab, &host_pc, &(struct name){.name = "www.shop.test", .answer = &host_web});
	talk_all(lab, &pc, &shop);
	boot_lookup_unanswered(lab, &host_pc, "files.example.com", 2);
}

static void
pc_behind(struct lab *lab)
{
	announce_join(lab, &device_voice_switch);
	announce_wait(lab, 23);
	announce_join(lab, &device_phone);
	boot_dhcp(lab, &device_phone, &story_office);
	announce_lldp(lab, &device_phone, &host_phone, 110);
	pc_misfortunes(lab);
	story_config(lab, &right);
	story_tunnel(lab, &vpn_phone, &vpn_gateway);
	story_end(lab);
	relink_tag_voice(&lab->frames, host_phone.mac, 110);
}

static void
address_change(struct lab *lab)
{
	static const struct host moved = {.mac = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55},
					  .ip = {192, 0, 2, 131}};
	const struct lease second = {.address = &moved,
				     .tftp = &host_cucm,
				     .option_150 = OPTION_TEXT,
				     .option_66 = OPTION_BYTES,
				     .seconds = 120};
	struct lease first = story_office;
	struct party phone = vpn_phone;

	first.seconds = 120;
	story_boot(lab, &first);
	story_config(lab, &right);
	announce_wait(lab, 54);
	boot_dhcp_renew(lab, &device_phone, &first);
	announce_wait(lab, 31);
	boot_dhcp_refused(lab, &device_phone, &first);
	boot_dhcp(lab, &device_phone, &second);
	announce_wait(lab, 9);
	phone.host = &moved;
	story_refusal(lab, &phone);
	story_end(lab);
}

const struct scenario story_scenarios[] = {
	{"80-boot-tftp",
	 "all is well: CDP, LLDP, DHCP with option 150; by TFTP no CTL, an ITL and a signed "
	 "configuration; the gateway's name by DNS; TLS and DTLS come up",
	 "tftp-not-found (info, of the CTL)", boot_tftp},
	{"81-boot-http",
	 "the same by HTTP on 6970, one connection for all; the phone shows its MIC",
	 "http-not-found (info, of the CTL)", boot_http},
	{"82-stale-hash",
	 "the configuration that the phone gets by TFTP has the hash of the old certificate: "
	 "unknown_ca (48)",
	 "cert-hash-mismatch", stale_hash},
	{"83-stale-hash-renewed",
	 "the same; two minutes later the phone gets a configuration with both hashes, and comes "
	 "in",
	 "cert-hash-mismatch (of the first call)", stale_hash_renewed},
	{"84-config-no-vpn-group", "the configuration has no vpnGroup; the phone makes no call",
	 "no-vpn-group (info)", no_vpn_group},
	{"85-config-hash-in-hex",
	 "the configuration has the right hash as a browser shows it: unknown_ca (48)",
	 "config-hash-unusable, cert-hash-mismatch", hash_in_hex},
	{"86-no-tftp-server", "DHCP names no TFTP server; the phone asks for nothing",
	 "no-tftp-server", no_tftp_server},
	{"87-no-tftp-server-vpn-up",
	 "the same at home; the phone has its configuration, and the VPN comes up",
	 "no-tftp-server (info)", no_tftp_server_vpn_up},
	{"88-option-66-text",
	 "option 66 has the name of the TFTP server, DNS its address: all is well", "", option_66},
	{"89-dns-silent",
	 "nobody answers the queries for the url's host, 30 s long; the phone makes no call",
	 "dns-failure", dns_silent},
	{"90-dns-nxdomain", "there is no such name, with and without the domain's suffix",
	 "dns-failure", dns_nxdomain},
	{"91-dns-suffix",
	 "there is no such name with the domain's suffix, without it there is: all is well", "",
	 dns_suffix},
	{"92-dns-alias",
	 "the url's host is an alias, and only DNS tells which of two servers on port 443 is the "
	 "gateway: it shows a renewed certificate",
	 "cert-hash-mismatch", dns_alias},
	{"93-auto-network-detect",
	 "autoNetDetect: CUCM answers the phone's pings, so it makes no call",
	 "auto-network-detect (info)", at_home_in_the_office},
	{"94-auto-network-detect-away",
	 "autoNetDetect: nobody answers the pings, and the VPN comes up", "", away},
	{"95-two-phones",
	 "two phones on one wire: the first has an old hash (48), the second, with its LSC, both "
	 "hashes, and comes in",
	 "cert-hash-mismatch (of the first phone)", two_phones},
	{"96-pc-behind-phone",
	 "phone and tags of its voice VLAN; the untagged PC behind it has DHCP without option 150, "
	 "DNS without answers, a file that is not there, a broken chain (48): the phone is well",
	 "", pc_behind},
	{"97-address-change",
	 "the phone renews its address, is refused it (NAK), gets another, and calls from there; "
	 "the configuration that it got before has the old hash",
	 "cert-hash-mismatch", address_change},
	{0}};
