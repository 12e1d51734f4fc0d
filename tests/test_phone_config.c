/* Phones' configurations: CUCM's, CME's, incomplete, signed, broken and hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <libxml/parser.h>

#include "src/limit.h"
#include "src/trust/phone_config.h"
#include "tests/allocations.h"
#include "tests/config_of_file.h"

#define HASH1 "5X6B6plUwUSXZnjQ4kGM33mpMXY="
#define HASH2 "Eom4p6qf/YSGXjiTnzRmphtWCPw="
#define SHA256 "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

/* A <vpnGroup> with all that counts. */
#define VPN_GROUP                                                                                  \
	"<vpnGroup><mtu>1290</mtu><failConnectTime>30</failConnectTime><authMethod>2</authMethod>" \
	"<pswdPersistent>0</pswdPersistent><autoNetDetect>1</autoNetDetect>"                       \
	"<enableHostIDCheck>0</enableHostIDCheck>"                                                 \
	"<addresses><url1>https://asa.example.test/phonevpn</url1></addresses>"                    \
	"<credentials><hashAlg>0</hashAlg><certHash1>" HASH1                                       \
	"</certHash1></credentials></vpnGroup>"

static char err[512];

static struct phone_config *
parse_bytes(const void *bytes, size_t n, const char *source)
{
	memset(err, 0, sizeof(err));
	return config_of_bytes(slice_of(bytes, n), source, err, sizeof(err));
}

/* parse reads what must be a configuration. */
static struct phone_config *
parse(const char *xml)
{
	struct phone_config *config = parse_bytes(xml, strlen(xml), "test.xml");

	if (config == NULL)
		fail_msg("%s\n%s", err, xml);
	assert_string_equal(err, "");
	return config;
}

/* check_vpn looks whether VPN_GROUP was understood, and frees the configuration. */
static void
check_vpn(struct phone_config *config)
{
	assert_non_null(config);
	assert_true(config->has_vpn_group);
	assert_int_equal(config->fail_connect_time, 30);
	assert_int_equal(config->auth_method, 2);
	assert_int_equal(config->auto_net_detect, 1);
	assert_int_equal(config->enable_host_id_check, 0);
	assert_int_equal(config->hash_alg, 0);
	assert_int_equal(config->mtu, 1290);
	assert_int_equal(config->password_persistent, 0);
	assert_int_equal(config->n_urls, 1);
	assert_string_equal(config->urls[0].text, "https://asa.example.test/phonevpn");
	assert_string_equal(config->urls[0].host, "asa.example.test");
	assert_int_equal(config->urls[0].port, 443);
	assert_int_equal(config->n_hashes, 1);
	assert_string_equal(config->hashes[0].text, HASH1);
	assert_int_equal(config->hashes[0].form, HASH_BASE64);
	assert_int_equal(config->hashes[0].hash.n, SHA1_SIZE);
	assert_int_equal(config->hashes[0].hash.bytes[0], 0xe5);
	assert_int_equal(config->left_out, 0);
	phone_config_free(config);
}

static void
check_error_bytes(const void *bytes, size_t n, const char *source, const char *expected)
{
	assert_null(parse_bytes(bytes, n, source));
	assert_string_equal(err, expected);
}

static void
check_error(const char *xml, const char *expected)
{
	check_error_bytes(xml, strlen(xml), "test.xml", expected);
}

/* ---- what good ones say ---- */

static void
cucm(void **state)
{
	struct phone_config *config;

	(void)state;
	config =
		parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
		      "<device  xsi:type=\"axl:XIPPhone\" ctiid=\"548\" uuid=\"{1}\">\r\n"
		      "<fullConfig>true</fullConfig><devicePool><name>Default</name></"
		      "devicePool>" VPN_GROUP
		      "<sipProfile><sipLines><line><name>1000</name></line></sipLines></sipProfile>"
		      "<loadInformation>sip88xx.12-5-1SR3-74</loadInformation>"
		      "<deviceProtocol>SIP</deviceProtocol><deviceSecurityMode>1</deviceSecurityMode>"
		      "<certHash>d41d8cd98f00b204e9800998ecf8427e</certHash></device>\n");
	assert_string_equal(config->source, "test.xml");
	assert_string_equal(config->name, "");
	assert_string_equal(config->load, "sip88xx.12-5-1SR3-74");
	assert_string_equal(config->protocol, "SIP");
	assert_int_equal(config->security_mode, 1);
	assert_string_equal(config->own_cert_md5, "d41d8cd98f00b204e9800998ecf8427e");
	assert_false(config->partial);
	assert_true(phone_config_weight(config) > sizeof(*config) + 100);
	check_vpn(config);
}

static void
cme(void **state)
{
	struct phone_config *config =
		parse("<device><vpnGroup>\n <enableHostIDCheck>1</enableHostIDCheck>\n"
		      " <addresses><url1>https://192.0.2.10/SSLVPNphone</url1></addresses>\n"
		      " <credentials><certHash1>" HASH2
		      "</certHash1></credentials>\n</vpnGroup></device>");

	(void)state;
	assert_int_equal(config->enable_host_id_check, 1);
	assert_int_equal(config->auth_method, -1);
	assert_int_equal(config->auto_net_detect, -1);
	assert_int_equal(config->hash_alg, -1);
	assert_int_equal(config->fail_connect_time, -1);
	assert_int_equal(config->mtu, -1);
	assert_int_equal(config->password_persistent, -1);
	assert_int_equal(config->security_mode, -1);
	assert_null(config->load);
	assert_null(config->protocol);
	assert_null(config->own_cert_md5);
	assert_string_equal(config->urls[0].host, "192.0.2.10");
	assert_string_equal(config->hashes[0].text, HASH2);
	phone_config_free(config);
}

static void
without_vpn(void **state)
{
	struct phone_config *config = parse("<device><fullConfig>false</fullConfig></device>");

	(void)state;
	assert_false(config->has_vpn_group);
	assert_true(config->partial);
	assert_int_equal(config->n_urls, 0);
	assert_int_equal(config->n_hashes, 0);
	phone_config_free(config);

	config = parse("<device><!-- " VPN_GROUP " --><loadInformation/></device>");
	assert_false(config->has_vpn_group);
	assert_false(config->partial);
	assert_null(config->load);
	phone_config_free(config);

	config = parse("<x><device><a><loadInformation>1</loadInformation></a></device>"
		       "<device><loadInformation>2</loadInformation><loadInformation>3</"
		       "loadInformation></device>"
		       "</x>");
	assert_string_equal(config->load, "2");
	phone_config_free(config);

	config = parse("<x><device/><other><loadInformation>1</loadInformation></other></x>");
	assert_null(config->load);
	phone_config_free(config);

	config = parse("<device><vpnGroup/></device>");
	assert_true(config->has_vpn_group);
	phone_config_free(config);
}

static void
empty_elements_say_nothing(void **state)
{
	struct phone_config *config = parse("<vpnGroup><url1></url1><url2> \n "
					    "</url2><url3/><certHash1/><certHash2> </certHash2>"
					    "<authMethod></authMethod><hashAlg>x</"
					    "hashAlg><failConnectTime>1234567</failConnectTime>"
					    "<autoNetDetect>-1</autoNetDetect></vpnGroup>");

	(void)state;
	assert_int_equal(config->n_urls, 0);
	assert_int_equal(config->n_hashes, 0);
	assert_int_equal(config->auth_method, -1);
	assert_int_equal(config->hash_alg, -1);
	assert_int_equal(config->fail_connect_time, -1);
	assert_int_equal(config->auto_net_detect, -1);
	phone_config_free(config);
}

static void
names_in_any_case_prefix_and_place(void **state)
{
	struct phone_config *config =
		parse("<x:DEVICE><a><b><P:VPNGROUP><EnableHostIdCheck>TRUE</"
		      "EnableHostIdCheck><deep><URL7> asa </URL7></deep>"
		      "<c:CERTHASH10>" HASH1 "</c:CERTHASH10></P:VPNGROUP></b></a></x:DEVICE>");

	(void)state;
	assert_true(config->has_vpn_group);
	assert_int_equal(config->enable_host_id_check, 1);
	assert_string_equal(config->urls[0].text, "asa");
	assert_string_equal(config->hashes[0].text, HASH1);
	phone_config_free(config);
}

static void
only_what_stands_in_the_vpn_group(void **state)
{
	struct phone_config *config =
		parse("<device><certHash>" HASH1 "</certHash><certHash1>" HASH1
		      "</certHash1><url1>https://a/</url1>"
		      "<credentials>\n" HASH2
		      "\n</credentials><vpnGroup><urls>https://b/</urls><certHashX>" HASH2
		      "</certHashX></vpnGroup><authMethod>1</authMethod></device>");

	(void)state;
	assert_int_equal(config->n_urls, 0);
	assert_int_equal(config->n_hashes, 0);
	assert_int_equal(config->auth_method, -1);
	phone_config_free(config);
}

static void
several_groups_add_up(void **state)
{
	struct phone_config *config =
		parse("<device>" VPN_GROUP
		      "<vpnGroup><authMethod>1</authMethod><url1>https://b.test:8443/</url1>"
		      "<certHash1>" HASH2 "</certHash1><certHash2>" SHA256
		      "</certHash2></vpnGroup></device>");

	(void)state;
	assert_int_equal(config->auth_method, 2);
	assert_int_equal(config->n_urls, 2);
	assert_string_equal(config->urls[1].host, "b.test");
	assert_int_equal(config->urls[1].port, 8443);
	assert_int_equal(config->n_hashes, 3);
	assert_string_equal(config->hashes[1].text, HASH2);
	assert_int_equal(config->hashes[2].hash.n, SHA256_SIZE);
	phone_config_free(config);
}

static void
hashes_of_all_kinds(void **state)
{
	struct phone_config *config = parse(
		"<vpnGroup><credentials>\n <hashAlg>0</hashAlg>\r\n\t" HASH1
		" \r\n nothing of note\n<certHash2>"
		"E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76</certHash2>\n" HASH2
		"\n<certHash3> not a hash </certHash3><certHash4><![CDATA[" SHA256 "]]></certHash4>"
		"\n" HASH1 "</credentials></vpnGroup>");

	(void)state;
	assert_int_equal(config->hash_alg, 0);
	assert_int_equal(config->n_hashes, 6);
	assert_string_equal(config->hashes[0].text, HASH1);
	assert_string_equal(config->hashes[5].text, HASH1);
	assert_int_equal(config->hashes[0].form, HASH_BASE64);
	assert_int_equal(config->hashes[1].form, HASH_HEX);
	assert_string_equal(config->hashes[2].text, HASH2);
	assert_string_equal(config->hashes[3].text, "not a hash");
	assert_int_equal(config->hashes[3].form, HASH_BAD);
	assert_string_equal(config->hashes[4].text, SHA256);
	phone_config_free(config);
}

static void
more_than_anyone_needs(void **state)
{
	char xml[16384] = "<vpnGroup>";
	struct phone_config *config;

	(void)state;
	for (int i = 1; i <= 100; i++)
		sprintf(xml + strlen(xml), "<url%d>a%d</url%d><certHash%d>%d</certHash%d>", i, i, i,
			i, i, i);
	strcat(xml, "</vpnGroup>");
	config = parse(xml);
	assert_int_equal(config->n_urls, LIMIT_URLS);
	assert_string_equal(config->urls[LIMIT_URLS - 1].host, "a16");
	assert_int_equal(config->n_hashes, LIMIT_HASHES);
	assert_int_equal(config->left_out, 200 - LIMIT_URLS - LIMIT_HASHES);
	phone_config_free(config);
}

/* check_name reads a configuration of this source and content, and looks what its phone is called.
 */
static void
check_name(const char *source, const char *xml, const char *expected)
{
	struct phone_config *config = parse_bytes(xml, strlen(xml), source);

	assert_non_null(config);
	assert_string_equal(config->name, expected);
	phone_config_free(config);
}

static void
names_of_phones(void **state)
{
	(void)state;
	check_name("SEP001122aabbcc.cnf.xml", "<device/>", "SEP001122AABBCC");
	check_name("dir/SEP000000000000/old-SEP001122334455.cnf.xml.sgn", "<device/>",
		   "SEP001122334455");
	check_name("SEP000000000000/phone.xml", "<device><name>SEP001122334455</name></device>",
		   "SEP001122334455");
	check_name("SEP001122334455.xml", "<device><name>SEP000000000000</name></device>",
		   "SEP001122334455");
	check_name("x", "<device><line><name>SEP001122334455</name></line></device>", "");
	check_name("x", "<device><name>my SEP001122334455</name></device>", "");
}

/* ---- encodings ---- */

/* widen writes ASCII as UTF-16 behind a byte order mark. */
static size_t
widen(const char *text, bool big_endian, uint8_t *out)
{
	size_t n = 0;

	out[n++] = big_endian ? 0xfe : 0xff;
	out[n++] = big_endian ? 0xff : 0xfe;
	for (; *text != '\0'; text++) {
		out[n++] = big_endian ? 0 : (uint8_t)*text;
		out[n++] = big_endian ? (uint8_t)*text : 0;
	}
	return n;
}

static void
encodings(void **state)
{
	static const char utf16[] =
		"<?xml version=\"1.0\" encoding=\"UTF-16\"?><device>" VPN_GROUP "</device>";
	uint8_t wide[2 * sizeof(utf16) + 2];
	struct phone_config *config;
	size_t n;

	(void)state;
	n = widen(utf16, false, wide);
	check_vpn(parse_bytes(wide, n, "x"));
	n = widen(utf16, true, wide);
	check_vpn(parse_bytes(wide, n, "x"));
	check_vpn(parse("\xef\xbb\xbf<device>" VPN_GROUP "</device>"));
	check_vpn(parse("\r\n <?xml version=\"1.0\"?><device>" VPN_GROUP "</device>"));

	config = parse(
		"<?xml version=\"1.0\" "
		"encoding=\"ISO-8859-1\"?><device><loadInformation>\xe9</loadInformation>" VPN_GROUP
		"</device>");
	assert_string_equal(config->load, "\xc3\xa9");
	check_vpn(config);
	/* Latin-1 that calls itself UTF-8 is shown as the bytes that it is. */
	config = parse(
		"<?xml version=\"1.0\" "
		"encoding=\"UTF-8\"?><device><loadInformation>\xe9</loadInformation>" VPN_GROUP
		"</device>");
	check_vpn(config);
	check_error("<?xml version=\"1.0\" encoding=\"no-such\"?><device>" VPN_GROUP "</device>",
		    "test.xml: not a phone configuration: no readable XML in it");
}

/* ---- signed files ---- */

/* sign puts a header of len bytes before a body, as Cisco does: the signature is not looked at. */
static size_t
sign(uint8_t major, uint16_t len, const char *body, uint8_t *out)
{
	const uint8_t front[] = {1, 0, 2, major, 0, 2, 0, 2, (uint8_t)(len >> 8), (uint8_t)len, 3};

	memset(out, 0x0d, len);
	memcpy(out, front, sizeof(front));
	memcpy(out + len, body, strlen(body));
	return len + strlen(body);
}

static void
signed_files(void **state)
{
	static const char sentence[] =
		"x: encrypted configuration (.enc.sgn): ask CUCM for the clear one";
	static const char cut[] = "x.sgn: signed configuration (.sgn) cut short: fetch it again";
	uint8_t file[4096];
	size_t n = sign(1, 484, "<?xml version=\"1.0\"?><device>" VPN_GROUP "</device>", file);

	(void)state;
	check_vpn(parse_bytes(file, n, "x.sgn"));
	for (size_t len = 3; len < 484; len++)
		check_error_bytes(file, len, "x.sgn", cut);
	check_error_bytes(file, 484, "x.sgn",
			  "x.sgn: not a phone configuration: no readable XML in it");
	n = sign(2, 824, "\x8f\x11\x03<junk", file);
	check_error_bytes(file, n, "x", sentence);
	check_error_bytes(
		"\x8f\x11\x03junk", 7, "a.cnf.xml.enc",
		"a.cnf.xml.enc: encrypted configuration (.enc.sgn): ask CUCM for the clear one");
	n = sign(1, 468, "\1\0\2\4\x8c", file); /* a trust list */
	check_error_bytes(file, n, "CTLFile.tlv",
			  "CTLFile.tlv: not a phone configuration: a trust list");
}

/* ---- broken ones ---- */

static void
broken_but_readable(void **state)
{
	struct phone_config *config;

	(void)state;
	check_vpn(parse("<device><a>b & c < d</a>" VPN_GROUP "</device>"));
	check_vpn(parse("<device a=b c='1' c='2'>" VPN_GROUP "</device>"));
	check_vpn(parse("<device><a><b></a>" VPN_GROUP "</device>"));
	check_vpn(parse("<device>" VPN_GROUP "</wrong>"));
	check_vpn(parse("<device>\x1b" VPN_GROUP "</device> junk"));
	check_vpn(parse(VPN_GROUP));
	config = parse("<device>" VPN_GROUP "<vpnGroup><certHash1>cut");
	assert_true(config->partial);
	check_vpn(config);
}

static void
a_value_cut_in_its_middle_is_none(void **state)
{
	struct phone_config *config =
		parse("<vpnGroup><url1>https://a.test/</url1><certHash1>" HASH1);

	(void)state;
	assert_int_equal(config->n_urls, 1);
	assert_int_equal(config->n_hashes, 0);
	assert_true(config->partial);
	phone_config_free(config);
}

static void
no_configuration(void **state)
{
	static const char no_xml[] = "test.xml: not a phone configuration: no readable XML in it";
	static const char no_device[] =
		"test.xml: not a phone configuration: no <device> or <vpnGroup> in it";
	static const char damaged[] =
		"test.xml: damaged or cut short before any <vpnGroup>: fetch it again";
	static const char with_nul[] = "<device><a>\0</a>" VPN_GROUP "</device>";
	uint8_t binary[1024];
	char *big;

	(void)state;
	check_error("", "test.xml: empty file: fetch it again");
	check_error(" \r\n", no_xml);
	check_error("hello", no_xml);
	check_error("HTTP/1.1 404 File Not Found\r\n\r\n", no_xml);
	check_error(
		"<!DOCTYPE html><html><head><title>404</title></head><body><br>none</body></html>",
		no_device);
	check_error("<", no_xml);
	check_error("<?xml version=\"1.0\"?>", no_xml);
	check_error("<CiscoIPPhoneMenu/>", no_device);
	check_error("<device><loadInformation>sip88xx</loadInformation>", damaged);
	check_error_bytes(with_nul, sizeof(with_nul) - 1, "test.xml", damaged);
	for (size_t i = 0; i < sizeof(binary); i++)
		binary[i] = (uint8_t)(i * 7 + i / 256);
	check_error_bytes(binary, sizeof(binary), "test.xml", no_xml);
	memset(binary, 0, sizeof(binary));
	check_error_bytes(binary, sizeof(binary), "test.xml", no_xml);
	check_error_bytes(
		"<x/>", 4, "\x1b[2J.xml",
		"\\x1b[2J.xml: not a phone configuration: no <device> or <vpnGroup> in it");
	big = malloc(LIMIT_CONFIG_BYTES + 1);
	memset(big, ' ', LIMIT_CONFIG_BYTES + 1);
	memcpy(big, "<device>", 8);
	memcpy(big + LIMIT_CONFIG_BYTES - 9, "</device>", 9);
	check_error_bytes(big, LIMIT_CONFIG_BYTES + 1, "test.xml",
			  "test.xml: too big for a phone configuration");
	phone_config_free(parse_bytes(big, LIMIT_CONFIG_BYTES, "test.xml"));
	assert_string_equal(err, "");
	free(big);
}

static void
sentences_fit_their_buffer(void **state)
{
	char small[8] = "xxxxxxx";

	(void)state;
	assert_null(config_of_bytes(slice_of("", 0), "a-long-name.xml", small, sizeof(small)));
	assert_string_equal(small, "a-long-");
}

/* ---- hostile ones ---- */

static char file_name[] = "test_phone_config.XXXXXX";

static void
write_file(const char *text)
{
	FILE *file = fopen(file_name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Entities that name a file with a hash in it, in every way that XML has. */
static void
entities_read_no_file(void **state)
{
	static const char *const documents[] = {
		"<!DOCTYPE d [<!ENTITY x SYSTEM "
		"\"%s\">]><vpnGroup><certHash1>&x;</certHash1></vpnGroup>",
		"<!DOCTYPE d [<!ENTITY x PUBLIC \"p\" "
		"\"file://%s\">]><vpnGroup><certHash1>&x;</certHash1></vpnGroup>",
		"<!DOCTYPE d [<!ENTITY %% x SYSTEM \"%s\"> "
		"%%x;]><vpnGroup><certHash1>&y;</certHash1></vpnGroup>",
		"<!DOCTYPE d SYSTEM \"%s\"><vpnGroup><certHash1>&y;</certHash1></vpnGroup>",
		"<vpnGroup xmlns:i=\"http://www.w3.org/2001/XInclude\"><i:include "
		"href=\"%s\"/></vpnGroup>",
	};
	char path[4096], xml[8192];

	(void)state;
	write_file(HASH1);
	assert_non_null(realpath(file_name, path));
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct phone_config *config;
		write_file(i == 2 || i == 3 ? "<!ENTITY y \"" HASH1 "\">" : HASH1);
		snprintf(xml, sizeof(xml), documents[i], path);
		config = parse(xml);
		assert_int_equal(config->n_hashes, 0);
		phone_config_free(config);
	}
	unlink(file_name);
}

static void
entities_open_no_connection(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	char xml[2048];

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, 5), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	snprintf(
		xml, sizeof(xml),
		"<!DOCTYPE d SYSTEM \"http://127.0.0.1:%u/d\" [<!ENTITY %% p SYSTEM "
		"\"http://127.0.0.1:%u/p\">"
		"<!ENTITY x SYSTEM \"http://127.0.0.1:%u/x\"> %%p;]><device a=\"&x;\">&x;" VPN_GROUP
		"</device>",
		ntohs(address.sin_port), ntohs(address.sin_port), ntohs(address.sin_port));
	check_vpn(parse(xml));
	assert_int_equal(accept(listener, NULL, NULL), -1);
	close(listener);
}

/* Entities of entities of entities, ten times thirty deep: general ones, and those of the
 * declarations. */
static void
a_billion_laughs(void **state)
{
	char xml[16384] = "<!DOCTYPE d [<!ENTITY a0 \"lol\"><!ENTITY % p0 \"<!-- lol -->\">";

	(void)state;
	for (int i = 1; i <= 30; i++) {
		sprintf(xml + strlen(xml), "<!ENTITY a%d \"", i);
		for (int k = 0; k < 10; k++)
			sprintf(xml + strlen(xml), "&a%d;", i - 1);
		sprintf(xml + strlen(xml), "\"><!ENTITY %% p%d \"", i);
		for (int k = 0; k < 10; k++)
			sprintf(xml + strlen(xml), "&#37;p%d;", i - 1);
		strcat(xml, "\">");
	}
	strcat(xml,
	       "%p30;]><device a=\"&a30;\"><vpnGroup><url1>&a30;</url1></vpnGroup>&a30;" VPN_GROUP
	       "</device>");
	alarm(30);
	check_vpn(parse(xml));
	alarm(0);
}

/* shape makes a big document out of one piece again and again, and reads it in time. */
static void
shape(const char *front, const char *piece)
{
	const size_t size = LIMIT_CONFIG_BYTES / 4;
	char *xml = malloc(size);
	size_t n = strlen(front), step = strlen(piece);

	memcpy(xml, front, n);
	for (; n + step <= size; n += step)
		memcpy(xml + n, piece, step);
	alarm(30);
	phone_config_free(parse_bytes(xml, n, "test.xml"));
	alarm(0);
	free(xml);
}

static void
big_documents_end_in_time(void **state)
{
	(void)state;
	shape("<device>", "<a>");
	shape("<device>", "<a></b>");
	shape("<device>", "<a/>");
	shape("<vpnGroup><certHash1>", "A");
	shape("<vpnGroup><credentials>", HASH1 "\n");
	shape("<vpnGroup><credentials>", HASH1 "\n<b/>");
	shape("<device>", "&");
	shape("<device>", "&#65;");
	shape("<device>", "&x;");
	shape("<device ", "a='1' ");
	shape("<!DOCTYPE d [", "<!ENTITY a 'b'>");
	shape("<!DOCTYPE d [", "%a;");
	shape("<a", "a");
	shape("<!--", "-");
	shape("<device><![CDATA[", "]");
	shape("", "<device>\xff");
}

static void
long_text_is_bounded(void **state)
{
	char xml[3 * LIMIT_CONFIG_TEXT] = "<vpnGroup><url1>https://a.test/";
	struct phone_config *config;

	(void)state;
	memset(xml + strlen(xml), 'x', 2 * LIMIT_CONFIG_TEXT);
	strcat(xml, "</url1><certHash1>\x09");
	memset(xml + strlen(xml), ' ', LIMIT_CONFIG_TEXT / 2);
	strcat(xml, HASH1 "</certHash1></vpnGroup>");
	config = parse(xml);
	assert_string_equal(config->urls[0].host, "a.test");
	assert_int_equal(strlen(config->urls[0].text), LIMIT_TEXT);
	assert_string_equal(config->hashes[0].text, HASH1);
	phone_config_free(config);
}

static void
control_characters_stay_out(void **state)
{
	struct phone_config *config =
		parse("<device><loadInformation>a&#13;&#x85;&#x202e;\\b</loadInformation><vpnGroup>"
		      "<url1>https://a&#9;b/</url1><certHash1>&#10;&#8232;x</certHash1></"
		      "vpnGroup></device>");

	(void)state;
	assert_string_equal(config->load, "a\\x0d\\u0085\\u202e\\\\b");
	assert_string_equal(config->urls[0].host, "a\\x09b");
	assert_string_equal(config->hashes[0].text, "\\u2028x");
	phone_config_free(config);
}

/* ---- files ---- */

static void
files(void **state)
{
	char wanted[128];

	(void)state;
	write_file("<device>" VPN_GROUP "</device>");
	check_vpn(config_of_file(file_name, err, sizeof(err)));
	unlink(file_name);
	assert_null(config_of_file(file_name, err, sizeof(err)));
	snprintf(wanted, sizeof(wanted), "%s: No such file or directory", file_name);
	assert_string_equal(err, wanted);
	assert_null(config_of_file(".", err, sizeof(err)));
	assert_string_equal(err, ".: Is a directory");
	assert_null(config_of_file("/dev/zero", err, sizeof(err)));
	assert_string_equal(err, "/dev/zero: too big");
}

/* read_sample reads a file of the samples that lie beside the project, which are there: NULL where
 * it is none. */
static struct phone_config *
read_sample(const char *name)
{
	const char *root = getenv("srcdir") == NULL ? "." : getenv("srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/../shared/samples/SEP001122334455%s", root, name);
	return config_of_file(path, err, sizeof(err));
}

/* check_sample compares one sample with what its README says of it. */
static void
check_sample(const char *name, size_t n_urls, size_t n_hashes, const char *hash, int host_id_check)
{
	struct phone_config *config = read_sample(name);

	if (config == NULL)
		fail_msg("%s", err);
	assert_string_equal(config->name, "SEP001122334455");
	assert_int_equal(config->has_vpn_group, n_urls > 0);
	assert_int_equal(config->n_urls, n_urls);
	assert_int_equal(config->n_hashes, n_hashes);
	if (n_hashes > 0)
		assert_string_equal(config->hashes[0].text, hash);
	assert_int_equal(config->enable_host_id_check, host_id_check);
	assert_non_null(config->load);
	assert_false(config->partial);
	phone_config_free(config);
}

static void
samples(void **state)
{
	static const char right[] = "oxUwO928qzVHsXj0DUXkTPxaaPw=",
			  wrong[] = "/4szxnJTULamU1A6aCY4vphikqo=";
	static const char *const all[] = {".cnf.xml", ".cnf.xml.sgn", ".sha512.cnf.xml.sgn"};
	struct phone_config *probe = read_sample(all[0]);

	(void)state;
	if (probe == NULL) {
		print_message("SKIP: %s\n", err);
		skip();
	}
	phone_config_free(probe);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		check_sample(all[i], 2, 2, right, 1);
	check_sample(".wronghash.cnf.xml", 2, 2, wrong, 1);
	check_sample(".cme.cnf.xml", 1, 1, right, 0);
	check_sample(".novpn.cnf.xml", 0, 0, NULL, -1);
	assert_null(read_sample(".cnf.xml.enc.sgn"));
	assert_non_null(
		strstr(err, ": encrypted configuration (.enc.sgn): ask CUCM for the clear one"));
}

/* ---- memory ---- */

static char *
library_strdup(const char *text)
{
	char *copy = allocations_malloc(strlen(text) + 1);
	return copy == NULL ? NULL : strcpy(copy, text);
}

/* Each allocation in turn fails: there is the whole configuration, or a sentence. */
static void
no_memory_is_said(void **state)
{
	static const char xml[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><device a=\"b\"><!-- c -->" VPN_GROUP
		"<loadInformation>sip88xx</loadInformation></device>";
	bool failed = true;
	size_t none = 0;

	(void)state;
	for (size_t nth = 1; failed; nth++) {
		struct phone_config *config;
		allocations_fail(nth);
		config = parse_bytes(xml, sizeof(xml) - 1, "test.xml");
		failed = allocations_failed();
		if (config == NULL) {
			none++;
			assert_string_equal(err, "test.xml: out of memory");
			continue;
		}
		assert_string_equal(config->load, "sip88xx");
		check_vpn(config);
	}
	assert_true(none > 15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cucm),
		cmocka_unit_test(cme),
		cmocka_unit_test(without_vpn),
		cmocka_unit_test(empty_elements_say_nothing),
		cmocka_unit_test(names_in_any_case_prefix_and_place),
		cmocka_unit_test(only_what_stands_in_the_vpn_group),
		cmocka_unit_test(several_groups_add_up),
		cmocka_unit_test(hashes_of_all_kinds),
		cmocka_unit_test(more_than_anyone_needs),
		cmocka_unit_test(names_of_phones),
		cmocka_unit_test(encodings),
		cmocka_unit_test(signed_files),
		cmocka_unit_test(broken_but_readable),
		cmocka_unit_test(a_value_cut_in_its_middle_is_none),
		cmocka_unit_test(no_configuration),
		cmocka_unit_test(sentences_fit_their_buffer),
		cmocka_unit_test(entities_read_no_file),
		cmocka_unit_test(entities_open_no_connection),
		cmocka_unit_test(a_billion_laughs),
		cmocka_unit_test(big_documents_end_in_time),
		cmocka_unit_test(long_text_is_bounded),
		cmocka_unit_test(control_characters_stay_out),
		cmocka_unit_test(files),
		cmocka_unit_test(samples),
		cmocka_unit_test(no_memory_is_said),
	};
	int fd = mkstemp(file_name), status;

	if (fd < 0 ||
	    xmlMemSetup(free, allocations_malloc, allocations_realloc, library_strdup) != 0)
		return 99;
	close(fd);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file_name);
	return status;
}
