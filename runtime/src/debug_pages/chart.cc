#include "debug_pages/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/duration_text.h"
#include "debug_pages/text.h"

namespace tern::debug_pages {

namespace {

// In the units of the picture.
constexpr double kWidth = 176;
constexpr double kBase = 34;    // where the bars stand
constexpr double kShown = 2;    // of a bar that is there at all
constexpr double kLabels = 46;  // where the text stands

// A chart of fewer bars would have bars that are too wide.
constexpr std::size_t kFewestBars = 10;

std::string range_text(std::size_t bucket) {
  if (bucket == 0) return "below " + base::short_duration(latency_bound(0));
  if (bucket == kBounds) return base::short_duration(latency_bound(kBounds - 1)) + " and more";
  return base::short_duration(latency_bound(bucket - 1)) + " to " +
         base::short_duration(latency_bound(bucket));
}

}  // namespace

void append_chart(std::string& out, const MethodSnapshot& method) {
  const auto& buckets = method.latencies;
  auto is_used = [](std::uint64_t count) { return count > 0; };
  auto first_used = std::find_if(buckets.begin(), buckets.end(), is_used);
  if (first_used == buckets.end()) return;
  auto behind_last = std::find_if(buckets.rbegin(), buckets.rend(), is_used).base();
  auto first = static_cast<std::size_t>(first_used - buckets.begin());
  auto end = static_cast<std::size_t>(behind_last - buckets.begin());
  first = std::min(first, std::max(end, kFewestBars) - kFewestBars);
  end = std::max(end, first + kFewestBars);

  auto most = static_cast<double>(*std::max_element(first_used, behind_last));
  double step = kWidth / static_cast<double>(end - first);
  auto text = std::back_inserter(out);
  fmt::format_to(text,
                 "<svg viewBox=\"0 0 {} 48\" role=\"img\" aria-label=\"handling times: half "
                 "within {}, nine in ten within {}, the longest {}\">",
                 kWidth, base::short_duration(method.p50), base::short_duration(method.p90),
                 base::short_duration(method.max));
  fmt::format_to(text, "<line x1=\"0\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\"/>", kBase, kWidth);
  for (std::size_t i = first; i < end; ++i) {
    if (buckets[i] == 0) continue;
    double height = std::max(static_cast<double>(buckets[i]) / most * kBase, kShown);
    fmt::format_to(text,
                   "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">"
                   "<title>{}: {}</title></rect>",
                   static_cast<double>(i - first) * step, kBase - height, step - 1, height,
                   range_text(i), grouped(buckets[i]));
  }
  std::string from = first == 0 ? "0" : base::short_duration(latency_bound(first - 1));
  std::string to = end > kBounds ? "more" : base::short_duration(latency_bound(end - 1));
  fmt::format_to(text,
                 "<text x=\"0\" y=\"{0}\">{1}</text><text x=\"{2}\" y=\"{0}\" "
                 "text-anchor=\"end\">{3}</text></svg>",
                 kLabels, from, kWidth, to);
}

}  // namespace tern::debug_pages
