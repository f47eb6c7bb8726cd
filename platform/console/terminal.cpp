// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/console/terminal.hpp"

#include <array>
#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace cimera::console {

namespace {

constexpr std::uint8_t ctrl_a = 1;
constexpr std::uint8_t ctrl_c = 3;

termios original;
volatile std::sig_atomic_t changed = 0;

constexpr std::array<int, 7> deadly = {SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

void on_deadly(int signal) {
    Terminal::restore();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

}  // namespace

bool Terminal::usable() {
    return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 &&
           tcgetpgrp(STDIN_FILENO) == getpgrp();
}

Terminal::Terminal() {
    if (tcgetattr(STDIN_FILENO, &original) != 0) {
        return;
    }
    for (const int signal : deadly) {
        std::signal(signal, on_deadly);
    }
    changed = 1;
    termios raw = original;
    // Signals stay: Ctrl-C ends the run. Enter sends a carriage return, as serial terminals do.
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void Terminal::restore() {
    if (changed != 0) {
        changed = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &original);
    }
}

std::size_t Terminal::filter(std::span<std::uint8_t> typed) {
    std::size_t left = 0;
    for (const std::uint8_t key : typed) {
        if (!command_) {
            if (key == ctrl_a) {
                command_ = true;
            } else {
                typed[left++] = key;
            }
            continue;
        }
        command_ = false;
        if (key == 'x') {
            std::raise(SIGINT);
        } else if (key == 'c') {
            typed[left++] = ctrl_c;
        } else if (key == ctrl_a) {
            typed[left++] = ctrl_a;
        }
    }
    return left;
}

}  // namespace cimera::console
