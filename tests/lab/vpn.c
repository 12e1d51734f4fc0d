/* The cast, and its lines. */
#include "vpn.h"

#include <stdio.h>
#include <stdlib.h>

/* Beyond the phone's own network everything comes from the router's MAC address. */
#define ROUTER                                     \
	{                                          \
		0x00, 0x1b, 0x54, 0x0a, 0x0b, 0x0c \
	}
#define DB8 0x20, 0x01, 0x0d, 0xb8

const struct host host_phone = {.mac = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55}, .ip = {192, 0, 2, 31}};
const struct host host_phone_2 = {.mac = {0x00, 0x11, 0x22, 0x33, 0x44, 0x66},
				  .ip = {192, 0, 2, 32}};
const struct host host_pc = {.mac = {0x00, 0x50, 0x56, 0x0a, 0x0b, 0x77}, .ip = {192, 0, 2, 77}};
const struct host host_dns = {.mac = ROUTER, .ip = {192, 0, 2, 1}};
const struct host host_gateway = {.mac = ROUTER, .ip = {198, 51, 100, 1}};
const struct host host_gateway_2 = {.mac = ROUTER, .ip = {198, 51, 100, 2}};
const struct host host_web = {.mac = ROUTER, .ip = {203, 0, 113, 80}};
const struct host host_proxy = {.mac = ROUTER, .ip = {203, 0, 113, 8}};
const struct host host_mail = {.mac = ROUTER, .ip = {203, 0, 113, 25}};
const struct host host_cucm = {.mac = {0x00, 0x50, 0x56, 0x0c, 0x01, 0x01}, .ip = {192, 0, 2, 101}};
const struct host host_cuc = {.mac = {0x00, 0x50, 0x56, 0x0c, 0x01, 0x02}, .ip = {192, 0, 2, 102}};
const struct host host_phone_v6 = {
	.mac = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55}, .v6 = true, .ip = {DB8, 0, 1, [15] = 0x31}};
const struct host host_gateway_v6 = {.mac = ROUTER, .v6 = true, .ip = {DB8, 1, 0, [15] = 1}};

const struct party vpn_phone = {.host = &host_phone,
				.least = TLS1_VERSION,
				.most = TLS1_2_VERSION,
				.ciphers = CIPHERS_8861,
				.trust = TRUST_HASH,
				.trusts = GATEWAY_RSA};
const struct party vpn_old_phone = {.host = &host_phone,
				    .least = TLS1_VERSION,
				    .most = TLS1_VERSION,
				    .ciphers = CIPHERS_7962,
				    .trust = TRUST_HASH,
				    .trusts = GATEWAY_RSA};
const struct party vpn_gateway = {.host = &host_gateway,
				  .least = TLS1_VERSION,
				  .most = TLS1_2_VERSION,
				  .ciphers = "AES256-SHA",
				  .shows = {GATEWAY_RSA}};

#define AGENT "Host: vpn.example.com\r\nUser-Agent: Cisco SVC IPPhone Client v1.0 (1.0)\r\n"

void
vpn_login(struct talk *talk)
{
	talk_say(talk, CLIENT, "GET /VPNPhone HTTP/1.1\r\n" AGENT "\r\n");
	talk_say(talk, SERVER,
		 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: webvpn=; path=/; secure\r\n"
		 "Set-Cookie: webvpnlogin=1; secure\r\nX-Transcend-Version: 1\r\n\r\n");
	talk_say(talk, CLIENT,
		 "POST /VPNPhone HTTP/1.1\r\n" AGENT "Content-Length: 49\r\n"
		 "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
		 "username=phone-31&password=throw-away&Login=Login");
	talk_say(talk, SERVER,
		 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: "
		 "webvpn=0DDBA11@4096@1F2E@C0FFEE; "
		 "secure\r\nX-Transcend-Version: 1\r\n\r\n");
}

static void
hex(char *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sprintf(out + 2 * i, "%02X", p[i]);
}

void
vpn_tunnel(struct talk *talk, const struct dtls *dtls)
{
	char secret[2 * DTLS09_SECRET + 1], session[2 * DTLS09_SESSION + 1], line[256] = "",
									     text[1024];

	if (dtls != NULL) {
		hex(secret, dtls->secret, sizeof(dtls->secret));
		snprintf(
			line, sizeof(line),
			"X-DTLS-Master-Secret: %s\r\nX-DTLS-CipherSuite: AES256-SHA:AES128-SHA\r\n",
			secret);
	}
	snprintf(text, sizeof(text),
		 "CONNECT /CSCOSSLC/tunnel HTTP/1.1\r\n" AGENT
		 "Cookie: webvpn=0DDBA11@4096@1F2E@C0FFEE\r\nX-CSTP-Version: 1\r\n"
		 "X-CSTP-Hostname: SEP001122334455\r\nX-CSTP-MTU: 1290\r\n%s\r\n",
		 line);
	talk_say(talk, CLIENT, text);
	if (dtls != NULL) {
		hex(session, dtls->session, sizeof(dtls->session));
		snprintf(line, sizeof(line),
			 "X-DTLS-Session-ID: %s\r\nX-DTLS-Port: 443\r\nX-DTLS-CipherSuite: %s\r\n",
			 session, dtls->suite);
	}
	snprintf(text, sizeof(text),
		 "HTTP/1.1 200 OK\r\nX-CSTP-Version: 1\r\nX-CSTP-Address: 10.10.1.1\r\n"
		 "X-CSTP-Netmask: 255.255.255.0\r\nX-CSTP-DPD: 30\r\nX-CSTP-MTU: 1290\r\n%s\r\n",
		 line);
	talk_say(talk, SERVER, text);
}

void
vpn_up(struct talk *talk, struct lab *lab, const struct party *phone, const struct party *gateway,
       const struct dtls *dtls)
{
	if (!talk_start(talk, lab, phone, gateway))
		lab_die("%s: the phone does not get in", lab->name);
	vpn_login(talk);
	vpn_tunnel(talk, dtls);
}

static void
put_hash(struct bytes *out, size_t nth, enum who who, bool in_hex)
{
	char text[3 * 20 + 1];
	unsigned char digest[20];

	if (in_hex) {
		X509_digest(pki(who)->cert, EVP_sha1(), digest, NULL);
		for (size_t i = 0; i < sizeof(digest); i++)
			sprintf(text + 3 * i, "%02X:", digest[i]);
		text[3 * sizeof(digest) - 1] = '\0';
	} else {
		pki_hash(pki(who)->cert, text);
	}
	put_format(out, "   <certHash%zu>%s</certHash%zu>\n", nth, text, nth);
}

static void
put_group(struct bytes *out, const struct vpn_config *config)
{
	put_format(out,
		   " <vpnGroup>\n  <mtu>1290</mtu>\n  <failConnectTime>30</failConnectTime>\n"
		   "  <authMethod>%d</authMethod>\n  <pswdPersistent>0</pswdPersistent>\n"
		   "  <autoNetDetect>%d</autoNetDetect>\n"
		   "  <enableHostIDCheck>%d</enableHostIDCheck>\n"
		   "  <addresses>\n   <url1>https://%s/VPNPhone</url1>\n  </addresses>\n"
		   "  <credentials>\n   <hashAlg>0</hashAlg>\n",
		   config->by_certificate ? 2 : 0, config->auto_detect, config->check_host,
		   config->host != NULL ? config->host : "198.51.100.1");
	for (size_t i = 0; i < 3 && config->hashes[i] != NOBODY; i++)
		put_hash(out, i + 1, config->hashes[i], config->in_hex);
	put_text(out, "  </credentials>\n </vpnGroup>\n");
}

/* What CUCM says of itself in every configuration. */
#define CUCM_MEMBERS                                                                      \
	" <devicePool>\n  <name>Default</name>\n  <callManagerGroup>\n   <members>\n"     \
	"    <member priority=\"0\">\n     <callManager>\n      <name>cucm-pub</name>\n"  \
	"      <ports>\n       <ethernetPhonePort>2000</ethernetPhonePort>\n"             \
	"       <sipPort>5060</sipPort>\n       <securedSipPort>5061</securedSipPort>\n"  \
	"      </ports>\n      <processNodeName>cucm-pub.example.com</processNodeName>\n" \
	"     </callManager>\n    </member>\n   </members>\n  </callManagerGroup>\n"      \
	" </devicePool>\n"

void
vpn_config_text(struct bytes *out, const struct vpn_config *config)
{
	put_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<device>\n"
		      " <fullConfig>true</fullConfig>\n <deviceProtocol>SIP</deviceProtocol>\n"
		      " <sshUserId>admin</sshUserId>\n"
		      " <sshPassword>" VPN_SSH_PASSWORD "</sshPassword>\n" CUCM_MEMBERS);
	if (!config->no_group)
		put_group(out, config);
	put_format(out,
		   " <sipProfile>\n  <phoneLabel>%s</phoneLabel>\n </sipProfile>\n"
		   " <loadInformation>sip88xx.11-0-1-11</loadInformation>\n"
		   " <deviceSecurityMode>1</deviceSecurityMode>\n</device>\n",
		   config->phone != NULL ? config->phone : "SEP001122334455");
}

void
vpn_config(const struct lab *lab, const struct vpn_config *config)
{
	struct bytes text = {.n = 0};
	char path[1024];
	FILE *file;

	vpn_config_text(&text, config);
	snprintf(path, sizeof(path), "%s/%s.cnf.xml", lab->dir, lab->name);
	if ((file = fopen(path, "w")) == NULL || fwrite(text.b, text.n, 1, file) != 1 ||
	    fclose(file) != 0)
		lab_die("%s: cannot be written", path);
}
