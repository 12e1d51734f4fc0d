/* JSON: what is read beside TLS, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"
#include "tests/sample.h"

#define START 1459541662741838 /* 2016-04-01T20:14:22.741838Z */

static struct ip_addr
v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct ip_addr){{[10] = 0xff, [11] = 0xff, [12] = a, [13] = b, [14] = c, [15] = d}};
}

static struct event
event_of(enum event_kind kind, uint64_t first, uint64_t last)
{
	struct event event = {
		.kind = kind,
		.at = {first, START},
		.last = {last, START + 1000},
		.client = {.has_mac = true, .mac = {0, 0x11, 0x22, 0x33, 0x44, 0x55}},
		.vlan = {110},
		.vlans = 1,
	};

	if (kind == EVENT_ANNOUNCEMENT)
		event.announcement.voice_vlan = event.announcement.native_vlan = -1;
	return event;
}

static const struct event *printed;

static void
print(FILE *to)
{
	sink_json.event(to, printed);
}

static void
check(const struct event *event, const char *expected)
{
	char *text;

	printed = event;
	text = sample_print(print);
	assert_string_equal(text, expected);
	free(text);
}

static void
announcements(void **state)
{
	struct event event = event_of(EVENT_ANNOUNCEMENT, 1, 1);
	struct announcement *said = &event.announcement;

	(void)state;
	check(&event, "{\"schema\":1,\"event\":\"cdp\",\"frame\":1,\"time\":\"2016-04-01T20:14:22.741838Z\","
		      "\"mac\":\"00:11:22:33:44:55\",\"vlan\":[110],\"is_phone\":false}\n");
	said->name = "SEP001122334455";
	said->model = "Cisco IP Phone 8861";
	said->software = "sip88xx.12-5-1";
	said->port = "Port 1";
	said->phone = said->has_ip = true;
	said->ip = v4(10, 0, 0, 5);
	said->voice_vlan = 110;
	said->native_vlan = 0;
	check(&event, "{\"schema\":1,\"event\":\"cdp\",\"frame\":1,\"time\":\"2016-04-01T20:14:22.741838Z\","
		      "\"mac\":\"00:11:22:33:44:55\",\"ip\":\"10.0.0.5\",\"vlan\":[110],"
		      "\"device_id\":\"SEP001122334455\",\"platform\":\"Cisco IP Phone 8861\","
		      "\"software\":\"sip88xx.12-5-1\",\"port\":\"Port 1\",\"is_phone\":true,\"voice_vlan\":110,"
		      "\"native_vlan\":0}\n");
	said->lldp = true;
	said->serial = "FCH\x1b";
	said->chassis = "10.0.0.5";
	said->has_ip = false;
	said->native_vlan = -1;
	event.vlans = 0;
	event.client.has_mac = false;
	check(&event, "{\"schema\":1,\"event\":\"lldp\",\"frame\":1,\"time\":\"2016-04-01T20:14:22.741838Z\","
		      "\"name\":\"SEP001122334455\",\"model\":\"Cisco IP Phone 8861\","
		      "\"software\":\"sip88xx.12-5-1\",\"port\":\"Port 1\",\"serial\":\"FCH\\u001b\","
		      "\"chassis\":\"10.0.0.5\",\"is_phone\":true,\"voice_vlan\":110}\n");
}

static void
leases(void **state)
{
	struct event event = event_of(EVENT_LEASE, 4, 4);
	struct lease *lease = &event.lease;

	(void)state;
	lease->type = DHCP_DISCOVER;
	lease->xid = 0x0a0b0c0d;
	check(&event, "{\"schema\":1,\"event\":\"dhcp\",\"frame\":4,\"time\":\"2016-04-01T20:14:22.741838Z\","
		      "\"type\":\"DISCOVER\",\"from\":\"client\",\"xid\":\"0x0a0b0c0d\",\"vlan\":[110],"
		      "\"option_66\":false,\"option_150\":false,\"tftp_servers\":[]}\n");
	*lease = (struct lease){
		.reply = true,
		.type = 200,
		.has_mac = true,
		.mac = {2, 0, 0, 0, 0, 1},
		.client = v4(10, 0, 0, 1),
		.yours = v4(10, 0, 0, 2),
		.requested = v4(10, 0, 0, 3),
		.server = v4(10, 0, 0, 4),
		.next_server = v4(10, 0, 0, 5),
		.relay = v4(10, 0, 0, 6),
		.host_name = "h",
		.vendor_class = "v",
		.tftp_name = "t",
		.boot_server = "s",
		.boot_file = "f",
		.tftp = {v4(10, 0, 0, 7), v4(10, 0, 0, 8)},
		.n_tftp = 2,
		.option_66 = true,
		.option_150 = true,
	};
	check(&event, "{\"schema\":1,\"event\":\"dhcp\",\"frame\":4,\"time\":\"2016-04-01T20:14:22.741838Z\","
		      "\"from\":\"server\",\"xid\":\"0x00000000\",\"mac\":\"02:00:00:00:00:01\",\"vlan\":[110],"
		      "\"client_ip\":\"10.0.0.1\",\"your_ip\":\"10.0.0.2\",\"requested_ip\":\"10.0.0.3\","
		      "\"server_ip\":\"10.0.0.4\",\"next_server_ip\":\"10.0.0.5\",\"relay_ip\":\"10.0.0.6\","
		      "\"host_name\":\"h\",\"vendor_class\":\"v\",\"option_66\":true,\"option_150\":true,"
		      "\"tftp_servers\":[\"10.0.0.7\",\"10.0.0.8\"],\"tftp_name\":\"t\",\"boot_server\":\"s\","
		      "\"boot_file\":\"f\"}\n");
}

static struct event
transfer_of(bool http)
{
	struct event event = event_of(EVENT_TRANSFER, 11, 17);

	event.client.ip = v4(10, 0, 0, 5);
	event.client.port = 49152;
	event.server.ip = v4(10, 0, 0, 9);
	event.server.port = http ? 6970 : 69;
	event.vlans = 0;
	event.transfer.http = http;
	event.transfer.file = "SEP001122334455.cnf.xml";
	event.transfer.mode = http ? "GET" : "octet";
	return event;
}

#define TRANSFER(protocol, outcome, port, mode)                                                                        \
	"{\"schema\":1,\"event\":\"transfer\",\"protocol\":\"" protocol "\",\"outcome\":\"" outcome                    \
	"\",\"frame\":11,\"time\":\"2016-04-01T20:14:22.741838Z\",\"last_frame\":17,"                                  \
	"\"client\":{\"ip\":\"10.0.0.5\",\"port\":49152,\"mac\":\"00:11:22:33:44:55\"},"                               \
	"\"server\":{\"ip\":\"10.0.0.9\",\"port\":" port "},\"file\":\"SEP001122334455.cnf.xml\"," mode

static void
transfers_by_tftp(void **state)
{
	struct event event = transfer_of(false);
	struct transfer *transfer = &event.transfer;

	(void)state;
	transfer->outcome = TRANSFER_UNANSWERED;
	transfer->asked = (struct repeats){.frames = {12, 13}, .n = 2};
	transfer->unreachable.frame = 14;
	transfer->unreachable_type = transfer->unreachable_code = 3;
	check(&event, TRANSFER("TFTP", "unanswered", "69", "\"mode\":\"octet\",")
		      "\"repeated\":[12,13],\"unreachable\":{\"frame\":14,\"type\":3,\"code\":3},\"size\":0}\n");
	event = transfer_of(false);
	transfer->outcome = TRANSFER_REFUSED;
	transfer->answered.frame = transfer->refused.frame = 12;
	transfer->code = 1;
	transfer->message = "no \"such\" file";
	check(&event, TRANSFER("TFTP", "refused", "69", "\"mode\":\"octet\",")
		      "\"answer\":{\"frame\":12},\"error\":{\"frame\":12,\"code\":1,\"name\":\"File not found\","
		      "\"message\":\"no \\\"such\\\" file\"},\"size\":0}\n");
	event = transfer_of(false);
	transfer->outcome = TRANSFER_BROKEN;
	transfer->write = true;
	transfer->size = 4096;
	transfer->has_told_size = true;
	transfer->told_size = 9000;
	transfer->block_size = 512;
	transfer->window = 4;
	transfer->repeats = 2;
	transfer->data_port = 40000;
	check(&event, TRANSFER("TFTP", "broken", "69", "\"mode\":\"octet\",\"write\":true,")
		      "\"size\":4096,\"told_size\":9000,\"block_size\":512,\"window\":4,\"repeated_blocks\":2,"
		      "\"data_port\":40000}\n");
}

static void
transfers_by_http(void **state)
{
	struct phone_config config = {.source = "x", .has_vpn_group = true};
	struct phone_file content = {.kind = PHONE_FILE_CONFIG, .name = "x", .config = &config};
	struct event event = transfer_of(true);
	char *text;

	(void)state;
	event.transfer.outcome = TRANSFER_REFUSED;
	event.transfer.answered.frame = event.transfer.refused.frame = 12;
	event.transfer.code = 404;
	event.transfer.message = "Not Found";
	check(&event, TRANSFER("HTTP", "refused", "6970", "\"method\":\"GET\",")
		      "\"answer\":{\"frame\":12,\"status\":404},\"error\":{\"frame\":12,\"code\":404,"
		      "\"message\":\"Not Found\"},\"size\":0}\n");
	event = transfer_of(true);
	event.transfer.outcome = TRANSFER_DONE;
	event.transfer.answered.frame = 12;
	event.transfer.code = 200;
	event.transfer.content = &content;
	printed = &event;
	text = sample_print(print);
	assert_non_null(strstr(text, ",\"answer\":{\"frame\":12,\"status\":200},\"size\":0,\"content\":{\"name\":\"x\","
				     "\"kind\":\"configuration\","));
	free(text);
}

/* There is no line of what a PC does thousands of times. */
static void
nothing_of_questions(void **state)
{
	struct event lookup = event_of(EVENT_LOOKUP, 1, 2), ping = event_of(EVENT_PING, 1, 2);

	(void)state;
	lookup.lookup.name = "vpn.example.com";
	check(&lookup, "");
	check(&ping, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(announcements),     cmocka_unit_test(leases),
		cmocka_unit_test(transfers_by_tftp), cmocka_unit_test(transfers_by_http),
		cmocka_unit_test(nothing_of_questions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
