// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <fmt/format.h>

#include "platform/profile/profile.hpp"

// The format is that of Valgrind's manual, "Callgrind Format Specification".

namespace cimera {

namespace {

constexpr const char* unknown_file = "???";

struct Calls {
    std::uint64_t count = 0;
    ProfileCost inclusive;
};

/// What one function has cost, however it was called.
struct FunctionCosts {
    std::map<Profile::Line, ProfileCost> self;
    std::map<std::pair<Profile::Line, std::size_t>, Calls> calls;  // by site and called function
};

std::string numbers(const ProfileCost& cost) {
    return fmt::format("{} {} {}", cost.instructions, cost.cycles, to_decimal(cost.energy));
}

std::vector<ProfileCost> inclusive_costs(const Profile& profile) {
    std::vector<ProfileCost> costs(profile.nodes.size());
    for (std::size_t n = profile.nodes.size(); n-- > 1;) {
        const Profile::Node& node = profile.nodes[n];
        for (const auto& [line, cost] : node.self) {
            costs[n] += cost;
        }
        costs[node.parent] += costs[n];
    }
    return costs;
}

class Writer {
public:
    explicit Writer(const Profile& profile) : profile_(profile) {}

    std::string write() {
        const std::vector<ProfileCost> inclusive = inclusive_costs(profile_);
        std::vector<FunctionCosts> functions(profile_.functions.size());
        ProfileCost total = inclusive[0];
        for (std::size_t n = 1; n < profile_.nodes.size(); ++n) {
            const Profile::Node& node = profile_.nodes[n];
            FunctionCosts& own = functions[node.function];
            for (const auto& [line, cost] : node.self) {
                own.self[line] += cost;
            }
            const std::size_t caller = profile_.nodes[node.parent].function;
            if (node.parent != 0 && !profile_.functions[caller].name.empty()) {
                Calls& calls = functions[caller].calls[{node.site, node.function}];
                calls.count += node.calls;
                calls.inclusive += inclusive[n];
            }
        }
        for (std::size_t f = 0; f < functions.size(); ++f) {
            if (!profile_.functions[f].name.empty()) {
                add(profile_.functions[f], functions[f]);
            }
        }
        for (const auto& [name, energy] : profile_.background) {
            const ProfileCost cost{0, 0, energy};
            text_ += fmt::format("\nfl={}\nfn={}\n0 {}\n", file({}), function(name), numbers(cost));
            total += cost;
        }
        return fmt::format(
                   "# callgrind format\nversion: 1\ncreator: cimera\ncmd: {}\npositions: line\n"
                   "event: Energy_aJ : Energy in attojoules\nevents: Instructions Cycles "
                   "Energy_aJ\nsummary: {}\n",
                   profile_.program, numbers(total)) +
               text_ + fmt::format("\ntotals: {}\n", numbers(total));
    }

private:
    /// A name is written out where it is first used.
    static std::string short_name(std::map<std::string, std::size_t>& known,
                                  const std::string& name) {
        const auto [at, fresh] = known.emplace(name, known.size() + 1);
        return fresh ? fmt::format("({}) {}", at->second, name) : fmt::format("({})", at->second);
    }
    std::string file(const std::string& name) {
        return short_name(files_, name.empty() ? unknown_file : name);
    }
    std::string function(const std::string& name) { return short_name(functions_, name); }

    /// Lines of other files than the function's are inlined code.
    void enter(const std::string& name) {
        if (name != file_) {
            file_ = name;
            text_ += fmt::format("{}={}\n", name == home_ ? "fe" : "fi", file(name));
        }
    }

    void add(const Profile::Function& own, const FunctionCosts& costs) {
        home_ = file_ = own.begin.first;
        text_ += fmt::format("\nfl={}\nfn={}\n", file(home_), function(own.name));
        for (const auto& [line, cost] : costs.self) {
            enter(line.first);
            text_ += fmt::format("{} {}\n", line.second, numbers(cost));
        }
        for (const auto& [key, calls] : costs.calls) {
            const auto& [site, number] = key;
            const Profile::Function& called = profile_.functions[number];
            enter(site.first);
            text_ += fmt::format("cfi={}\ncfn={}\ncalls={} {}\n{} {}\n", file(called.begin.first),
                                 function(called.name), calls.count, called.begin.second,
                                 site.second, numbers(calls.inclusive));
        }
    }

    const Profile& profile_;
    std::string text_;
    std::map<std::string, std::size_t> files_;
    std::map<std::string, std::size_t> functions_;
    std::string home_;
    std::string file_;
};

}  // namespace

std::string to_callgrind(const Profile& profile) {
    return Writer(profile).write();
}

}  // namespace cimera
