// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
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
    return load_frames({.file = file.path()});
}

FrameSource load_as(const std::string& bytes, SensorInput input) {
    const File file(bytes);
    input.file = file.path();
    return load_frames(input);
}

/// The message without the name of the file.
std::string refusal(const std::string& bytes, SensorInput input = {}) {
    const File file(bytes);
    input.file = file.path();
    std::string message = test::message_of([&input] { static_cast<void>(load_frames(input)); });
    const std::size_t name = message.find(file.path().string());
    REQUIRE(name != std::string::npos);
    return message.erase(0, name + file.path().string().size());
}

/// `size` low bytes of a number, little endian.
std::string little(std::uint64_t value, unsigned size) {
    std::string bytes;
    for (unsigned b = 0; b < size; ++b) {
        bytes.push_back(static_cast<char>(value >> 8 * b));
    }
    return bytes;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                unsigned version = 1, const std::string& fortran = "False") {
    const std::string header =
        "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
    return "\x93NUMPY" + little(version, 1) + std::string(1, '\0') +
           little(header.size(), version == 1 ? 2 : 4) + header + data;
}

std::string chunk(const std::string& name, const std::string& contents) {
    return name + little(contents.size(), 4) + contents +
           (contents.size() % 2 == 0 ? "" : std::string(1, '\0'));
}

std::string wav(unsigned bits, unsigned channels, std::uint32_t rate, const std::string& data,
                unsigned format = 1) {
    const unsigned block = bits / 8 * channels;
    const std::string body =
        "WAVE" +
        chunk("fmt ", little(format, 2) + little(channels, 2) + little(rate, 4) +
                          little(std::uint64_t{rate} * block, 4) + little(block, 2) +
                          little(bits, 2)) +
        chunk("LIST", "odd") + chunk("data", data);
    return chunk("RIFF", body);
}

/// Address events of five bytes.
std::string atis(const std::vector<std::array<unsigned, 4>>& events) {
    std::string bytes;
    for (const auto& [x, y, p, t] : events) {
        for (const unsigned byte : {x, y, p << 7U | t >> 16U, t >> 8U, t}) {
            bytes.push_back(static_cast<char>(byte));
        }
    }
    return bytes;
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
    const FrameSource source = load_frames({.file = frames.path(), .labels = labels.path()});
    CHECK(source.labels == std::vector<std::uint32_t>{2, 0, 255});
}

TEST_CASE("frames: gzip is unpacked", "[frames]") {
    const std::string bytes = idx(8, {2, 1}, "xy");
    const File packed("");
    gzFile file = gzopen(packed.path().c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    CHECK(load_frames({.file = packed.path()}).samples == Bytes{'x', 'y'});
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
            test::message_of([&file] { static_cast<void>(load_frames({.file = file.path()})); });
        CHECK(message.find(file.path().string()) != std::string::npos);
    }
    CHECK(test::message_of([] { static_cast<void>(load_frames({.file = "/absent"})); }) ==
          "error: /absent: no such file");
}

TEST_CASE("frames: labels that do not fit are refused", "[frames]") {
    const File frames(idx(8, {3, 1}, "abc"));
    for (const std::string& bytes :
         {idx(8, {2}, "ab"), idx(8, {3, 1}, "abc"), idx(12, {3}, std::string(11, 0) + "\xff" + "x"),
          std::string("1,2\n"), std::string()}) {
        const File labels(bytes, "labels");
        CHECK_THROWS_AS(load_frames({.file = frames.path(), .labels = labels.path()}), InputError);
    }
}

TEST_CASE("frames: NPY of each type", "[frames]") {
    const FrameSource bytes = load(npy("|u1", "(2, 2, 3)", "abcdefghijkl"));
    CHECK(bytes.rows == 2);
    CHECK(bytes.cols == 3);
    CHECK(bytes.sample_bytes == 1);
    CHECK(bytes.frames() == 2);
    CHECK(bytes.samples.back() == 'l');
    CHECK(load(npy("|i1", "(2,)", "\xff\x7f")).samples == Bytes{0xff, 0xff, 0x7f, 0});
    CHECK(load(npy("|b1", "(2, 1)", std::string("\0\1", 2))).samples == Bytes{0, 1});
    CHECK(load(npy("<i2", "(1, 2)", "\x01\x80\x34\x12")).samples == Bytes{1, 0x80, 0x34, 0x12});
    CHECK(load(npy(">i2", "(1, 2)", "\x80\x01\x12\x34")).samples == Bytes{1, 0x80, 0x34, 0x12});
    CHECK(load(npy("<i4", "(1,)", "\x01\x02\x03\x80")).samples == Bytes{1, 2, 3, 0x80});
    CHECK(load(npy(">i4", "(1,)", "\x80\x03\x02\x01")).samples == Bytes{1, 2, 3, 0x80});
    // Two's complement has no 16th bit for these.
    CHECK(load(npy("<u2", "(1,)", "\xff\x7f")).samples == Bytes{0xff, 0x7f});
    CHECK(load(npy("<u2", "(1,)", "\x01\x80")).samples == Bytes{1, 0x80, 0, 0});
    CHECK(load(npy("<u4", "(1,)", "\x01\x02\x03\x7f")).samples == Bytes{1, 2, 3, 0x7f});
    CHECK(load(npy("<i8", "(2,)", little(5, 8) + little(~std::uint64_t{1}, 8))).samples ==
          Bytes{5, 0, 0xfe, 0xff});
    CHECK(refusal(npy("<u4", "(2,)", little(1, 4) + little(0x80000000, 4)))
              .find("element 1 of the NPY file is beyond 32 bits") != std::string::npos);
    CHECK(refusal(npy("<u8", "(1,)", little(~std::uint64_t{0}, 8))).find("beyond 32 bits") !=
          std::string::npos);
}

TEST_CASE("frames: versions of NPY, and orders that mean the same", "[frames]") {
    for (const unsigned version : {1U, 2U, 3U}) {
        CHECK(load(npy("|u1", "(1, 2)", "ab", version)).samples == Bytes{'a', 'b'});
    }
    CHECK(load(npy("|u1", "(2,)", "ab", 1, "True")).frames() == 2);
    CHECK(refusal(npy("|u1", "(2, 2)", "abcd", 1, "True")).find("Fortran order") !=
          std::string::npos);
    CHECK(refusal(npy("|u1", "(2,)", "ab", 4)).find("version 4") != std::string::npos);
    CHECK(refusal(npy("|u1", "()", "a")).find("without frames") != std::string::npos);
    CHECK(refusal(npy("<f4", "(1,)", "abcd")).find("'<f4', which are no integers") !=
          std::string::npos);
    CHECK(refusal(npy("<U4", "(1,)", "abcd")).find("NPY file of '<U4'") != std::string::npos);
}

TEST_CASE("frames: a cut NPY file is refused wherever it ends", "[frames]") {
    const std::string good = npy("<i2", "(2, 2)", "abcdefgh");
    for (std::size_t length = 1; length < good.size(); ++length) {
        INFO(length << " bytes");
        static_cast<void>(refusal(good.substr(0, length)));
    }
    CHECK(refusal(good.substr(0, good.size() - 1))
              .find("need 8 bytes of data from offset 70 on, the file has 7") != std::string::npos);
    CHECK(refusal(good + "x").find("overlong") != std::string::npos);
    CHECK(refusal(npy("<i2", "(2, 2", "")).find("damaged NPY header at offset") !=
          std::string::npos);
}

TEST_CASE("frames: labels of an NPY file", "[frames]") {
    const File frames(npy("|u1", "(3, 1)", "abc"));
    const File labels(npy("<i8", "(3,)", little(2, 8) + little(0, 8) + little(300, 8)), "labels");
    CHECK(load_frames({.file = frames.path(), .labels = labels.path()}).labels ==
          std::vector<std::uint32_t>{2, 0, 300});
    const File negative(npy("|i1", "(3,)", std::string("\0\0\xff", 3)), "negative");
    CHECK_THROWS_AS(load_frames({.file = frames.path(), .labels = negative.path()}), InputError);
}

TEST_CASE("frames: sound is cut into frames", "[frames]") {
    const FrameSource mono = load_as(wav(16, 1, 8000, "abcdefghij"), {.frame_samples = 2});
    CHECK(mono.rows == 2);
    CHECK(mono.cols == 1);
    CHECK(mono.frames() == 3);
    CHECK(mono.samples == Bytes{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 0, 0});
    CHECK(mono.period == Period{250'000'000, 1});  // two samples at 8 kHz
    const FrameSource stereo = load_as(wav(8, 2, 44'100, "abcdef"), {.frame_samples = 2});
    CHECK(stereo.cols == 2);
    CHECK(stereo.samples == Bytes{'a', 'b', 'c', 'd', 'e', 'f', 0x80, 0x80});
    CHECK(stereo.period == Period{20'000'000'000, 441});
    const FrameSource wide =
        load_as(wav(24, 1, 8000, std::string("\1\2\3\4\5\x80", 6)), {.frame_samples = 1});
    CHECK(wide.samples == Bytes{1, 2, 3, 0, 4, 5, 0x80, 0xff});
    CHECK(load_as(wav(32, 1, 8000, "abcd"), {.frame_samples = 1}).samples ==
          Bytes{'a', 'b', 'c', 'd'});
    CHECK(load(wav(16, 1, 8000, "ab")).rows == 256);
    const FrameSource slow =
        load_as(wav(16, 1, 8000, "ab"), {.frame_period = Period{7, 3}, .frame_samples = 1});
    CHECK(slow.period == Period{7, 3});
}

TEST_CASE("frames: damaged sound is refused wherever it ends", "[frames]") {
    const std::string good = wav(16, 1, 8000, "abcd");
    for (std::size_t length = 1; length < good.size(); ++length) {
        INFO(length << " bytes");
        static_cast<void>(refusal(good.substr(0, length)));
    }
    CHECK(refusal(good.substr(0, good.size() - 1))
              .find("the chunk at offset 48 has 4 bytes, the file ends after 3") !=
          std::string::npos);
    CHECK(refusal(wav(16, 1, 8000, "abcd", 3)).find("format 3 (offset 20)") != std::string::npos);
    CHECK(refusal(wav(12, 1, 8000, "ab")).find("12 bits (offset 34)") != std::string::npos);
    CHECK(refusal(wav(16, 2, 8000, "ab")).find("expected a multiple of 4") != std::string::npos);
    CHECK(refusal(wav(16, 1, 0, "ab")).find("damaged WAV format at offset 20") !=
          std::string::npos);
}

TEST_CASE("frames: address events of CSV", "[frames]") {
    const FrameSource named = load("x, y, p, t\n3,4,1,1000\n5,0,0,1007\n");
    CHECK(named.events == std::vector<AddressEvent>{{3, 4, true, 0}, {5, 0, false, 7}});
    CHECK(named.cols == 6);
    CHECK(named.rows == 5);
    CHECK(named.frames() == 2);
    CHECK(named.frame_bytes() == 8);
    CHECK(named.period == Period{1'000'000, 1});
    const std::string bare = "-5,3,4,1\n2,5,0,-1\n";
    CHECK_FALSE(load("5,3,4,1\n").is_events());  // samples and a label
    const FrameSource fast =
        load_as(bare, {.microsecond = Period{1'000'000, 3}, .as = SensorData::events});
    CHECK(fast.events == std::vector<AddressEvent>{{3, 4, true, 0}, {5, 0, false, 7}});
    CHECK(fast.period == Period{1'000'000, 3});
    const std::string head = "t,x,y,p\n1,0,0,1\n";
    for (const auto& [line, reason] : {std::pair{"0,0,0,1", ":3: the time goes back from 1 to 0"},
                                       {"2,0,0", ":3: 3 columns"},
                                       {"2.5,0,0,1", ":3: '2.5' in column 1 is not an integer"},
                                       {"2,32768,0,1", ":3: address 32768, 0"},
                                       {"2,0,-1,1", ":3: address 0, -1"},
                                       {"2,0,0,2", ":3: polarity 2"},
                                       {"2000000000000,0,0,1", ":3: time 2000000000000 is"},
                                       {"9999999999999999999,0,0,1", "is not an integer"}}) {
        CHECK(refusal(head + line + "\n").find(reason) != std::string::npos);
    }
    CHECK(refusal("t,x,y,p\n").find("no events") != std::string::npos);
}

TEST_CASE("frames: address events of five bytes", "[frames]") {
    // The second is no event: 2^13 us more from here on.
    const std::string good =
        atis({{3, 4, 1, 0x123456}, {0, 240, 0, 0}, {33, 0, 0, 0x123450}, {1, 1, 0, 0x123450}});
    const FrameSource source = load(good);
    CHECK(source.events ==
          std::vector<AddressEvent>{{3, 4, true, 0}, {33, 0, false, 8186}, {1, 1, false, 8186}});
    CHECK(source.rows == 5);
    CHECK(source.cols == 34);
    CHECK(refusal(good.substr(0, 18)).find("18 bytes, the last event begins at offset 15") !=
          std::string::npos);
    CHECK(refusal(atis({{1, 1, 0, 5}, {1, 1, 0, 4}}))
              .find("at offset 5: the time goes back from 5 to 4") != std::string::npos);
    CHECK(refusal(atis({{0, 240, 0, 0}})).find("no events") != std::string::npos);
}

TEST_CASE("frames: parts that do not fit the file are refused", "[frames]") {
    const std::string events = "t,x,y,p\n1,0,0,1\n";
    const std::string frames = idx(8, {3, 1}, "abc");
    CHECK(refusal(events, {.frame_period = Period{1, 1}}).find("own times") != std::string::npos);
    CHECK(refusal(frames, {.microsecond = Period{1, 1}}).find("speed of a file of frames") !=
          std::string::npos);
    CHECK(refusal(frames, {.frame_samples = 8}).find("not WAV") != std::string::npos);
    CHECK(load_as(events, {.as = SensorData::frames}).sample_bytes == 1);
    CHECK(refusal(atis({{0, 1, 0, 5}}), {.as = SensorData::frames}).find("no known format") !=
          std::string::npos);
    const File labelled(events);
    const File labels(idx(8, {1}, "a"), "labels");
    CHECK_THROWS_AS(load_frames({.file = labelled.path(), .labels = labels.path()}), InputError);
    CHECK(refusal("#!AER-DAT2.0\r\n").find("AEDAT") != std::string::npos);
    CHECK(refusal("PK\3\4").find("ZIP archive") != std::string::npos);
}

}  // namespace cimera
