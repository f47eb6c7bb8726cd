// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// A hosted C program: picolibc reaches the world by semihosting calls.

#include <semihost.h>
#include <stdio.h>
#include <stdlib.h>

static void try_open(const char *name, const char *mode) {
    FILE *file = fopen(name, mode);
    printf("%s %s\n", name, file ? "opened" : "refused");
    if (file) {
        fclose(file);
    }
}

int main(void) {
    char line[16] = "";
    printf("hello %d\n", 42);
    FILE *file = fopen("out.txt", "w");
    if (file) {
        fprintf(file, "written\n");
        fclose(file);
        file = fopen("out.txt", "r");
    }
    if (file) {
        fseek(file, 2, SEEK_SET);
        fgets(line, sizeof line, file);
        printf("read %s", line);
        fclose(file);
        printf("rename %d\n", sys_semihost_rename("out.txt", "kept.txt"));
        printf("remove %d\n", remove("gone.txt"));
    }
    try_open("inner/deep.txt", "r");
#ifdef ESCAPE
    try_open("../outside.txt", "w");
    try_open("inner/../../outside.txt", "w");
    try_open(ESCAPE, "r");
    try_open("link.txt", "r");
    try_open("linked/outside.txt", "r");
    try_open("pipe", "r");
    try_open("inner", "r");
    printf("rename %d\n", sys_semihost_rename("kept.txt", "../moved.txt"));
    printf("remove %d\n", remove("../precious.txt"));
#endif
    exit(7);
}
