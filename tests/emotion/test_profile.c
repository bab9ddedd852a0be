/* The profile of a taste: known answers, bounds, ties, and how sure it may be. */
#include "check.h"

#include <listening.h>

enum { PIECES_MAX = 40 };

struct taste {
    double p[PIECES_MAX][LI_EMOTION_COUNT];
    struct li_evidence evidence[PIECES_MAX];
    size_t count;
};

/* A piece that gives share to one emotion and the rest to all others alike. */
static void add(struct taste *taste, size_t emotion, double share, double weight, bool estimated) {
    double *p = taste->p[taste->count];
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        p[e] = e == emotion ? share : (1 - share) / (LI_EMOTION_COUNT - 1);
    taste->evidence[taste->count++] = (struct li_evidence){.p = p, .weight = weight, .estimated = estimated};
}

static struct li_profile compute(const struct taste *taste) {
    struct li_profile profile;
    double sum = 0;
    bool seen[LI_EMOTION_COUNT] = {false};
    li_profile_compute(taste->evidence, taste->count, &profile);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        int at = profile.order[e];
        sum += profile.score[e];
        assert_true(at >= 0 && at < LI_EMOTION_COUNT && !seen[at]);
        seen[at] = true;
        if (e > 0) {
            int before = profile.order[e - 1];
            assert_true(profile.score[before] > profile.score[at] ||
                        (profile.score[before] == profile.score[at] && before < at));
        }
    }
    check_near(sum, 1, 1e-9);
    assert_true(profile.confidence >= 0 && profile.confidence <= 1);
    assert_true(profile.variety >= 0 && profile.variety <= 1);
    assert_true(profile.spread >= 0);
    return profile;
}

/* Two emotions, .8, .7 and .4 against the rest, with weights 1, 1, 2. By hand: the sum of the squares of the
 * weights over the square of their sum is 6/16, so that the error is .12 * sqrt(.375) = .0734847, and luck
 * divides by sqrt(1 + .0054 / .0025) = 1.777639. The lead over the second is .15: Phi(1.148283) = .874575;
 * over the others, which have nothing, .575: Phi(4.40175)^1.584963 = .9999915. */
static void test_known_answer(void **state) {
    (void)state;
    struct taste taste = {.count = 3};
    static const double first[] = {0.8, 0.7, 0.4}, weight[] = {1, 1, 2};
    static const double axes[][2] = {{1, 0}, {0, 1}, {0.5, 0}};
    for (size_t i = 0; i < 3; i++) {
        taste.p[i][4] = first[i];
        taste.p[i][9] = 1 - first[i];
        taste.evidence[i] = (struct li_evidence){
            .p = taste.p[i], .pleasantness = axes[i][0], .activation = axes[i][1], .weight = weight[i]};
    }
    struct li_profile got = compute(&taste);
    check_near(got.score[4], 0.575, 1e-12);
    check_near(got.score[9], 0.425, 1e-12);
    assert_int_equal(got.order[0], 4);
    assert_int_equal(got.order[1], 9);
    assert_int_equal(got.order[2], 0);
    check_near(got.confidence, 0.874568, 1e-6);
    check_near(got.variety, -(0.575 * log(0.575) + 0.425 * log(0.425)) / log(16), 1e-12);
    check_near(got.pleasantness, 0.5, 1e-12);
    check_near(got.activation, 0.25, 1e-12);
    check_near(got.spread, sqrt((0.25 + 0.25 + 0 + 0.0625 + 0.5625 + 2 * 0.0625) / 4), 1e-12);
}

static void test_weights_scale(void **state) {
    (void)state;
    struct taste a = {0}, b = {0};
    for (size_t i = 0; i < 6; i++) {
        add(&a, i % 3, 0.5, 1 + (double)i, i == 2);
        add(&b, i % 3, 0.5, 1000 * (1 + (double)i), i == 2);
    }
    struct li_profile pa = compute(&a), pb = compute(&b);
    check_near(pa.confidence, pb.confidence, 1e-9);
    check_near(pa.score[2], pb.score[2], 1e-12);
    check_near(pa.spread, pb.spread, 1e-12);
}

static double alone(double share, bool estimated) {
    struct taste taste = {0};
    add(&taste, 3, share, 7, estimated);
    return compute(&taste).confidence;
}

/* One track says little of a taste, one estimate more, since it is of an artist as a whole. */
static void test_one_piece(void **state) {
    (void)state;
    struct taste lopsided = {0};
    check_near(alone(0.2, false), 0.370210, 1e-6);
    check_near(alone(0.2, true), 0.798892, 1e-6);
    check_near(alone(1.0 / 16, false), 1.0 / 6, 1e-6); /* level with all others */
    assert_true(alone(0.9, false) > 0.99);
    assert_true(alone(1.0 / 16, true) < 0.3);
    add(&lopsided, 3, 0.2, 100, false);
    add(&lopsided, 3, 0.2, 1, false);
    check_near(compute(&lopsided).confidence, alone(0.2, false), 0.01);
}

static double of_many(size_t count, double share, size_t estimated) {
    struct taste taste = {0};
    for (size_t i = 0; i < count; i++)
        add(&taste, 5, share, 1, i < estimated);
    return compute(&taste).confidence;
}

static void test_more_is_surer(void **state) {
    (void)state;
    for (size_t count = 1; count < PIECES_MAX; count++)
        assert_true(of_many(count + 1, 0.15, 0) > of_many(count, 0.15, 0));
    assert_true(of_many(2, 0.15, 0) < 0.5); /* two tracks that agree are no taste */
    assert_true(of_many(PIECES_MAX, 0.4, 0) > 0.999);
    assert_true(of_many(5, 0.12, 0) < of_many(5, 0.12, 3) && of_many(5, 0.12, 3) < of_many(5, 0.12, 5));
    assert_true(of_many(5, 0.15, 0) < of_many(5, 0.2, 0)); /* and so is a larger lead */
}

/* Twenty tracks of one emotion, twenty of another: even between the two, and neither of them is a third one.
 */
static void test_between_two(void **state) {
    (void)state;
    struct taste split = {0};
    for (size_t i = 0; i < 40; i++)
        add(&split, i % 2, 1, 1, false);
    struct li_profile even = compute(&split);
    check_near(even.confidence, 0.5, 1e-5);
    assert_int_equal(even.order[0], 0); /* a tie: by index */
    assert_int_equal(even.order[1], 1);
}

static void test_all_alike(void **state) {
    (void)state;
    struct taste flat = {0}, pure = {0};
    add(&flat, 0, 1.0 / 16, 1, false);
    add(&flat, 0, 1.0 / 16, 1, false);
    add(&pure, 15, 1, 1, false);
    add(&pure, 15, 1, 1, false);
    struct li_profile a = compute(&flat), b = compute(&pure);
    check_near(a.variety, 1, 1e-12);
    check_near(a.confidence, 1.0 / 6, 1e-6);
    for (int e = 0; e < LI_EMOTION_COUNT; e++)
        assert_int_equal(a.order[e], e);
    assert_true(b.variety == 0);
    assert_int_equal(b.order[0], 15);
    assert_int_equal(b.order[1], 0);
}

static void test_spread_of_estimates(void **state) {
    (void)state;
    struct taste taste = {0};
    add(&taste, 0, 0.2, 1, true);
    add(&taste, 0, 0.2, 1, true);
    for (size_t i = 0; i < 2; i++) {
        taste.evidence[i].pleasantness = 0.5;
        taste.evidence[i].spread_pleasantness = 0.3;
        taste.evidence[i].spread_activation = 0.4;
    }
    check_near(compute(&taste).spread, 0.5, 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answer),        cmocka_unit_test(test_weights_scale),
        cmocka_unit_test(test_one_piece),           cmocka_unit_test(test_more_is_surer),
        cmocka_unit_test(test_between_two),         cmocka_unit_test(test_all_alike),
        cmocka_unit_test(test_spread_of_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
