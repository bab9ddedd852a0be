#include "store/retry.h"

#include "base/random.h"
#include "base/text.h"

bool li_retry_helps(int http_status) {
    return http_status == 429 || http_status == 500 || http_status == 502 || http_status == 503 ||
           http_status == 504;
}

int li_retry_pause_ms(int attempt, int first_ms, double unit) {
    double most = first_ms;
    for (int i = 0; i < attempt && most < LI_RETRY_PAUSE_MAX_MS; i++)
        most *= 2;
    return (int)(unit * (most < LI_RETRY_PAUSE_MAX_MS ? most : LI_RETRY_PAUSE_MAX_MS));
}

double li_retry_unit(void) {
    char token[LI_TOKEN_CHARS + 1];
    li_random_token(token);
    return (double)(li_text_hash(li_text_of(token)) >> 11) * 0x1p-53;
}
