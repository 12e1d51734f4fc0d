/* Files that are no pcap, pcapng or snoop: what they are, and how to make them one. */
#ifndef SRC_CAPTURE_FOREIGN_H
#define SRC_CAPTURE_FOREIGN_H

#include "dissectors/slice.h"

/* foreign_explain writes a whole sentence about the file of that name that starts so. */
void foreign_explain(const char *name, struct slice start, char *out, size_t out_size);

#endif
