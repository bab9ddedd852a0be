#include "sources/quota.h"

void li_quota_init(struct li_quota *quota, size_t requests, int64_t window_ms) {
    *quota = (struct li_quota){.requests = requests, .window_ms = window_ms};
}

int64_t li_quota_take(struct li_quota *quota, int64_t now_ms) {
    if (quota->count == quota->requests) {
        /* The ring is full: next is the oldest of the last `requests` ones. */
        int64_t free_ms = quota->taken_ms[quota->next] + quota->window_ms;
        if (free_ms > now_ms)
            return free_ms - now_ms;
    } else {
        quota->count++;
    }
    quota->taken_ms[quota->next] = now_ms;
    quota->next = (quota->next + 1) % quota->requests;
    return 0;
}
