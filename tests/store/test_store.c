/* The stores that need nothing but this machine, held to what every store promises. */
#include "conformance.h"

static enum li_status open_memory(const struct folder *folder, const struct li_store_options *options,
                                  struct li_store **out, struct li_error *err) {
    (void)folder;
    return li_store_open_memory(options, out, err);
}

static enum li_status open_dir(const struct folder *folder, const struct li_store_options *options,
                               struct li_store **out, struct li_error *err) {
    return li_store_open_dir(folder->path, options, out, err);
}

static const struct kind KINDS[] = {{"memory", open_memory}, {"dir", open_dir}};

int main(void) {
    int failed = 0;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        failed += run_conformance(&KINDS[i]);
    return failed;
}
