/* The table of outputs. */
#include "sink.h"

#include <string.h>

const struct sink *
sink_find(const char *name)
{
	static const struct sink *const sinks[] = {&sink_text, &sink_json};

	for (size_t i = 0; i < sizeof sinks / sizeof sinks[0]; i++)
		if (strcmp(sinks[i]->name, name) == 0)
			return sinks[i];
	return NULL;
}
