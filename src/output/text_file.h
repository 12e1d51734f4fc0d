/* A phone's file as people read it. */
#ifndef SRC_OUTPUT_TEXT_FILE_H
#define SRC_OUTPUT_TEXT_FILE_H

#include "trust/phone_file.h"
#include "wrap.h"

/* text_file writes what a file says, in lines with labels: who signed it, its records, its configuration. */
void text_file(struct wrap *wrap, const struct phone_file *file);

#endif
