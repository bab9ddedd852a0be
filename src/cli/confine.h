/* confine.h - what `listening serve` keeps for itself: its decoders apart, and in this process only the files
 * and the system calls that it needs. */
#ifndef LI_CLI_CONFINE_H
#define LI_CLI_CONFINE_H

#include "cli/source_options.h"
#include "cli/store_options.h"
#include "sandbox/decoders.h"

struct li_confine_settings {
    const char *sandbox; /* "on" or "off"; NULL = on */
    bool none;           /* the same as off */
    int64_t decode_limit_ms;
};

/* Rows for a table of struct li_option; settings is a struct li_confine_settings. */
#define LI_CONFINE_OPTIONS(settings)                                                                         \
    {"sandbox",           LI_OPTION_TEXT, &(settings).sandbox,                                               \
     "LISTENING_SANDBOX", "on|off",       "give up files and system calls that are not needed (on)"},        \
        {"no-sandbox", LI_OPTION_FLAG, &(settings).none,                                                     \
         NULL,         NULL,           "keep them, and decode uploaded sounds in this process"},             \
    {                                                                                                        \
        "decode-limit", LI_OPTION_DURATION, &(settings).decode_limit_ms, "LISTENING_DECODE_LIMIT", "TIME",   \
            "how long one uploaded sound may be decoded (60s)"                                               \
    }

/* Starts the decoders, or leaves *out NULL without a sandbox. The caller owns *out. */
LI_MUST_USE enum li_status li_confine_decoders(const struct li_confine_settings *settings,
                                               struct li_decoders **out, struct li_error *err);

/* A part of the sandbox that is on, or why it is not. */
struct li_confined {
    char files[96], calls[96];
    bool whole; /* nothing is lacking */
};

/* Gives up the files that are not needed. The store is open already: its folder is there, or its library
 * loaded. Nobody has started a thread yet. A kernel that cannot do this is no failure. */
LI_MUST_USE enum li_status li_confine_files(const struct li_confine_settings *settings,
                                            const struct li_store_settings *store,
                                            const struct li_source_settings *source, struct li_confined *out,
                                            struct li_error *err);

/* Gives up the system calls that are not needed, when everything has started; logs what is on. */
LI_MUST_USE enum li_status li_confine_calls(const struct li_confine_settings *settings,
                                            const struct li_store_settings *store,
                                            const struct li_source_settings *source, struct li_confined *out,
                                            struct li_error *err);

#endif
