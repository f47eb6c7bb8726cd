// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "apps/digits/demo.h"

// A camera watches handwritten digits, ages, and the chip learns to see with what is left of it:
// accuracy with the new camera, with the aged one, and after learning on line.

#define TRAINING_FIRST 0U
#define TRAINING_COUNT 1000U
#define TEST_FIRST TRAINING_COUNT  // to the end of the source
#define REQUIRED_ACCURACY 900000U  // millionths

enum {
    MILLION = 1000000,
    LINE = 100,
    EXPONENT = -6,
    CODE_INACCURATE = 60,  // below REQUIRED_ACCURACY with the new camera
    CODE_NOTHING_LEARNED = 61,
    CODE_FRAMES_LOST = 62,
    CODE_NO_TEST_FRAMES = 63
};

static uint32_t accuracy(const result_t* result) {
    if (result->frames == 0) {
        return 0;
    }
    const uint64_t scaled = (uint64_t)result->correct * MILLION + result->frames / 2;
    return (uint32_t)(scaled / result->frames);
}

/// FNV-1a of 32 bits over the predicted classes.
static uint32_t checksum(const result_t* result) {
    uint32_t hash = 2166136261U;
    for (uint32_t i = 0; i < result->frames; ++i) {
        hash = (hash ^ result->predictions[i]) * 16777619U;
    }
    return hash;
}

static void print_predictions(const result_t* result) {
    printf("predictions:\n");
    for (uint32_t i = 0; i < result->frames; ++i) {
        putchar(result->predictions[i] < 10 ? '0' + result->predictions[i] : '?');
        if (i % LINE == LINE - 1 || i + 1 == result->frames) {
            putchar('\n');
        }
    }
}

/// Wrong frames, and what is most often taken for what.
static void print_confusion(const char* name, const result_t* result, uint32_t classes) {
    uint32_t worst = 1;  // label 0 taken for 1, unless there is worse
    for (uint32_t i = 0; i < classes * classes; ++i) {
        const bool wrong = i / classes != i % classes;
        if (wrong && (classes == 1 || result->confusion[i] > result->confusion[worst])) {
            worst = i;
        }
    }
    printf("%s: %" PRIu32 " of %" PRIu32 " wrong", name, result->frames - result->correct,
           result->frames);
    if (classes > 1 && result->confusion[worst] != 0) {
        printf(", most often %" PRIu32 " taken for %" PRIu32 " (%" PRIu32 " times)",
               worst / classes, worst % classes, result->confusion[worst]);
    }
    printf("\n");
}

static void print_window(const char* name, const result_t* result, uint32_t timebase_hz) {
    const uint32_t share = accuracy(result);
    const uint32_t frames = result->frames == 0 ? 1 : result->frames;
    const uint32_t microseconds = (uint32_t)(result->ticks * MILLION / timebase_hz / frames);
    const uint32_t nanojoules = (uint32_t)(result->energy / frames / 1000000000U);
    printf("%-8s %5" PRIu32 " frames, right: %3" PRIu32 ".%02" PRIu32 " %%, per frame: %" PRIu32
           " us, %" PRIu32 ".%03" PRIu32 " uJ of the whole chip\n",
           name, result->frames, share / 10000, share / 100 % 100, microseconds, nanojoules / 1000,
           nanojoules % 1000);
}

static void report(const demo_t* demo, const char* name, int64_t value, int exponent) {
    const cimera_status_t status = mailbox_report(&demo->mailbox, name, value, exponent);
    if (status != CIMERA_OK) {
        printf("digits: result %s: %s\n", name, cimera_status_text(status));
    }
}

static int fail(const char* where, cimera_status_t status) {
    printf("digits: %s: %s\n", where, cimera_status_text(status));
    return status;
}

/// The windows in their order; 0 or the code of what went wrong.
static int watch_new_and_aged(demo_t* demo, uint32_t count, result_t* before, result_t* shifted) {
    const uint32_t hz = demo->info.timebase_hz;
    cimera_status_t status = demo_test(demo, TEST_FIRST, count, before);
    if (status != CIMERA_OK) {
        return fail("new camera", status);
    }
    print_window("new", before, hz);
    print_confusion("new", before, demo->classes);
    print_predictions(before);
    report(demo, "accuracy_before", accuracy(before), EXPONENT);
    report(demo, "prediction_checksum", checksum(before), 0);
    status = demo_test(demo, TEST_FIRST, count, shifted);
    if (status != CIMERA_OK) {
        return fail("aged camera", status);
    }
    print_window("aged", shifted, hz);
    report(demo, "accuracy_shifted", accuracy(shifted), EXPONENT);
    return 0;
}

static int learn_and_watch(demo_t* demo, const delta_rule_t* rule, uint32_t count,
                           result_t* after) {
    const uint32_t hz = demo->info.timebase_hz;
    delta_t delta;
    result_t learned;
    cimera_status_t status = delta_init(&delta, rule, &demo->engine);
    if (status == CIMERA_OK) {
        status = demo_learn(demo, &delta, TRAINING_FIRST, TRAINING_COUNT, &learned);
    }
    if (status != CIMERA_OK) {
        return fail("learning", status);
    }
    print_window("learning", &learned, hz);
    report(demo, "samples_learned", learned.frames, 0);
    report(demo, "learning_passes", (learned.frames + TRAINING_COUNT - 1) / TRAINING_COUNT, 0);
    report(demo, "weights_written", (int64_t)delta.weights_written, 0);
    status = demo_test(demo, TEST_FIRST, count, after);
    if (status != CIMERA_OK) {
        return fail("after learning", status);
    }
    print_window("learned", after, hz);
    print_confusion("learned", after, demo->classes);
    report(demo, "accuracy_after", accuracy(after), EXPONENT);
    return 0;
}

static int verdict(const demo_t* demo, const result_t* before, const result_t* shifted,
                   const result_t* after) {
    const uint32_t lost = sensor_lost(&demo->sensor);
    report(demo, "frames_lost", lost, 0);
    if (lost != 0) {
        printf("digits: %" PRIu32 " frames were lost\n", lost);
        return CODE_FRAMES_LOST;
    }
    if (accuracy(before) < REQUIRED_ACCURACY) {
        printf("digits: the accuracy is too low\n");
        return CODE_INACCURATE;
    }
    if (after != NULL && accuracy(after) <= accuracy(shifted)) {
        printf("digits: nothing was learned\n");
        return CODE_NOTHING_LEARNED;
    }
    printf("digits: passed\n");
    return 0;
}

int main(void) {
    static demo_t demo;
    cimera_status_t status = demo_open(&demo);
    delta_rule_t rule;
    const bool learns = status == CIMERA_OK && demo.image.learning_offset != 0;
    if (learns) {
        status = delta_open(&rule, &demo.image);
    }
    if (status != CIMERA_OK) {
        return fail("start", status);
    }
    if (demo.source.frames <= TEST_FIRST) {
        printf("digits: the source has no frames to test with\n");
        return CODE_NO_TEST_FRAMES;
    }
    const uint32_t count = demo.source.frames - TEST_FIRST;
    printf("digits: %" PRIu32 " layers on %" PRIu32 " tiles, %" PRIu32 " frames of %" PRIu32
           " x %" PRIu32 "\n",
           demo.image.layers, demo.info.tiles.count, demo.source.frames, demo.source.rows,
           demo.source.cols);
    result_t before;
    result_t shifted;
    result_t after;
    int code = watch_new_and_aged(&demo, count, &before, &shifted);
    if (code == 0 && learns) {
        code = learn_and_watch(&demo, &rule, count, &after);
    }
    return code != 0 ? code : verdict(&demo, &before, &shifted, learns ? &after : NULL);
}
