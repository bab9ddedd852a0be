/* fixture.h - the stages that a test works on: new for each test, gone after it. */
#ifndef LI_TESTS_PIPELINE_FIXTURE_H
#define LI_TESTS_PIPELINE_FIXTURE_H

#include "stages.h"

static struct stages STAGES;

static inline int set_up_stages(void **state) {
    (void)state;
    stages_init(&STAGES);
    return 0;
}

static inline int tear_down_stages(void **state) {
    (void)state;
    stages_clean_up(&STAGES);
    return 0;
}

#endif
