// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/config/run_defaults.hpp"

namespace cimera {
namespace {

/// A folder with `app.run.toml`, removed at the end.
class Folder {
public:
    explicit Folder(const std::string& text)
        : path_(std::filesystem::temp_directory_path() /
                ("cimera-run-defaults-" + std::to_string(getpid()))) {
        std::filesystem::create_directories(path_);
        std::ofstream(path_ / "app.run.toml", std::ios::binary) << text;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::filesystem::path path() const { return path_; }
    [[nodiscard]] RunDefaults load() const { return load_run_defaults(path_ / "app.elf"); }
    /// The message with the folder's name cut out.
    [[nodiscard]] std::string message() const {
        std::string text = test::message_of([this] { static_cast<void>(load()); });
        const std::string prefix = path_.string() + "/";
        const std::size_t at = text.find(prefix);
        return at == std::string::npos ? text : text.erase(at, prefix.size());
    }

private:
    std::filesystem::path path_;
};

TEST_CASE("run defaults: a firmware without a file has none", "[config]") {
    const RunDefaults defaults = load_run_defaults("/no/such/firmware.elf");
    CHECK(defaults.source.empty());
    CHECK_FALSE(defaults.soc.has_value());
    CHECK(defaults.sensors.empty());
}

TEST_CASE("run defaults: every key", "[config]") {
    const Folder folder(
        "soc = \"sep\"\nset = [\"cim.tile.count=1\", \"l2.banks=2\"]\nmodel = \"digits.bin\"\n"
        "gpio_in = \"pins.csv\"\n"
        "max_time = \"10 s\"\nmax_instructions = 5000000\nseed = 7\n"
        "[sensors.camera]\nfile = \"../data/test.csv\"\nlabels = \"/data/labels.csv\"\n"
        "rate = \"1 kHz\"\n[sensors.micro]\nfile = \"a.wav\"\n"
        "samples = \"160\"\nspeed = \"0.5\"\nas = \"events\"\n");
    const RunDefaults defaults = folder.load();
    CHECK(defaults.source == folder.path() / "app.run.toml");
    CHECK(defaults.soc == "sep");
    CHECK(defaults.set == std::vector<std::string>{"cim.tile.count=1", "l2.banks=2"});
    CHECK(defaults.model == folder.path() / "digits.bin");
    CHECK(defaults.gpio_in == folder.path() / "pins.csv");
    CHECK(defaults.max_time_ps == 10'000'000'000'000);
    CHECK(defaults.max_instructions == 5'000'000);
    CHECK(defaults.seed == 7);
    REQUIRE(defaults.sensors.size() == 2);
    CHECK(defaults.sensors[0] == SensorInput{"camera",
                                             folder.path().parent_path() / "data/test.csv",
                                             "/data/labels.csv", Period{1'000'000'000, 1}});
    CHECK(defaults.sensors[1] == SensorInput{"micro",
                                             folder.path() / "a.wav",
                                             {},
                                             {},
                                             Period{2'000'000, 1},
                                             160,
                                             SensorData::events});
}

TEST_CASE("run defaults: a SoC file is relative to the defaults' file", "[config]") {
    const Folder folder("soc = \"mine.toml\"\n");
    CHECK(folder.load().soc == (folder.path() / "mine.toml").string());
}

TEST_CASE("run defaults: messages", "[config][golden]") {
    std::string all;
    for (const std::string text :
         {"modell = \"x\"\n", "model = 3\n", "model = \"\"\n", "set = \"l2.banks=2\"\n",
          "set = [3]\n", "max_time = 10\n", "max_time = \"10 MHz\"\n", "seed = -1\n",
          "seed = \"x\"\n", "sensors = 3\n", "[sensors]\ncamera = \"x.csv\"\n",
          "[sensors.camera]\nrate = \"1 kHz\"\n", "[sensors.camera]\nfile = \"x\"\nlabel = \"y\"\n",
          "[sensors.camera]\nfile = \"x\"\nrate = \"0.0001 Hz\"\n", "soc = \n"}) {
        all += Folder(text).message() + "\n\n";
    }
    test::check_golden("config/run_defaults_messages.txt", all);
}

}  // namespace
}  // namespace cimera
