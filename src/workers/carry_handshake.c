/* The facts of a handshake between processes. */
#include "carry.h"

static void
carry_copies(struct carry *carry, struct copies *copies)
{
	size_t kept = copies->n < LIMIT_REPEATS ? copies->n : LIMIT_REPEATS;

	if (carry_list(carry, (void **)&copies->frames, &kept, sizeof(copies->frames[0]), LIMIT_REPEATS))
		carry_bytes(carry, copies->frames, kept * sizeof(copies->frames[0]));
	CARRY(carry, copies->n, SIZE_MAX);
	carry_must(carry, copies->n == kept || (copies->n > kept && kept == LIMIT_REPEATS));
	carry_when(carry, &copies->last);
}

static void
carry_client_hello(struct carry *carry, struct client_hello_fact *hello)
{
	if (!carry_part(carry, hello, sizeof(*hello)))
		return;
	carry_when(carry, &hello->at);
	CARRY(carry, hello->version, UINT16_MAX);
	CARRY(carry, hello->sslv2, 1);
	if (carry_list(carry, (void **)&hello->ciphers, &hello->n_ciphers, sizeof(hello->ciphers[0]), LIMIT_CIPHERS))
		carry_bytes(carry, hello->ciphers, hello->n_ciphers * sizeof(hello->ciphers[0]));
	if (carry_list(carry, (void **)&hello->versions, &hello->n_versions, sizeof(hello->versions[0]), LIMIT_VERSIONS))
		carry_bytes(carry, hello->versions, hello->n_versions * sizeof(hello->versions[0]));
	carry_text(carry, &hello->server_name);
	CARRY(carry, hello->session_id_len, sizeof(hello->session_id));
	carry_bytes(carry, hello->session_id, hello->session_id_len);
	CARRY(carry, hello->cookie_len, UINT8_MAX);
	carry_copies(carry, &hello->repeats);
}

static void
carry_server_hello(struct carry *carry, struct server_hello_fact *hello)
{
	if (!carry_part(carry, hello, sizeof(*hello)))
		return;
	carry_when(carry, &hello->at);
	CARRY(carry, hello->version, UINT16_MAX);
	CARRY(carry, hello->legacy_version, UINT16_MAX);
	CARRY(carry, hello->cipher, UINT32_MAX);
	CARRY(carry, hello->session_id_len, sizeof(hello->session_id));
	carry_bytes(carry, hello->session_id, hello->session_id_len);
	carry_copies(carry, &hello->repeats);
}

/* A certificate travels as it was sent; whoever gets it has it parsed by a store of its own. */
static void
carry_cert(struct carry *carry, const struct cert **cert)
{
	struct slice der = slice_of(NULL, 0);

	if (!carry->reads)
		der = slice_of((*cert)->der, (*cert)->der_len);
	der = carry_block(carry, der, LIMIT_MESSAGE);
	if (!carry->reads || carry->bad)
		return;
	*cert = cert_store_get(carry->certs, der);
	carry->out_of_memory |= *cert == NULL;
}

static void
carry_certs(struct carry *carry, struct cert_list_fact *list)
{
	carry_when(carry, &list->at);
	if (!carry_list(carry, (void **)&list->certs, &list->n, sizeof(list->certs[0]), LIMIT_CHAIN))
		return;
	for (size_t i = 0; i < list->n; i++) {
		carry_when(carry, &list->certs[i].at);
		carry_cert(carry, &list->certs[i].cert);
	}
}

static void
carry_cert_request(struct carry *carry, struct cert_request_fact *request)
{
	carry_when(carry, &request->at);
	if (!carry_list(carry, (void **)&request->authorities, &request->n_authorities, sizeof(request->authorities[0]),
			LIMIT_AUTHORITIES))
		return;
	for (size_t i = 0; i < request->n_authorities; i++) {
		carry_text(carry, &request->authorities[i]);
		carry_must(carry, request->authorities[i] != NULL);
	}
}

static void
carry_hellos(struct carry *carry, struct handshake *handshake)
{
	carry_client_hello(carry, &handshake->client_hello);
	carry_client_hello(carry, &handshake->first_hello);
	carry_when(carry, &handshake->hello_retry.at);
	CARRY(carry, handshake->hello_retry.cipher, UINT32_MAX);
	CARRY(carry, handshake->hello_retry.version, UINT16_MAX);
	carry_when(carry, &handshake->hello_verify.at);
	CARRY(carry, handshake->hello_verify.version, UINT16_MAX);
	carry_server_hello(carry, &handshake->server_hello);
}

static void
carry_messages(struct carry *carry, struct handshake *handshake)
{
	for (size_t side = 0; side < 2; side++)
		carry_certs(carry, &handshake->certs[side]);
	carry_cert_request(carry, &handshake->cert_request);
	carry_when(carry, &handshake->server_key_exchange);
	CARRY(carry, handshake->curve, UINT16_MAX);
	carry_when(carry, &handshake->server_hello_done);
	carry_when(carry, &handshake->client_key_exchange);
	carry_when(carry, &handshake->cert_verify);
	for (size_t side = 0; side < 2; side++) {
		carry_when(carry, &handshake->ccs[side]);
		carry_when(carry, &handshake->encrypted[side]);
		carry_when(carry, &handshake->app_data[side]);
		carry_when(carry, &handshake->encrypted_alert[side]);
	}
}

static void
carry_alerts(struct carry *carry, struct handshake *handshake)
{
	if (!carry_list(carry, (void **)&handshake->alerts, &handshake->n_alerts, sizeof(handshake->alerts[0]),
			LIMIT_ALERTS))
		return;
	for (size_t i = 0; i < handshake->n_alerts; i++) {
		struct alert_fact *alert = &handshake->alerts[i];

		carry_when(carry, &alert->at);
		CARRY(carry, alert->from, SIDE_SERVER);
		CARRY(carry, alert->level, UINT8_MAX);
		CARRY(carry, alert->code, UINT8_MAX);
	}
}

static void
carry_end(struct carry *carry, struct handshake *handshake)
{
	carry_alerts(carry, handshake);
	for (size_t side = 0; side < 2; side++) {
		carry_when(carry, &handshake->fin[side]);
		carry_when(carry, &handshake->rst[side]);
	}
	carry_when(carry, &handshake->unreachable);
	CARRY(carry, handshake->unreachable_code, UINT8_MAX);
	CARRY(carry, handshake->unreachable_type, UINT8_MAX);
}

static void
carry_holes(struct carry *carry, struct handshake *handshake)
{
	if (!carry_list(carry, (void **)&handshake->holes, &handshake->n_holes, sizeof(handshake->holes[0]), LIMIT_HOLES))
		return;
	for (size_t i = 0; i < handshake->n_holes; i++) {
		struct hole_fact *hole = &handshake->holes[i];

		carry_when(carry, &hole->at);
		CARRY(carry, hole->from, SIDE_SERVER);
		CARRY(carry, hole->offset, UINT64_MAX);
		CARRY(carry, hole->length, UINT64_MAX);
		CARRY(carry, hole->cut, 1);
		CARRY(carry, hole->message, UINT8_MAX);
	}
}

static void
carry_missing(struct carry *carry, struct handshake *handshake)
{
	if (!carry_list(carry, (void **)&handshake->missing, &handshake->n_missing, sizeof(handshake->missing[0]),
			MISSING_WHATS))
		return;
	for (size_t i = 0; i < handshake->n_missing; i++) {
		struct missing_fact *missing = &handshake->missing[i];

		CARRY(carry, missing->what, MISSING_CLIENT_CERTIFICATES);
		CARRY(carry, missing->why, WHY_MALFORMED);
		CARRY(carry, missing->offset, UINT64_MAX);
		CARRY(carry, missing->length, UINT64_MAX);
		carry_word(carry, &missing->field);
	}
}

static struct handshake *
pack(struct carry *carry, struct handshake *handshake)
{
	handshake = handshake_pack(handshake);
	carry->out_of_memory |= handshake == NULL;
	return handshake;
}

struct handshake *
carry_handshake(struct carry *carry, struct handshake *handshake)
{
	if (carry->reads)
		handshake = handshake_new();
	if (handshake == NULL) {
		carry->out_of_memory = true;
		return NULL;
	}
	carry->last = (struct when){0, 0};
	CARRY(carry, handshake->id, UINT32_MAX);
	CARRY(carry, handshake->dtls, 1);
	CARRY(carry, handshake->outcome, OUTCOME_UNANSWERED);
	carry_endpoint(carry, &handshake->client);
	carry_endpoint(carry, &handshake->server);
	CARRY(carry, handshake->roles_known, 1);
	carry_vlans(carry, handshake->vlan, &handshake->vlans);
	carry_when(carry, &handshake->first);
	carry_when(carry, &handshake->last);
	CARRY(carry, handshake->resumed, 1);
	CARRY(carry, handshake->from_start, 1);
	for (size_t side = 0; side < 2; side++)
		CARRY(carry, handshake->saw[side], 1);
	carry_hellos(carry, handshake);
	carry_messages(carry, handshake);
	carry_end(carry, handshake);
	carry_holes(carry, handshake);
	carry_missing(carry, handshake);
	if (!carry->bad && !carry->out_of_memory)
		return carry->reads ? pack(carry, handshake) : handshake;
	if (carry->reads)
		handshake_free(handshake);
	return NULL;
}
