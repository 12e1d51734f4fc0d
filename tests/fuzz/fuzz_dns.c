/* DNS, of any message. */
#include <stdlib.h>

#include "dissectors/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* must ends the run where what the header promises does not hold. */
static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_name(const char name[DNS_NAME_SIZE])
{
	static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.\\";
	const char *end = memchr(name, '\0', DNS_NAME_SIZE);

	must(end != NULL && strspn(name, bytes) == strlen(name));
	must(end == name || (name[0] != '.' && end[-1] != '.' && strstr(name, "..") == NULL));
	for (const char *p = strchr(name, '\\'); p != NULL; p = strchr(p + 1, '\\'))
		must(strspn(p + 1, "0123456789") >= 3);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dis_at at = {0};
	struct dns_answer answer;
	struct dns dns;
	enum dis got = dns_dissect(slice_of(data, size), &dns, &at);
	size_t answers = 0;

	if (got == DIS_OK) {
		must(dns.questions > 0 && dns.opcode == 0);
		check_name(dns.name);
		for (; (got = dns_answer_next(&dns, &answer, &at)) == DIS_OK; answers++) {
			check_name(answer.name);
			check_name(answer.target);
		}
		must(answers + dns.answers_left == dns.answers);
		must(answers <= size / 11);
	}
	must(at.field != NULL && at.off <= size);
	return 0;
}
