/* pack_main.c - catalog-pack TABLES OUT: packs the folder of tables into a catalogue file. The build runs it.
 */
#include <stdio.h>

#include "catalog/catalog.h"

int main(int argc, char **argv) {
    struct li_error err = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: catalog-pack TABLES OUT\n");
        return 2;
    }
    if (li_catalog_build(argv[1], argv[2], &err)) {
        fprintf(stderr, "catalog-pack: %s\n", err.message);
        return 1;
    }
    return 0;
}
