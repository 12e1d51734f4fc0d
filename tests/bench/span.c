/* A clock that ticks each 20 ms, as voice does: 100 packets of voice and some 150 of the PC a second, and once a minute
 * the rest. */
#include "span.h"

#include <string.h>

#include "crowd.h"
#include "tests/lab/vpn.h"
#include "record.h"

#define TICK_NS UINT64_C(20000000)
#define SECOND (UINT64_C(1000000000) / TICK_NS) /* in ticks */
#define MINUTE (60 * SECOND)

#define VOICE_VLAN 110

enum { PAGES = 4, BROWSERS = 2, NAMES = 64, GATEWAYS = 4 };

struct span {
	struct script voice, quic, neighbours;
	struct script page[PAGES], name[NAMES], login[GATEWAYS], tunnel[GATEWAYS];
	struct call call, vpn, query, datagrams;
	struct voice browser[BROWSERS];
	size_t pages; /* opened so far */
	struct out *out;
};

static uint32_t
address(const struct host *host)
{
	return (uint32_t)host->ip[0] << 24 | (uint32_t)host->ip[1] << 16 | (uint32_t)host->ip[2] << 8 | host->ip[3];
}

/* A conversation of two hosts, from another port than the last one. */
static struct call
new_call(struct span *span, const struct host *client, const struct host *server, uint16_t port, uint16_t vlan)
{
	uint64_t chance = out_random(span->out);
	struct call call = {.ip = {address(client), address(server)},
			    .port = {(uint16_t)(0xc000 | chance >> 16), port},
			    .seq = {(uint32_t)(chance >> 32), (uint32_t)chance},
			    .vlan = vlan};

	memcpy(call.mac[CLIENT], client->mac, 6);
	memcpy(call.mac[SERVER], server->mac, 6);
	return call;
}

static void
say_all(const struct script *script, const struct call *call, struct out *out)
{
	for (size_t i = 0; i < script->n; i++)
		line_say(&script->lines[i], call, out);
}

static void
talk(struct span *span, uint64_t tick)
{
	for (size_t i = 0; i < span->voice.n; i++) {
		line_set(&span->voice.lines[i], 2, (uint16_t)tick);		   /* sequence number */
		line_set(&span->voice.lines[i], 4, (uint16_t)((tick * 160) >> 16)); /* timestamp */
		line_set(&span->voice.lines[i], 6, (uint16_t)(tick * 160));
		line_say(&span->voice.lines[i], &span->call, span->out);
	}
}

static void
browse(struct span *span)
{
	struct voice *browser = &span->browser[out_random(span->out) % BROWSERS];

	if (!voice_say(browser, span->out))
		*browser = (struct voice){.script = &span->page[span->pages++ % PAGES],
					  .call = new_call(span, &host_pc, &host_web, 443, 0)};
}

static void
look_up(struct span *span, uint64_t tick)
{
	struct script *name = &span->name[tick / SECOND % NAMES];

	span->query = new_call(span, &host_pc, &host_dns, 53, 0);
	for (size_t i = 0; i < name->n; i++)
		line_set(&name->lines[i], 0, (uint16_t)tick);
	say_all(name, &span->query, span->out);
}

/* The phone's VPN, by TLS and then by DTLS, in one or in the other version. */
static void
log_in(struct span *span, uint64_t minute)
{
	span->vpn = new_call(span, &host_phone, &host_gateway, 443, VOICE_VLAN);
	say_all(&span->login[minute % GATEWAYS], &span->vpn, span->out);
	span->vpn.port[CLIENT]++;
	say_all(&span->tunnel[minute % GATEWAYS], &span->vpn, span->out);
}

static void
on_tick(struct span *span, uint64_t tick)
{
	if (tick % (3 * MINUTE) == 0) {
		span->call = new_call(span, &host_phone, &host_phone_2, 20480, VOICE_VLAN);
		span->datagrams = new_call(span, &host_pc, &host_web, 443, 0);
	}
	talk(span, tick);
	browse(span);
	browse(span);
	line_say(&span->quic.lines[tick % span->quic.n], &span->datagrams, span->out);
	if (tick % (3 * SECOND) == 0)
		look_up(span, tick);
	if (tick % MINUTE == 0) {
		say_all(&span->neighbours, &span->vpn, span->out);
		log_in(span, tick / MINUTE);
	}
}

static void
open_span(struct span *span)
{
	record_voice(&span->voice, 0);
	record_quic(&span->quic, 0);
	record_neighbours(&span->neighbours, 0);
	for (unsigned i = 0; i < NAMES; i++)
		record_lookup(&span->name[i], i);
	for (unsigned i = 0; i < PAGES; i++)
		record_bulk(&span->page[i], i);
	for (unsigned i = 0; i < GATEWAYS; i++) {
		record_handshake(&span->login[i], i);
		(i % 2 == 0 ? record_resumption : record_dtls)(&span->tunnel[i], i);
	}
	for (size_t i = 0; i < BROWSERS; i++)
		span->browser[i] = (struct voice){.script = &span->page[span->pages++ % PAGES],
						  .call = new_call(span, &host_pc, &host_web, 443, 0)};
}

static void
close_scripts(struct script *scripts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		script_free(&scripts[i]);
}

void
span_make(struct out *out)
{
	struct span span = {.out = out};
	uint64_t begin = out->ns;

	open_span(&span);
	for (uint64_t tick = 0; !out_full(out); tick++) {
		out_until(out, begin + tick * TICK_NS);
		on_tick(&span, tick);
	}
	script_free(&span.voice);
	script_free(&span.quic);
	script_free(&span.neighbours);
	close_scripts(span.page, PAGES);
	close_scripts(span.name, NAMES);
	close_scripts(span.login, GATEWAYS);
	close_scripts(span.tunnel, GATEWAYS);
}
