/* main.c - `listening COMMAND ...`: finds the command and leaves the rest to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "cli/cli.h"
#include "sandbox/decoders.h"

static const struct {
    const char *name;
    li_command *run;
    const char *help;
} COMMANDS[] = {
    {"profile", li_cmd_profile, "the emotional profile of the artists you name"},
    {"analyze", li_cmd_analyze, "tempo, key, loudness and more of your sound files"},
    {"import", li_cmd_import, "a profile of what you really listened to, from any service's export"},
    {"features", li_cmd_features, "fill the audio-feature columns of a track list"},
    {"search", li_cmd_search, "find artists as you would type them"},
    {"serve", li_cmd_serve, "the web service: API and pages"},
    {"lambda", li_cmd_lambda, "the same as functions on AWS Lambda"},
    {"catalog", li_cmd_catalog, "look at the built-in catalogue, or build one"},
    {"doctor", li_cmd_doctor, "try everything once and say what works"},
    {"health", li_cmd_health, "ask a running server whether it is well"},
};

static void print_help(void) {
    puts("listening - what the music you love says about how it makes you feel\n\n"
         "  listening profile \"Daft Punk\" Adele Stromae      a profile, in a few milliseconds\n"
         "  listening serve                                  the same on http://127.0.0.1:8080\n\n"
         "Commands (each has --help):");
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        printf("  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].help);
    puts("\nNo account and no key. Artists come from the catalogue in this program, which asks nobody, or "
         "from\n"
         "--source deezer; what a number rests on stands beside it. Exit status: 0 done, 1 failed, 2 wrong "
         "use.");
}

#ifdef __clang__ /* whose version names itself */
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* Lambda starts a custom runtime's file "bootstrap", or an image's program, without words. */
static bool started_by_lambda(int argc, char **argv) {
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    const char *program = slash ? slash + 1 : argc > 0 ? argv[0] : "";
    return strcmp(program, "bootstrap") == 0 || (argc < 2 && getenv("AWS_LAMBDA_RUNTIME_API"));
}

static li_command *find_command(const char *name) {
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(name, COMMANDS[i].name) == 0)
            return COMMANDS[i].run;
    return NULL;
}

static int run(int argc, char **argv) {
    static char help[] = "--help", *only_help[] = {help, NULL};
    const char *name = argc > 1 ? argv[1] : help;
    if (started_by_lambda(argc, argv))
        return li_cmd_lambda(argc - 1, argv + 1);
    li_command *command = find_command(name);
    if (command)
        return command(argc - 2, argv + 2);
    if (strcmp(name, "help") == 0 && argc > 2) {
        name = argv[2];
        if ((command = find_command(name)))
            return command(1, only_help);
    }
    if (strcmp(name, "--version") == 0) {
        puts("listening " LI_VERSION " (build " LI_BUILD ", compiled by " COMPILER ")");
        return LI_EXIT_DONE;
    }
    if (strcmp(name, LI_DECODERS_COMMAND) == 0)
        return li_decoders_main();
    if (strcmp(name, help) == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return argc > 1 ? LI_EXIT_DONE : LI_EXIT_USAGE;
    }
    fprintf(stderr, "listening: there is no %s \"%.60s\"; `listening --help` lists them\n",
            *name == '-' ? "option" : "command", name);
    return LI_EXIT_USAGE;
}

/* What could not be written was not done: there may be a full disk behind the output. */
int main(int argc, char **argv) {
    li_cli_hold_standard();
    int status = run(argc, argv);
    if ((fflush(stdout) == 0 && !ferror(stdout)) || status != LI_EXIT_DONE)
        return status;
    fputs("listening: the answer could not be written\n", stderr);
    return LI_EXIT_FAILED;
}
