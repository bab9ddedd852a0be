/* dates.c - the dates of exports. All of them are UTC when they do not say otherwise. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "history/history_priv.h"

/* A reader over the text of one date. */
struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *c, char byte) {
    if (c->at == c->end || *c->at != byte)
        return false;
    c->at++;
    return true;
}

/* Exactly digits digits. */
static bool number(struct cursor *c, int digits, int *out) {
    int value = 0;
    if (c->end - c->at < digits)
        return false;
    for (int i = 0; i < digits; i++, c->at++) {
        if (*c->at < '0' || *c->at > '9')
            return false;
        value = value * 10 + (*c->at - '0');
    }
    *out = value;
    return true;
}

static int days_of(int year, int month) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap);
}

static bool to_ms(const struct tm *when, int64_t *out_ms) {
    int year = when->tm_year + 1900, month = when->tm_mon + 1;
    if (month < 1 || month > 12 || when->tm_mday < 1 || when->tm_mday > days_of(year, month) ||
        when->tm_hour > 23 || when->tm_min > 59 || when->tm_sec > 60)
        return false;
    struct tm copy = *when;
    *out_ms = (int64_t)timegm(&copy) * 1000;
    return true;
}

static bool clock_time(struct cursor *c, struct tm *when, int *ms) {
    if (!number(c, 2, &when->tm_hour) || !take(c, ':') || !number(c, 2, &when->tm_min))
        return false;
    if (take(c, ':') && !number(c, 2, &when->tm_sec))
        return false;
    if (take(c, '.'))
        for (int scale = 100; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++, scale /= 10)
            *ms += (*c->at - '0') * scale;
    return true;
}

/* "Z", "+02:00", "-0700", " UTC" or nothing. */
static bool offset(struct cursor *c, int *minutes) {
    int hour, minute = 0;
    if (c->at == c->end || (take(c, 'Z') && c->at == c->end))
        return true;
    if (c->end - c->at == 4 && c->at[0] == ' ' && c->at[1] == 'U' && c->at[2] == 'T' && c->at[3] == 'C')
        return true;
    int sign = take(c, '+') ? 1 : take(c, '-') ? -1 : 0;
    if (!sign || !number(c, 2, &hour))
        return false;
    take(c, ':');
    if (c->at < c->end && !number(c, 2, &minute))
        return false;
    *minutes = sign * (hour * 60 + minute);
    return c->at == c->end && hour <= 14 && minute <= 59;
}

static bool iso(struct cursor c, int64_t *out_ms) {
    struct tm when = {0};
    int ms = 0, minutes = 0;
    if (!number(&c, 4, &when.tm_year) || !take(&c, '-') || !number(&c, 2, &when.tm_mon) || !take(&c, '-') ||
        !number(&c, 2, &when.tm_mday))
        return false;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    if ((take(&c, 'T') || take(&c, ' ')) && !clock_time(&c, &when, &ms))
        return false;
    if (!offset(&c, &minutes) || !to_ms(&when, out_ms))
        return false;
    *out_ms += ms - (int64_t)minutes * 60000;
    return true;
}

static bool ymd(struct cursor c, int64_t *out_ms) {
    struct tm when = {0};
    if (!number(&c, 4, &when.tm_year) || !number(&c, 2, &when.tm_mon) || !number(&c, 2, &when.tm_mday) ||
        c.at != c.end)
        return false;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    return to_ms(&when, out_ms);
}

/* "06 Sep 2026, 14:23", with or without the comma. */
static bool plain(struct cursor c, int64_t *out_ms) {
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm when = {.tm_mon = -1};
    int ms = 0;
    if (!number(&c, 2, &when.tm_mday) || !take(&c, ' ') || c.end - c.at < 3)
        return false;
    for (int m = 0; m < 12; m++)
        if (memcmp(c.at, MONTHS + 3 * m, 3) == 0)
            when.tm_mon = m;
    c.at += 3;
    if (!take(&c, ' ') || !number(&c, 4, &when.tm_year))
        return false;
    take(&c, ',');
    if (!take(&c, ' ') || !clock_time(&c, &when, &ms) || c.at != c.end)
        return false;
    when.tm_year -= 1900;
    return to_ms(&when, out_ms);
}

/* Whole or with a fraction; some writers mean milliseconds and some seconds, which lie far apart. */
static bool epoch(struct li_text text, double scale, int64_t *out_ms) {
    char digits[32], *end;
    if (text.size == 0 || text.size >= sizeof digits)
        return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = 0;
    if ((*digits < '0' || *digits > '9') && *digits != '-')
        return false;
    double value = strtod(digits, &end);
    if (*end || !isfinite(value) || fabs(value) > 1e14)
        return false;
    *out_ms = (int64_t)llround(value * (fabs(value) > 1e11 ? 1 : scale));
    return true;
}

/* A spreadsheet's day number, counted from 1899-12-30. */
static bool spreadsheet(struct li_text text, int64_t *out_ms) {
    enum { FIRST_DAY = 36526, LAST_DAY = 80000, UNIX_EPOCH_DAY = 25569 }; /* 2000-01-01, 2119-01-10 */
    int64_t days_ms;
    if (!epoch(text, LI_DAY_MS, &days_ms) || days_ms < (int64_t)FIRST_DAY * LI_DAY_MS ||
        days_ms > (int64_t)LAST_DAY * LI_DAY_MS)
        return false;
    *out_ms = days_ms - (int64_t)UNIX_EPOCH_DAY * LI_DAY_MS;
    return true;
}

bool li_history_date(struct li_text text, enum li_date_kind kind, int64_t *out_ms) {
    text = li_text_trim(text);
    if (text.size == 0)
        return false;
    struct cursor cursor = {text.data, text.data + text.size};
    switch (kind) {
    case DATE_SECONDS:
        return epoch(text, 1000, out_ms);
    case DATE_MS:
        return epoch(text, 1, out_ms);
    case DATE_YMD:
        return ymd(cursor, out_ms);
    case DATE_PLAIN:
        return plain(cursor, out_ms);
    case DATE_ISO:
        break;
    }
    return iso(cursor, out_ms) || spreadsheet(text, out_ms);
}

bool li_history_moment(struct li_text text, int64_t *out_ms) {
    return li_history_date(text, DATE_SECONDS, out_ms) || li_history_date(text, DATE_ISO, out_ms);
}
