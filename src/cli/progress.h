/* progress.h - the one progress bar: a line on standard error that is drawn over, only on a terminal. */
#ifndef LI_CLI_PROGRESS_H
#define LI_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct li_progress {
    bool shown;
    int64_t started_ns, drawn_ns;
    double first_share; /* where it was when it was first drawn: what was done by an earlier run */
};

void li_progress_start(struct li_progress *progress);

/* Whether a redraw is due: ten a second at most. */
bool li_progress_due(struct li_progress *progress);

/* Draws "[=====     ]  45 %  text, 12 s left". share 0..1; NAN: nobody knows, then only the text. */
void li_progress_draw(struct li_progress *progress, double share, const char *format, ...) LI_PRINTF(3, 4);

/* Takes the line away, before anything else is written. */
void li_progress_wipe(const struct li_progress *progress);

/* Seconds since the start. */
double li_progress_elapsed_s(const struct li_progress *progress);

#endif
