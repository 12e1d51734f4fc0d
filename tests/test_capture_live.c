/* Live captures, where they are allowed, each in a network of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "dissectors/link.h"
#include "src/capture/capture.h"
#include "tests/allocations.h"

static char folder[] = "/tmp/handspan-XXXXXX";
static char out_path[sizeof folder + 16];
static const struct capture_options nothing;

static const char *const loopback = "lo", *const cable = "hs0", *const missing = "eth9";
static const char *const two[] = {"hs1", "hs3"};

static struct capture *running;

static void
stop_running(int signal)
{
	(void)signal;
	capture_stop(running);
}

static void
stop_in_a_second(void)
{
	struct sigaction action = {.sa_handler = stop_running, .sa_flags = SA_RESTART};

	sigaction(SIGALRM, &action, NULL);
	alarm(1);
}

/* ---- a child in a network of its own ---- */

/* A live capture needs a network of its own, where nobody else speaks, and so a child process. The
 * child gives 0, the line of what went wrong, or SKIPPED. */
enum { SKIPPED = 255 };

#define CHILD(expression)                                                                \
	do {                                                                             \
		if (!(expression)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #expression); \
			return 1;                                                        \
		}                                                                        \
	} while (0)

static void
in_a_child(int (*run)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		int answer = run();

		fflush(NULL);
		_exit(answer);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool
own_network(const char *commands)
{
	return unshare(CLONE_NEWNET) == 0 && system(commands) == 0;
}

static void
send_to_loopback(size_t n)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(4433),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	for (size_t i = 0; i < n; i++)
		sendto(fd, "datagram", 8, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to);
	close(fd);
}

static enum capture_status
next_live(struct capture *c, struct frame *frame)
{
	enum capture_status status = CAPTURE_AGAIN;

	for (int i = 0; i < 50 && status == CAPTURE_AGAIN; i++)
		status = capture_next(c, frame);
	return status;
}

static bool
nothing_comes(struct capture *c)
{
	struct frame frame;

	for (int i = 0; i < 3; i++) {
		if (capture_next(c, &frame) != CAPTURE_AGAIN)
			return false;
	}
	return true;
}

static int
capture_loopback(void)
{
	const struct capture_options options = {.filter = "udp dst port 4433",
						.write_to = out_path,
						.snaplen = 60,
						.buffer_kib = 512};
	char err[1000] = "";
	struct frame frame;
	struct drops drops;

	if (!own_network("ip link set lo up 2>/dev/null"))
		return SKIPPED;

	struct capture *c = capture_open_live(&loopback, 1, &options, err, sizeof err);

	CHILD(c != NULL);
	CHILD(strcmp(capture_name(c), "lo") == 0);
	CHILD(capture_next(c, &frame) == CAPTURE_AGAIN);
	send_to_loopback(2);
	for (uint64_t i = 1; i <= 2; i++) {
		CHILD(next_live(c, &frame) == CAPTURE_FRAME);
		CHILD(frame.when.frame == i && frame.linktype == LINKTYPE_ETHERNET);
		CHILD(frame.wire_len == 14 + 20 + 8 + 8 && frame.bytes.n == frame.wire_len);
		CHILD(frame.when.us > 1577836800000000); /* 2020 */
	}
	capture_drops(c, &drops);
	CHILD(drops.kernel == 0 && drops.interface == 0);
	running = c;
	stop_in_a_second();
	while (capture_next(c, &frame) == CAPTURE_AGAIN)
		continue;
	CHILD(capture_next(c, &frame) == CAPTURE_END);
	CHILD(capture_finish(c));
	capture_close(c);

	pcap_t *pcap = pcap_open_offline(out_path, err);
	struct pcap_pkthdr header;

	CHILD(pcap != NULL);
	CHILD(pcap_next(pcap, &header) != NULL && header.caplen == 50 &&
	      pcap_next(pcap, &header) != NULL);
	CHILD(pcap_next(pcap, &header) == NULL);
	pcap_close(pcap);
	return 0;
}

static void
captures_an_interface(void **state)
{
	(void)state;
	in_a_child(capture_loopback);
}

static int
lose_interface(void)
{
	char err[1000] = "";
	struct frame frame;

	if (!own_network("ip link add hs0 type veth peer name hs1 2>/dev/null && ip link set hs0 "
			 "up && ip link set hs1 up"))
		return SKIPPED;

	struct capture *c = capture_open_live(&cable, 1, &nothing, err, sizeof err);

	CHILD(c != NULL);
	CHILD(system("ip link del hs0") == 0);
	while (next_live(c, &frame) == CAPTURE_FRAME)
		continue;
	CHILD(capture_next(c, &frame) == CAPTURE_CUT);
	CHILD(strncmp(capture_error(c), "hs0: ", 5) == 0 && strlen(capture_error(c)) > 5);
	capture_close(c);
	return 0;
}

static void
says_when_the_interface_goes(void **state)
{
	(void)state;
	in_a_child(lose_interface);
}

/* ---- several ---- */

/* What is sent into hs0 comes out of hs1, and of hs2 out of hs3. Nothing else is on them. */
static bool
two_cables(void)
{
	return own_network("for n in 0 2; do ip link add hs$n type veth peer name hs$((n + 1)) 2>/dev/null || exit 1; "
			   "for end in hs$n hs$((n + 1)); do ip link set $end addrgenmode none && ip link set $end up || "
			   "exit 1; done; done");
}

/* An Ethernet frame that begins like that behind its addresses. */
static bool
send_through(int fd, const char *into, const void *bytes, size_t n)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(into)};
	char frame[100] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

	memcpy(frame + 12, bytes, n);
	return sendto(fd, frame, sizeof frame, 0, (struct sockaddr *)&to, sizeof to) == sizeof frame;
}

static bool
send_frame(const char *into, const void *bytes, size_t n)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	bool sent = send_through(fd, into, bytes, n);

	close(fd);
	return sent;
}

/* Of no protocol that anybody has. */
static bool
send_number(const char *into, uint8_t number)
{
	return send_frame(into, (const uint8_t[]){0x88, 0xb5, number}, 3);
}

static bool
has_number(const struct frame *frame, uint8_t number)
{
	uint8_t found;

	return slice_peek(frame->bytes, 14, &found) && found == number;
}

static char heard[1000];

static void
hear(const char *sentence)
{
	strncat(heard, sentence, sizeof heard - strlen(heard) - 2);
	strcat(heard, "|");
}

static int
capture_two(void)
{
	char err[1000] = "";
	struct frame frame;
	struct capture *c;
	int sockets[LIMIT_CAPTURED];

	if (!two_cables())
		return SKIPPED;
	c = capture_open_live(two, 2, &nothing, err, sizeof err);
	CHILD(c != NULL);
	CHILD(strcmp(capture_name(c), "hs1, hs3") == 0);
	CHILD(capture_sockets(c, sockets) == 2 && sockets[0] != sockets[1]);
	for (uint8_t i = 1; i <= 100; i++)
		CHILD(send_number(i % 3 == 0 ? "hs2" : "hs0", i));
	for (uint8_t i = 1; i <= 100; i++) {
		CHILD(next_live(c, &frame) == CAPTURE_FRAME);
		CHILD(frame.when.frame == i && frame.linktype == LINKTYPE_ETHERNET && has_number(&frame, i));
	}
	CHILD(capture_next(c, &frame) == CAPTURE_AGAIN);
	capture_close(c);
	return 0;
}

static void
captures_two_in_order(void **state)
{
	(void)state;
	in_a_child(capture_two);
}

static int
lose_one_of_two(void)
{
	const struct capture_options options = {.notice = hear};
	char err[1000] = "";
	struct frame frame;
	struct capture *c;

	if (!two_cables())
		return SKIPPED;
	c = capture_open_live(two, 2, &options, err, sizeof err);
	CHILD(c != NULL);
	CHILD(send_number("hs0", 1) && send_number("hs2", 2));
	CHILD(system("ip link del hs0") == 0);
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && has_number(&frame, 1));
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && has_number(&frame, 2));
	CHILD(nothing_comes(c));
	CHILD(strstr(heard, "|hs1: ") != NULL && strstr(heard, "; the others go on|") != NULL);
	CHILD(send_number("hs2", 3));
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && has_number(&frame, 3));
	CHILD(!capture_lost(c) && system("ip link del hs2") == 0);
	CHILD(next_live(c, &frame) == CAPTURE_CUT && capture_lost(c));
	CHILD(strncmp(capture_error(c), "hs3: ", 5) == 0);
	capture_close(c);
	return 0;
}

static void
goes_on_while_one_is_left(void **state)
{
	(void)state;
	in_a_child(lose_one_of_two);
}

static int
wait_for_one(void)
{
	const struct capture_options options = {.notice = hear};
	char err[1000] = "";
	struct frame frame;
	struct capture *c;

	if (!two_cables())
		return SKIPPED;
	c = capture_open_live(two, 2, &options, err, sizeof err);
	CHILD(c != NULL);
	CHILD(send_number("hs0", 1) && system("ip link set hs1 down") == 0);
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && has_number(&frame, 1));
	CHILD(nothing_comes(c));
	CHILD(strcmp(heard, "hs1: down; waiting for it|") == 0);
	CHILD(send_number("hs2", 2));
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && has_number(&frame, 2));
	CHILD(system("ip link set hs1 up") == 0);
	CHILD(nothing_comes(c));
	CHILD(strcmp(heard, "hs1: down; waiting for it|hs1: up again|") == 0);
	CHILD(send_number("hs0", 3));
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && has_number(&frame, 3));
	capture_close(c);
	return 0;
}

static void
waits_for_one_that_is_down(void **state)
{
	(void)state;
	in_a_child(wait_for_one);
}

static int
write_two_link_types(void)
{
	const char *const mixed[] = {"hs1", "any"};
	const struct capture_options writing = {.write_to = out_path}, saving = {.save_to = out_path};
	char err[1000] = "";

	if (!two_cables())
		return SKIPPED;
	CHILD(capture_open_live(mixed, 2, &writing, err, sizeof err) == NULL);
	CHILD(strstr(err, "any: is of link type 113, hs1 of 1, ") == err && strstr(err, "leave -w out") != NULL);
	CHILD(capture_open_live(mixed, 2, &saving, err, sizeof err) == NULL);
	CHILD(strstr(err, "leave --save-handshakes out") != NULL);
	return 0;
}

static void
writes_no_two_link_types(void **state)
{
	(void)state;
	in_a_child(write_two_link_types);
}

static int
open_without_memory(void)
{
	char err[1000];
	struct capture *c = NULL;

	if (!two_cables())
		return SKIPPED;
	for (size_t nth = 1; c == NULL && nth < 1000; nth++) {
		bool failed;

		err[0] = '\0';
		allocations_fail(nth);
		c = capture_open_live(two, 2, &nothing, err, sizeof err);
		failed = allocations_failed();
		CHILD(failed || c != NULL);
		CHILD(c != NULL || strlen(err) > 5);
	}
	CHILD(c != NULL);
	capture_close(c);
	return 0;
}

static void
stands_without_memory(void **state)
{
	(void)state;
	in_a_child(open_without_memory);
}

/* ---- shared ---- */

#define SHARES 2
#define PAIRS 32
#define COUNTER 34 /* where it lies behind the headers */

/* A packet of one of several pairs of addresses, one way or the other, with a number. */
static bool
send_packet(int fd, uint8_t pair, bool back, uint32_t number)
{
	uint8_t packet[40] = {0x08, 0x00, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 1};

	packet[21] = pair;
	if (back)
		memcpy(packet + 14, (const uint8_t[]){10, 0, 1, pair, 10, 0, 0, 1}, 8);
	for (unsigned i = 0; i < 4; i++)
		packet[COUNTER - 12 + i] = (uint8_t)(number >> 8 * i);
	return send_through(fd, "hs0", packet, sizeof packet);
}

static uint32_t
number_of(const struct frame *frame)
{
	uint8_t bytes[4] = {0};
	struct slice s = frame->bytes;

	slice_skip(&s, COUNTER);
	slice_copy(&s, bytes, sizeof bytes);
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool
is_at_hand(struct capture *c, struct frame *frame)
{
	return capture_next(c, frame) == CAPTURE_FRAME || capture_next(c, frame) == CAPTURE_FRAME;
}

static int
share_frames(void)
{
	unsigned seen[PAIRS] = {0}, of_share[SHARES] = {0};
	uint64_t numbers[2 * PAIRS];
	struct capture *shares[SHARES];
	char err[1000] = "";
	struct frame frame;
	int fd;

	if (!two_cables())
		return SKIPPED;
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	CHILD(capture_open_shared(two, 1, &nothing, shares, SHARES, err, sizeof err));
	for (uint8_t i = 0; i < 2 * PAIRS; i++)
		CHILD(send_packet(fd, i % PAIRS, i >= PAIRS, i));
	CHILD(send_number("hs0", 200));
	for (unsigned share = 0; share < SHARES; share++) {
		uint64_t last = 0;

		while (is_at_hand(shares[share], &frame)) {
			CHILD(frame.when.frame > last);
			last = frame.when.frame;
			if (has_number(&frame, 200)) {
				CHILD(share == 0);
				continue;
			}
			CHILD(number_of(&frame) < 2 * PAIRS);
			numbers[number_of(&frame)] = last;
			seen[number_of(&frame) % PAIRS] += share == 0 ? 1 : 10;
			of_share[share]++;
			CHILD(llabs(capture_clock(shares[share], last) - frame.when.us) < 1000);
		}
		CHILD(capture_next_number(shares[share]) > last);
	}
	for (unsigned pair = 0; pair < PAIRS; pair++)
		CHILD(seen[pair] == 2 || seen[pair] == 20);
	CHILD(of_share[0] > PAIRS / 2 && of_share[1] > PAIRS / 2);
	for (unsigned i = 1; i < 2 * PAIRS; i++)
		CHILD(numbers[i - 1] <= numbers[i]);
	capture_leave(shares[1]);
	for (uint8_t i = 0; i < PAIRS; i++) {
		CHILD(send_packet(fd, i, false, i));
		CHILD(next_live(shares[0], &frame) == CAPTURE_FRAME && number_of(&frame) == i);
	}
	CHILD(strcmp(capture_name(shares[1]), "hs1") == 0);
	for (unsigned share = 0; share < SHARES; share++)
		capture_close(shares[share]);
	return 0;
}

static void
shares_frames_by_their_addresses(void **state)
{
	(void)state;
	in_a_child(share_frames);
}

/* While they are opened one after the other, and their filters made, frames come without end. */
static int
share_in_the_middle(void)
{
	static uint8_t times[1 << 20];
	const struct capture_options options = {.leave_out = true, .buffer_kib = 2048};
	struct capture *shares[LIMIT_WORKERS];
	char err[1000] = "";
	struct frame frame;
	unsigned n = 0;
	pid_t sender;
	int fd;

	if (!two_cables())
		return SKIPPED;
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	sender = fork();
	if (sender == 0)
		for (uint32_t i = 0;; i++) {
			send_packet(fd, i % PAIRS, false, i);
			usleep(20); /* who wakes up comes before who computes */
		}
	usleep(20000);
	CHILD(capture_open_shared(two, 1, &options, shares, LIMIT_WORKERS, err, sizeof err));
	usleep(200000);
	kill(sender, SIGKILL);
	waitpid(sender, NULL, 0);
	for (unsigned share = 0; share < LIMIT_WORKERS; share++)
		while (is_at_hand(shares[share], &frame)) {
			CHILD(number_of(&frame) < sizeof times);
			CHILD(times[number_of(&frame)]++ == 0);
			n++;
		}
	CHILD(n > 0);
	for (unsigned share = 0; share < LIMIT_WORKERS; share++)
		capture_close(shares[share]);
	return 0;
}

static void
gives_no_frame_to_two(void **state)
{
	(void)state;
	in_a_child(share_in_the_middle);
}

static int
share_with_one_missing(void)
{
	static const char *const gone[] = {"hs1", "eth9"};
	struct capture *shares[SHARES];
	char err[1000] = "";

	if (!two_cables())
		return SKIPPED;
	CHILD(!capture_open_shared(gone, 2, &nothing, shares, SHARES, err, sizeof err));
	CHILD(strncmp(err, "eth9: no such interface", 23) == 0);
	CHILD(shares[0] == NULL && shares[1] == NULL);
	return 0;
}

static int
share_without_memory(void)
{
	const struct capture_options options = {.buffer_kib = 512};
	struct capture *shares[SHARES];
	char err[1000];
	bool good = false;

	if (!two_cables())
		return SKIPPED;
	for (size_t nth = 1; !good && nth < 1000; nth++) {
		bool failed;

		err[0] = '\0';
		allocations_fail(nth);
		good = capture_open_shared(two, 2, &options, shares, SHARES, err, sizeof err);
		failed = allocations_failed();
		CHILD(failed || good);
		CHILD(good || (strlen(err) > 5 && shares[0] == NULL && shares[1] == NULL));
	}
	CHILD(good);
	for (unsigned share = 0; share < SHARES; share++)
		capture_close(shares[share]);
	return 0;
}

static void
shares_all_interfaces_or_none(void **state)
{
	(void)state;
	in_a_child(share_with_one_missing);
	in_a_child(share_without_memory);
}

/* ---- what is left out ---- */

/* IPv4, UDP from port 1000 to another, and the first byte in it. */
static bool
send_datagram(uint16_t port, uint8_t first)
{
	const uint8_t bytes[] = {0x08, 0x00, 0x45, 0,	  0,	 84, 0,	 0, 0, 0, 64, 17,   0,		  0, 192, 0, 2, 1,
				 192,  0,    2,	   2, 1000 >> 8, 1000 & 0xff, (uint8_t)(port >> 8), (uint8_t)port, 0, 64, 0, 0,
				 first};

	return send_frame("hs0", bytes, sizeof bytes);
}

static int
leave_out(void)
{
	const struct capture_options options = {.leave_out = true}, own = {.leave_out = true, .filter = "udp"};
	char err[1000] = "";
	struct frame frame;
	struct capture *c;

	if (!two_cables())
		return SKIPPED;
	c = capture_open_live(two, 2, &options, err, sizeof err);
	CHILD(c != NULL && capture_leaves_out(c));
	CHILD(send_datagram(20000, 0x80) && send_datagram(20000, 63) && send_datagram(20000, 64) && send_datagram(53, 0x80));
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && frame.bytes.p[42] == 63);
	CHILD(next_live(c, &frame) == CAPTURE_FRAME && frame.bytes.p[42] == 0x80);
	CHILD(nothing_comes(c));
	capture_close(c);

	c = capture_open_live(two, 2, &own, err, sizeof err);
	CHILD(c != NULL && !capture_leaves_out(c));
	CHILD(send_datagram(20000, 0x80));
	CHILD(next_live(c, &frame) == CAPTURE_FRAME);
	capture_close(c);
	return 0;
}

static void
leaves_out_what_cannot_matter(void **state)
{
	(void)state;
	in_a_child(leave_out);
}

/* ---- what is wrong ---- */

static int
open_wrong_interfaces(void)
{
	const struct capture_options nonsense = {.filter = "tcp prot"};
	char err[1000] = "";

	if (!own_network(
		    "ip link set lo up && ip link add hs0 type veth peer name hs1 2>/dev/null"))
		return SKIPPED;
	CHILD(capture_open_live(&missing, 1, &nothing, err, sizeof err) == NULL);
	CHILD(strncmp(err, "eth9: no such interface; there are:", 35) == 0 &&
	      strstr(err, " lo") != NULL);
	CHILD(capture_open_live(&cable, 1, &nothing, err, sizeof err) == NULL);
	CHILD(strcmp(err, "hs0: the interface is down; sudo ip link set hs0 up") == 0);
	CHILD(capture_open_live(&loopback, 1, &nonsense, err, sizeof err) == NULL);
	CHILD(strncmp(err, "filter \"tcp prot\": ", 19) == 0);
	/* a sentence that does not fit is cut, not written past its end */
	for (size_t n = 1; n < 60; n++) {
		char *small = malloc(n);

		CHILD(small != NULL && capture_open_live(&missing, 1, &nothing, small, n) == NULL);
		CHILD(strlen(small) == n - 1);
		free(small);
	}
	return 0;
}

static void
says_what_is_wrong_with_an_interface(void **state)
{
	(void)state;
	in_a_child(open_wrong_interfaces);
}

static int
open_without_permission(void)
{
	char err[1000] = "", self[500], sentence[1000];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);

	CHILD(n > 0 && n < (ssize_t)sizeof self);
	if (geteuid() == 0)
		CHILD(setuid(65534) == 0);

	struct capture *c = capture_open_live(&loopback, 1, &nothing, err, sizeof err);

	if (c != NULL)
		return SKIPPED;
	snprintf(sentence, sizeof sentence,
		 "lo: no permission to capture; once as root: sudo setcap "
		 "cap_net_raw,cap_net_admin+ep %.*s",
		 (int)n, self);
	CHILD(strcmp(err, sentence) == 0);
	return 0;
}

static void
says_how_to_get_permission(void **state)
{
	(void)state;
	in_a_child(open_without_permission);
}

static int
list_interfaces(void)
{
	char err[1000] = "", line[200] = "";
	bool listed = false;

	if (freopen(out_path, "w", stdout) == NULL || geteuid() != 0)
		return SKIPPED;
	CHILD(capture_list(err, sizeof err));
	fflush(stdout);

	FILE *list = fopen(out_path, "r");

	while (fgets(line, sizeof line, list) != NULL)
		listed = listed || strncmp(line, "lo\t", 3) == 0;
	fclose(list);
	CHILD(listed);
	return 0;
}

static void
lists_interfaces(void **state)
{
	(void)state;
	in_a_child(list_interfaces);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(out_path, sizeof out_path, "%s/out", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(out_path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_an_interface),
		cmocka_unit_test(says_when_the_interface_goes),
		cmocka_unit_test(captures_two_in_order),
		cmocka_unit_test(goes_on_while_one_is_left),
		cmocka_unit_test(waits_for_one_that_is_down),
		cmocka_unit_test(shares_frames_by_their_addresses),
		cmocka_unit_test(gives_no_frame_to_two),
		cmocka_unit_test(shares_all_interfaces_or_none),
		cmocka_unit_test(writes_no_two_link_types),
		cmocka_unit_test(stands_without_memory),
		cmocka_unit_test(leaves_out_what_cannot_matter),
		cmocka_unit_test(says_what_is_wrong_with_an_interface),
		cmocka_unit_test(says_how_to_get_permission),
		cmocka_unit_test(lists_interfaces),
	};

	return cmocka_run_group_tests_name("capture_live", tests, set_up, tear_down);
}
