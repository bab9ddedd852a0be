/* progress.c - how far it is, and how long still. */
#include "cli/progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR_WIDTH = 24, REDRAW_NS = 100 * 1000 * 1000 };

void li_progress_start(struct li_progress *progress) {
    *progress = (struct li_progress){
        .shown = isatty(STDERR_FILENO), .started_ns = li_clock_monotonic_ns(), .first_share = NAN};
}

bool li_progress_due(struct li_progress *progress) {
    int64_t now_ns = li_clock_monotonic_ns();
    if (!progress->shown || (progress->drawn_ns && now_ns - progress->drawn_ns < REDRAW_NS))
        return false;
    progress->drawn_ns = now_ns;
    return true;
}

double li_progress_elapsed_s(const struct li_progress *progress) {
    return (double)(li_clock_monotonic_ns() - progress->started_ns) / 1e9;
}

static void draw_time_left(double seconds) {
    if (seconds < 100)
        fprintf(stderr, ", %.0f s left", seconds);
    else if (seconds < 100.0 * 60)
        fprintf(stderr, ", %.0f min left", seconds / 60);
    else
        fprintf(stderr, ", %.1f h left", seconds / 3600);
}

void li_progress_draw(struct li_progress *progress, double share, const char *format, ...) {
    va_list args;
    if (!progress->shown)
        return;
    fputs("\r\033[K", stderr);
    if (!isnan(share)) {
        share = share < 0 ? 0 : share > 1 ? 1 : share;
        if (isnan(progress->first_share))
            progress->first_share = share;
        fputc('[', stderr);
        for (int i = 0; i < BAR_WIDTH; i++)
            fputc(i < (int)(share * BAR_WIDTH) ? '=' : ' ', stderr);
        fprintf(stderr, "] %3.0f %%  ", share * 100);
    }
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    double elapsed_s = li_progress_elapsed_s(progress), gained = share - progress->first_share;
    if (!isnan(share) && elapsed_s > 1 && gained > 0)
        draw_time_left(elapsed_s / gained * (1 - share));
    fflush(stderr);
}

void li_progress_wipe(const struct li_progress *progress) {
    if (progress->shown)
        fputs("\r\033[K", stderr);
}
