/* Which file answers for a path, and in which encoding. */
#include "exchange.h"

static const unsigned char BYTES[16];
static const struct li_asset ASSETS[] = {
    {"/index.html", "text/html", NULL, BYTES, 10, false},
    {"/index.html", "text/html", "gzip", BYTES, 6, false},
    {"/index.html", "text/html", "br", BYTES, 5, false},
    {"/about.html", "text/html", NULL, BYTES, 10, false},
    {"/docs/index.html", "text/html", NULL, BYTES, 10, false},
    {"/app.js", "text/javascript", NULL, BYTES, 10, true},
    {"/packed.js", "text/javascript", "gzip", BYTES, 6, true},
};
enum { COUNT = sizeof ASSETS / sizeof *ASSETS, PLAIN = 0, GZIP = 1, BR = 2, NONE = -1 };

static int found(const char *path, const char *accept_encoding) {
    const struct li_asset *asset =
        li_assets_find(ASSETS, COUNT, li_text_of(path), li_text_of(accept_encoding));
    return asset ? (int)(asset - ASSETS) : NONE;
}

static void test_paths(void **state) {
    (void)state;
    static char long_path[5000];
    static const struct {
        const char *path;
        int asset;
    } cases[] = {
        {"/", PLAIN},
        {"", PLAIN},
        {"/index.html", PLAIN},
        {"/index", PLAIN},
        {"/about", 3},
        {"/about/", 3},
        {"/about.html", 3},
        {"/docs", 4},
        {"/docs/", 4},
        {"/docs/index", 4},
        {"/app.js", 5},
        {"/packed.js", NONE}, /* kept packed only, and nobody said that it can be read */
        {"/App.js", NONE},
        {"index.html", NONE},
        {"*", NONE},
        {"z/", NONE},
        {"//index.html", NONE},
        {"/./index.html", NONE},
        {"/../index.html", NONE},
        {"/docs/../index.html", NONE},
        {"/..", NONE},
        {"/../../etc/passwd", NONE},
        {"/docs/..\\index.html", NONE},
        {"/index.html ", NONE},
        {"/%2e%2e/index.html", NONE},
        {"/index.html%s%n", NONE},
        {"/%.*s", NONE},
        {"/.html", NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(found(cases[i].path, "") == cases[i].asset, "\"%s\" gave %d", cases[i].path,
              found(cases[i].path, ""));
    memset(long_path, 'a', sizeof long_path - 1);
    assert_int_equal(found(long_path, ""), NONE);
    assert_null(li_assets_find(NULL, 0, LI_TEXT("/"), LI_TEXT("gzip")));
    assert_null(li_assets_find(ASSETS, COUNT, (struct li_text){"/app.js\0.html", 13}, LI_TEXT("")));
}

static void test_encodings(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        int asset;
    } cases[] = {
        {"", PLAIN},
        {"identity", PLAIN},
        {"gzip", GZIP},
        {"br", BR},
        {"gzip, br", BR}, /* the smallest that is accepted */
        {"gzip;q=1.0, br;q=0.1", BR},
        {"gzip, deflate, br;q=0", GZIP},
        {"gzip;q=0", PLAIN},
        {"gzip;q=0.0", PLAIN},
        {"gzip;q=0.000", PLAIN},
        {"gzip;Q=0", PLAIN},
        {"gzip; q=0 , br ; q=0.", PLAIN},
        {"gzip;q=0.001", GZIP},
        {"gzip;q=0.5", GZIP},
        {"gzip;q=", GZIP},
        {"gzipped", PLAIN},
        {"x-gzip", PLAIN},
        {",,;;gzip", PLAIN},
        {", gzip ,", GZIP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(found("/", cases[i].accept) == cases[i].asset, "\"%s\" gave %d", cases[i].accept,
              found("/", cases[i].accept));
    assert_int_equal(found("/packed.js", "gzip"), 6);
    /* A view: what stands behind it is not read. */
    const struct li_asset *asset =
        li_assets_find(ASSETS, COUNT, LI_TEXT("/"), (struct li_text){"gzip;q=0.5", 8});
    assert_ptr_equal(asset, &ASSETS[PLAIN]); /* "gzip;q=0" */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths), cmocka_unit_test(test_encodings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
