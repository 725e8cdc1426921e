#include "call/failure_text.h"

#include <fmt/format.h>

#include <array>

namespace tern {

std::string text_of(std::chrono::nanoseconds time) {
  struct Unit {
    std::int64_t nanoseconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 4> kUnits{
      {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}}};
  std::int64_t count = time.count();
  if (count == 0) return "0s";
  for (const Unit& unit : kUnits) {
    if (count / unit.nanoseconds == 0) continue;
    std::string text = std::to_string(count / unit.nanoseconds);
    std::int64_t rest = count % unit.nanoseconds;
    std::int64_t thousandths = rest / (unit.nanoseconds < 1000 ? 1 : unit.nanoseconds / 1000);
    if (thousandths != 0) {
      text += fmt::format(".{:03}", thousandths < 0 ? -thousandths : thousandths);
      text.erase(text.find_last_not_of('0') + 1);
    }
    return text.append(unit.name);
  }
  return "0s";
}

std::string failure_text(const Method& method, std::string_view address, std::string_view what) {
  return fmt::format("{}/{} on {}: {}", method.service, method.name, address, what);
}

}  // namespace tern
