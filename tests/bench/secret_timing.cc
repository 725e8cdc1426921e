// Whether the time that a comparison with a secret takes says how much of a guess is right.
//
// Times the question of tern::bearer_tokens() for guesses that are wrong at once and for guesses
// that are right up to the last byte, in an order that chance decides, and compares the two with
// Welch's t-test: |t| above 4.5 would say that they differ. Two things are timed in the same way to
// show what that is worth: the same question where both guesses are one, which must not differ, and
// a comparison that stops at the first byte that differs, which must.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tern/authenticator.h"
#include "tern/bearer_tokens.h"

namespace {

constexpr std::size_t kTimings = 1'000'000;
constexpr double kKept = 0.9;  // of them: what took longest was interrupted
constexpr std::string_view kSecret = "3b6f0d2a9c5e4187a1d0c4f7e2b98365";

struct Timing {
  bool second = false;  // which guess
  double nanoseconds = 0;
};

struct Means {
  double t = 0;
  double first = 0;
  double second = 0;
};

// Of the timings up to one that is the same for both kinds.
Means compare(std::vector<Timing> timings) {
  const auto kept = static_cast<std::ptrdiff_t>(kKept * static_cast<double>(timings.size()));
  std::nth_element(timings.begin(), timings.begin() + kept, timings.end(),
                   [](const Timing& a, const Timing& b) { return a.nanoseconds < b.nanoseconds; });
  timings.resize(static_cast<std::size_t>(kept));
  std::array<double, 2> count{}, sum{}, squares{};
  for (const Timing& one : timings) {
    const std::size_t kind = one.second ? 1 : 0;
    count[kind] += 1;
    sum[kind] += one.nanoseconds;
  }
  const std::array<double, 2> mean{sum[0] / count[0], sum[1] / count[1]};
  for (const Timing& one : timings) {
    const std::size_t kind = one.second ? 1 : 0;
    squares[kind] += (one.nanoseconds - mean[kind]) * (one.nanoseconds - mean[kind]);
  }
  const double error =
      std::sqrt(squares[0] / (count[0] - 1) / count[0] + squares[1] / (count[1] - 1) / count[1]);
  return {(mean[0] - mean[1]) / error, mean[0], mean[1]};
}

// The secret with another byte at `place`.
std::string guess(std::size_t place) {
  std::string text(kSecret);
  text[place] = static_cast<char>(text[place] ^ 1);
  return "Bearer " + text;
}

// One of two texts of one length, in the same place: both are read whichever it is, so that nothing
// of the way here differs. Where they lay elsewhere, their addresses alone came to |t| of 40.
void choose(const std::array<std::string, 2>& guesses, bool second, std::string& chosen) {
  const auto mask = static_cast<unsigned char>(second ? 0xff : 0);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto one = static_cast<unsigned char>(guesses[0][i]);
    const auto other = static_cast<unsigned char>(guesses[1][i]);
    chosen[i] = static_cast<char>(one ^ ((one ^ other) & mask));
  }
}

// `ask` is given the request of one guess, and says whether that was accepted. The guesses are
// wrong from `first` and from `second` on.
void report(const char* what, std::size_t first, std::size_t second,
            const std::function<bool(const tern::Credentials&)>& ask) {
  const std::array<std::string, 2> guesses{guess(first), guess(second)};
  std::string chosen(guesses[0].size(), '\0');
  std::mt19937_64 random(1);  // the same order each time
  std::vector<Timing> timings;
  timings.reserve(kTimings);
  for (std::size_t i = 0; i < kTimings; ++i) {
    Timing one;
    one.second = (random() & 1) != 0;
    choose(guesses, one.second, chosen);
    tern::Metadata metadata;
    metadata.add("authorization", chosen);
    const tern::Credentials credentials(metadata);
    const auto began = std::chrono::steady_clock::now();
    const bool let_in = ask(credentials);
    const auto ended = std::chrono::steady_clock::now();
    if (let_in) std::abort();
    one.nanoseconds = std::chrono::duration<double, std::nano>(ended - began).count();
    timings.push_back(one);
  }
  const Means means = compare(std::move(timings));
  std::printf("%-38s |t| %7.2f   means %7.2f ns and %7.2f ns\n", what, std::fabs(means.t),
              means.first, means.second);
}

// What must not be done.
[[gnu::noinline]] bool stops_at_the_first_difference(std::string_view guess) {
  if (guess.size() != kSecret.size()) return false;
  for (std::size_t i = 0; i < guess.size(); ++i) {
    if (guess[i] != kSecret[i]) return false;
  }
  return true;
}

}  // namespace

int main() {
  const auto known =
      tern::bearer_tokens({{std::string(kSecret), tern::Identity("alice")},
                           {std::string(kSecret.size(), 'x'), tern::Identity("bob")}});
  const auto ask = [&known](const tern::Credentials& credentials) {
    bool let_in = false;
    known->authenticate(credentials,
                        [&let_in](const tern::Result<tern::Identity>& who) { let_in = who.ok(); });
    return let_in;
  };
  const std::size_t last = kSecret.size() - 1;
  report("tern::bearer_tokens()", 0, last, ask);
  report("the same, both guesses being one", last, last, ask);
  report("a comparison that stops", 0, last, [](const tern::Credentials& credentials) {
    return stops_at_the_first_difference(credentials.bearer_token());
  });
  return 0;
}
