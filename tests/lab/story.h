/* A phone's day: what it says from the moment it is plugged in. */
#ifndef LAB_STORY_H
#define LAB_STORY_H

#include "boot.h"
#include "transfer.h"
#include "vpn.h"

/* An office: DHCP names CUCM as the TFTP server. At home it names nobody. */
extern const struct lease story_office, story_home;

/* story_boot lets a switch and the phone announce themselves, and the phone get an address. */
void story_boot(struct lab *lab, const struct lease *lease);

/* story_fetch lets the phone ask CUCM for a file by TFTP; content NULL: there is no such file. */
void story_fetch(struct lab *lab, const char *file, const struct bytes *content);

/* story_config lets the phone ask so for its configuration in clear, after the trust lists that are
 * not there. */
void story_config(struct lab *lab, const struct vpn_config *config);

/* story_tunnel is a VPN that comes up, by TLS and DTLS, and is up for a while. */
void story_tunnel(struct lab *lab, const struct party *phone, const struct party *gateway);

/* story_refusal is a call of a phone that refuses the gateway's certificate, which was renewed. */
void story_refusal(struct lab *lab, const struct party *phone);

/* story_end lets the clock run on for two thirds of a minute, so that silence is seen, and makes
 * the frames what a span port shows. */
void story_end(struct lab *lab);

#endif
