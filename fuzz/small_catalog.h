/* small_catalog.h - a catalogue of a few artists for the fuzz targets, built once in a folder that is gone
 * when they start. */
#ifndef LI_FUZZ_SMALL_CATALOG_H
#define LI_FUZZ_SMALL_CATALOG_H

#include <stdio.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "target.h"

static const struct {
    const char *id, *name, *alias;
} ARTISTS[] = {
    {"abba", "ABBA", "Agnetha, Björn, Benny & Anni-Frid"},
    {"ac-dc", "AC/DC", "ACDC"},
    {"aya-nakamura", "Aya Nakamura", "Nakamura"},
    {"beyonce", "Beyoncé", "Beyoncé Knowles"},
    {"bi-2", "Bi-2", "Би-2"},
    {"daft-punk", "Daft Punk", "Daftpunk"},
    {"guns-n-roses", "Guns N' Roses", "GNR"},
    {"hikaru-utada", "Hikaru Utada", "宇多田ヒカル"},
    {"led-zeppelin", "Led Zeppelin", "Zeppelin"},
    {"sigur-ros", "Sigur Rós", "Victory Rose"},
    {"the-beatles", "The Beatles", "Fab Four"},
    {"the-the", "The The", "Matt Johnson"},
    {"tyler-the-creator", "Tyler, The Creator", "Tyler Okonma"},
};

static inline void write_artists(const char *folder) {
    char path[256];
    snprintf(path, sizeof path, "%s/artists.tsv", folder);
    FILE *file = fopen(path, "wb");
    check(file != NULL);
    fputs("id\tname\tpopularity", file);
    for (int i = 1; i <= 6; i++)
        fprintf(file, "\tgenre_%d", i);
    for (int i = 1; i <= 6; i++)
        fprintf(file, "\talias_%d", i);
    for (int i = 1; i <= 8; i++)
        fprintf(file, "\ttitle_%d\tyear_%d", i, i);
    for (size_t i = 0; i < sizeof ARTISTS / sizeof *ARTISTS; i++)
        fprintf(file,
                "\n%s\t%s\t%zu\trock\tpop\t\t\t\t\t%s\t\t\t\t\t\tSong\t2000\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
                ARTISTS[i].id, ARTISTS[i].name, i * 37 % 100, ARTISTS[i].alias);
    check(fclose(file) == 0);
}

/* The bytes of the catalogue file, for as long as the program lives. */
static inline uint8_t *small_catalog(size_t *size) {
    static const char *const FILES[] = {"artists.tsv", "artists.catalog"};
    char folder[] = "/tmp/li-fuzz-XXXXXX", path[256];
    check(mkdtemp(folder) != NULL);
    write_artists(folder);
    snprintf(path, sizeof path, "%s/artists.catalog", folder);
    check(li_catalog_build(folder, path, NULL) == LI_OK);
    FILE *file = fopen(path, "rb");
    check(file && fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    uint8_t *bytes = malloc(*size);
    rewind(file);
    check(bytes && fread(bytes, 1, *size, file) == *size && fclose(file) == 0);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        unlink(path);
    }
    rmdir(folder);
    return bytes;
}

#endif
