// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <zlib.h>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "models/common/error.hpp"
#include "platform/soc/frame_source.hpp"

namespace cimera {
namespace {

/// A file that goes away with the test.
class File {
public:
    explicit File(const std::string& bytes, const std::string& name = "frames")
        : path_(std::filesystem::temp_directory_path() /
                ("cimera_" + std::to_string(getpid()) + "_" + name)) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

std::string idx(char type, const std::vector<std::uint32_t>& sizes, const std::string& data) {
    std::string bytes = {0, 0, type, static_cast<char>(sizes.size())};
    for (const std::uint32_t size : sizes) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<char>(size >> shift));
        }
    }
    return bytes + data;
}

FrameSource load(const std::string& bytes) {
    const File file(bytes);
    return load_frames(file.path(), {});
}

using Bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("frames: IDX of unsigned bytes", "[frames]") {
    const FrameSource source = load(idx(8, {2, 2, 3}, "abcdefghijkl"));
    CHECK(source.rows == 2);
    CHECK(source.cols == 3);
    CHECK(source.sample_bytes == 1);
    CHECK(source.frames() == 2);
    CHECK(source.samples.front() == 'a');
    CHECK(source.samples.back() == 'l');
    CHECK(source.labels.empty());
}

TEST_CASE("frames: other shapes of IDX", "[frames]") {
    const FrameSource scalars = load(idx(8, {3}, "abc"));
    CHECK(scalars.frames() == 3);
    CHECK(scalars.frame_bytes() == 1);
    const FrameSource rows = load(idx(8, {2, 3}, "abcdef"));
    CHECK(rows.rows == 1);
    CHECK(rows.cols == 3);
    const FrameSource colour = load(idx(8, {1, 2, 2, 3}, "abcdefghijkl"));
    CHECK(colour.rows == 4);
    CHECK(colour.cols == 3);
}

TEST_CASE("frames: IDX is big endian, samples are little endian", "[frames]") {
    const FrameSource bytes = load(idx(9, {2}, "\xff\x7f"));
    CHECK(bytes.sample_bytes == 2);  // a sensor's bytes are unsigned
    CHECK(bytes.samples == Bytes{0xff, 0xff, 0x7f, 0x00});
    const FrameSource halves = load(idx(11, {2}, std::string("\x80\x01\x12\x34", 4)));
    CHECK(halves.sample_bytes == 2);
    CHECK(halves.samples == Bytes{0x01, 0x80, 0x34, 0x12});
    const FrameSource words = load(idx(12, {1}, std::string("\x80\x00\x00\x01", 4)));
    CHECK(words.sample_bytes == 4);
    CHECK(words.samples == Bytes{1, 0, 0, 0x80});
}

TEST_CASE("frames: labels of an IDX file", "[frames]") {
    const File frames(idx(8, {3, 1}, "abc"));
    const File labels(idx(8, {3}, std::string("\x02\x00\xff", 3)), "labels");
    const FrameSource source = load_frames(frames.path(), labels.path());
    CHECK(source.labels == std::vector<std::uint32_t>{2, 0, 255});
}

TEST_CASE("frames: gzip is unpacked", "[frames]") {
    const std::string bytes = idx(8, {2, 1}, "xy");
    const File packed("");
    gzFile file = gzopen(packed.path().c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    CHECK(load_frames(packed.path(), {}).samples == Bytes{'x', 'y'});
}

TEST_CASE("frames: CSV takes the smallest samples that hold all values", "[frames]") {
    CHECK(load("0,255,1\n").sample_bytes == 1);
    CHECK(load("0,256,1\n").sample_bytes == 2);
    CHECK(load("-1,255,1\n").sample_bytes == 2);
    CHECK(load("-32768,32767,1\n").sample_bytes == 2);
    CHECK(load("-32769,0,1\n").sample_bytes == 4);
    const FrameSource source = load("-1,300,7\n2,-3,0\n");
    CHECK(source.rows == 1);
    CHECK(source.cols == 2);
    CHECK(source.samples == Bytes{0xff, 0xff, 0x2c, 0x01, 2, 0, 0xfd, 0xff});
    CHECK(source.labels == std::vector<std::uint32_t>{7, 0});
}

TEST_CASE("frames: forms of CSV", "[frames]") {
    const FrameSource source = load("first,second,label\r\n 1 ,\t2,3\r\n\n4,5,6");
    CHECK(source.frames() == 2);
    CHECK(source.samples == Bytes{1, 2, 4, 5});
    CHECK(source.labels == std::vector<std::uint32_t>{3, 6});
}

TEST_CASE("frames: damaged files are refused with their name", "[frames]") {
    const std::string good = idx(8, {2, 2}, "abcd");
    std::vector<std::string> bad = {"",
                                    "a,b\n",
                                    "1,2\n3\n",
                                    "1,2\n1,x\n",
                                    "1,2\n1,2147483648\n",
                                    "5\n",
                                    idx(8, {0, 2}, ""),
                                    idx(8, {2, 0}, ""),
                                    idx(13, {1}, "abcd"),
                                    idx(14, {1}, "abcdefgh"),
                                    idx(8, {65536, 65536, 65536, 65536, 65536}, "abc"),
                                    idx(8, {~0U, ~0U, ~0U}, "a"),
                                    std::string("\x7f"
                                                "ELF\0\0",
                                                6),
                                    good + "x",
                                    idx(8, {1, 70000}, std::string(70000, 'a'))};
    for (std::size_t length = 1; length < good.size(); ++length) {
        bad.push_back(good.substr(0, length));
    }
    for (const std::string& bytes : bad) {
        const File file(bytes);
        INFO(bytes.size() << " bytes");
        const std::string message =
            test::message_of([&file] { static_cast<void>(load_frames(file.path(), {})); });
        CHECK(message.find(file.path().string()) != std::string::npos);
    }
    CHECK(test::message_of([] { static_cast<void>(load_frames("/absent", {})); }) ==
          "error: /absent: no such file");
}

TEST_CASE("frames: labels that do not fit are refused", "[frames]") {
    const File frames(idx(8, {3, 1}, "abc"));
    for (const std::string& bytes : {idx(8, {2}, "ab"), idx(8, {3, 1}, "abc"),
                                     idx(11, {3}, "abcdef"), std::string("1,2\n"), std::string()}) {
        const File labels(bytes, "labels");
        CHECK_THROWS_AS(load_frames(frames.path(), labels.path()), InputError);
    }
}

}  // namespace cimera
