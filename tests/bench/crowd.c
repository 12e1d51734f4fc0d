/* Whose turn it is, is chance. */
#include "crowd.h"

#include <stdlib.h>

/* A prime: taking each 389th script takes them all in turn, and those of one kind do not follow each other. */
#define STRIDE 389

bool
voice_say(struct voice *voice, struct out *out)
{
	if (voice->next == voice->script->n)
		return false;
	line_say(&voice->script->lines[voice->next++], &voice->call, out);
	return true;
}

static void
delay(struct voice *voice, const struct line *line, unsigned lines)
{
	voice->late = line;
	voice->lateness = lines;
}

bool
voice_lose(struct voice *voice, struct out *out)
{
	const struct line *line = &voice->script->lines[voice->next];
	unsigned fate = (unsigned)(out_random(out) % 200);

	if (voice->late != NULL && (voice->lateness-- == 0 || voice->next == voice->script->n)) {
		line_say(voice->late, &voice->call, out);
		voice->late = NULL;
		return true;
	}
	if (voice->next == voice->script->n)
		return false;
	voice->next++;
	if (fate == 0)
		return true;
	if (voice->late == NULL && fate == 1) {
		delay(voice, line, 8);
		return true;
	}
	if (voice->late == NULL && fate < 8) {
		delay(voice, line, 1 + fate % 3);
		return true;
	}
	line_say(line, &voice->call, out);
	if (fate >= 198)
		line_say(line, &voice->call, out);
	return true;
}

/* Clients are 10.0.0.0/8; each script has a gateway of its own in 198.18.0.0/15. */
static void
begin(struct voice *voice, const struct script *scripts, size_t nth, struct out *out)
{
	uint64_t a = out_random(out), b = out_random(out);
	uint32_t client = (uint32_t)(a & 0xffffff);

	*voice = (struct voice){
		.script = &scripts[nth],
		.call = {.mac = {{0x02, 0x00, 0x0a, (uint8_t)(client >> 16), (uint8_t)(client >> 8), (uint8_t)client},
				 {0x00, 0x1b, 0x54, 0x0a, 0x0b, 0x0c}},
			 .ip = {0x0a000000U | client, 0xc6120000U | (uint32_t)(nth & 0xffff)},
			 .port = {(uint16_t)(a >> 24 | 0x8000), 443},
			 .seq = {(uint32_t)b, (uint32_t)(b >> 32)}}};
}

void
crowd_run(const struct script *scripts, size_t n, size_t at_once,
	  bool (*say)(struct voice *voice, struct out *out), struct out *out)
{
	struct voice *voices = calloc(at_once, sizeof(*voices));
	size_t begun = 0;

	if (voices == NULL)
		lab_die("out of memory");
	for (size_t i = 0; i < at_once; i++)
		begin(&voices[i], scripts, begun++ * STRIDE % n, out);
	while (!out_full(out)) {
		struct voice *voice = &voices[out_random(out) % at_once];

		if (!say(voice, out))
			begin(voice, scripts, begun++ * STRIDE % n, out);
	}
	free(voices);
}
