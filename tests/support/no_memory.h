/* no_memory.h - runs a scenario again and again, each time in a process of its own in which another
 * allocation finds no memory: the first, the second, and so on until the scenario needs no more. The
 * allocations of every library count, not only ours. Tests named test_no_memory.c are linked with this. */
#ifndef LI_TESTS_NO_MEMORY_H
#define LI_TESTS_NO_MEMORY_H

#include "base/status.h"

/* What must work, from nothing. LI_OK only when the result is right: li_wrong otherwise, which ends the
 * process. A failure fills err. Everything that was allocated is freed again. */
typedef enum li_status li_scenario(void *context, struct li_error *err);

/* Ends the process that runs a scenario: its result is wrong. */
_Noreturn void li_wrong(const char *why);

/* Checks that the scenario works, and then that each failing allocation, alone (once = true) or with every
 * one behind it, leads to the right result, to a failure with a sentence that blames nobody else, or to the
 * end that arena.h (or libarchive) names; never to a crash or to a leak. Prints how often each was. Behind
 * the first 100 (with sanitizers 30) ever fewer allocations are tried, unless the environment has
 * LI_NO_MEMORY_ALL. */
void li_no_memory_check(const char *name, li_scenario *scenario, void *context, bool once);

#endif
