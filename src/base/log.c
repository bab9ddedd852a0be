#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"

static const char HEX[] = "0123456789abcdef";
static _Atomic int LEVEL = LI_LOG_INFO;
static char SESSION_KEY[LI_TOKEN_CHARS + 1];
static pthread_once_t SESSION_KEY_ONCE = PTHREAD_ONCE_INIT;

void li_log_set_level(enum li_log_level level) {
    atomic_store(&LEVEL, level);
}

/* Bytes kept free for the closing brace and the line end. */
enum { TAIL = 2 };

static void append(struct li_log_line *line, struct li_text text) {
    if (text.size)
        memcpy(line->bytes + line->used, text.data, text.size);
    line->used += text.size;
}

/* Adds "name":value with the quotes given, whole or not at all. */
static void add(struct li_log_line *line, const char *before, const char *name, const char *quote,
                struct li_text value) {
    struct li_text parts[] = {li_text_of(before), LI_TEXT("\""), li_text_of(name), LI_TEXT("\":"),
                              li_text_of(quote),  value,         li_text_of(quote)};
    size_t size = 0, count = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    if (size > sizeof line->bytes - TAIL - line->used)
        return;
    for (size_t i = 0; i < count; i++)
        append(line, parts[i]);
}

void li_log_begin(struct li_log_line *line, enum li_log_level level, const char *event) {
    static const char *const NAMES[] = {"error", "warning", "info"};
    char now[LI_TIMESTAMP_SIZE];
    line->used = 0;
    if ((int)level > atomic_load(&LEVEL))
        return;
    li_clock_format(li_clock_now_ms(NULL), now);
    add(line, "{", "time", "\"", li_text_of(now));
    add(line, ",", "level", "\"", li_text_of(NAMES[level]));
    add(line, ",", "event", "\"", li_text_of(event));
}

void li_log_text(struct li_log_line *line, const char *name, struct li_text value) {
    char escaped[512];
    size_t used = 0;
    if (!line->used)
        return;
    if (!li_text_valid(value))
        value.size = 0;
    for (size_t i = 0; i < value.size && used + 6 <= sizeof escaped; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (c == '"' || c == '\\') {
            escaped[used++] = '\\';
            escaped[used++] = (char)c;
        } else if (c < 0x20 || c == 0x7f) {
            memcpy(escaped + used, "\\u00", 4);
            escaped[used + 4] = HEX[c >> 4];
            escaped[used + 5] = HEX[c & 15];
            used += 6;
        } else {
            escaped[used++] = (char)c;
        }
    }
    while (!li_text_valid((struct li_text){escaped, used}))
        used--; /* a long value may have been cut inside a character */
    add(line, ",", name, "\"", (struct li_text){escaped, used});
}

void li_log_number(struct li_log_line *line, const char *name, int64_t value) {
    char digits[24]; /* filled from the end */
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (!line->used)
        return;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    add(line, ",", name, "", (struct li_text){digits + at, sizeof digits - at});
}

static void make_session_key(void) {
    li_random_token(SESSION_KEY);
}

void li_log_session(struct li_log_line *line, struct li_text session) {
    char keyed[LI_TOKEN_CHARS + 256], hex[12];
    if (!line->used)
        return;
    pthread_once(&SESSION_KEY_ONCE, make_session_key);
    size_t size = session.size < 256 ? session.size : 256;
    memcpy(keyed, SESSION_KEY, LI_TOKEN_CHARS);
    if (size)
        memcpy(keyed + LI_TOKEN_CHARS, session.data, size);
    unsigned long long hash = li_text_hash((struct li_text){keyed, LI_TOKEN_CHARS + size});
    for (size_t i = 0; i < sizeof hex; i++)
        hex[i] = HEX[hash >> (44 - 4 * i) & 15];
    add(line, ",", "session", "\"", (struct li_text){hex, sizeof hex});
}

void li_log_end(struct li_log_line *line) {
    if (!line->used)
        return;
    memcpy(line->bytes + line->used, "}\n", TAIL);
    ssize_t written = write(STDERR_FILENO, line->bytes, line->used + TAIL);
    (void)written; /* a log that cannot be written has nowhere to say so */
}

void li_log_message(enum li_log_level level, const char *event, const char *message) {
    struct li_log_line line;
    li_log_begin(&line, level, event);
    li_log_text(&line, "message", li_text_of(message));
    li_log_end(&line);
}
