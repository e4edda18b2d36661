/* Opens a vicar file with the library of the C programs and says which device it is for. */
#include <sys/types.h>
#include <stdio.h>
#include <string.h>
#include "libkyrka.h"

int
main(int argc, char **argv)
{
	struct kyrka_cathedral_cfg device;
	KYRKA *context = kyrka_ctx_alloc(NULL, NULL);

	memset(&device, 0, sizeof(device));
	if (argc != 3 || context == NULL || kyrka_vicar_load(context, argv[1], argv[2], &device) == -1)
		return 1;
	printf("%08x %04x %016llx\n", device.identity, device.tunnel, (unsigned long long)device.flock_src);
	return 0;
}
