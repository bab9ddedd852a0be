/* xlsx.c - the sheets of a spreadsheet file, each handed on as a table of text. An xlsx file is a zip of XML:
 * the texts of all cells stand in one file (ECMA-376, part 1, 18.4), and often behind the sheets, so that the
 * file is kept in memory and gone through twice. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <expat.h>
#include <stdlib.h>

#include "base/arena.h"
#include "history/history_priv.h"

enum {
    PACKED_MAX = 12 * 1024 * 1024,
    TEXTS_BYTES_MAX = 16 * 1024 * 1024,
    TEXTS_MAX = 400000,
    UNPACKED_MAX = 1024 * 1024 * 1024, /* of all that is gone through */
    XLSX_COLUMNS_MAX = 64,
    CELL_MAX = 4096,
    DEPTH_MAX = 64, /* of elements within each other: each costs memory, and a real sheet has six */
};

struct book {
    struct li_history *history;
    XML_Parser parser;
    struct li_arena arena;
    struct li_text *texts;
    size_t text_count, text_capacity;
    bool failed;
    int depth;         /* of the element that is open */
    uint64_t unpacked; /* bytes of XML so far */
    size_t quiet;      /* bytes since the last text or bracket */
    /* The cell or text that is open. */
    bool taking;
    char cell[CELL_MAX];
    size_t cell_size;
    /* The sheet that is open. */
    struct li_text_reader *sheet;
    int column, next_column;
    bool shared;
};

bool li_xlsx_is(struct li_text head) {
    static const char *const FIRST[] = {"[Content_Types].xml", "_rels/", "docProps/", "xl/"};
    if (!li_archive_is(head) || head.size < 64)
        return false;
    for (size_t i = 0; i < sizeof FIRST / sizeof *FIRST; i++)
        if (memcmp(head.data + 30, FIRST[i], strlen(FIRST[i])) == 0) /* the first entry's name */
            return true;
    return false;
}

static void XMLCALL on_text(void *context, const XML_Char *bytes, int size) {
    struct book *book = context;
    size_t room = sizeof book->cell - book->cell_size, taken = (size_t)size < room ? (size_t)size : room;
    book->quiet = 0;
    if (!book->taking)
        return;
    memcpy(book->cell + book->cell_size, bytes, taken);
    book->cell_size += taken;
}

static void go_in(struct book *book) {
    book->quiet = 0;
    if (++book->depth > DEPTH_MAX) {
        book->failed = true;
        XML_StopParser(book->parser, XML_FALSE);
    }
}

static void go_out(struct book *book) {
    book->quiet = 0;
    book->taking = false;
    book->depth--;
}

/* ---- the shared texts: <si><t>..</t></si>, or <si><r><t>..</t></r>...</si> ---- */

static void XMLCALL texts_start(void *context, const XML_Char *name, const XML_Char **attributes) {
    struct book *book = context;
    (void)attributes;
    go_in(book);
    if (strcmp(name, "si") == 0)
        book->cell_size = 0;
    book->taking = strcmp(name, "t") == 0;
}

static void XMLCALL texts_end(void *context, const XML_Char *name) {
    struct book *book = context;
    go_out(book);
    if (strcmp(name, "si") != 0)
        return;
    if (book->text_count == book->text_capacity) {
        size_t more = book->text_capacity ? book->text_capacity * 2 : 1024;
        struct li_text *larger = more <= 2 * TEXTS_MAX ? realloc(book->texts, more * sizeof *larger) : NULL;
        book->history->starved = book->history->starved || (!larger && more <= 2 * TEXTS_MAX);
        if (larger) {
            book->texts = larger;
            book->text_capacity = more;
        }
    }
    if (book->text_count == book->text_capacity || book->arena.used + book->cell_size > TEXTS_BYTES_MAX) {
        book->failed = true;
        XML_StopParser(book->parser, XML_FALSE);
        return;
    }
    book->texts[book->text_count++] =
        li_arena_copy(&book->arena, (struct li_text){book->cell, book->cell_size});
}

/* ---- a sheet: <row><c r="B7" t="s"><v>12</v></c>...</row> ---- */

static void put(struct book *book, const char *bytes, size_t size) {
    if (!li_text_reader_push(book->sheet, bytes, size))
        XML_StopParser(book->parser, XML_FALSE);
}

static void put_cell(struct book *book, struct li_text cell) {
    put(book, "\"", 1);
    while (cell.size) {
        const char *quote = memchr(cell.data, '"', cell.size);
        size_t plain = quote ? (size_t)(quote - cell.data) : cell.size;
        put(book, cell.data, plain);
        if (quote)
            put(book, "\"\"", 2);
        plain += quote != NULL;
        cell.data += plain;
        cell.size -= plain;
    }
    put(book, "\"", 1);
}

static void XMLCALL sheet_start(void *context, const XML_Char *name, const XML_Char **attributes) {
    struct book *book = context;
    go_in(book);
    if (strcmp(name, "row") == 0)
        book->next_column = 0;
    if (strcmp(name, "c") == 0) {
        book->column = book->next_column;
        book->shared = false;
        book->cell_size = 0;
        for (; *attributes; attributes += 2) {
            if (strcmp(attributes[0], "t") == 0)
                book->shared = strcmp(attributes[1], "s") == 0;
            if (strcmp(attributes[0], "r") == 0) {
                int column = 0;
                for (const char *c = attributes[1]; *c >= 'A' && *c <= 'Z' && column < 1000; c++)
                    column = column * 26 + (*c - 'A' + 1);
                book->column = column - 1;
            }
        }
    }
    book->taking = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
}

static void XMLCALL sheet_end(void *context, const XML_Char *name) {
    struct book *book = context;
    go_out(book);
    if (strcmp(name, "row") == 0)
        put(book, "\n", 1);
    if (strcmp(name, "c") != 0 || book->column < book->next_column || book->column >= XLSX_COLUMNS_MAX)
        return;
    struct li_text cell = {book->cell, book->cell_size};
    long index;
    if (book->shared)
        cell = li_text_to_long(cell, 0, (long)book->text_count - 1, &index) ? book->texts[index]
                                                                            : (struct li_text){0};
    for (; book->next_column < book->column; book->next_column++)
        put(book, book->next_column ? ",\"\"" : "\"\"", book->next_column ? 3 : 2);
    if (book->next_column++)
        put(book, ",", 1);
    put_cell(book, cell);
}

/* ---- the file ---- */

/* Parses the entry that is open. False when it is no XML. */
static bool parse_entry(struct book *book, struct archive *archive) {
    char block[16 * 1024];
    book->depth = 0;
    book->quiet = 0;
    for (;;) {
        la_ssize_t got = archive_read_data(archive, block, sizeof block);
        book->unpacked += got > 0 ? (uint64_t)got : 0;
        book->quiet += got > 0 ? (size_t)got : 0;
        if (got < 0 && archive_errno(archive) == ENOMEM)
            book->history->starved = true;
        if (got < 0 || book->unpacked > UNPACKED_MAX || book->quiet > QUIET_BYTES_MAX)
            return false;
        if (XML_Parse(book->parser, block, (int)got, got == 0) != XML_STATUS_OK) {
            book->history->starved =
                book->history->starved || XML_GetErrorCode(book->parser) == XML_ERROR_NO_MEMORY;
            return XML_GetErrorCode(book->parser) == XML_ERROR_ABORTED && !book->failed;
        }
        if (got == 0)
            return true;
    }
}

static bool parse_texts(struct book *book, struct archive *archive) {
    XML_SetElementHandler(book->parser, texts_start, texts_end);
    return parse_entry(book, archive);
}

static bool parse_sheet(struct book *book, struct archive *archive, size_t *found) {
    book->sheet = li_text_reader_new(book->history);
    if (!book->sheet) {
        book->history->starved = true;
        return false;
    }
    XML_SetElementHandler(book->parser, sheet_start, sheet_end);
    bool whole = parse_entry(book, archive);
    *found += li_text_reader_finish(book->sheet);
    book->sheet = NULL;
    return whole;
}

/* Goes through the file once: for the texts, or for the sheets. */
static bool pass(struct book *book, struct li_text bytes, bool sheets, size_t *found) {
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    errno = 0; /* libarchive tells a zlib that finds no memory as a damaged archive */
    bool good = archive && archive_read_support_format_zip(archive) == ARCHIVE_OK &&
                archive_read_open_memory(archive, bytes.data, bytes.size) == ARCHIVE_OK;
    while (good && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        bool is_sheet = name && strncmp(name, "xl/worksheets/sheet", 19) == 0;
        bool is_texts = name && strcmp(name, "xl/sharedStrings.xml") == 0;
        if (!(sheets ? is_sheet : is_texts))
            continue;
        book->parser = XML_ParserCreate("UTF-8");
        if (!book->parser) {
            book->history->starved = true;
            break;
        }
        XML_SetUserData(book->parser, book);
        XML_SetCharacterDataHandler(book->parser, on_text);
        book->cell_size = 0;
        book->taking = false;
        good = sheets ? parse_sheet(book, archive, found) : parse_texts(book, archive);
        XML_ParserFree(book->parser);
    }
    if (!archive || archive_errno(archive) == ENOMEM || (!good && errno == ENOMEM))
        book->history->starved = true;
    archive_read_free(archive);
    return good;
}

static enum li_status slurp(struct li_source_bytes *source, char **out, size_t *size, struct li_error *err) {
    char *bytes = malloc(PACKED_MAX);
    size_t used = 0;
    ptrdiff_t got = 1;
    while (bytes && got > 0 && used < PACKED_MAX) {
        got = li_source_take(source, bytes + used, PACKED_MAX - used);
        used += got > 0 ? (size_t)got : 0;
    }
    if (!bytes || got != 0) {
        free(bytes);
        if (!bytes)
            return li_fail(err, LI_NO_MEMORY, "no memory to open this spreadsheet");
        return got < 0 ? li_fail(err, LI_IO, "this spreadsheet could not be read to its end")
                       : li_fail(err, LI_TOO_LARGE,
                                 "this spreadsheet is larger than %d MB; save its sheet as CSV",
                                 PACKED_MAX >> 20);
    }
    *out = bytes;
    *size = used;
    return LI_OK;
}

enum li_status li_xlsx_read(struct li_history *history, struct li_source_bytes *source, size_t *found,
                            struct li_error *err) {
    struct li_text bytes = {0};
    char *memory = NULL;
    enum li_status status = slurp(source, &memory, &bytes.size, err);
    if (status)
        return status;
    bytes.data = memory;
    struct book *book = calloc(1, sizeof *book);
    if (!book)
        status = li_fail(err, LI_NO_MEMORY, "no memory to open this spreadsheet");
    if (book)
        book->history = history;
    if (book && (!pass(book, bytes, false, found) || !pass(book, bytes, true, found)))
        status = li_fail(err, LI_CORRUPT, "this spreadsheet is damaged or too large; download it again");
    if (book) {
        li_arena_release(&book->arena);
        free(book->texts);
    }
    free(book);
    free(memory);
    return status;
}
