/* files.c - Landlock by its system calls, which no C library of Debian 12 wraps. The numbers are those of the
 * kernel's include/uapi/linux/landlock.h, whose newer half Debian 12's headers lack. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/sandbox_priv.h"

enum {
    VERSION_FLAG = 1, /* of landlock_create_ruleset: asks for the version only */
    RULE_PATH_BENEATH = 1,
};

/* Rights to files, with the version that they came with. */
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    ALL_FIRST = (1 << 13) - 1,
    REFER = 1 << 13,     /* 2 */
    TRUNCATE = 1 << 14,  /* 3 */
    IOCTL_DEV = 1 << 15, /* 5 */
    READ = READ_FILE | READ_DIR,
    WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE,
    OF_A_FILE = EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV,
    CONNECT_TCP = 1 << 1,                   /* 4 */
    SCOPE_ABSTRACT_UNIX_AND_SIGNAL = 1 | 2, /* 6 */
};

struct ruleset {
    uint64_t files, network, scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

static int version(void) {
    long found = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
    return found > 0 ? (int)found : 0;
}

void li_sandbox_probe(struct li_sandbox_facts *out) {
    *out = (struct li_sandbox_facts){
        .landlock = version(),
        .seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0,
        .built_in = !LI_SANITIZED,
    };
}

/* What this version can forbid. */
static struct ruleset forbidden(int abi, bool network, size_t *size) {
    struct ruleset ruleset = {.files = ALL_FIRST};
    if (abi >= 2)
        ruleset.files |= REFER;
    if (abi >= 3)
        ruleset.files |= TRUNCATE;
    if (abi >= 5)
        ruleset.files |= IOCTL_DEV;
    if (abi >= 4 && !network)
        ruleset.network = CONNECT_TCP;
    if (abi >= 6)
        ruleset.scoped = SCOPE_ABSTRACT_UNIX_AND_SIGNAL;
    *size = abi >= 6 ? sizeof ruleset : abi >= 4 ? 2 * sizeof ruleset.files : sizeof ruleset.files;
    return ruleset;
}

/* Allows something to what lies at or below a path. */
static enum li_status allow(int rules, const char *path, uint64_t rights, struct li_error *err) {
    int place = open(path, O_PATH | O_CLOEXEC);
    struct stat facts;
    if (place < 0)
        return LI_OK; /* not there, or not ours to see: there is nothing to allow */
    enum li_status status = LI_OK;
    if (fstat(place, &facts) == 0 && !S_ISDIR(facts.st_mode))
        rights &= OF_A_FILE;
    struct path_beneath rule = {rights, place};
    if (syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0) != 0)
        status =
            li_fail_errno(err, errno, "the sandbox cannot allow %.100s (--no-sandbox goes without)", path);
    close(place);
    return status;
}

static enum li_status allow_all(int rules, const char *const *paths, uint64_t rights, struct li_error *err) {
    enum li_status status = LI_OK;
    for (; !status && paths && *paths; paths++)
        status = allow(rules, *paths, rights, err);
    return status;
}

enum li_status li_sandbox_files(const struct li_sandbox_rules *rules, struct li_error *err) {
    int abi = LI_SANITIZED ? 0 : version();
    size_t size;
    struct ruleset ruleset = forbidden(abi, rules->network, &size);
    if (!abi)
        return li_fail(err, LI_UNSUPPORTED,
                       LI_SANITIZED ? "built with a sanitizer, which needs its files"
                                    : "this kernel has no Landlock");
    int set = (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
    if (set < 0)
        return li_fail_errno(err, errno, "the sandbox for files cannot be made (--no-sandbox goes without)");
    enum li_status status = allow_all(set, rules->read, READ & ruleset.files, err);
    if (!status)
        status = allow_all(set, rules->write, WRITE & ruleset.files, err);
    if (!status &&
        (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, set, 0) != 0))
        status =
            li_fail_errno(err, errno, "the sandbox for files cannot be entered (--no-sandbox goes without)");
    close(set);
    return status;
}
