/* TFTP: RFC 1350, RFC 2347 to 2349, RFC 7440. HTTP: as facts sheet cisco-phones, section 3, has it.
 */
#include "transfer.h"

#define TFTP_PORT 69
#define WEB_PORT 6970

enum opcode { RRQ = 1, DATA = 3, ACK = 4, ERROR = 5, OACK = 6 };

struct tftp {
	struct lab *lab;
	const struct download *download;
	uint16_t client, server; /* ports; the server takes one for each transfer */
	unsigned block_size, window, blocks;
	bool was_lost, was_repeated;
};

static struct tftp
tftp(struct lab *lab, const struct download *download)
{
	unsigned nth = ++lab->connections;
	unsigned block_size = download->block_size != 0 ? download->block_size : 512;
	size_t n = download->content != NULL ? download->content->n : 0;

	return (struct tftp){.lab = lab,
			     .download = download,
			     .client = (uint16_t)(49150 + nth),
			     .server = (uint16_t)(32990 + 7 * nth),
			     .block_size = block_size,
			     .window = download->window != 0 ? download->window : 1,
			     .blocks = (unsigned)(n / block_size) + 1};
}

static void
to_server(const struct tftp *tftp, uint16_t port, const struct bytes *out)
{
	wire_udp(&tftp->lab->frames, CLIENT, tftp->download->client, tftp->client,
		 tftp->download->server, port, out->b, out->n);
	frames_wait(&tftp->lab->frames, 930);
}

static void
to_client(const struct tftp *tftp, const struct bytes *out)
{
	wire_udp(&tftp->lab->frames, SERVER, tftp->download->server, tftp->server,
		 tftp->download->client, tftp->client, out->b, out->n);
	frames_wait(&tftp->lab->frames, 310);
}

static void
put_option(struct bytes *out, const char *name, size_t value)
{
	put_text(out, name);
	put(out, 1, 0);
	put_format(out, "%zu", value);
	put(out, 1, 0);
}

/* The options of a request, or of its OACK; the request asks for the size by saying 0. */
static void
put_options(struct bytes *out, const struct download *download, size_t size)
{
	if (download->asks_size)
		put_option(out, "tsize", size);
	if (download->block_size != 0)
		put_option(out, "blksize", download->block_size);
	if (download->window != 0)
		put_option(out, "windowsize", download->window);
}

static void
request(const struct tftp *tftp)
{
	struct bytes out = {.n = 0};

	put(&out, 2, RRQ);
	put_text(&out, tftp->download->file);
	put(&out, 1, 0);
	put_text(&out, "octet");
	put(&out, 1, 0);
	put_options(&out, tftp->download, 0);
	to_server(tftp, TFTP_PORT, &out);
}

static void
acknowledge(const struct tftp *tftp, unsigned block)
{
	struct bytes out = {.n = 0};

	put(&out, 2, ACK);
	put(&out, 2, block);
	to_server(tftp, tftp->server, &out);
}

static void
data(const struct tftp *tftp, unsigned block)
{
	const struct bytes *content = tftp->download->content;
	size_t start = (size_t)(block - 1) * tftp->block_size, rest = content->n - start;
	struct bytes out = {.n = 0};

	put(&out, 2, DATA);
	put(&out, 2, block);
	put_bytes(&out, content->b + start, rest < tftp->block_size ? rest : tftp->block_size);
	to_client(tftp, &out);
}

/* One window of blocks, and its acknowledgement; gives the last block that came in order. */
static unsigned
window(struct tftp *tftp, unsigned first)
{
	unsigned in_order = first - 1, came = 0;

	for (unsigned i = first; i < first + tftp->window && i <= tftp->blocks; i++) {
		if (i == tftp->download->lost && !tftp->was_lost) {
			tftp->was_lost = true;
			continue;
		}
		data(tftp, i);
		came++;
		if (i == in_order + 1)
			in_order = i;
	}
	if (came > 0)
		acknowledge(tftp, in_order);
	else
		frames_wait(&tftp->lab->frames, 1000000); /* the server waits, and says it again */
	return in_order;
}

static void
negotiate(const struct tftp *tftp)
{
	const struct download *download = tftp->download;
	struct bytes out = {.n = 0};

	if (!download->asks_size && download->block_size == 0 && download->window == 0)
		return;
	put(&out, 2, OACK);
	put_options(&out, download, download->content->n);
	to_client(tftp, &out);
	acknowledge(tftp, 0);
}

static void
refuse(const struct tftp *tftp)
{
	struct bytes out = {.n = 0};

	put(&out, 2, ERROR);
	put(&out, 2, 1);
	put_text(&out, "File not found");
	put(&out, 1, 0);
	to_client(tftp, &out);
}

void
tftp_get(struct lab *lab, const struct download *download)
{
	struct tftp me = tftp(lab, download);

	request(&me);
	if (download->content == NULL) {
		refuse(&me);
		frames_wait(&lab->frames, 20100);
		return;
	}
	negotiate(&me);
	for (unsigned next = 1, last; next <= me.blocks; next = last + 1) {
		last = window(&me, next);
		if (last == download->repeated && !me.was_repeated) {
			me.was_repeated = true;
			data(&me, last);
			acknowledge(&me, last);
		}
		if (last == download->stops && last != 0) {
			for (unsigned i = 0; i < 3; i++) {
				announce_wait(lab, 4);
				acknowledge(&me, last);
			}
			break;
		}
	}
	frames_wait(&lab->frames, 20100);
}

void
tftp_unanswered(struct lab *lab, const struct download *download, unsigned times)
{
	struct tftp me = tftp(lab, download);

	for (unsigned i = 0; i < times; i++) {
		request(&me);
		announce_wait(lab, 4 + 2 * i);
	}
}

void
tftp_unreachable(struct lab *lab, const struct download *download, unsigned times)
{
	struct tftp me = tftp(lab, download);

	for (unsigned i = 0; i < times; i++) {
		request(&me);
		wire_unreachable(&lab->frames, SERVER, download->server, download->client);
		announce_wait(lab, 4 + 2 * i);
	}
}

void
web_open(struct tcp *tcp, struct lab *lab, const struct host *client, const struct host *server)
{
	uint32_t nth = ++lab->connections;

	*tcp = (struct tcp){.frames = &lab->frames,
			    .mss = 1460,
			    .end = {[CLIENT] = {.host = client,
						.port = (uint16_t)(51600 + nth),
						.next = 0x2c4f0000U + 0x10001U * nth},
				    [SERVER] = {.host = server,
						.port = WEB_PORT,
						.next = 0xe1d30000U + 0x20003U * nth}}};
	tcp_open(tcp);
}

void
web_get(struct tcp *tcp, const char *file, const struct bytes *content)
{
	const uint8_t *ip = tcp->end[SERVER].host->ip;
	struct bytes out = {.n = 0};

	put_format(&out, "GET /%s HTTP/1.1\r\nHost:%u.%u.%u.%u:%u\r\n\r\n", file, ip[0], ip[1],
		   ip[2], ip[3], WEB_PORT);
	tcp_send(tcp, CLIENT, out.b, out.n);
	frames_wait(tcp->frames, 5210);
	out.n = 0;
	if (content == NULL)
		put_text(&out, "HTTP/1.1 404 File Not Found\r\nContent-length: 0\r\n\r\n");
	else {
		put_format(&out,
			   "HTTP/1.1 200 OK\r\nContent-length: %zu\r\n"
			   "Cache-Control: no-store\r\nContent-type: */*\r\n\r\n",
			   content->n);
		put_bytes(&out, content->b, content->n);
	}
	tcp_send(tcp, SERVER, out.b, out.n);
	frames_wait(tcp->frames, 18450);
}

void
web_close(struct tcp *tcp)
{
	tcp_fin(tcp, CLIENT);
	frames_wait(tcp->frames, 640);
	tcp_fin(tcp, SERVER);
	frames_wait(tcp->frames, 9120);
}
