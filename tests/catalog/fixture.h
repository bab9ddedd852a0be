/* fixture.h - small tables in a folder of their own, for the tests of the catalogue. */
#ifndef LI_TESTS_CATALOG_FIXTURE_H
#define LI_TESTS_CATALOG_FIXTURE_H

#include "catalog/catalog.h"
#include "folder.h"

enum { GENRES = 6, ALIASES = 6, TRACKS = 8 }; /* cells of a row of artists.tsv */

/* The path of a file in the folder; good until the next call. */
static inline const char *folder_file(const struct folder *folder, const char *name) {
    static char path[512];
    return folder_path(folder, name, path);
}

static inline void folder_write(const struct folder *folder, const char *name, const void *bytes,
                                size_t size) {
    file_write(folder_file(folder, name), bytes, size);
}

/* Reads a file of the folder; free the result. */
static inline unsigned char *folder_read(const struct folder *folder, const char *name, size_t *size) {
    return file_read(folder_file(folder, name), size);
}

static inline void write_header(FILE *file) {
    fputs("id\tname\tpopularity", file);
    for (int i = 1; i <= GENRES; i++)
        fprintf(file, "\tgenre_%d", i);
    for (int i = 1; i <= ALIASES; i++)
        fprintf(file, "\talias_%d", i);
    for (int i = 1; i <= TRACKS; i++)
        fprintf(file, "\ttitle_%d\tyear_%d", i, i);
    fputc('\n', file);
}

/* Writes a list "a|b" as cells, the rest of them empty; per is how many cells belong to one entry. */
static inline void write_cells(FILE *file, const char *list, int cells, int per) {
    int written = 0;
    for (const char *at = list; *at; written++) {
        size_t size = strcspn(at, "|");
        fprintf(file, "\t%.*s", (int)size, at);
        at += size + (at[size] == '|');
    }
    for (; written < cells * per; written++)
        fputc('\t', file);
}

/* One artist. genres and aliases as "a|b", tracks as "title|year|title|year". */
struct row {
    const char *id, *name, *popularity, *genres, *aliases, *tracks;
};

static inline void write_artists(const struct folder *folder, const struct row *rows, size_t count) {
    FILE *file = fopen(folder_file(folder, "artists.tsv"), "wb");
    assert_non_null(file);
    fputs("# a comment\n", file);
    write_header(file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%s\t%s\t%s", rows[i].id, rows[i].name, rows[i].popularity);
        write_cells(file, rows[i].genres, GENRES, 1);
        write_cells(file, rows[i].aliases, ALIASES, 1);
        write_cells(file, rows[i].tracks, TRACKS, 2);
        fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
}

static const struct row SAMPLE[] = {
    {"queen", "Queen", "88", "classic rock|rock", "Queen Band",
     "Bohemian Rhapsody|1975|We Will Rock You|1977"},
    {"abba", "ABBA", "85", "europop|pop|disco", "", "Dancing Queen|1976|Chiquitita|"},
    {"bjoerk", "Björk", "70", "art pop|electronic", "Bjork Guðmundsdóttir", "Jóga|1997"},
    {"utada", "Hikaru Utada", "66", "j-pop|pop", "宇多田ヒカル|Utada", "First Love|1999|光|2002"},
};
enum { SAMPLE_COUNT = sizeof SAMPLE / sizeof *SAMPLE };

/* Writes the sample and packs it as artists.catalog in the folder. */
static inline void build_sample(const struct folder *folder) {
    struct li_error err = {0};
    char path[512];
    write_artists(folder, SAMPLE, SAMPLE_COUNT);
    snprintf(path, sizeof path, "%s", folder_file(folder, "artists.catalog"));
    check(li_catalog_build(folder->path, path, &err) == LI_OK, "%s", err.message);
}

/* The catalogue of the repository's own tables, packed in the folder. */
static inline struct li_catalog *open_real(const struct folder *folder) {
    struct li_error err = {0};
    struct li_catalog *catalog = NULL;
    const char *root = getenv("LI_SOURCE_ROOT");
    char tables[512], path[512];
    snprintf(tables, sizeof tables, "%s/data", root ? root : ".");
    snprintf(path, sizeof path, "%s", folder_file(folder, "real.catalog"));
    check(li_catalog_build(tables, path, &err) == LI_OK, "%s", err.message);
    check(li_catalog_open_file(path, &catalog, &err) == LI_OK, "%s", err.message);
    return catalog;
}

#endif
