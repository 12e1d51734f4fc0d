/* One phone as people read of it. */
#include "text_phone.h"

#include <ctype.h>
#include <inttypes.h>

#include "about.h"
#include "format.h"
#include "trust/cert_kind.h"

/* "in frame 7", or "in frames 7-9". */
static void
put_frames(struct wrap *wrap, struct when first, struct when last)
{
	if (last.frame > first.frame)
		wrap_format(wrap, " in frames %" PRIu64 "-%" PRIu64, first.frame, last.frame);
	else
		wrap_format(wrap, " in frame %" PRIu64, first.frame);
}

static void
put_known(struct wrap *wrap, const struct known *known)
{
	wrap_text(wrap, " (");
	wrap_text(wrap, known->from);
	if (known->at.frame != 0)
		wrap_format(wrap, ", frame %" PRIu64, known->at.frame);
	wrap_text(wrap, ")");
}

/* Adds one item to a list; before is what stands before it. */
static void
put_item(struct wrap *wrap, const char **before, const char *item)
{
	wrap_text(wrap, *before);
	wrap_text(wrap, item);
	*before = ", ";
}

static void
put_mac(struct wrap *wrap, const char **before, const struct phone *phone)
{
	char mac[FORMAT_MAC_SIZE];

	if (!phone->has_mac)
		return;
	format_mac(phone->mac, mac);
	put_item(wrap, before, mac);
}

static void
put_named_by(struct wrap *wrap, const struct phone *phone)
{
	if (phone->name[0] == '\0' || phone->name_from == NULL)
		return;
	/* a protocol, or a thing of its own */
	wrap_text(wrap, isupper((unsigned char)phone->name_from[0]) ? ", named by " : ", named by its ");
	wrap_text(wrap, phone->name_from);
	if (phone->name_at.frame != 0)
		wrap_format(wrap, " in frame %" PRIu64, phone->name_at.frame);
}

/* CUCM and Unity Connection are no phones. */
static const char *
label_of(const struct phone *phone)
{
	bool voice = !phone->is_phone && phone->n_visits > 0;

	for (size_t v = 0; v < phone->n_visits; v++)
		voice = voice && (phone->visits[v].matters & (MATTERS_VOICE | MATTERS_GATEWAY)) == MATTERS_VOICE;
	for (size_t e = 0; phone->n_visits == 0 && !phone->is_phone && e < phone->n_events; e++)
		voice = voice || phone->events[e]->kind == EVENT_TRANSFER;
	return voice ? "client" : "phone";
}

void
text_phone_brief(struct wrap *wrap, const struct phone *phone)
{
	const char *before = "";
	char address[FORMAT_IP_SIZE];

	wrap_label(wrap, label_of(phone), WRAP_PLAIN);
	for (size_t i = 0; i < phone->n_addresses; i++) {
		format_ip(&phone->addresses[i].ip, address);
		put_item(wrap, &before, address);
	}
	put_mac(wrap, &before, phone);
	if (phone->model != NULL)
		put_item(wrap, &before, phone->model);
	if (phone->software != NULL) {
		put_item(wrap, &before, "firmware ");
		wrap_text(wrap, phone->software);
	}
	put_named_by(wrap, phone);
	wrap_end(wrap);
}

static void
put_who(struct wrap *wrap, const struct phone *phone)
{
	const char *before = "";

	wrap_label(wrap, label_of(phone), WRAP_PLAIN);
	if (phone->model != NULL) {
		put_item(wrap, &before, phone->model);
		put_known(wrap, &phone->model_known);
	}
	if (phone->software != NULL) {
		put_item(wrap, &before, "firmware ");
		wrap_text(wrap, phone->software);
		put_known(wrap, &phone->software_known);
	}
	put_mac(wrap, &before, phone);
	if (phone->voice_vlan >= 0) {
		put_item(wrap, &before, "voice VLAN ");
		wrap_format(wrap, "%" PRId32, phone->voice_vlan);
	}
	put_named_by(wrap, phone);
	wrap_end(wrap);
}

static void
put_addresses(struct wrap *wrap, const struct phone *phone)
{
	const char *before = "";
	char address[FORMAT_IP_SIZE];

	if (phone->n_addresses == 0)
		return;
	wrap_label(wrap, "address", WRAP_PLAIN);
	for (size_t i = 0; i < phone->n_addresses; i++) {
		format_ip(&phone->addresses[i].ip, address);
		put_item(wrap, &before, address);
		put_known(wrap, &phone->addresses[i].known);
	}
	wrap_end(wrap);
}

static void
put_certificate(struct wrap *wrap, const struct phone *phone)
{
	const struct cert *cert = phone->certificate;
	const char *kind;
	char hash[HASH_BASE64_SIZE];

	if (cert == NULL)
		return;
	kind = cert_kind_name(cert_kind(cert));
	hash_base64(cert->sha1, SHA1_SIZE, hash);
	wrap_label(wrap, "cert", WRAP_PLAIN);
	wrap_text(wrap, kind != NULL ? kind : "neither MIC nor LSC,");
	put_frames(wrap, phone->certificate_at, phone->certificate_at);
	wrap_text(wrap, ": ");
	wrap_text(wrap, cert->subject);
	wrap_text(wrap, ", issued by ");
	wrap_text(wrap, cert->issuer);
	wrap_text(wrap, ", ");
	wrap_text(wrap, cert->signature);
	wrap_text(wrap, ", SHA-1 ");
	wrap_text(wrap, hash);
	wrap_end(wrap);
}

/* How a file came, and who says that it is genuine. */
static void
put_transfer(struct wrap *wrap, const struct event *event)
{
	const struct phone_file *file = event->transfer.content;

	wrap_text(wrap, event->transfer.http ? " by HTTP" : " by TFTP");
	put_frames(wrap, event->at, event->last);
	if (file->seal_state == SEAL_NONE) {
		wrap_text(wrap, ", unsigned");
		return;
	}
	wrap_text(wrap, ", signed");
	if (file->seal.signer != NULL) {
		wrap_text(wrap, " by ");
		wrap_text(wrap, file->seal.signer);
	}
	wrap_text(wrap, ": ");
	if (file->seal_state == SEAL_BAD)
		wrap_style(wrap, WRAP_RED);
	wrap_text(wrap, file->seal_state == SEAL_BAD ? "signature BAD" : "signature ");
	if (file->seal_state == SEAL_BAD)
		wrap_style(wrap, WRAP_PLAIN);
	else
		wrap_text(wrap, seal_state_name(file->seal_state));
}

void
text_config(struct wrap *wrap, struct received told)
{
	if (told.config == NULL)
		return;
	wrap_label(wrap, "config", WRAP_PLAIN);
	wrap_text(wrap, told.config->source);
	if (told.event != NULL)
		put_transfer(wrap, told.event);
	if (told.event != NULL && !told.config->has_vpn_group)
		wrap_text(wrap, ", no <vpnGroup>");
	for (size_t i = 0; i < told.config->n_urls; i++) {
		wrap_text(wrap, ", ");
		wrap_text(wrap, told.config->urls[i].text);
	}
	wrap_end(wrap);
}

static void
put_encrypted(struct wrap *wrap, const struct phone *phone)
{
	const struct event *event = about_encrypted(phone);

	if (event == NULL)
		return;
	wrap_label(wrap, "config", WRAP_PLAIN);
	wrap_text(wrap, event->transfer.content->name);
	put_transfer(wrap, event);
	wrap_text(wrap, ", encrypted: what it tells the phone cannot be read");
	wrap_end(wrap);
}

void
text_who(struct wrap *wrap, const struct phone *phone, const struct visit *visit)
{
	char label[FORMAT_IP_SIZE], server[FORMAT_IP_SIZE], gateway[FORMAT_ENDPOINT_SIZE];

	wrap_text(wrap, format_phone(phone, label));
	if (visit == NULL)
		return;
	format_ip(&visit->server, server);
	format_endpoint(&visit->server, visit->port, gateway);
	wrap_text(wrap, " at ");
	wrap_text(wrap, gateway);
	if (visit->host == NULL || strcmp(visit->host, server) == 0)
		return;
	wrap_text(wrap, " (");
	wrap_text(wrap, visit->host);
	wrap_text(wrap, ")");
}

void
text_phone(struct wrap *wrap, const struct phone *phone)
{
	put_who(wrap, phone);
	put_addresses(wrap, phone);
	put_certificate(wrap, phone);
	text_config(wrap, phone_told(phone));
	put_encrypted(wrap, phone);
}
