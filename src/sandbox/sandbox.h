/* sandbox.h - gives up, for good, what this process will not need: files outside of a few folders (Landlock)
 * and system calls that a server never makes (seccomp). A kernel may lack either; then LI_UNSUPPORTED says so
 * and nothing was given up. Both need no rights and hold for every process that is started later.
 *
 * Programs built with a sanitizer keep everything: its reports need files, other programs and ptrace. */
#ifndef LI_SANDBOX_SANDBOX_H
#define LI_SANDBOX_SANDBOX_H

#include <stdbool.h>

#include "base/status.h"

/* What this kernel has. */
struct li_sandbox_facts {
    int landlock; /* its version of Landlock, 0 = none */
    bool seccomp;
    bool built_in; /* false in a program that was built with a sanitizer: nothing is ever given up */
};
void li_sandbox_probe(struct li_sandbox_facts *out);

struct li_sandbox_rules {
    const char *const *read;  /* Optional: files and folders that may be read, NULL-terminated */
    const char *const *write; /* Optional: folders in which all may be done but running programs */
    bool network;             /* connections to others may be opened, and libraries loaded for that */
};

/* Gives up all files but these; what is not there is passed over. Open files stay open. Holds for the calling
 * thread and the threads that it starts later: call it before there are others. */
LI_MUST_USE enum li_status li_sandbox_files(const struct li_sandbox_rules *rules, struct li_error *err);

/* Gives up every system call that `listening serve` does not make, in all threads. What a newer C library
 * might try first is answered "not in this kernel"; what only an attacker would try ends the process. Without
 * network no connection can be opened and no code be loaded. */
LI_MUST_USE enum li_status li_sandbox_calls(bool network, struct li_error *err);

/* A filter of system calls, made once and entered by many processes. */
struct li_sandbox_filter {
    size_t size; /* bytes used; 0: none */
    unsigned char bytes[8192];
};

/* Makes the filter that leaves a decoder what it needs to compute: memory, and reading, writing and closing
 * what is open. Of anything else the same holds as above. */
LI_MUST_USE enum li_status li_sandbox_compute_only(struct li_sandbox_filter *out, struct li_error *err);

/* Enters a filter, in this thread, for good. */
LI_MUST_USE enum li_status li_sandbox_enter(struct li_sandbox_filter *filter, struct li_error *err);

#endif
