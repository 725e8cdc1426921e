#include "sim/trace.h"

#include <fmt/format.h>

#include <cstdio>

namespace tern::sim {

// FNV-1a, eight bytes at a time.
void Trace::mix(std::uint64_t value) noexcept {
  for (int i = 0; i < 8; ++i) {
    hash_ = (hash_ ^ ((value >> (8 * i)) & 0xff)) * 0x100000001b3u;
  }
}

std::string Trace::now() const {
  return fmt::format("{:12.6f}", std::chrono::duration<double>(clock_.now() - start_).count());
}

void Trace::step(std::string_view what, std::uint64_t a, std::uint64_t b) {
  ++steps_;
  mix(static_cast<std::uint64_t>((clock_.now() - start_).count()));
  for (char c : what) mix(static_cast<unsigned char>(c));
  mix(a);
  mix(b);
  if (print_) fmt::print("{} {} {} {}\n", now(), what, a, b);
}

void Trace::fault(Fault fault, std::uint64_t a) {
  ++faults_[static_cast<std::size_t>(fault)];
  step(fault_name(fault), a);
}

void Trace::note(std::string_view text) const {
  if (print_) fmt::print("{} -- {}\n", now(), text);
}

}  // namespace tern::sim
