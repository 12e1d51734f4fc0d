/* Where frames come from: libpcap's room. */
#ifndef SRC_CAPTURE_CAPTURE_H
#define SRC_CAPTURE_CAPTURE_H

#include <sys/types.h>

#include "dissectors/slice.h"
#include "drops.h"
#include "limit.h"
#include "when.h"

/* A shared live capture numbers frames by the microseconds since it began. */
struct frame {
	struct when when;
	uint32_t ns;	    /* of when, below 1000: where the input counts so finely */
	uint32_t linktype;  /* enum linktype */
	struct slice bytes; /* as captured */
	size_t wire_len;    /* more than bytes.n where the snap length cut it */
};

enum capture_status {
	CAPTURE_FRAME,
	CAPTURE_AGAIN, /* live, nothing for now: signals may be looked at */
	CAPTURE_END,
	CAPTURE_CUT, /* the file ends in the middle of a packet or is damaged there; capture_error
			says where */
};

struct capture;

/* Who the process will be when it reads. */
struct capture_owner {
	uid_t user;
	gid_t group;
};

/* A filter compiled for every link type that handspan reads. */
struct capture_filters;

/* capture_filters_new compiles BPF text, which outlives it; what names it has (hosts, services) are
 * looked up now and never again. NULL with a sentence in err, also where it fits no link type. */
struct capture_filters *capture_filters_new(const char *text, char *err, size_t err_size);

void capture_filters_free(struct capture_filters *filters);

/* The files that write_to and save_to of capture_options name: what of them must be opened early is. */
struct capture_outputs;

/* Where handspan gets no processor meanwhile, a full gigabit link's quarter of a second waits in it. */
#define CAPTURE_BUFFER_KIB 32768
#define CAPTURE_BUFFER_MOST_KIB 1048576

struct capture_options {
	const char *filter; /* BPF text, or NULL */
	bool leave_out; /* live only, without filter: frames that cannot matter, where a filter can tell */
	const struct capture_filters *filters; /* the same compiled, for files; NULL: that is done on opening */
	int snaplen;	    /* live only, 0: libpcap's most */
	int buffer_kib;	    /* of each interface, live only; 0: CAPTURE_BUFFER_KIB */
	bool no_promiscuous;
	const char *write_to; /* a file that gets every frame, or NULL; */
	uint64_t file_bytes;  /* when it is larger another one follows it, */
	uint32_t file_seconds; /* and after so many seconds of frames' time, and what the names of */
	uint32_t files;	       /* all are, how many, and what then: as with tcpdump's -C, -G, -W */
	const char *save_to; /* a file that gets the frames that capture_save is told of, or NULL */
	const struct capture_owner *owner; /* who will write them; NULL: who opens them */
	const struct capture_outputs *outputs; /* of both, opened; NULL: that is done with the input */
	void (*complain)(const char *sentence); /* hears, once each, why frames are not written */
	void (*notice)(const char *sentence); /* live only: hears what becomes of interfaces, and of drops; NULL: nobody does */
};

/* capture_outputs_open opens the outputs of one input, which these outlive. NULL with a whole sentence
 * in err. */
struct capture_outputs *capture_outputs_open(const struct capture_options *options, char *err,
					     size_t err_size);

/* capture_outputs_directories gives the directories in which files are made and renamed while frames
 * are read, and how many they are. */
size_t capture_outputs_directories(const struct capture_outputs *outputs, int out[2]);

void capture_outputs_close(struct capture_outputs *outputs);

/* capture_open_file opens a capture file, "-" being stdin. NULL with a whole sentence in err. A
 * pipe is waited for until it has a capture's start: SIGINT should keep its default action until
 * this returns. path and the texts of options outlive the capture. */
struct capture *capture_open_file(const char *path, const struct capture_options *options,
				  char *err, size_t err_size);

/* capture_open_live opens up to LIMIT_CAPTURED interfaces, whose names outlive the capture. Frames come in the order of
 * their time stamps. An interface that goes down is waited for; the last one that goes for good ends the capture with
 * CAPTURE_CUT. NULL with a whole sentence and the way out in err. */
struct capture *capture_open_live(const char *const *interfaces, size_t n, const struct capture_options *options,
				  char *err, size_t err_size);

/* capture_leaves_out says whether leave_out has any effect. */
bool capture_leaves_out(const struct capture *capture);

/* capture_open_shared opens n live captures of the same interfaces at once, among which the kernel shares out the frames by their pairs
 * of addresses, as fanout.h says. Each has its own buffers and counts what it drops; the first one alone counts what interfaces drop, and
 * says what becomes of them. The numbers of their frames are microseconds since they began, and more where one has several
 * at once: so all of them can be put in one order. False with a sentence in err, and there are none. */
bool capture_open_shared(const char *const *interfaces, size_t n_interfaces, const struct capture_options *options,
			 struct capture **out, unsigned n, char *err, size_t err_size);

/* capture_leave leaves a shared capture to another process, which has it too: here no frame comes from it any more, but what is known
 * of it stays. */
void capture_leave(struct capture *capture);

/* capture_heard_by has a live capture's notices heard by this one alone; own: it is about this capture, and not about what it
 * shares with others. */
void capture_heard_by(struct capture *capture, void (*heard)(void *arg, const char *sentence, bool own), void *arg);

/* capture_clock gives the time at which a frame of that number was due in a shared capture, but none later than now;
 * capture_next_number, the lowest number that may still come. */
int64_t capture_clock(const struct capture *capture, uint64_t number);
uint64_t capture_next_number(const struct capture *capture);

/* capture_sockets gives the descriptors that frames of interfaces come through, and how many they are. */
size_t capture_sockets(const struct capture *capture, int out[LIMIT_CAPTURED]);

/* capture_next gives the next frame; its bytes live until the next call. */
enum capture_status capture_next(struct capture *capture, struct frame *out);

/* capture_stop makes a running capture_next return, and the next one give CAPTURE_END; of interfaces what had come until then is
 * given before. May be called from a signal handler. */
void capture_stop(struct capture *capture);

const char *capture_error(const struct capture *capture); /* a sentence, after CAPTURE_CUT */
bool capture_out_of_memory(const struct capture *capture); /* was that why? */
bool capture_lost(const struct capture *capture); /* or that no interface is left? */
const char *capture_name(const struct capture *capture); /* the file, or the interfaces with commas between */

/* capture_save tells of the last frame whether it matters: save_to gets it then. Of others it gets
 * the last one's headers, for the time at which the capture ended. */
void capture_save(struct capture *capture, const struct frame *frame, bool matters);

/* capture_rotate completes the files of write_to and save_to, and lets new ones begin, of the next
 * number. Files have ".part" behind their names until they are complete. */
void capture_rotate(struct capture *capture);

/* capture_finish completes them for good; false where not all frames were written: options.complain
 * has been told why. A capture that is closed without it leaves its files incomplete. */
bool capture_finish(struct capture *capture);

/* capture_drops gives what kernel and interfaces dropped, as far as that is known: of a snoop file
 * it is what the system that wrote it lost, of other files nothing. */
void capture_drops(struct capture *capture, struct drops *out);

/* capture_bytes gives how many bytes of a file were read and how many it has, packed as it is; interfaces and pipes have a
 * size of 0. */
void capture_bytes(const struct capture *capture, uint64_t *read, uint64_t *size);

void capture_close(struct capture *capture);

/* capture_list prints the interfaces (-D) to stdout, one a line; false with a sentence in err. */
bool capture_list(char *err, size_t err_size);

#endif
