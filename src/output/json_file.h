/* A phone's file in JSON: docs/output.md tells of every key, docs/handspan.schema.json holds them to it. */
#ifndef SRC_OUTPUT_JSON_FILE_H
#define SRC_OUTPUT_JSON_FILE_H

#include "json_writer.h"
#include "trust/phone_file.h"

/* json_file writes a file as an object; json_file_members writes its keys into the object that is open. */
void json_file(struct json *json, const char *key, const struct phone_file *file);
void json_file_members(struct json *json, const struct phone_file *file);

#endif
