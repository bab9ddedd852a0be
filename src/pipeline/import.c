/* import.c - a listening history -> top_tracks.json and timeline.json: the artists heard most, weighed by
 * their plays, and how the taste went over time. Only sums are kept; no single play, no date finer than a
 * month. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/heard.h"

enum {
    ARTISTS_KEPT = 50, /* of a history, in the profile */
    TRACKS_AN_ARTIST = 5,
    TITLES_ASKED = 8, /* of the source, for the ids and years of those that were heard */
    UNKNOWN_SHOWN = 20,
    WEIGHT_DECIMALS = 4,
};

static int by_weight(const void *a, const void *b) {
    const struct li_known *const *x = a, *const *y = b;
    if ((*x)->weight != (*y)->weight)
        return (*x)->weight < (*y)->weight ? 1 : -1;
    return li_text_compare((*x)->artist.id, (*y)->artist.id);
}

/* The heard tracks of each known artist, most played first. */
struct heard_tracks {
    uint32_t index[TRACKS_AN_ARTIST];
    uint32_t plays[TRACKS_AN_ARTIST];
    size_t count;
};

static void offer(struct heard_tracks *top, uint32_t index, uint32_t plays) {
    size_t at = top->count;
    while (at > 0 && top->plays[at - 1] < plays)
        at--;
    if (at == TRACKS_AN_ARTIST)
        return;
    if (top->count < TRACKS_AN_ARTIST)
        top->count++;
    for (size_t i = top->count - 1; i > at; i--) {
        top->index[i] = top->index[i - 1];
        top->plays[i] = top->plays[i - 1];
    }
    top->index[at] = index;
    top->plays[at] = plays;
}

/* A heard track of a known artist: whose it is, and the hash of its title, folded. */
struct spelling {
    int known;
    uint32_t index;
    uint64_t title;
};

static int by_title(const void *a, const void *b) {
    const struct spelling *x = a, *y = b;
    if (x->known != y->known)
        return x->known < y->known ? -1 : 1;
    if (x->title != y->title)
        return x->title < y->title ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* The plays of each heard track, 0 of unknown artists. Those of one title, which the history keeps apart
 * where it does not know that two names are one artist, all stand with the first. NULL when memory is out. */
static uint32_t *plays_of_titles(const struct li_heard *heard, struct li_arena *arena) {
    size_t count = li_history_track_count(heard->history), used = 0;
    uint32_t *plays = li_arena_try(arena, count, sizeof *plays);
    struct spelling *all = li_arena_try(arena, count, sizeof *all);
    if (!plays || !all)
        return NULL;
    for (size_t t = 0; t < count; t++) {
        struct li_heard_track track = li_history_track(heard->history, t);
        int known = heard->known_of[track.artist];
        if (known >= 0)
            all[used++] = (struct spelling){known, (uint32_t)t, li_text_name_hash(track.title)};
    }
    qsort(all, used, sizeof *all, by_title);
    for (size_t i = 0, first = 0; i < used; i++) {
        if (all[i].known != all[first].known || all[i].title != all[first].title)
            first = i;
        plays[all[first].index] += li_history_track(heard->history, all[i].index).plays;
    }
    return plays;
}

static struct heard_tracks *top_tracks(const struct li_heard *heard, struct li_arena *arena) {
    struct heard_tracks *top = li_arena_try(arena, heard->known_count, sizeof *top);
    uint32_t *plays = plays_of_titles(heard, arena);
    if (!top || !plays)
        return NULL;
    for (size_t t = 0; t < li_history_track_count(heard->history); t++)
        if (plays[t])
            offer(&top[heard->known_of[li_history_track(heard->history, t).artist]], (uint32_t)t, plays[t]);
    return top;
}

/* The id of a title: the source's own when it knows it, else one made of the title. */
static struct li_text track_id(const struct li_known *known, struct li_text title, size_t rank,
                               const struct li_source_track *tracks, size_t count, struct li_arena *arena,
                               int *year) {
    for (size_t i = 0; i < count; i++) {
        if (li_text_same_name(title, tracks[i].title)) {
            *year = tracks[i].year;
            return tracks[i].id;
        }
    }
    return li_arena_printf(arena, "%.*s/heard-%zu", LI_TEXT_ARG(known->artist.id), rank);
}

static void add_tracks(struct li_pipeline *pipeline, const struct li_heard *heard,
                       const struct li_known *known, const struct heard_tracks *top, struct li_arena *arena,
                       json_t *tracks) {
    struct li_source_track *own = NULL;
    size_t own_count = 0;
    /* Without the source's titles the listener's stand for themselves. */
    if (!pipeline->source->ops->quick ||
        li_source_top_tracks(pipeline->source, known->artist.id, TITLES_ASKED, arena, &own, &own_count,
                             NULL) != LI_OK)
        own_count = 0;
    for (size_t i = 0; i < top->count && json_array_size(tracks) < LI_TRACKS_MAX; i++) {
        struct li_heard_track heard_track = li_history_track(heard->history, top->index[i]);
        int year = 0;
        json_t *track = json_object();
        json_object_set_new(
            track, "id",
            li_json_text(track_id(known, heard_track.title, i + 1, own, own_count, arena, &year)));
        json_object_set_new(track, "title", li_json_text(heard_track.title));
        json_object_set_new(track, "artist_id", li_json_text(known->artist.id));
        json_object_set_new(track, "artist", li_json_text(known->artist.name));
        json_object_set_new(track, "year", year ? json_integer(year) : json_null());
        json_object_set_new(track, "rank", json_integer((json_int_t)i + 1));
        json_object_set_new(track, "plays", json_integer(top->plays[i]));
        json_array_append_new(tracks, track);
    }
}

/* What the profile says about where it comes from. */
static json_t *history_document(const struct li_heard *heard, double half_life_days) {
    return json_pack("{s:o,s:o,s:i,s:i,s:o,s:o,s:o}", "plays", json_integer((json_int_t)heard->plays),
                     "matched_share",
                     li_json_number(heard->plays > 0 ? heard->plays_known / heard->plays : 0, 3), "artists",
                     (int)heard->artist_count, "matched_artists", (int)heard->known_count, "first_month",
                     li_month_text(heard->first_month), "last_month", li_month_text(heard->last_month),
                     "half_life_days", half_life_days > 0 ? li_json_number(half_life_days, 1) : json_null());
}

static json_t *report_document(const struct li_history_report *report) {
    json_t *formats = json_array(), *skipped = json_object(), *document = json_object();
    char first[LI_TIMESTAMP_SIZE], last[LI_TIMESTAMP_SIZE];
    for (int f = 0; f < LI_HISTORY_FORMAT_COUNT; f++)
        if (report->files_of[f])
            json_array_append_new(formats, json_pack("{s:s,s:i,s:i}", "format",
                                                     li_history_format_id((enum li_history_format)f), "files",
                                                     (int)report->files_of[f], "rows", (int)report->rows[f]));
    for (int s = 0; s < LI_SKIP_COUNT; s++)
        if (report->skipped[s])
            json_object_set_new(skipped, li_skip_id((enum li_skip)s),
                                json_integer((json_int_t)report->skipped[s]));
    li_clock_format(report->first_ms, first);
    li_clock_format(report->last_ms, last);
    json_object_set_new(document, "formats", formats);
    json_object_set_new(document, "files_ignored", json_integer((json_int_t)report->ignored));
    json_object_set_new(document, "files_cut_short", json_integer((json_int_t)report->truncated));
    json_object_set_new(document, "rows", json_integer((json_int_t)report->rows_read));
    json_object_set_new(document, "rows_counted", json_integer((json_int_t)report->rows_counted));
    json_object_set_new(document, "rows_naming_artists", json_integer((json_int_t)report->names));
    json_object_set_new(document, "plays", json_integer((json_int_t)report->plays));
    json_object_set_new(document, "skipped", skipped);
    json_object_set_new(document, "first", report->first_ms ? json_string(first) : json_null());
    json_object_set_new(document, "last", report->last_ms ? json_string(last) : json_null());
    return document;
}

static void note(json_t *notes, const char *id, const char *en, const char *fr) {
    json_array_append_new(notes, json_pack("{s:s,s:o}", "id", id, "text", li_bilingual(en, fr)));
}

/* Says that names went out. */
static void note_lookup(json_t *notes, size_t asked, size_t found) {
    char en[200], fr[200], count[24];
    if (asked == 1) {
        note(notes, "looked_up",
             found ? "1 artist that is not known here was looked up by name, and found."
                   : "1 artist that is not known here was looked up by name, and not found.",
             found ? "1 artiste inconnu ici a été recherché ailleurs par son nom, et trouvé."
                   : "1 artiste inconnu ici a été recherché ailleurs par son nom, sans succès.");
        return;
    }
    snprintf(count, sizeof count, "%zu", found);
    snprintf(en, sizeof en, "%zu artists that are not known here were looked up by their names; %s %s found.",
             asked, found ? count : "none", found > 1 ? "were" : "was");
    snprintf(fr, sizeof fr, "%zu artistes inconnus ici ont été recherchés ailleurs par leur nom ; %s %s.",
             asked, found ? count : "aucun",
             found > 1 ? "ont été trouvés"
             : found   ? "a été trouvé"
                       : "n'a été trouvé");
    note(notes, "looked_up", en, fr);
}

/* Sentences for who brought a package that holds less than another would, and about who was asked. */
static json_t *notes_of(const struct li_history_report *report, const struct li_heard *heard) {
    json_t *notes = json_array();
    if (heard->asked)
        note_lookup(notes, heard->asked, heard->found);
    if (report->files_of[LI_HISTORY_SPOTIFY_ACCOUNT] && !report->files_of[LI_HISTORY_SPOTIFY_EXTENDED])
        note(notes, "spotify_account_package",
             "This is Spotify's account-data package: it holds one year and no track ids. Ask for \"Extended "
             "streaming history\" on the same page to see all your years.",
             "C'est l'archive « données du compte » de Spotify : elle couvre un an, sans identifiants de "
             "titres. "
             "Demande « historique de streaming étendu » sur la même page pour voir toutes tes années.");
    if (report->files_of[LI_HISTORY_APPLE_ACTIVITY] && report->skipped[LI_SKIP_NO_ARTIST] &&
        !report->files_of[LI_HISTORY_APPLE_DAILY] && !report->files_of[LI_HISTORY_APPLE_TRACKS])
        note(notes, "apple_without_artists",
             "Apple's play activity names no artists. Drop the whole folder: the files \"Play History Daily "
             "Tracks\" and \"Track Play History\" name them.",
             "L'activité d'écoute d'Apple ne nomme pas les artistes. Dépose le dossier entier : les "
             "fichiers « Play "
             "History Daily Tracks » et « Track Play History » les nomment.");
    if (report->truncated)
        note(notes, "cut_short", "A file breaks off before its end; what stands before the break is counted.",
             "Un fichier s'interrompt avant la fin ; ce qui précède la coupure est compté.");
    if (report->tracks_unnamed)
        note(notes, "titles_over_limit",
             "This history holds more different titles than are kept: some plays count for their artists "
             "only.",
             "Cet historique contient plus de titres différents que nous n'en gardons : certaines écoutes ne "
             "comptent que pour leurs artistes.");
    if (report->files_of[LI_HISTORY_YOUTUBE])
        note(notes, "youtube_no_durations",
             "YouTube does not say how long something was played: every start counts as a play.",
             "YouTube ne dit pas combien de temps un titre a été écouté : chaque lecture compte.");
    return notes;
}

/* The names that the source does not know, most heard first. */
static json_t *unknown_artists(const struct li_heard *heard) {
    json_t *list = json_array();
    size_t shown[UNKNOWN_SHOWN], count = 0;
    for (size_t i = 0; i < heard->artist_count; i++) {
        uint32_t plays = li_history_artist(heard->history, i).plays;
        size_t at = count;
        if (heard->known_of[i] >= 0)
            continue;
        while (at > 0 && li_history_artist(heard->history, shown[at - 1]).plays < plays)
            at--;
        if (at == UNKNOWN_SHOWN)
            continue;
        if (count < UNKNOWN_SHOWN)
            count++;
        memmove(shown + at + 1, shown + at, (count - at - 1) * sizeof *shown);
        shown[at] = i;
    }
    for (size_t i = 0; i < count; i++) {
        struct li_heard_artist artist = li_history_artist(heard->history, shown[i]);
        json_array_append_new(
            list, json_pack("{s:o,s:i}", "name", li_json_text(artist.name), "plays", (int)artist.plays));
    }
    return list;
}

/* top_tracks.json of the artists that weigh most. NULL when memory is out. */
static json_t *top_document(struct li_pipeline *pipeline, struct li_text session,
                            const struct li_heard *heard, double half_life_days, struct li_arena *arena) {
    struct heard_tracks *top = top_tracks(heard, arena);
    const struct li_known **order = li_arena_try(arena, heard->known_count, sizeof *order);
    if (!top || !order)
        return NULL;
    for (size_t i = 0; i < heard->known_count; i++)
        order[i] = &heard->known[i];
    qsort(order, heard->known_count, sizeof *order, by_weight);
    json_t *artists = json_array(), *tracks = json_array();
    for (size_t i = 0; i < heard->known_count && i < ARTISTS_KEPT; i++) {
        double weight = li_json_round(order[i]->weight, WEIGHT_DECIMALS);
        if (weight <= 0)
            break; /* those that follow weigh as little */
        json_t *artist = li_artist_document(&order[i]->artist);
        json_object_set_new(artist, "plays", json_integer((json_int_t)order[i]->plays));
        json_object_set_new(artist, "weight", json_real(weight));
        json_array_append_new(artists, artist);
        add_tracks(pipeline, heard, order[i], &top[order[i] - heard->known], arena, tracks);
    }
    json_t *document = li_top_tracks_document(pipeline, session, artists, tracks);
    json_object_set_new(document, "history", history_document(heard, half_life_days));
    json_decref(artists);
    json_decref(tracks);
    return document;
}

static enum li_status save(struct li_pipeline *pipeline, const struct li_import_request *request,
                           const json_t *top, json_t *timeline, struct li_error *err) {
    li_document_copy(timeline, top, "session_id");
    li_document_copy(timeline, top, "run");
    li_document_copy(timeline, top, "model");
    li_document_copy(timeline, top, "created_at");
    li_document_copy(timeline, top, "expires_at");
    return li_top_tracks_save(pipeline, request->session, request->begun, top, timeline, err);
}

static enum li_status nobody_known(size_t artists, struct li_error *err) {
    static const char *const INSTEAD = "name your artists instead";
    if (!artists)
        return li_fail(err, LI_NOT_FOUND, "this history holds no play of a named artist; %s", INSTEAD);
    if (artists == 1)
        return li_fail(err, LI_NOT_FOUND, "the only artist in this history is not known here; %s", INSTEAD);
    return li_fail(err, LI_NOT_FOUND, "none of the %zu artists in this history is known here; %s", artists,
                   INSTEAD);
}

enum li_status li_pipeline_import(struct li_pipeline *pipeline, const struct li_import_request *request,
                                  struct li_import_response *response, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_heard heard = {0};
    json_t *top = NULL, *timeline = NULL;
    const struct li_history_report *report = li_history_get_report(request->history);
    enum li_status status = li_session_check(request->session, err);
    if (!status && li_history_starved(request->history))
        status = li_fail(err, LI_NO_MEMORY, "no memory for this history");
    if (!status)
        status = li_heard_match(pipeline, request->history, request->half_life_days, &arena, &heard, err);
    if (!status && heard.known_count == 0)
        status = nobody_known(heard.artist_count, err);
    if (status)
        goto done;
    top = top_document(pipeline, request->session, &heard, request->half_life_days, &arena);
    timeline = li_timeline_document(&heard, &arena);
    status = top && timeline ? save(pipeline, request, top, timeline, err)
                             : li_fail(err, LI_NO_MEMORY, "no memory for this history");
    if (!status) {
        json_t *document = json_object(), *local;
        li_document_copy(document, top, "session_id");
        json_object_set_new(document, "report", report_document(report));
        json_object_set(document, "history", json_object_get(top, "history"));
        json_object_set_new(document, "notes", notes_of(report, &heard));
        json_object_set_new(document, "unknown_artists", unknown_artists(&heard));
        json_object_set_new(document, "lookup",
                            json_pack("{s:i,s:i}", "asked", (int)heard.asked, "found", (int)heard.found));
        local = li_localise(document, request->lang);
        json_decref(document);
        response->document = local;
    }
done:
    json_decref(top);
    json_decref(timeline);
    li_arena_release(&arena);
    return status;
}

enum li_status li_timeline_load(struct li_pipeline *pipeline, struct li_text session, json_t **out,
                                struct li_error *err) {
    json_t *timeline = NULL, *top = NULL;
    enum li_status status = li_document_load(pipeline, session, LI_OBJECT_TIMELINE, &timeline, NULL, err);
    if (!status)
        status = li_document_load(pipeline, session, LI_OBJECT_TOP_TRACKS, &top, NULL, err);
    /* A session that was given artists by hand afterwards has no history any more. */
    if (status == LI_NOT_FOUND || (!status && !li_document_same_run(top, timeline)))
        status = li_fail(err, LI_NOT_FOUND, "this session has no listening history; POST /import first");
    if (status)
        json_decref(timeline);
    else
        *out = timeline;
    json_decref(top);
    return status;
}

enum li_status li_pipeline_timeline(struct li_pipeline *pipeline, const struct li_timeline_request *request,
                                    struct li_timeline_response *response, struct li_error *err) {
    json_t *timeline = NULL;
    enum li_status status = li_timeline_load(pipeline, request->session, &timeline, err);
    if (!status)
        response->document = li_localise(timeline, request->lang);
    json_decref(timeline);
    return status;
}
