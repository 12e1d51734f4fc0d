/* Replays a fuzzer's corpus without libFuzzer: each file of the folders named, in its own heap block of its own size. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

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
	char path[4096];

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (replayed >= 0 && entries[i]->d_name[0] != '.')
			replayed = replay_file(path) == 0 ? replayed + 1 : -1;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return n < 0 ? -1 : replayed;
}

int
main(int argc, char **argv)
{
	int sum = 0;

	for (int i = 1; i < argc; i++) {
		int replayed = replay_folder(argv[i]);
		if (replayed <= 0) {
			fprintf(stderr, "%s: cannot be replayed\n", argv[i]);
			return 1;
		}
		sum += replayed;
	}
	printf("%d inputs replayed\n", sum);
	return sum > 0 ? 0 : 1;
}
