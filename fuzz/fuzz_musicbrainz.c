/* What MusicBrainz and ListenBrainz answer: artists with tags. */
#include "provider_answers.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text body = {(const char *)data, size};
    check_artists_reader(li_musicbrainz_read_artists, body, true);
    check_artists_reader(li_listenbrainz_read_artists, body, false);
    return 0;
}
