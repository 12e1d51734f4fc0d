/* Replays a fuzzer's corpus without libFuzzer: each file of a folder, in its own heap block of its own size. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
		return 1;
	rewind(file);
	data = malloc((size_t)size);
	if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size)
		return 1;
	fclose(file);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return 0;
}

/* Every file of a folder but hidden ones; -1: one could not be read. */
static int
replay_folder(const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort), replayed = 0;

	for (int i = 0; i < n; i++) {
		char *path = NULL;
		if (replayed >= 0 && entries[i]->d_name[0] != '.')
			replayed = asprintf(&path, "%s/%s", folder, entries[i]->d_name) > 0 &&
						   replay_file(path) == 0 ? replayed + 1 : -1;
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return n < 0 ? -1 : replayed;
}

/* The corpus that belongs to a program named .../replay_X: $CORPUS/X. */
static const char *
own_corpus(const char *program, char path[4096])
{
	const char *corpus = getenv("CORPUS"), *name = strstr(program, "replay_");

	if (corpus == NULL || name == NULL)
		return NULL;
	snprintf(path, 4096, "%s/%s", corpus, name + strlen("replay_"));
	return path;
}

int
main(int argc, char **argv)
{
	char path[4096];
	const char *folder = argc > 1 ? argv[1] : own_corpus(argv[0], path);
	int replayed = folder != NULL ? replay_folder(folder) : -1;

	if (replayed <= 0) {
		fprintf(stderr, "usage: replay_X FOLDER, or CORPUS=... replay_X: %s cannot be replayed\n",
			folder != NULL ? folder : "no folder");
		return 1;
	}
	printf("%d inputs replayed\n", replayed);
	return 0;
}
