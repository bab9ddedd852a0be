/* check.h - what every test program includes: cmocka with its headers, and tables of cases that name the
 * case that failed. */
#ifndef LI_TESTS_CHECK_H
#define LI_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Fails with a sentence that says which case of a table it was. */
#define check(condition, ...)                                                                                \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            print_error("%s:%d: %s: ", __FILE__, __LINE__, #condition);                                      \
            print_error(__VA_ARGS__);                                                                        \
            print_error("\n");                                                                               \
            fail();                                                                                          \
        }                                                                                                    \
    } while (0)

#define check_near(actual, expected, tolerance)                                                              \
    check(fabs((actual) - (expected)) <= (tolerance), "%s is %.9g, wanted %.9g within %g", #actual,          \
          (double)(actual), (double)(expected), (double)(tolerance))

#endif
