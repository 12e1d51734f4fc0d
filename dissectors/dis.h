/* What a dissector answers. */
#ifndef DISSECTORS_DIS_H
#define DISSECTORS_DIS_H

#include <stddef.h>

enum dis {
	DIS_OK,   /* parsed; outputs are filled, the input slice has moved */
	DIS_MORE, /* ran off the end: the caller knows whether that is wait, a cut capture or a lie */
	DIS_BAD,  /* cannot be this message */
};

/* Where a dissector stopped: a field as "message.field" (static text), and the byte offset of its start. */
struct dis_at {
	const char *field;
	size_t off;
};

#endif
