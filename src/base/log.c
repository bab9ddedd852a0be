#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"

static _Atomic int LEVEL = LI_LOG_INFO;
static char SESSION_KEY[LI_TOKEN_CHARS + 1];
static pthread_once_t SESSION_KEY_ONCE = PTHREAD_ONCE_INIT;

void li_log_set_level(enum li_log_level level) {
    atomic_store(&LEVEL, level);
}

/* Bytes kept free for the closing brace and the line end. */
enum { TAIL = 2 };

/* Adds "name":value with the quotes given, whole or not at all. */
static void add(struct li_log_line *line, const char *before, const char *name, const char *quote,
                struct li_text value) {
    size_t room = sizeof line->bytes - TAIL - line->used;
    int length = snprintf(line->bytes + line->used, room, "%s\"%s\":%s%.*s%s", before, name, quote,
                          LI_TEXT_ARG(value), quote);
    if (length > 0 && (size_t)length < room)
        line->used += (size_t)length;
}

void li_log_begin(struct li_log_line *line, enum li_log_level level, const char *event) {
    static const char *const NAMES[] = {"error", "warning", "info"};
    char now[LI_TIMESTAMP_SIZE];
    line->level = level;
    line->used = 0;
    if ((int)level > atomic_load(&LEVEL))
        return;
    li_clock_format(li_clock_now_ms(NULL), now);
    add(line, "{", "time", "\"", li_text_of(now));
    add(line, ",", "level", "\"", li_text_of(NAMES[level]));
    add(line, ",", "event", "\"", li_text_of(event));
}

void li_log_text(struct li_log_line *line, const char *name, struct li_text value) {
    static const char HEX[] = "0123456789abcdef";
    char escaped[512];
    size_t used = 0;
    if ((int)line->level > atomic_load(&LEVEL))
        return;
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
    if (!li_text_valid((struct li_text){escaped, used}))
        used = 0;
    add(line, ",", name, "\"", (struct li_text){escaped, used});
}

void li_log_number(struct li_log_line *line, const char *name, int64_t value) {
    char digits[24];
    if ((int)line->level > atomic_load(&LEVEL))
        return;
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    add(line, ",", name, "", li_text_of(digits));
}

static void make_session_key(void) {
    li_random_token(SESSION_KEY);
}

void li_log_session(struct li_log_line *line, struct li_text session) {
    char keyed[LI_TOKEN_CHARS + 256], hex[13];
    pthread_once(&SESSION_KEY_ONCE, make_session_key);
    size_t size = session.size < 256 ? session.size : 256;
    memcpy(keyed, SESSION_KEY, LI_TOKEN_CHARS);
    if (size)
        memcpy(keyed + LI_TOKEN_CHARS, session.data, size);
    unsigned long long hash = li_text_hash((struct li_text){keyed, LI_TOKEN_CHARS + size});
    snprintf(hex, sizeof hex, "%012llx", hash & 0xffffffffffffu);
    li_log_text(line, "session", li_text_of(hex));
}

void li_log_end(struct li_log_line *line) {
    if ((int)line->level > atomic_load(&LEVEL))
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
