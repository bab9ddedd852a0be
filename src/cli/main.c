/* main.c - `listening COMMAND ...`: finds the command and leaves the rest to it. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct {
    const char *name;
    li_command *run;
    const char *help;
} COMMANDS[] = {
    {"profile", li_cmd_profile, "the emotional profile of the artists you name"},
    {"search", li_cmd_search, "find artists as you would type them"},
    {"serve", li_cmd_serve, "the web service: API and pages"},
    {"catalog", li_cmd_catalog, "look at the built-in catalogue, or build one"},
    {"doctor", li_cmd_doctor, "try everything once and say what works"},
};

static void print_help(void) {
    puts("listening - what the music you love says about how it makes you feel\n\n"
         "  listening profile \"Daft Punk\" Adele Stromae      a profile, in a few milliseconds\n"
         "  listening serve                                  the same on http://127.0.0.1:8080\n\n"
         "Commands (each has --help):");
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        printf("  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].help);
    puts("\nNo account, no key, no network: artists come from the catalogue in this program, and what a\n"
         "number rests on stands beside it. Exit status: 0 done, 1 failed, 2 wrong use.");
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "--help";
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(name, COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 2, argv + 2);
    if (strcmp(name, "--version") == 0) {
        puts("listening " LI_VERSION);
        return LI_EXIT_DONE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return argc > 1 ? LI_EXIT_DONE : LI_EXIT_USAGE;
    }
    fprintf(stderr, "listening: there is no command \"%.60s\"; `listening --help` lists them\n", name);
    return LI_EXIT_USAGE;
}
