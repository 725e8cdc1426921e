// gRPC's interop cases, for a client of any implementation.
#pragma once

#include <array>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tern::test {

// Ends a case.
struct CaseFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How a case ends that has not failed.
struct Verdict {
  bool passes = true;
  std::string but;  // what is to be said of it; or nothing
};

// Runs the methods of `cases`, which are named as gRPC names its cases, and says how each ends.
// False if one has failed.
template <typename Cases>
bool run_all_cases(Cases& cases) {
  struct Case {
    std::string_view name;
    Verdict (Cases::*run)();
  };
  constexpr std::array<Case, 18> kAll = {{
      {"empty_unary", &Cases::empty_unary},
      {"large_unary", &Cases::large_unary},
      {"client_compressed_unary", &Cases::client_compressed_unary},
      {"server_compressed_unary", &Cases::server_compressed_unary},
      {"client_compressed_streaming", &Cases::client_compressed_streaming},
      {"server_compressed_streaming", &Cases::server_compressed_streaming},
      {"client_streaming", &Cases::client_streaming},
      {"server_streaming", &Cases::server_streaming},
      {"ping_pong", &Cases::ping_pong},
      {"empty_stream", &Cases::empty_stream},
      {"custom_metadata", &Cases::custom_metadata},
      {"status_code_and_message", &Cases::status_code_and_message},
      {"special_status_message", &Cases::special_status_message},
      {"unimplemented_method", &Cases::unimplemented_method},
      {"unimplemented_service", &Cases::unimplemented_service},
      {"cancel_after_begin", &Cases::cancel_after_begin},
      {"cancel_after_first_response", &Cases::cancel_after_first_response},
      {"timeout_on_sleeping_server", &Cases::timeout_on_sleeping_server},
  }};
  bool good = true;
  for (const Case& one : kAll) {
    try {
      const Verdict verdict = (cases.*one.run)();
      std::cout << one.name << ": " << (verdict.passes ? "passes" : "no");
      if (!verdict.but.empty()) std::cout << " (" << verdict.but << ')';
      std::cout << std::endl;
    } catch (const CaseFailure& failure) {
      std::cout << one.name << ": fails: " << failure.what() << std::endl;
      good = false;
    }
  }
  return good;
}

}  // namespace tern::test
