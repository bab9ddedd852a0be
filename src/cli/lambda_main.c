/* lambda_main.c - the program "bootstrap" that Lambda starts: `listening lambda`, without what it never
 * needs. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli/cli.h"
#include "sandbox/decoders.h"

/* Expat, as Debian builds it, wants this of the C library, which has it since glibc 2.36; Amazon Linux 2023
 * has 2.34. The kernel's random bytes are what glibc gives too. */
void arc4random_buf(void *bytes, size_t size);

void arc4random_buf(void *bytes, size_t size) {
    char *at = bytes;
    while (size) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0)
            continue; /* a signal came: the source itself cannot fail once it is there */
        at += got;
        size -= (size_t)got;
    }
}

int main(int argc, char **argv) {
    li_cli_hold_standard();
    if (argc > 1 && strcmp(argv[1], LI_DECODERS_COMMAND) == 0)
        return li_decoders_main();
    return li_cmd_lambda(argc - 1, argv + 1);
}
