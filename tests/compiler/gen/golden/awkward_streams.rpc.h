// Messages of awkward_streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward_streams.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "awkward_streams.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "tern/field.h"

/// Types and methods called like what the code of streams uses.
namespace awkward::flow {

struct Reader {
  std::int64_t position = 0;

  Reader() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr Reader(Number position_) : position(position_) {}
  bool operator==(const Reader&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Reader&);

  static constexpr std::string_view kTypeName = "awkward.flow.Reader";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "position"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.position);
  }
};

struct Writer {
  std::int64_t position = 0;

  Writer() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr Writer(Number position_) : position(position_) {}
  bool operator==(const Writer&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Writer&);

  static constexpr std::string_view kTypeName = "awkward.flow.Writer";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "position"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.position);
  }
};

struct ServerStream {
  std::int64_t x = 0;

  ServerStream() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr ServerStream(Number x_) : x(x_) {}
  bool operator==(const ServerStream&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ServerStream&);

  static constexpr std::string_view kTypeName = "awkward.flow.ServerStream";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

struct ClientStream {
  std::int64_t x = 0;

  ClientStream() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr ClientStream(Number x_) : x(x_) {}
  bool operator==(const ClientStream&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ClientStream&);

  static constexpr std::string_view kTypeName = "awkward.flow.ClientStream";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

struct BidiStream {
  std::int64_t x = 0;

  BidiStream() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr BidiStream(Number x_) : x(x_) {}
  bool operator==(const BidiStream&) const = default;
  friend std::ostream& operator<<(std::ostream&, const BidiStream&);

  static constexpr std::string_view kTypeName = "awkward.flow.BidiStream";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

struct MethodKind {
  std::int64_t kUnary = 0;

  MethodKind() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr MethodKind(Number kUnary_) : kUnary(kUnary_) {}
  bool operator==(const MethodKind&) const = default;
  friend std::ostream& operator<<(std::ostream&, const MethodKind&);

  static constexpr std::string_view kTypeName = "awkward.flow.MethodKind";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "kUnary"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.kUnary);
  }
};

struct ResumeOps {
  std::int64_t message = 0;

  ResumeOps() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr ResumeOps(Number message_) : message(message_) {}
  bool operator==(const ResumeOps&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ResumeOps&);

  static constexpr std::string_view kTypeName = "awkward.flow.ResumeOps";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "message"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.message);
  }
};

struct ServerCall {
  std::int64_t x = 0;

  ServerCall() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr ServerCall(Number x_) : x(x_) {}
  bool operator==(const ServerCall&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ServerCall&);

  static constexpr std::string_view kTypeName = "awkward.flow.ServerCall";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

struct Reply {
  std::int64_t x = 0;

  Reply() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr Reply(Number x_) : x(x_) {}
  bool operator==(const Reply&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Reply&);

  static constexpr std::string_view kTypeName = "awkward.flow.Reply";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

/// Parameters, and functions of the call, as types.
struct in {
  std::int64_t request = 0;

  in() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr in(Number request_) : request(request_) {}
  bool operator==(const in&) const = default;
  friend std::ostream& operator<<(std::ostream&, const in&);

  static constexpr std::string_view kTypeName = "awkward.flow.in";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "request"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.request);
  }
};

struct out {
  std::int64_t request = 0;

  out() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr out(Number request_) : request(request_) {}
  bool operator==(const out&) const = default;
  friend std::ostream& operator<<(std::ostream&, const out&);

  static constexpr std::string_view kTypeName = "awkward.flow.out";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "request"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.request);
  }
};

struct reader {
  std::int64_t x = 0;

  reader() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr reader(Number x_) : x(x_) {}
  bool operator==(const reader&) const = default;
  friend std::ostream& operator<<(std::ostream&, const reader&);

  static constexpr std::string_view kTypeName = "awkward.flow.reader";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

struct writer {
  std::int64_t x = 0;

  writer() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr writer(Number x_) : x(x_) {}
  bool operator==(const writer&) const = default;
  friend std::ostream& operator<<(std::ostream&, const writer&);

  static constexpr std::string_view kTypeName = "awkward.flow.writer";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

}  // namespace awkward::flow
