/* What the user asks for meanwhile, by signals. */
#include "signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_asked, statistics_asked, rotation_asked;
static bool ignore_hangup; /* nohup's wish, for the signal handler alone */
static struct capture *volatile running; /* for the signal handler alone */

static void
on_stop(int signal_number)
{
	struct capture *capture = running;

	if (stop_asked) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	stop_asked = 1;
	if (capture != NULL)
		capture_stop(capture);
}

static void
on_statistics(int signal_number)
{
	(void)signal_number;
	statistics_asked = 1;
}

/* The kernel sends it when the terminal is gone, and people when they want a new file. */
static void
on_hangup(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code != SI_KERNEL)
		rotation_asked = 1;
	else if (!ignore_hangup)
		on_stop(signal_number);
}

static void
catch_hangup(void)
{
	struct sigaction hangup = {.sa_sigaction = on_hangup, .sa_flags = SA_RESTART | SA_SIGINFO};
	struct sigaction before;

	sigaction(SIGHUP, &hangup, &before);
	ignore_hangup = before.sa_handler == SIG_IGN;
}

void
signals_catch(struct capture *capture, bool rotates)
{
	struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART}; /* or stdio loses what it writes */
	struct sigaction statistics = {.sa_handler = on_statistics, .sa_flags = SA_RESTART};

	running = capture;
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGUSR1, &statistics, NULL);
	if (rotates)
		catch_hangup();
}

void
signals_over(void)
{
	running = NULL;
}

bool
signals_stop(void)
{
	return stop_asked != 0;
}

static bool
taken(volatile sig_atomic_t *asked)
{
	bool was = *asked != 0;

	if (was)
		*asked = 0;
	return was;
}

bool
signals_statistics(void)
{
	return taken(&statistics_asked);
}

bool
signals_rotation(void)
{
	return taken(&rotation_asked);
}
