// Messages of arith.rpc.
// Written by rpcgen 0.1.0: do not edit it, change arith.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "arith.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "tern/field.h"
#include "tern/status.h"

/// Arithmetic, for demonstrations.
namespace arith {

/// Two numbers to calculate with.
struct Args {
  std::int64_t A = 0;
  std::int64_t B = 0;

  Args() = default;
  constexpr Args(std::int64_t A_, std::int64_t B_) : A(A_), B(B_) {}
  bool operator==(const Args&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Args&);

  static constexpr std::string_view kTypeName = "arith.Args";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "A"}, {2, "B"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.A) && visit(kFields[1], self.B);
  }
};

/// What a division leaves.
struct Quotient {
  /// The whole part, rounded towards zero.
  std::int64_t Quo = 0;
  /// The remainder; it has the sign of the dividend.
  std::int64_t Rem = 0;

  Quotient() = default;
  constexpr Quotient(std::int64_t Quo_, std::int64_t Rem_) : Quo(Quo_), Rem(Rem_) {}
  bool operator==(const Quotient&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Quotient&);

  static constexpr std::string_view kTypeName = "arith.Quotient";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "Quo"}, {2, "Rem"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.Quo) && visit(kFields[1], self.Rem);
  }
};

/// The divisor was zero.
struct DivideByZero {
  /// What should have been divided.
  std::int64_t dividend = 0;

  DivideByZero() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr DivideByZero(Number dividend_) : dividend(dividend_) {}
  bool operator==(const DivideByZero&) const = default;
  friend std::ostream& operator<<(std::ostream&, const DivideByZero&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kInvalidArgument;
  static constexpr std::string_view kMessage = "divide by zero";

  static constexpr std::string_view kTypeName = "arith.DivideByZero";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "dividend"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.dividend);
  }
};

}  // namespace arith
