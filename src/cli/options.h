/* options.h - command lines from tables: each option once, with its environment variable and its help.
 *
 * Values come from the command line, else from the environment, else stay as they are. */
#ifndef LI_CLI_OPTIONS_H
#define LI_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { LI_LIST_MAX = 16 };

struct li_string_list {
    const char *items[LI_LIST_MAX + 1]; /* NULL-terminated */
    size_t count;
};

enum li_option_kind {
    LI_OPTION_FLAG,     /* bool: --json */
    LI_OPTION_TEXT,     /* const char *: --listen ADDRESS */
    LI_OPTION_LIST,     /* struct li_string_list: may be given several times */
    LI_OPTION_NUMBER,   /* double, 0 or more */
    LI_OPTION_DURATION, /* int64_t in ms: 500ms, 30s, 10m, 24h */
};

struct li_option {
    const char *name; /* "listen" */
    enum li_option_kind kind;
    void *value;
    const char *variable; /* "LISTENING_LISTEN" or NULL */
    const char *argument; /* "ADDRESS" or NULL */
    const char *help;
};

/* Reads options anywhere among the words; the others are left in words[0..*word_count-1], in their order.
 * "--" ends the options. options ends with a NULL name. *help is set for --help and -h. LI_INVALID says what
 * is wrong and how it would be right. */
LI_MUST_USE enum li_status li_options_read(const struct li_option *options, int argc, char **argv,
                                           const char **words, size_t *word_count, bool *help,
                                           struct li_error *err);

/* The same for a command that takes options only. */
LI_MUST_USE enum li_status li_options_read_alone(const struct li_option *options, const char *command,
                                                 int argc, char **argv, bool *help, struct li_error *err);

/* Prints the options as a table. */
void li_options_print(const struct li_option *options);

#endif
