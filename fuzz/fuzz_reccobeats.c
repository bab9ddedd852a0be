/* What ReccoBeats answers: ids by ISRC, and features. */
#include "provider_answers.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text body = {(const char *)data, size};
    check_tracks_reader(li_reccobeats_read_tracks, body);
    check_features_reader(li_reccobeats_read_features, body);
    return 0;
}
