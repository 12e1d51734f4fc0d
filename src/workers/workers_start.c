/* Several processes: beginning and ending them. */
#include "workers_room.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diag.h"

/* What a worker may be ahead of what its parent has read; the kernel may give less. */
#define PIPE_BYTES (256 * 1024)

/* How long a worker that tells no more may take to end. */
#define WAIT_FOR_END_MS 2000

/* ---- beginning ---- */

static void
close_ends(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static bool
make_pipes(int tells[2], int asks[2])
{
	if (pipe2(tells, O_CLOEXEC) != 0)
		return false;
	if (pipe2(asks, O_CLOEXEC) == 0)
		return true;
	close_ends(tells);
	return false;
}

/* In a worker: it has its ends of its own pipes, and nobody else's; what is said goes through them. */
static void
become_worker(struct workers *workers, const int tells[2], const int asks[2], struct worker *worker)
{
	static const int deaf[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(tells[0]);
	close(asks[1]);
	worker->to_parent = tells[1];
	worker->asked = asks[0];
	for (unsigned i = 0; i < workers->n; i++) {
		close(workers->hands[i].listener.from);
		close(workers->hands[i].asks);
	}
	free(workers);
	for (size_t i = 0; i < sizeof(deaf) / sizeof(deaf[0]); i++)
		signal(deaf[i], SIG_IGN);
	diag_mute();
}

static void
add_hand(struct workers *workers, pid_t pid, const int tells[2], const int asks[2])
{
	struct hand *hand = &workers->hands[workers->n++];

	close(tells[1]);
	close(asks[0]);
	hand->pid = pid;
	hand->asks = asks[1];
	hand->listener.from = tells[0];
	fcntl(tells[0], F_SETPIPE_SZ, PIPE_BYTES);
}

/* start_one answers whether it is the parent, or failed: -1 and errno. */
static int
start_one(struct workers *workers, struct worker *worker)
{
	int tells[2], asks[2];
	pid_t pid;

	if (!make_pipes(tells, asks))
		return -1;
	pid = fork();
	if (pid < 0) {
		close_ends(tells);
		close_ends(asks);
		return -1;
	}
	if (pid > 0)
		add_hand(workers, pid, tells, asks);
	else
		become_worker(workers, tells, asks, worker);
	return pid > 0;
}

bool
workers_start(unsigned n, struct workers **out, struct worker *worker)
{
	struct workers *workers = calloc(1, sizeof(*workers) + n * sizeof(workers->hands[0]));

	*out = NULL;
	for (unsigned i = 0; workers != NULL && i < n; i++) {
		*worker = (struct worker){.share = {i, n}};
		switch (start_one(workers, worker)) {
		case 0:
			return true;
		case 1:
			break;
		default:
			diag_error("--workers: worker %u of %u cannot be started: %s", i + 1, n, strerror(errno));
			workers_end(workers);
			return false;
		}
	}
	*worker = (struct worker){.share = {0, 0}};
	*out = workers;
	if (workers == NULL)
		diag_error("out of memory");
	return workers != NULL;
}

/* ---- ending ---- */

static void
ask_to_stop(struct hand *hand)
{
	if (hand->asks >= 0)
		close(hand->asks);
	hand->asks = -1;
}

void
workers_ask_to_stop(struct workers *workers)
{
	for (unsigned i = 0; i < workers->n; i++)
		ask_to_stop(&workers->hands[i]);
}

void
workers_hang_up(struct hand *hand)
{
	ask_to_stop(hand);
	if (hand->listener.from >= 0)
		close(hand->listener.from);
	hand->listener.from = -1;
}

/* False where it does not end: it was taken over, or it hangs. */
static bool
wait_for(const struct hand *hand, int *status)
{
	for (unsigned ms = 0; ms < WAIT_FOR_END_MS; ms++) {
		if (waitpid(hand->pid, status, WNOHANG) == hand->pid)
			return true;
		poll(NULL, 0, 1);
	}
	return false;
}

void
workers_end(struct workers *workers)
{
	if (workers == NULL)
		return;
	workers_ask_to_stop(workers);
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];
		int status;

		workers_hang_up(hand);
		if (!hand->listener.lost)
			wait_for(hand, &status);
		workers_forget_all_decided(hand);
		listener_free(&hand->listener);
	}
	carry_words_free(&workers->words);
	free(workers);
}

const char *
workers_how_lost(const struct hand *hand)
{
	int status;

	if (!hand->listener.ended)
		return "it told what cannot be";
	if (!wait_for(hand, &status))
		return "it tells no more";
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it ended early";
}
