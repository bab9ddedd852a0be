#include "cli/cli.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/json.h"
#include "base/log.h"

enum { COLUMNS_MIN = 40, COLUMNS_MAX = 100 };

void li_cli_hold_standard(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0) /* the lowest that is free is this one */
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

enum li_status li_cli_open_catalog(const char *path, struct li_catalog **out, struct li_error *err) {
    if (path)
        return li_catalog_open_file(path, out, err);
    return li_catalog_open_bytes(LI_CATALOG_BYTES, LI_CATALOG_SIZE, out, err);
}

enum li_status li_cli_set_log_level(const char *name, struct li_error *err) {
    static const struct {
        const char *name;
        enum li_log_level level;
    } LEVELS[] = {{"error", LI_LOG_ERROR},
                  {"warning", LI_LOG_WARNING},
                  {"info", LI_LOG_INFO},
                  {"nothing", LI_LOG_NOTHING}};
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++) {
        if (strcmp(name, LEVELS[i].name) == 0) {
            li_log_set_level(LEVELS[i].level);
            return LI_OK;
        }
    }
    return li_fail(err, LI_INVALID, "--log is error, warning, info or nothing, not \"%.40s\"", name);
}

int li_cli_fail(const struct li_error *err) {
    fprintf(stderr, "listening: %s\n", err->message);
    return err->status == LI_INVALID ? LI_EXIT_USAGE : LI_EXIT_FAILED;
}

void li_cli_print_json(const json_t *document) {
    struct li_arena arena = {0};
    struct li_text bytes = li_json_print(document, &arena);
    fwrite(bytes.data, 1, bytes.size, stdout);
    putchar('\n');
    li_arena_release(&arena);
}

enum li_status li_cli_lang(const char *option, enum li_lang *out, struct li_error *err) {
    static const char *const VARIABLES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    if (option) {
        if (strcmp(option, "en") != 0 && strcmp(option, "fr") != 0)
            return li_fail(err, LI_INVALID, "--lang must be en or fr, not \"%.40s\"", option);
        *out = strcmp(option, "fr") == 0 ? LI_LANG_FR : LI_LANG_EN;
        return LI_OK;
    }
    *out = LI_LANG_EN;
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++) {
        const char *locale = getenv(VARIABLES[i]);
        if (locale && *locale) {
            *out = strncmp(locale, "fr", 2) == 0 ? LI_LANG_FR : LI_LANG_EN;
            break;
        }
    }
    return LI_OK;
}

/* How many columns the characters take. */
static int width_of(const char *text, size_t size) {
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
    utf8proc_int32_t point;
    utf8proc_ssize_t bytes, left = (utf8proc_ssize_t)size;
    int width = 0;
    while (left > 0 && (bytes = utf8proc_iterate(at, left, &point)) > 0) {
        width += utf8proc_charwidth(point);
        at += bytes;
        left -= bytes;
    }
    return width;
}

void li_cli_print_padded(const char *text, int width) {
    fputs(text, stdout);
    for (int used = width_of(text, strlen(text)); used < width; used++)
        putchar(' ');
}

static int columns_of_output(void) {
    struct winsize size;
    bool known = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    return known && size.ws_col >= COLUMNS_MIN && size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}

void li_cli_print_wrapped(const char *text, int indent, int used) {
    int columns = columns_of_output();
    bool first = true;
    while (*text) {
        size_t size = strcspn(text, " ");
        int width = width_of(text, size);
        if (!first && used + 1 + width > columns) {
            printf("\n%*s", indent, "");
            used = indent;
        } else if (!first) {
            putchar(' ');
            used++;
        }
        fwrite(text, 1, size, stdout);
        used += width;
        text += size + strspn(text + size, " ");
        first = false;
    }
    putchar('\n');
}

bool li_cli_is_plural(unsigned long long count, enum li_lang lang) {
    return lang == LI_LANG_FR ? count > 1 : count != 1;
}

const char *li_cli_ending(unsigned long long count) {
    return li_cli_is_plural(count, LI_LANG_EN) ? "s" : "";
}

void li_cli_print_size(uint64_t bytes) {
    bool large = bytes >= 100 * 1000;
    printf("%.1f %s", (double)bytes / (large ? 1e6 : 1e3), large ? "MB" : "kB");
}

void li_cli_print_cell(struct li_text text) {
    bool plain = true;
    for (size_t i = 0; i < text.size; i++)
        plain = plain && text.data[i] != '"' && text.data[i] != ',' && text.data[i] != '\n' &&
                text.data[i] != '\r';
    if (!plain)
        putchar('"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            putchar('"');
        putchar(text.data[i]);
    }
    if (!plain)
        putchar('"');
}
