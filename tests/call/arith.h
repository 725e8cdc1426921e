// A service in the shape that rpcgen gives it, by hand, so that the client is tested without it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/call.h"
#include "tern/field.h"
#include "tern/status.h"

namespace tern::test::arith {

struct Args {
  std::int64_t A = 0;
  std::int64_t B = 0;

  Args() = default;
  Args(std::int64_t A_in, std::int64_t B_in) : A(A_in), B(B_in) {}
  bool operator==(const Args&) const = default;

  static constexpr std::string_view kTypeName = "arith.Args";
  static constexpr std::array<Field, 2> kFields{{{1, "A"}, {2, "B"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.A) && visit(kFields[1], self.B);
  }
};

// A failure the caller can tell apart.
struct DivideByZero {
  std::int64_t dividend = 0;

  DivideByZero() = default;
  explicit DivideByZero(std::int64_t dividend_in) : dividend(dividend_in) {}
  bool operator==(const DivideByZero&) const = default;

  Status to_status() const;
  static constexpr Code kCode = Code::kInvalidArgument;
  static constexpr std::string_view kMessage = "divide by zero";

  static constexpr std::string_view kTypeName = "arith.DivideByZero";
  static constexpr std::array<Field, 1> kFields{{{1, "dividend"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.dividend);
  }
};

class ArithStub {
 public:
  explicit ArithStub(Channel& channel) : channel_(channel) {}

  Call<std::int64_t> Multiply(const Args& args, CallOptions options = {});
  // Throws DivideByZero.
  Call<std::int64_t> Divide(const Args& args, CallOptions options = {});
  Call<std::string> Echo(const std::string& text, CallOptions options = {});
  Call<void> Reset(CallOptions options = {});
  // 500 ms, says the .rpc file.
  Call<void> Impatient(CallOptions options = {});

  static const Method& multiply() noexcept;

 private:
  Channel& channel_;
};

}  // namespace tern::test::arith
