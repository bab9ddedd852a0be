/* import_lines.h - histories of many people as JSON lines, for running inside something that sorts them. */
#ifndef LI_CLI_IMPORT_LINES_H
#define LI_CLI_IMPORT_LINES_H

#include <jansson.h>

#include "pipeline/pipeline.h"

/* Reads plays from standard input, sorted by user, and writes a line for each user to standard output. A line
 * that cannot be read is counted in its user's report. */
LI_MUST_USE enum li_status li_import_lines(struct li_pipeline *pipeline, double half_life_days,
                                           enum li_lang lang, struct li_error *err);

/* {import, profile, timeline} of a finished history, through a session that is erased again. The caller owns
 * *out. */
LI_MUST_USE enum li_status li_import_profile(struct li_pipeline *pipeline, const struct li_history *history,
                                             double half_life_days, enum li_lang lang, json_t **out,
                                             struct li_error *err);

#endif
