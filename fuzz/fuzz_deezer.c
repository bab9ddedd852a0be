/* What Deezer answers, of every kind. */
#include "provider_answers.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text body = {(const char *)data, size};
    struct li_arena arena = {0};
    struct li_answer_artist artist = {.fans = -42};
    struct li_answer_track track = {.year = -42};
    check_artists_reader(li_deezer_read_artists, body, true);
    check_tracks_reader(li_deezer_read_tracks, body);
    if (li_deezer_read_artist(body, &arena, &artist, NULL) == LI_OK)
        check_artist(&artist, true);
    else
        check(artist.fans == -42);
    if (li_deezer_read_track(body, &arena, &track, NULL) == LI_OK)
        check_track(&track);
    else
        check(track.year == -42);
    li_arena_release(&arena);
    return 0;
}
