// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_STATUS_H
#define CIMERA_DRIVERS_STATUS_H

// Every status is an exit code too: 1 to 59 here, 60 to 95 belong to the application, 96 and 97 to
// the runtime.
#define CIMERA_STATUS_LIST(X)                                                                \
    X(CIMERA_OK, 0, "ok")                                                                    \
    X(CIMERA_INVALID_ARGUMENT, 1, "invalid argument")                                        \
    X(CIMERA_NO_DEVICE, 2, "there is no such device")                                        \
    X(CIMERA_WRONG_DEVICE, 3, "the identification register is not that of the device")       \
    X(CIMERA_QUEUE_FULL, 4, "the tile's queue is full")                                      \
    X(CIMERA_END, 5, "the window of frames has ended")                                       \
    X(CIMERA_NO_MEMORY, 6, "out of memory")                                                  \
    X(CIMERA_NO_CAPACITY, 7, "the model does not fit into the macros of the tiles")          \
    X(CIMERA_UNSUPPORTED, 8, "the tiles cannot do this")                                     \
    X(CIMERA_LOCKED, 9, "the settings are locked until the next reset")                      \
    X(CIMERA_IMAGE_MAGIC, 10, "model image: not a model image")                              \
    X(CIMERA_IMAGE_VERSION, 11, "model image: unknown version")                              \
    X(CIMERA_IMAGE_SIZE, 12, "model image: its size does not fit the memory")                \
    X(CIMERA_IMAGE_CHECKSUM, 13, "model image: wrong checksum")                              \
    X(CIMERA_IMAGE_LAYOUT, 14, "model image: an offset or size is wrong")                    \
    X(CIMERA_IMAGE_PRECISION, 15, "model image: illegal precision")                          \
    X(CIMERA_IMAGE_SHAPE, 16, "model image: the layers' shapes do not fit together")         \
    X(CIMERA_IMAGE_LAYER, 17, "model image: unknown layer type, flag or activation")         \
    X(CIMERA_IMAGE_LEARNING, 18, "model image: illegal learning record")                     \
    X(CIMERA_IMAGE_ABSENT, 19, "model image: the chip has no memory for one")                \
    X(CIMERA_JOB_OPERATION, 21, "tile: unknown operation")                                   \
    X(CIMERA_JOB_GEOMETRY, 22, "tile: rows, columns or macro do not exist")                  \
    X(CIMERA_JOB_PRECISION, 23, "tile: precision not supported")                             \
    X(CIMERA_JOB_L1, 24, "tile: outside the L1 buffers")                                     \
    X(CIMERA_JOB_READ, 25, "tile: bus error on a read")                                      \
    X(CIMERA_JOB_WRITE, 26, "tile: bus error on a write")                                    \
    X(CIMERA_JOB_VERIFY, 27, "tile: verification failed")                                    \
    X(CIMERA_JOB_DESCRIPTOR, 28, "tile: illegal descriptor")                                 \
    X(CIMERA_JOB_FAILED, 29, "tile: failed for a reason this driver does not know")          \
    X(CIMERA_NO_ENTROPY, 30, "the random source's health test has failed, or found nothing") \
    X(CIMERA_NVM_FAILED, 31, "NVM: a cell does not hold what was written to it")             \
    X(CIMERA_CSRAM_OPERATION, 32, "computing SRAM: unknown operation, or no steps")          \
    X(CIMERA_CSRAM_LANES, 33, "computing SRAM: lanes that rows do not have")                 \
    X(CIMERA_CSRAM_PLACE, 34, "computing SRAM: a row, element or group does not exist")      \
    X(CIMERA_CSRAM_BUSY, 35, "computing SRAM: the command before still runs")                \
    X(CIMERA_DMA_BUSY, 40, "DMA: the channel is busy")                                       \
    X(CIMERA_DMA_ADDRESS, 41, "DMA: misaligned descriptor")                                  \
    X(CIMERA_DMA_RESERVED, 42, "DMA: reserved bits of a descriptor are set")                 \
    X(CIMERA_DMA_LENGTH, 43, "DMA: no bytes, or too many")                                   \
    X(CIMERA_DMA_ELEMENT, 44, "DMA: illegal or misaligned element")                          \
    X(CIMERA_DMA_BURST, 45, "DMA: illegal burst")                                            \
    X(CIMERA_DMA_REQUEST, 46, "DMA: request line without a device")                          \
    X(CIMERA_DMA_WRAP, 47, "DMA: past the end of the address space")                         \
    X(CIMERA_DMA_DESCRIPTOR, 48, "DMA: bus error on a descriptor")                           \
    X(CIMERA_DMA_READ, 49, "DMA: bus error on a read")                                       \
    X(CIMERA_DMA_WRITE, 50, "DMA: bus error on a write")                                     \
    X(CIMERA_DMA_FAILED, 51, "DMA: failed for a reason this driver does not know")           \
    X(CIMERA_PMU_DOMAIN, 52, "PMU: there is no such domain")                                 \
    X(CIMERA_PMU_ALWAYS_ON, 53, "PMU: the domain is always on")                              \
    X(CIMERA_PMU_STATE, 54, "PMU: the domain has no such state")                             \
    X(CIMERA_PMU_POINT, 55, "PMU: the domain has no such operating point")                   \
    X(CIMERA_PMU_BUSY, 56, "PMU: work or a change is going on in the domain")                \
    X(CIMERA_PMU_NO_WAKE, 57, "PMU: nothing is selected that could end the sleep")           \
    X(CIMERA_PMU_NOT_ON, 58, "PMU: the domain is not on")                                    \
    X(CIMERA_PMU_FAILED, 59, "PMU: failed for a reason this driver does not know")           \
    X(CIMERA_JOB_WORN_OUT, 60, "tile: cells beyond their endurance")                         \
    X(CIMERA_JOB_NO_SUCH_CODE, 61, "tile: a weight that the encoding does not have")         \
    X(CIMERA_JOB_POWER, 62, "tile: it was switched off before the job had ended")

typedef enum {
#define CIMERA_STATUS_ENUM(name, value, text) name = value,
    CIMERA_STATUS_LIST(CIMERA_STATUS_ENUM)
#undef CIMERA_STATUS_ENUM
} cimera_status_t;

#define CIMERA_CHECKED __attribute__((warn_unused_result))

/// The status in words.
const char* cimera_status_text(cimera_status_t status);

#endif
