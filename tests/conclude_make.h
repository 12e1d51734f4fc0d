/* One handshake, made by hand, for the tests of what is concluded of it. */
#ifndef TESTS_CONCLUDE_MAKE_H
#define TESTS_CONCLUDE_MAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dissectors/alert.h"
#include "src/tls/conclude.h"

#define SECOND INT64_C(1000000)

static struct handshake handshake;
static struct damage damage;
static struct cert_fact one_cert[1];
static struct alert_fact alerts[LIMIT_ALERTS];

/* begin makes a handshake of which both directions were captured, from the start: a ClientHello, so far. */
static inline void
begin(bool dtls)
{
	handshake = (struct handshake){.dtls = dtls, .from_start = true, .saw = {true, true}, .alerts = alerts};
	handshake.client_hello.at = (struct when){1, 0};
	handshake.client_hello.version = dtls ? 0xfefd : 0x0303;
	damage = (struct damage){.n = 0};
}

static inline struct when
frame(uint64_t number)
{
	return (struct when){number, (int64_t)number * 1000};
}

static inline void
answer(uint16_t version, uint32_t cipher)
{
	handshake.server_hello.at = frame(2);
	handshake.server_hello.version = version;
	handshake.server_hello.cipher = cipher;
}

static inline void
show(enum side side, size_t n)
{
	handshake.certs[side] = (struct cert_list_fact){frame(3), one_cert, n};
}

static inline void
encrypt(enum side side)
{
	handshake.ccs[side] = handshake.encrypted[side] = frame(5 + side);
}

static inline void
alert(enum side side, uint8_t level, uint8_t code)
{
	handshake.alerts[handshake.n_alerts++] = (struct alert_fact){frame(7), side, level, code};
}

#endif
