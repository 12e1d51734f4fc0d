/* Who phones and switches say they are: CDP and LLDP-MED; and the clock that lets them say it each
 * minute. */
#ifndef LAB_ANNOUNCE_H
#define LAB_ANNOUNCE_H

#include "talk.h"

struct device {
	const struct host *host; /* its address too, once it has one */
	const char *name, *platform, *port, *software;
	const char *model, *serial; /* of LLDP-MED */
	const char *vendor_class;   /* of DHCP */
	uint32_t capabilities;	    /* of CDP */
	uint16_t voice_vlan;	    /* that a switch tells phones; 0: none */
};

/* An 8861, a 7962, the switch both hang on, the same with a voice VLAN, and a PC behind the first
 * phone, which speaks no CDP. */
extern const struct device device_phone, device_phone_2, device_switch, device_voice_switch,
	device_pc;

/* announce_join lets a device speak CDP now, and from now on each minute. */
void announce_join(struct lab *lab, const struct device *device);

/* announce_moved gives a device that has joined another address, NULL for none, which it tells a
 * second later. */
void announce_moved(struct lab *lab, const struct device *device, const struct host *host);

/* announce_wait lets the clock run, and each device speak when it is due. */
void announce_wait(struct lab *lab, double seconds);

/* announce_lldp puts a phone's LLDP-MED frame on the wire; voice_vlan 0: it knows of none. */
void announce_lldp(struct lab *lab, const struct device *device, const struct host *at,
		   uint16_t voice_vlan);

#endif
