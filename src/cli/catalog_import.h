/* catalog_import.h - `listening catalog import`: what people have -> a catalogue of their own. */
#ifndef LI_CLI_CATALOG_IMPORT_H
#define LI_CLI_CATALOG_IMPORT_H

#include <stdbool.h>

#include "cli/options.h"

struct li_catalog_import_settings {
    const char *catalog; /* that is extended when target does not exist yet; NULL: the built-in one */
    const char *target;  /* Required: the catalogue to write */
    struct li_string_list maps;
    bool empty, fresh, json;
};

/* Imports files with a progress bar and a report. Ctrl-C keeps what was read: LI_BUSY. */
LI_MUST_USE enum li_status li_catalog_import(const struct li_catalog_import_settings *settings,
                                             const char *const *files, size_t count, struct li_error *err);

/* The fields that --map knows, and the names of columns that are taken for each. */
void li_catalog_import_print_fields(void);

#endif
