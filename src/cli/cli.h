/* cli.h - what the subcommands share. */
#ifndef LI_CLI_CLI_H
#define LI_CLI_CLI_H

#include <jansson.h>

#include "catalog/catalog.h"
#include "cli/options.h"
#include "gateway/gateway.h"
#include "pipeline/pipeline.h"

/* Exit statuses: 0 done, 1 failed, 2 wrong use. */
enum { LI_EXIT_DONE = 0, LI_EXIT_FAILED = 1, LI_EXIT_USAGE = 2 };

typedef int li_command(int argc, char **argv); /* argv without the program and the command's name */

li_command li_cmd_analyze, li_cmd_lambda, li_cmd_serve, li_cmd_search, li_cmd_profile, li_cmd_catalog,
    li_cmd_doctor, li_cmd_health, li_cmd_import, li_cmd_features;

/* Files carried in the binary; embedded.S is made at build time. */
extern const struct li_asset LI_ASSETS[];
extern const size_t LI_ASSET_COUNT;
extern const unsigned char LI_CATALOG_BYTES[];
extern const size_t LI_CATALOG_SIZE;

/* Takes the numbers of standard input and outputs that the program was started without, so that no file or
 * socket of ours gets them: decoders put their own things there. What is read or written there still fails.
 */
void li_cli_hold_standard(void);

/* Opens the catalogue file, or the one in the binary when path is NULL. */
LI_MUST_USE enum li_status li_cli_open_catalog(const char *path, struct li_catalog **out,
                                               struct li_error *err);

/* Sets the log's level by its name: error, warning, info or nothing. */
LI_MUST_USE enum li_status li_cli_set_log_level(const char *name, struct li_error *err);

/* Draws a sound into an SVG file. LI_INVALID when another file is there. */
LI_MUST_USE enum li_status li_cli_plot(const char *path, const char *svg_path, struct li_error *err);

/* Prints "listening: sentence" on standard error and returns the exit status for err. */
int li_cli_fail(const struct li_error *err);

/* Prints a profile for people. */
void li_cli_print_profile(const json_t *profile, enum li_lang lang);

/* Prints one document and a line end on standard output. */
void li_cli_print_json(const json_t *document);

/* The language of --lang, else of LC_ALL, LC_MESSAGES or LANG. */
LI_MUST_USE enum li_status li_cli_lang(const char *option, enum li_lang *out, struct li_error *err);

/* Prints a cell of a table as RFC 4180 has it: in quotes when need be. */
void li_cli_print_cell(struct li_text text);

/* "daft  punk" in columns: pads UTF-8 text to a width of characters. */
void li_cli_print_padded(const char *text, int width);

/* Prints text, broken between words before the width of the terminal, 100 characters at most. Lines after the
 * first begin with indent spaces; used says how much of the first is taken. Ends with a line end. */
void li_cli_print_wrapped(const char *text, int indent, int used);

/* Whether a number wants the plural: in English all but 1, in French from 2 on. */
bool li_cli_is_plural(unsigned long long count, enum li_lang lang);

/* The end of an English word that counts things: "s", or nothing behind 1. */
const char *li_cli_ending(unsigned long long count);

/* "9.1 MB", "3.2 kB". */
void li_cli_print_size(uint64_t bytes);

#endif
