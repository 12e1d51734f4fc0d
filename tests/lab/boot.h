/* What a phone does on its way to an address and a name: DHCP, DNS and ping. */
#ifndef LAB_BOOT_H
#define LAB_BOOT_H

#include "announce.h"

/* Somebody who hears everybody. */
extern const struct host host_everybody;

enum option_form { OPTION_ABSENT, OPTION_BYTES, OPTION_TEXT };

/* What a DHCP server gives. */
struct lease {
	const struct host *address; /* the phone with it */
	const struct host *tftp;    /* whom options 150 and 66 name */
	const char *tftp_name;	    /* option 66 as text; NULL: tftp's address */
	enum option_form option_150, option_66;
	uint32_t seconds; /* 0: a day */
};

/* boot_dhcp is DISCOVER, OFFER, REQUEST and ACK; then the device speaks CDP with its address. */
void boot_dhcp(struct lab *lab, const struct device *device, const struct lease *lease);

/* boot_dhcp_renew is REQUEST and ACK of a lease that half is over. */
void boot_dhcp_renew(struct lab *lab, const struct device *device, const struct lease *lease);

/* boot_dhcp_refused is a REQUEST for the address of old, and NAK. */
void boot_dhcp_refused(struct lab *lab, const struct device *device, const struct lease *old);

/* A name, and what DNS knows of it. */
struct name {
	const char *name;
	const char *alias;	   /* what it is an alias of, or NULL */
	const struct host *answer; /* NULL: there is no such name */
};

/* boot_lookup asks for a name's address, and gets the answer. */
void boot_lookup(struct lab *lab, const struct host *asks, const struct name *name);

/* boot_lookup_unanswered asks times in all, five seconds apart. */
void boot_lookup_unanswered(struct lab *lab, const struct host *asks, const char *name,
			    unsigned times);

/* boot_ping asks four times, a second apart. */
void boot_ping(struct lab *lab, const struct host *asks, const struct host *asked, bool answered);

#endif
