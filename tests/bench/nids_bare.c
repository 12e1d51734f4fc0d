/* What libnids costs by itself: every TCP stream collected, and nothing done with it.
 *
 * usage: nids_bare FILE */
#include <stdio.h>

#include <nids.h>

static void
on_tcp(struct tcp_stream *stream, void **unused)
{
	(void)unused;
	if (stream->nids_state != NIDS_JUST_EST)
		return;
	stream->client.collect++;
	stream->server.collect++;
}

static void
on_warning(int type, int code, void *header, void *data)
{
	(void)type, (void)code, (void)header, (void)data;
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: nids_bare FILE\n", stderr);
		return 2;
	}
	nids_params.filename = argv[1];
	nids_params.n_tcp_streams = 65536;
	nids_params.scan_num_hosts = 0;
	nids_params.syslog = on_warning;
	if (!nids_init()) {
		fprintf(stderr, "%s\n", nids_errbuf);
		return 1;
	}
	nids_register_tcp((void *)on_tcp);
	nids_run();
	nids_exit();
	return 0;
}
