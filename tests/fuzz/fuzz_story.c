/* What is read beside TLS, fed with packets of its kinds: of each a byte for its kind (low half) and the client's port
 * (high half), a byte of time before it in tenths of a second, two bytes of length, and its payload. */
#include "src/story/story.h"
#include "tests/fuzz/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CLIENT = 7, SERVER = 2, CLIENT_PORT = 40000, SERVER_PORT = 50000 };

/* The low half of a packet's first byte. */
enum kind {
	DNS_QUERY,
	DNS_ANSWER,
	DHCP_REQUEST_KIND,
	DHCP_REPLY_KIND,
	TFTP_REQUEST,
	TFTP_TO_CLIENT,
	TFTP_TO_SERVER,
	ICMP_OF_CLIENT,
	ICMP_OF_SERVER,
	CDP,
	LLDP,
	CUT, /* of a DNS answer, behind which more was on the wire */
};

struct run {
	struct when now;
	size_t given;
};

/* must ends the run where what the headers promise does not hold. */
static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
must_be_repeats(const struct repeats *repeats, const struct event *event)
{
	uint64_t before = event->at.frame;

	for (size_t i = 0; i < repeats->n && i < LIMIT_REPEATS; i++) {
		must(repeats->frames[i] > before && repeats->frames[i] <= event->last.frame);
		before = repeats->frames[i];
	}
	must(repeats->n == 0 ? repeats->last.frame == 0 : repeats->last.frame >= before);
}

static void
check_texts(const struct event *event)
{
	const struct announcement *said = &event->announcement;
	const struct lease *lease = &event->lease;
	const char *of_announcement[] = {said->name, said->model, said->software, said->port, said->serial, said->chassis};
	const char *of_lease[] = {lease->host_name, lease->vendor_class, lease->tftp_name, lease->boot_server,
				  lease->boot_file};

	for (size_t i = 0; event->kind == EVENT_ANNOUNCEMENT && i < 6; i++)
		must_be_printable(of_announcement[i]);
	for (size_t i = 0; event->kind == EVENT_LEASE && i < 5; i++)
		must_be_printable(of_lease[i]);
}

static void
check_lookup(const struct event *event)
{
	const struct lookup *lookup = &event->lookup;

	must(lookup->name != NULL && lookup->n_ips <= LIMIT_ANSWERS);
	must(lookup->type == DNS_A || lookup->type == DNS_AAAA);
	must(lookup->answered.frame <= event->last.frame && lookup->unreachable.frame <= event->last.frame);
	must(lookup->answered.frame != 0 || (lookup->n_ips == 0 && lookup->alias == NULL));
	must_be_repeats(&lookup->asked, event);
	must_be_printable(lookup->name);
	must_be_printable(lookup->alias);
}

static void
check_ping(const struct event *event)
{
	must_be_repeats(&event->ping.asked, event);
	must(event->ping.answered.frame <= event->last.frame);
}

static void
on_event(void *arg, struct event *event)
{
	struct run *run = arg;

	run->given++;
	must(event->at.frame > 0 && event->at.frame <= event->last.frame && event->last.frame <= run->now.frame);
	must(event_weight(event) >= sizeof(*event));
	check_texts(event);
	if (event->kind == EVENT_LOOKUP)
		check_lookup(event);
	if (event->kind == EVENT_PING)
		check_ping(event);
	event_free(event);
}

static struct ip_addr
ip(uint8_t last)
{
	return (struct ip_addr){{[10] = 0xff, 0xff, 10, 0, 0, last}};
}

static struct packet
between(bool of_client, uint16_t client_port, uint16_t server_port)
{
	struct packet packet = {.kind = PACKET_UDP, .ip = {.version = 4, .protocol = IP_UDP}};

	packet.ip.src = ip(of_client ? CLIENT : SERVER);
	packet.ip.dst = ip(of_client ? SERVER : CLIENT);
	packet.udp = (struct udp_header){of_client ? client_port : server_port, of_client ? server_port : client_port};
	return packet;
}

static bool
make_icmp(struct slice *payload, bool of_client, struct packet *out)
{
	struct dis_at at;

	*out = between(of_client, 0, 0);
	out->kind = PACKET_ICMP;
	return icmp_dissect(payload, 4, &out->icmp, &at) == DIS_OK;
}

static bool
make_packet(uint8_t first, struct slice payload, struct packet *out)
{
	const uint16_t port = (uint16_t)(CLIENT_PORT + (first >> 4));
	enum kind kind = first & 15;

	switch (kind) {
	case DNS_QUERY:
	case DNS_ANSWER:
	case CUT:
		*out = between(kind == DNS_QUERY, port, 53);
		break;
	case DHCP_REQUEST_KIND:
	case DHCP_REPLY_KIND:
		*out = between(kind == DHCP_REQUEST_KIND, 68, 67);
		break;
	case TFTP_REQUEST:
		*out = between(true, port, 69);
		break;
	case TFTP_TO_CLIENT:
	case TFTP_TO_SERVER:
		*out = between(kind == TFTP_TO_SERVER, port, SERVER_PORT);
		break;
	case ICMP_OF_CLIENT:
	case ICMP_OF_SERVER:
		if (!make_icmp(&payload, kind == ICMP_OF_CLIENT, out))
			return false;
		break;
	case CDP:
	case LLDP:
		*out = (struct packet){.kind = kind == CDP ? PACKET_CDP : PACKET_LLDP};
		break;
	default:
		return false;
	}
	out->payload = payload;
	out->payload_len = payload.n + (kind == CUT ? 100 : 0);
	return true;
}

/* Each payload in a block of its own size. */
static void
feed(struct story *story, struct run *run, uint8_t first, struct slice payload)
{
	struct slice all = payload;
	uint8_t *own = malloc(payload.n);
	struct packet packet;

	slice_copy(&payload, own, payload.n);
	story_age(story, run->now);
	if (make_packet(first, slice_of(own, all.n), &packet))
		story_packet(story, &packet, run->now);
	free(own);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size), payload;
	struct run run = {.now = {0, 1}};
	struct tally tally = {.packets = 0};
	struct cert_store *certs = cert_store_new(0);
	struct story_host host = {.certs = certs, .tally = &tally, .over = on_event, .arg = &run};
	struct story *story = story_new(&host);
	uint8_t first, tenths;

	must(certs != NULL && story != NULL);
	while (slice_u8(&in, &first) && slice_u8(&in, &tenths) && slice_vec(&in, 2, &payload)) {
		run.now.frame++;
		run.now.us += tenths * INT64_C(100000);
		feed(story, &run, first, payload);
	}
	story_finish(story, run.now);
	must(!host.out_of_memory && story_held(story) == 0);
	story_free(story);
	cert_store_free(certs);
	return 0;
}
