/* What Spotify answers, the token included: that one goes into a header. */
#include "provider_answers.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text body = {(const char *)data, size};
    struct li_arena arena = {0};
    struct li_answer_artist artist = {.fans = -42};
    struct li_answer_token token = {.expires_s = -42};
    check_artists_reader(li_spotify_read_artists, body, true);
    check_tracks_reader(li_spotify_read_tracks, body);
    check_features_reader(li_spotify_read_features, body);
    if (li_spotify_read_artist(body, &arena, &artist, NULL) == LI_OK)
        check_artist(&artist, true);
    else
        check(artist.fans == -42);
    if (li_spotify_read_token(body, &arena, &token, NULL) == LI_OK) {
        check(token.token.size >= 1 && token.expires_s >= 1);
        for (size_t i = 0; i < token.token.size; i++)
            check(token.token.data[i] > ' ' && token.token.data[i] < 0x7f);
    } else {
        check(token.expires_s == -42);
    }
    li_spotify_quota_spent(body);
    li_arena_release(&arena);
    return 0;
}
