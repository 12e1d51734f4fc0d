/* Several processes read the same input: their parent. */
#include "workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diag.h"
#include "listener.h"
#include "signals.h"

/* What a worker may be ahead of what its parent has read; the kernel may give less. */
#define PIPE_BYTES (256 * 1024)

/* How long nothing may come before signals are looked at. */
#define WAIT_MS 100

/* How long a worker that tells no more may take to end. */
#define WAIT_FOR_END_MS 2000

struct hand {
	pid_t pid;
	int asks; /* closed, it asks the worker to stop; -1: it was */
	bool missed; /* that it is lost was said */
	struct tally added; /* what it has counted, as far as that is in the sum */
	struct listener listener;
};

struct workers {
	unsigned n;
	struct carry_words words;
	bool lost;
	struct hand hands[];
};

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
ask_to_stop(struct workers *workers)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (hand->asks >= 0)
			close(hand->asks);
		hand->asks = -1;
	}
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
	ask_to_stop(workers);
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];
		int status;

		close(hand->listener.from);
		if (!hand->listener.lost)
			wait_for(hand, &status);
		listener_free(&hand->listener);
	}
	carry_words_free(&workers->words);
	free(workers);
}

static const char *
how_lost(const struct hand *hand)
{
	int status;

	if (!hand->listener.ended)
		return "it told what cannot be";
	if (!wait_for(hand, &status))
		return "it tells no more";
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it ended early";
}

/* Nobody knows what else one that is lost would have found: no more is read. */
static void
miss_lost(struct workers *workers)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (!hand->listener.lost || hand->missed)
			continue;
		hand->missed = workers->lost = true;
		diag_error("worker %u of %u is lost: %s; reading ends here, and what it had not told is missing", i + 1,
			   workers->n, how_lost(hand));
		ask_to_stop(workers);
	}
}

/* ---- one input ---- */

static bool
is_before(struct turn a, struct turn b)
{
	return a.frame < b.frame || (a.frame == b.frame && a.order < b.order);
}

/* Whose turn is next: of several at the same turn one that may still tell something for it. NULL: all have come to the end. */
static struct listener *
first_in_turn(struct workers *workers)
{
	struct listener *first = NULL;

	for (unsigned i = 0; i < workers->n; i++) {
		struct listener *listener = &workers->hands[i].listener;

		if (listener->over)
			continue;
		if (first == NULL || is_before(listener->next, first->next) ||
		    (first->has_head && !listener->has_head && !is_before(first->next, listener->next)))
			first = listener;
	}
	return first;
}

/* Times do not add up: of a file the first worker has them, of an interface each has its own. */
static void
set_times(const struct workers *workers, struct tally *tally)
{
	bool first = true;

	for (unsigned i = 0; i < workers->n; i++) {
		const struct tally *own = &workers->hands[i].listener.tally;

		if (own->packets == 0)
			continue;
		if (first || own->first_us < tally->first_us)
			tally->first_us = own->first_us;
		if (first || own->last_us > tally->last_us)
			tally->last_us = own->last_us;
		first = false;
	}
}

static void
add_counts(const struct workers *workers, struct hand *hand, struct tally *sum)
{
	told_add(sum, &hand->listener.tally, &hand->added);
	hand->added = hand->listener.tally;
	hand->listener.counted = false;
	set_times(workers, sum);
}

/* hear has all look for their heads, in what they have. */
static void
hear(struct workers *workers, const struct workers_to *to)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (!hand->listener.has_head && !hand->listener.over)
			listener_hear(&hand->listener);
		if (hand->listener.counted)
			add_counts(workers, hand, to->tally);
	}
}

/* take has the head of a listener gathered. */
static void
take(struct workers *workers, struct listener *listener, const struct workers_to *to)
{
	struct handshake *handshake;
	struct event *event;

	switch (listener->kind) {
	case TOLD_BEGUN:
		*to->handshakes = listener_number(listener, *to->handshakes);
		break;
	case TOLD_HANDSHAKE:
		handshake = listener_handshake(listener, to->certs, &workers->words);
		if (handshake != NULL)
			gather_handshake(to->gather, handshake, 0);
		break;
	case TOLD_EVENT:
		event = listener_event(listener, to->certs, &workers->words);
		if (event != NULL)
			gather_event(to->gather, event, 0);
		break;
	default:
		break;
	}
}

static bool
out_of_memory(const struct workers *workers, const struct gather *gather)
{
	for (unsigned i = 0; i < workers->n; i++)
		if (workers->hands[i].listener.out_of_memory || workers->hands[i].listener.end.out_of_memory)
			return true;
	return gather_out_of_memory(gather);
}

/* Those that may still tell something are waited for. */
static void
wait_for_more(struct workers *workers)
{
	struct pollfd polls[LIMIT_WORKERS];

	for (unsigned i = 0; i < workers->n; i++) {
		const struct listener *listener = &workers->hands[i].listener;
		bool waited_for = !listener->over && !listener->has_head;

		polls[i] = (struct pollfd){.fd = waited_for ? listener->from : -1, .events = POLLIN};
	}
	if (poll(polls, workers->n, WAIT_MS) <= 0)
		return;
	for (unsigned i = 0; i < workers->n; i++)
		if (polls[i].revents != 0)
			listener_read(&workers->hands[i].listener);
}

/* The first that has anything to say of how it ended speaks for all: they have read the same. */
static enum workers_answer
answer(const struct workers *workers)
{
	const char *sentence = NULL;
	bool opened = true;

	for (unsigned i = 0; i < workers->n; i++) {
		const struct listener *listener = &workers->hands[i].listener;

		if (sentence == NULL)
			sentence = listener->end.sentence;
		opened = opened && (listener->lost || listener->end.opened);
	}
	if (sentence != NULL)
		diag_error("%s", sentence);
	if (workers->lost)
		return WORKERS_LOST;
	return opened ? WORKERS_READ : WORKERS_NOT_READ;
}

enum workers_answer
workers_read(struct workers *workers, const struct workers_to *to)
{
	struct listener *first;

	for (unsigned i = 0; i < workers->n; i++) {
		listener_begin(&workers->hands[i].listener);
		workers->hands[i].added = (struct tally){.packets = 0};
	}
	hear(workers, to);
	while ((first = first_in_turn(workers)) != NULL) {
		if (first->has_head)
			take(workers, first, to);
		else
			wait_for_more(workers);
		if (out_of_memory(workers, to->gather))
			return WORKERS_OUT_OF_MEMORY;
		miss_lost(workers);
		to->meanwhile(to->arg);
		if (signals_stop())
			ask_to_stop(workers);
		hear(workers, to);
	}
	return answer(workers);
}
