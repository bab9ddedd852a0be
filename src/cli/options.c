#include "cli/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

enum { HELP_COLUMN = 27, OPTIONS_MAX = 64 };

static bool read_duration(const char *text, int64_t *out_ms) {
    static const struct {
        const char *unit;
        double ms;
    } UNITS[] = {{"ms", 1}, {"s", 1000}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
    char *end = NULL;
    double amount = strtod(text, &end);
    if (end == text || !isfinite(amount) || amount <= 0)
        return false;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        if (strcmp(end, UNITS[i].unit) == 0 && amount * UNITS[i].ms >= 1 && amount * UNITS[i].ms < 1e15) {
            *out_ms = (int64_t)(amount * UNITS[i].ms);
            return true;
        }
    }
    return false;
}

/* What a variable says to switch a flag off. */
static bool is_off(const char *text) {
    static const char *const WORDS[] = {"", "0", "false", "no", "off"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcasecmp(text, WORDS[i]) == 0)
            return true;
    return false;
}

/* Sets an option from its text; text is NULL for a flag on the command line. from names where it came from.
 */
static enum li_status set(const struct li_option *option, const char *text, const char *from,
                          struct li_error *err) {
    switch (option->kind) {
    case LI_OPTION_FLAG:
        *(bool *)option->value = !text || !is_off(text);
        return LI_OK;
    case LI_OPTION_TEXT:
        *(const char **)option->value = text;
        return LI_OK;
    case LI_OPTION_LIST: {
        struct li_string_list *list = option->value;
        if (list->count == LI_LIST_MAX)
            return li_fail(err, LI_INVALID, "%s can be given %d times at most", from, LI_LIST_MAX);
        list->items[list->count++] = text;
        return LI_OK;
    }
    case LI_OPTION_NUMBER: {
        char *end = NULL;
        double number = strtod(text, &end);
        if (end == text || *end || !isfinite(number) || number < 0)
            return li_fail(err, LI_INVALID, "%s wants a number of 0 or more, not \"%.60s\"", from, text);
        *(double *)option->value = number;
        return LI_OK;
    }
    case LI_OPTION_DURATION:
        if (!read_duration(text, option->value))
            return li_fail(err, LI_INVALID, "%s wants a time such as 500ms, 30s, 10m or 24h, not \"%.60s\"",
                           from, text);
        return LI_OK;
    }
    return LI_OK;
}

/* The variables of options that were not given. */
static enum li_status read_environment(const struct li_option *options, const bool given[OPTIONS_MAX],
                                       struct li_error *err) {
    for (size_t i = 0; options[i].name; i++) {
        const char *text = options[i].variable && !given[i] ? getenv(options[i].variable) : NULL;
        if (!text || !*text)
            continue;
        enum li_status status = set(&options[i], text, options[i].variable, err);
        if (status)
            return status;
    }
    return LI_OK;
}

static const struct li_option *find(const struct li_option *options, const char *name, size_t size) {
    for (; options->name; options++)
        if (strlen(options->name) == size && memcmp(options->name, name, size) == 0)
            return options;
    return NULL;
}

/* Reads the option at argv[*at], with its value from the same or the next word. */
static enum li_status read_option(const struct li_option *options, int argc, char **argv, int *at,
                                  bool given[OPTIONS_MAX], struct li_error *err) {
    const char *word = argv[*at], *name = word + 2, *equals = strchr(name, '=');
    const struct li_option *option = find(options, name, equals ? (size_t)(equals - name) : strlen(name));
    if (!option)
        return li_fail(err, LI_INVALID, "there is no option %.60s here; --help lists them", word);
    given[option - options] = true;
    char from[64]; /* without the value */
    snprintf(from, sizeof from, "--%s", option->name);
    if (option->kind == LI_OPTION_FLAG)
        return equals ? li_fail(err, LI_INVALID, "%s takes no value", from) : set(option, NULL, from, err);
    if (!equals && *at + 1 >= argc)
        return li_fail(err, LI_INVALID, "%s wants a value: %s %s", from, from, option->argument);
    return set(option, equals ? equals + 1 : argv[++*at], from, err);
}

enum li_status li_options_read(const struct li_option *options, int argc, char **argv, const char **words,
                               size_t *word_count, bool *help, struct li_error *err) {
    size_t count = 0;
    bool only_words = false;
    *help = false;
    bool given[OPTIONS_MAX] = {false}; /* more than any command has */
    enum li_status status = LI_OK;
    for (int i = 0; !status && i < argc; i++) {
        if (only_words || argv[i][0] != '-' || argv[i][1] == '\0')
            words[count++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            *help = true;
        else if (argv[i][1] == '-')
            status = read_option(options, argc, argv, &i, given, err);
        else
            status =
                li_fail(err, LI_INVALID,
                        "there is no option %.60s here; --help lists them, and what begins with - but is "
                        "none goes behind --",
                        argv[i]);
    }
    if (!status && !*help)
        status = read_environment(options, given, err);
    if (!status)
        *word_count = count;
    return status;
}

enum li_status li_options_read_alone(const struct li_option *options, const char *command, int argc,
                                     char **argv, bool *help, struct li_error *err) {
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    size_t count = 0;
    *help = false;
    if (!words)
        return li_fail(err, LI_NO_MEMORY, "no memory for %d words", argc);
    enum li_status status = li_options_read(options, argc, argv, words, &count, help, err);
    if (!status && !*help && count)
        status = li_fail(err, LI_INVALID, "%s takes options only; --help lists them", command);
    free(words);
    return status;
}

void li_options_print(const struct li_option *options) {
    for (; options->name; options++) {
        char text[400];
        int used = printf("  --%s%s%s", options->name, options->argument ? " " : "",
                          options->argument ? options->argument : "");
        if (used >= HELP_COLUMN) {
            putchar('\n');
            used = 0;
        }
        printf("%*s", HELP_COLUMN - used, "");
        snprintf(text, sizeof text, "%s%s%s%s", options->help, options->variable ? " [" : "",
                 options->variable ? options->variable : "", options->variable ? "]" : "");
        li_cli_print_wrapped(text, HELP_COLUMN, HELP_COLUMN);
    }
}
