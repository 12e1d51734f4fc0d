/* What the user asks for meanwhile, by signals. */
#ifndef SRC_SIGNALS_H
#define SRC_SIGNALS_H

#include <stdbool.h>

#include "capture/capture.h"

/* signals_catch lets them speak of this capture until signals_over. SIGINT and SIGTERM: it is stopped; a second one ends the
 * process. SIGUSR1: statistics. SIGHUP, where rotates says so and the terminal has not gone: new files. An input that is
 * still being opened is simply left. */
void signals_catch(struct capture *capture, bool rotates);
void signals_over(void);

/* signals_stop says whether a signal asked to stop. */
bool signals_stop(void);

/* These say whether it was asked for since they were asked last. */
bool signals_statistics(void);
bool signals_rotation(void);

#endif
