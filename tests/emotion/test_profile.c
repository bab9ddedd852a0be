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

/* Two emotions, leads of +.6, +.4, -.2 with weights 1, 1, 2. By hand: lead .15; the weighted variance is
 * (.45^2 + .25^2 + 2 * .35^2) / 4 = .1275; effective pieces 16/6; se^2 = .1275 / (16/6 - 1) = .0765;
 * Phi(.15 / sqrt(.0765)) = Phi(.54233) = .706203. Over the third, which has nothing, the lead is .575 with
 * se^2 = .031875 / (16/6 - 1) = .019125: Phi(4.1578)^.584963 = .9999906. */
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
    check_near(got.confidence, 0.706196, 1e-6);
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

static void test_one_piece(void **state) {
    (void)state;
    struct taste measured = {0}, estimated = {0}, lopsided = {0};
    add(&measured, 3, 0.9, 7, false);
    add(&estimated, 3, 0.9, 7, true);
    add(&lopsided, 3, 0.9, 100, false);
    add(&lopsided, 3, 0.9, 1, false);
    check_near(compute(&measured).confidence, 1.0 / 3, 1e-12);
    check_near(compute(&lopsided).confidence, 1.0 / 3, 1e-12);
    add(&lopsided, 3, 0.9, 1, true);
    check_near(compute(&lopsided).confidence, 1.0 / 3, 1e-12);
    assert_true(compute(&estimated).confidence > 0.999); /* of an artist as a whole */
    struct taste faint = {0};
    add(&faint, 3, 1.0 / 16 + 0.001, 1, true);
    assert_true(compute(&faint).confidence < 1.0 / 3);
}

static void test_agreement_is_sure(void **state) {
    (void)state;
    struct taste same = {0}, split = {0};
    for (size_t i = 0; i < 20; i++) {
        add(&same, 5, 0.4 + 0.001 * (double)i, 1, false);
        add(&split, i % 2, 1, 1, false);
    }
    assert_true(compute(&same).confidence > 0.999);
    struct li_profile even = compute(&split);
    check_near(even.confidence, 0.5, 1e-5);
    assert_int_equal(even.order[0], 0); /* a tie: by index */
    assert_int_equal(even.order[1], 1);
}

/* The same leads, estimated instead of measured, are less sure; more artists make them surer. */
static void test_estimates_are_less_sure(void **state) {
    (void)state;
    struct taste measured = {0}, estimated = {0}, half = {0}, more = {0};
    for (size_t i = 0; i < 5; i++) {
        double share = 0.10 + 0.004 * (double)i;
        add(&measured, 8, share, 1, false);
        add(&estimated, 8, share, 1, true);
        add(&half, 8, share, 1, i % 2 == 0);
    }
    for (size_t i = 0; i < 40; i++)
        add(&more, 8, 0.10 + 0.004 * (double)(i % 5), 1, true);
    double m = compute(&measured).confidence, e = compute(&estimated).confidence;
    assert_true(e < compute(&half).confidence && compute(&half).confidence < m);
    assert_true(compute(&more).confidence > e);
    check_near(m, 1, 1e-6);
    /* By hand: lead .108 - (.892 / 15) = .0485333, unsure 1 / sqrt(5); sampling variance of leads
     * (.004 * 16 / 15)^2 * 2 / 4; Phi((.0485333 - .009 * .4472136) / sqrt(.0000091022 + .0005)) = .975730
     * over the second and over the third alike: .975730^1.584963. */
    check_near(e, 0.961806, 1e-6);
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
    check_near(a.confidence, 1.0 / 3, 1e-6);
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
        cmocka_unit_test(test_known_answer),
        cmocka_unit_test(test_weights_scale),
        cmocka_unit_test(test_one_piece),
        cmocka_unit_test(test_agreement_is_sure),
        cmocka_unit_test(test_estimates_are_less_sure),
        cmocka_unit_test(test_all_alike),
        cmocka_unit_test(test_spread_of_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
