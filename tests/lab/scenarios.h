/* The scenarios: each makes one capture, and the phone's configuration where one belongs to it. */
#ifndef LAB_SCENARIOS_H
#define LAB_SCENARIOS_H

#include "vpn.h"

struct scenario {
	const char *name;     /* of the file, without .pcap */
	const char *shows;    /* one line for pcaps/README.md */
	const char *findings; /* those that handspan must raise; "" none */
	void (*make)(struct lab *lab);
};

/* Each table ends in a row without a name. */
extern const struct scenario login_scenarios[];	      /* show_login.c */
extern const struct scenario certificate_scenarios[]; /* show_certificate.c */
extern const struct scenario dtls_scenarios[];	      /* show_dtls.c */
extern const struct scenario hello_scenarios[];	      /* show_hello.c */
extern const struct scenario wire_scenarios[];	      /* show_wire.c */
extern const struct scenario story_scenarios[];	      /* show_story.c */
extern const struct scenario transfer_scenarios[];    /* show_transfer.c */
extern const struct scenario voice_scenarios[];	      /* show_voice.c */
extern const struct scenario watch_scenarios[];	      /* show_watch.c */

#endif
