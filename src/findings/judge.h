/* The rules' judging functions; the table that names them is rules.c, the texts stand there. */
#ifndef SRC_FINDINGS_JUDGE_H
#define SRC_FINDINGS_JUDGE_H

#include "case.h"

typedef void judge_fn(const struct rule *rule, const struct report *report, const struct visit *visit,
		      struct findings *out);

typedef void judge_phone_fn(const struct rule *rule, const struct report *report, const struct phone *phone,
			    struct findings *out);

/* judge_network.c: what the network gave the phone */
judge_phone_fn judge_no_tftp_server, judge_dns_failure, judge_gateway_unreachable, judge_auto_network_detect;

/* judge_file.c: what the phone asked for, and what it got */
judge_phone_fn judge_tftp_not_found, judge_tftp_timeout, judge_http_not_found, judge_ctl_missing, judge_no_vpn_group,
	judge_config_hash_unusable, judge_signature_wrong, judge_http_timeout, judge_config_unreadable;

/* judge_voice.c: CUCM and Unity Connection */
judge_fn judge_cuc_trust, judge_cucm_trust, judge_trust_list_mismatch;

/* judge_server.c: the gateway's certificate */
judge_fn judge_ec_certificate, judge_cert_hash_mismatch, judge_server_certificate_rejected,
	judge_certificate_hidden, judge_host_id_mismatch;

/* judge_certificate.c: certificates by themselves */
judge_fn judge_certificate_expired, judge_certificate_not_yet_valid, judge_certificate_expiring,
	judge_chain_incomplete, judge_chain_order, judge_weak_crypto;

/* judge_client.c: the phone's certificate */
judge_fn judge_client_certificate_rejected, judge_client_certificate_missing;

/* judge_dtls.c: DTLS and what it inherits from TLS */
judge_fn judge_dtls_cipher_divergence, judge_dtls_session_not_resumed, judge_dtls_unanswered;

/* judge_cipher.c: what was offered and what was chosen */
judge_fn judge_no_shared_cipher, judge_protocol_version, judge_cipher_not_offered, judge_ec_cipher_on_rsa_phone;

/* judge_end.c: the other ends of a handshake */
judge_fn judge_gateway_changes, judge_fatal_alert, judge_handshake_aborted, judge_capture_loss;

/* judge_fatal gives the fatal alert that ended a handshake: the first one, unless the other side had closed before
 * it (then it is a consequence, facts sheet section 7) or it says no more than goodbye. NULL: none. */
const struct alert_fact *judge_fatal(const struct handshake *handshake);

/* judge_refused gives the client's fatal alert about the server's certificate, which may have been encrypted or lost,
 * but not left out of a session that was resumed; NULL: none. */
const struct alert_fact *judge_refused(const struct handshake *handshake);

/* judge_turned_away says whether the client left at the server's certificate, with an alert or without. */
bool judge_turned_away(const struct handshake *handshake);

/* judge_accepted says whether the client went on to send its own data: it took the server's certificate. */
bool judge_accepted(const struct handshake *handshake);

/* judge_certificate_alert says whether an alert is about a certificate: 42 to 48, and 51 (a wrong signature). */
bool judge_certificate_alert(uint8_t code);

/* judge_end_frame gives the frame that ended it: alert, reset or close; frame 0: none. */
struct when judge_end_frame(const struct handshake *handshake);

/* judge_closed says whether this side ended it, by reset or close. */
bool judge_closed(const struct handshake *handshake, enum side side);

/* judge_is_named says whether a visit is known for one of a phone at a gateway, not only for want of better. */
bool judge_is_named(const struct visit *visit);

/* judge_attempted says whether the phone began a handshake at a gateway behind this frame; judge_arrived, whether one of
 * them came up. */
bool judge_attempted(const struct phone *phone, uint64_t frame);
bool judge_arrived(const struct phone *phone, uint64_t frame);

/* judge_source names the configuration that a finding rests on, and the frame in which it was received; none where nothing but
 * --cert-hash was given. */
void judge_source(struct findings *out, struct finding *finding, struct received told);

/* judge_unreachable says what an ICMP error means (RFC 792, RFC 1812, RFC 4443); it is ICMPv6's where type is 1. */
const char *judge_unreachable(uint8_t type, uint8_t code);

/* judge_suite names a suite as OpenSSL does, else as IANA does, else by its number, into text. */
enum { JUDGE_SUITE = 64 };
const char *judge_suite(uint32_t cipher, char text[JUDGE_SUITE]);

#endif
