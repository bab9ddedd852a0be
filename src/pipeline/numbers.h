/* numbers.h - a profile as bare numbers, for sharing and comparing: {energy_avg, ..., mood, emotions {id:
 * share}, genres [{id, share}], expires_at}. */
#ifndef LI_PIPELINE_NUMBERS_H
#define LI_PIPELINE_NUMBERS_H

#include "pipeline/pipeline_priv.h"

/* New. */
json_t *li_numbers_of_profile(const json_t *profile);

/* Of a session's profile, and of what is shared under a code. The caller owns *out. */
LI_MUST_USE enum li_status li_numbers_of_session(struct li_pipeline *pipeline, struct li_text session,
                                                 json_t **out, struct li_error *err);
LI_MUST_USE enum li_status li_numbers_of_code(struct li_pipeline *pipeline, struct li_text code, json_t **out,
                                              struct li_error *err);

/* Whom the listener is compared with: somebody else, or what came before. */
enum li_partner { LI_PARTNER_SOMEBODY, LI_PARTNER_PAST, LI_PARTNER_COUNT };

/* What two profiles share and where they differ, in both languages. New. */
json_t *li_comparison(enum li_partner partner, const json_t *you, const json_t *them);

#endif
