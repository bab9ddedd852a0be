/* lazy.h - parts that are opened by a thread of their own while the process does something else, and waited
 * for when they are first needed: loading libcurl or the catalogue takes longer than all the rest of a start.
 */
#ifndef LI_CLI_LAZY_H
#define LI_CLI_LAZY_H

#include "cli/source_options.h"
#include "cli/store_options.h"

/* A store that is being opened. When that fails, every call says why. settings must outlive it. */
LI_MUST_USE enum li_status li_lazy_store(const struct li_store_settings *settings, int64_t ttl_ms,
                                         struct li_store **out, struct li_error *err);

/* The source of li_cli_open_source. With begin false it is opened at the first question only: for functions
 * that ask none. settings must outlive it. */
LI_MUST_USE enum li_status li_lazy_source(const struct li_source_settings *settings, bool begin,
                                          struct li_source **out, struct li_error *err);

#endif
