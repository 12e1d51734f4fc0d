/* Phones, gateways and what they say to each other once TLS is up. */
#ifndef LAB_VPN_H
#define LAB_VPN_H

#include "dtls.h"

/* What phones of three kinds offer, facts sheet anyconnect-wire section 1. */
#define CIPHERS_7962 "AES256-SHA:AES128-SHA"
#define CIPHERS_8861 "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:" CIPHERS_7962
#define CIPHERS_EC "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:" CIPHERS_8861

extern const struct host host_phone, host_phone_2, host_pc, host_gateway, host_gateway_2, host_web,
	host_proxy, host_mail, host_cucm, host_cuc, host_dns;
extern const struct host host_phone_v6, host_gateway_v6;

/* vpn_phone offers what an 8861 does in TLS 1.2, vpn_old_phone what a 7962 does in TLS 1.0; both
 * trust GATEWAY_RSA by its hash. vpn_gateway shows GATEWAY_RSA and chooses AES256-SHA. */
extern const struct party vpn_phone, vpn_old_phone, vpn_gateway;

/* vpn_login is the HTTP of a login: the url, then the credentials. */
void vpn_login(struct talk *talk);

/* vpn_tunnel is the CONNECT that agrees on the tunnel and on DTLS; NULL: no DTLS. */
void vpn_tunnel(struct talk *talk, const struct dtls *dtls);

/* vpn_up starts a connection that must come up, logs in and agrees on the tunnel. */
void vpn_up(struct talk *talk, struct lab *lab, const struct party *phone,
	    const struct party *gateway, const struct dtls *dtls);

/* What the phone was told. */
struct vpn_config {
	const char *host; /* in url1; NULL: 198.51.100.1 */
	enum who hashes[3];
	bool check_host;     /* enableHostIDCheck */
	bool by_certificate; /* authMethod 2 */
	bool in_hex;	     /* somebody took the hashes from a browser */
	bool no_group;	     /* no vpnGroup at all */
	bool auto_detect;    /* autoNetDetect */
	const char *phone;   /* whose it is; NULL: SEP001122334455 */
};

/* In every configuration, and never to be seen in what handspan says. */
#define VPN_SSH_PASSWORD "Never2BeShown"

/* vpn_config_text appends the phone's configuration. */
void vpn_config_text(struct bytes *out, const struct vpn_config *config);

/* vpn_config writes the phone's configuration beside the capture. */
void vpn_config(const struct lab *lab, const struct vpn_config *config);

#endif
