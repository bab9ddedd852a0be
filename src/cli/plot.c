/* plot.c - a picture of one sound: waveform, onset strength with the beats, chroma, loudness; all over time.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audio/analyze_file.h"
#include "audio/audio.h"
#include "cli/cli.h"

enum {
    WIDTH = 1200,
    LEFT = 70,
    RIGHT = 20,
    TOP = 60,
    PANEL = 130,
    GAP = 44,
    PANELS = 4,
    COLUMNS = WIDTH - LEFT - RIGHT,
    CHROMA_COLUMNS = COLUMNS / 4,
    PITCHES = 12,
    MOMENTARY_BLOCKS = 400 / LI_TRACE_BLOCK_MS, /* EBU Tech 3341: momentary loudness is over 400 ms */
};
static const double LUFS_OFFSET = -0.691, LUFS_LOW = -50, LUFS_HIGH = 0; /* ITU-R BS.1770-4, and the axis */

struct plot {
    FILE *out;
    const struct li_analysis *analysis;
    struct li_trace trace;
    double length_s; /* of the curves */
};

static double x_of(const struct plot *plot, double t_s) {
    return LEFT + COLUMNS * t_s / plot->length_s;
}

static int panel_top(int panel) {
    return TOP + panel * (PANEL + GAP);
}

static void begin_panel(const struct plot *plot, int panel, const char *title) {
    int top = panel_top(panel);
    fprintf(plot->out,
            "<text x=\"%d\" y=\"%d\" class=\"t\">%s</text>\n"
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"f\"/>\n",
            LEFT, top - 8, title, LEFT, top, COLUMNS, PANEL);
}

/* The largest of a curve's values in each column of pixels. */
static void columns_of(const struct plot *plot, const float *values, size_t count, double rate_hz,
                       double start_s, double out[COLUMNS]) {
    for (int i = 0; i < COLUMNS; i++)
        out[i] = NAN;
    for (size_t i = 0; i < count; i++) {
        double x = x_of(plot, start_s + (double)i / rate_hz) - LEFT;
        int column = x < 0 ? 0 : x >= COLUMNS ? COLUMNS - 1 : (int)x;
        if (!(out[column] >= (double)values[i]))
            out[column] = (double)values[i];
    }
}

static void draw_waveform(const struct plot *plot) {
    double columns[COLUMNS], middle = panel_top(0) + PANEL / 2.0, previous = 0;
    begin_panel(plot, 0, "Waveform (peaks; the frame is full scale)");
    columns_of(plot, plot->trace.block_peak, plot->trace.block_count, 1000.0 / LI_TRACE_BLOCK_MS, 0, columns);
    fputs("<path class=\"w\" d=\"", plot->out);
    for (int i = 0; i < COLUMNS; i++) {
        previous = isfinite(columns[i]) ? fmin(columns[i], 1) : previous;
        fprintf(plot->out, "M%.1f %.1fV%.1f", LEFT + i + 0.5, middle - previous * PANEL / 2,
                middle + previous * PANEL / 2);
    }
    fputs("\"/>\n", plot->out);
}

/* A line through the values in the columns, from low at the panel's foot to high at its top. */
static void draw_line(const struct plot *plot, int panel, const double columns[COLUMNS], double low,
                      double high) {
    double foot = panel_top(panel) + PANEL;
    bool drawing = false;
    fputs("<path class=\"l\" d=\"", plot->out);
    for (int i = 0; i < COLUMNS; i++) {
        if (!isfinite(columns[i]))
            continue;
        double share = fmin(fmax((columns[i] - low) / (high - low), 0), 1);
        fprintf(plot->out, "%c%.1f %.1f", drawing ? 'L' : 'M', LEFT + i + 0.5, foot - share * PANEL);
        drawing = true;
    }
    fputs("\"/>\n", plot->out);
}

static void draw_onsets(const struct plot *plot) {
    double columns[COLUMNS], high = 0;
    char title[160];
    double tempo = plot->analysis->features.value[LI_TEMPO];
    if (plot->trace.beat_count && isfinite(tempo))
        snprintf(title, sizeof title, "Onset strength, with the beats of %.1f BPM", tempo);
    else
        snprintf(title, sizeof title, "Onset strength");
    begin_panel(plot, 1, title);
    fputs("<path class=\"b\" d=\"", plot->out);
    for (size_t i = 0; i < plot->trace.beat_count; i++)
        fprintf(plot->out, "M%.1f %dv%d", x_of(plot, (double)plot->trace.beat_s[i]), panel_top(1), PANEL);
    fputs("\"/>\n", plot->out);
    columns_of(plot, plot->trace.onset, plot->trace.onset_count, plot->trace.onset_rate_hz,
               plot->trace.onset_start_s, columns);
    for (int i = 0; i < COLUMNS; i++)
        high = columns[i] > high ? columns[i] : high;
    draw_line(plot, 1, columns, 0, high > 0 ? high : 1);
}

static void draw_chroma(const struct plot *plot) {
    static const char *const NAMES[PITCHES] = {"C", "", "D", "", "E", "F", "", "G", "", "A", "", "B"};
    double row = (double)PANEL / PITCHES, column = (double)COLUMNS / CHROMA_COLUMNS;
    begin_panel(plot, 2, "Chroma: how strong each note of the octave is");
    for (int pitch = 0; pitch < PITCHES; pitch++)
        fprintf(plot->out, "<text x=\"%d\" y=\"%.1f\" class=\"a\">%s</text>\n", LEFT - 8,
                panel_top(2) + PANEL - pitch * row - 2, NAMES[pitch]);
    for (int i = 0; plot->trace.chroma_count && i < CHROMA_COLUMNS; i++) {
        size_t from = (size_t)(i * column / COLUMNS * plot->length_s * plot->trace.chroma_rate_hz);
        size_t to = (size_t)((i + 1) * column / COLUMNS * plot->length_s * plot->trace.chroma_rate_hz);
        to = to > from ? to : from + 1;
        for (int pitch = 0; pitch < PITCHES; pitch++) {
            double sum = 0;
            for (size_t k = from; k < to && k < plot->trace.chroma_count; k++)
                sum += (double)plot->trace.chroma[k][pitch];
            double strength = fmin(fmax(sum / (double)(to - from), 0), 1);
            if (strength > 0.05)
                fprintf(plot->out,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" opacity=\"%.2f\" "
                        "class=\"c\"/>\n",
                        LEFT + i * column, panel_top(2) + PANEL - (pitch + 1) * row, column, row, strength);
        }
    }
}

static double lufs(double power) {
    return power > 0 ? 10 * log10(power) + LUFS_OFFSET : -INFINITY;
}

static void draw_loudness(const struct plot *plot) {
    double columns[COLUMNS], integrated = plot->analysis->features.value[LI_LOUDNESS];
    size_t count = plot->trace.block_count;
    char title[160];
    float *momentary = calloc(count + 1, sizeof *momentary);
    int used = snprintf(title, sizeof title, "Momentary loudness, %.0f to %.0f LUFS", LUFS_LOW, LUFS_HIGH);
    if (isfinite(integrated)) /* silence has none */
        snprintf(title + used, sizeof title - (size_t)used, "; the line is the whole: %.1f LUFS", integrated);
    begin_panel(plot, 3, title);
    for (size_t i = 0; momentary && i < count; i++) {
        double sum = 0;
        size_t first = i + 1 >= MOMENTARY_BLOCKS ? i + 1 - MOMENTARY_BLOCKS : 0;
        for (size_t k = first; k <= i; k++)
            sum += (double)plot->trace.block_power[k];
        momentary[i] = (float)fmax(lufs(sum / (double)(i - first + 1)), LUFS_LOW);
    }
    if (momentary) {
        columns_of(plot, momentary, count, 1000.0 / LI_TRACE_BLOCK_MS, 0, columns);
        draw_line(plot, 3, columns, LUFS_LOW, LUFS_HIGH);
    }
    free(momentary);
    if (isfinite(integrated))
        fprintf(plot->out, "<path class=\"i\" d=\"M%d %.1fh%d\"/>\n", LEFT,
                panel_top(3) + PANEL * (LUFS_HIGH - fmax(integrated, LUFS_LOW)) / (LUFS_HIGH - LUFS_LOW),
                COLUMNS);
}

/* Marks of time at the foot: 5 to 12 of them. */
static void draw_time(const struct plot *plot) {
    static const int STEPS_S[] = {1, 2, 5, 10, 15, 30, 60, 120};
    int step_s = STEPS_S[0], foot = panel_top(PANELS - 1) + PANEL + 18;
    for (size_t i = 0; i < sizeof STEPS_S / sizeof *STEPS_S && plot->length_s / step_s > 12; i++)
        step_s = STEPS_S[i];
    for (int t_s = 0; t_s <= (int)plot->length_s; t_s += step_s)
        fprintf(plot->out, "<text x=\"%.1f\" y=\"%d\" class=\"m\">%d:%02d</text>\n", x_of(plot, t_s), foot,
                t_s / 60, t_s % 60);
}

static void write_escaped(FILE *out, const char *text) {
    for (; *text; text++) {
        if (*text == '<' || *text == '&' || *text == '>')
            fprintf(out, "&#%d;", *text);
        else if ((unsigned char)*text >= 32)
            fputc(*text, out);
    }
}

static void draw(const struct plot *plot, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    int height = panel_top(PANELS - 1) + PANEL + 36;
    fprintf(
        plot->out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">\n"
        "<style>.f{fill:#f6f5fa;stroke:#d8d5e3}.t{font-size:14px;fill:#3a3550}.a{font-size:9px;fill:#6b6580;"
        "text-anchor:end}.m{font-size:11px;fill:#6b6580;text-anchor:middle}.w{stroke:#5b4bb7}.l{fill:none;"
        "stroke:#5b4bb7}.b{stroke:#e5735c;opacity:.55}.c{fill:#5b4bb7}.i{stroke:#e5735c;stroke-dasharray:6 4}"
        "</style>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n<text x=\"%d\" y=\"26\" "
        "font-size=\"18\" "
        "fill=\"#1d1930\">",
        WIDTH, height, WIDTH, height, LEFT);
    write_escaped(plot->out, li_text_valid(li_text_of(name)) ? name : "sound");
    fputs("</text>\n", plot->out);
    draw_waveform(plot);
    draw_onsets(plot);
    draw_chroma(plot);
    draw_loudness(plot);
    draw_time(plot);
    fputs("</svg>\n", plot->out);
}

/* What is there may be somebody's sound: only a picture is written over, or what holds nothing. */
static enum li_status check_target(const char *svg_path, struct li_error *err) {
    char head[5] = "";
    struct stat facts;
    FILE *file = stat(svg_path, &facts) == 0 && S_ISREG(facts.st_mode) ? fopen(svg_path, "rb") : NULL;
    if (!file)
        return LI_OK; /* there is none, or writing will say what is wrong */
    size_t got = fread(head, 1, sizeof head, file);
    fclose(file);
    if (got == 0 || (got >= 4 && memcmp(head, "<svg", 4) == 0) || (got == 5 && memcmp(head, "<?xml", 5) == 0))
        return LI_OK;
    return li_fail(err, LI_INVALID, "%.100s is there and is no SVG; name another file behind --plot",
                   svg_path);
}

enum li_status li_cli_plot(const char *path, const char *svg_path, struct li_error *err) {
    struct li_measured measured;
    enum li_status status = check_target(svg_path, err);
    if (status)
        return status;
    struct li_measurer *measurer = li_measurer_new();
    if (!measurer)
        return li_fail(err, LI_NO_MEMORY, "no memory to analyse a sound");
    status = li_measurer_file(measurer, path, &measured, err);
    if (!status) {
        struct plot plot = {.analysis = &measured.analysis};
        li_analyzer_trace(li_measurer_analyzer(measurer), &plot.trace);
        plot.length_s = fmin(measured.analysis.duration_s, LI_TRACE_MAX_S);
        plot.out = fopen(svg_path, "w");
        if (plot.out) {
            draw(&plot, path);
            bool failed = ferror(plot.out);
            failed |= fclose(plot.out) != 0;
            if (failed)
                status = li_fail(err, LI_IO, "%.100s could not be written", svg_path);
        } else {
            status = li_fail_errno(err, errno, "%.100s cannot be written", svg_path);
        }
    }
    li_measurer_free(measurer);
    return status;
}
