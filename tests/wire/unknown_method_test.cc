#include "wire/unknown_method.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tern {
namespace {

std::string text(std::string_view name, wire::UnknownMethod why) {
  Status status = wire::gee_rpc_unknown_method(name, why);
  EXPECT_EQ(status.code(), Code::kUnimplemented);
  EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
  return std::string(status.message());
}

TEST(UnknownMethod, NamesTheHalfThatIsUnknown) {
  EXPECT_EQ(text("Simple.Echo", wire::UnknownMethod::kService),
            "rpc server: can't find service Simple");
  EXPECT_EQ(text("Sample.Ecko", wire::UnknownMethod::kMethod),
            "rpc server: can't find method Ecko");
  EXPECT_EQ(text("other.Sample/Echo", wire::UnknownMethod::kService),
            "rpc server: can't find service other.Sample");
  EXPECT_EQ(text("Echo", wire::UnknownMethod::kIllFormed),
            "rpc server: service/method request ill-formed: Echo");
  EXPECT_EQ(text("Arith.Add", wire::UnknownMethod::kAmbiguous),
            "rpc server: service Arith is in several packages; name it with its package");
  EXPECT_EQ(text("a.Arith/Add", wire::UnknownMethod::kNotIdempotent),
            "rpc server: method a.Arith/Add is not marked idempotent");
}

TEST(UnknownMethod, IsCalledSoByGrpc) {
  struct Case {
    std::string_view name;
    wire::UnknownMethod why;
    std::string_view text;
  };
  for (const Case& one :
       {Case{"a.Arith.Add", wire::UnknownMethod::kService, "unknown service a.Arith"},
        Case{"a.Arith.Add", wire::UnknownMethod::kMethod, "unknown method Add for service a.Arith"},
        Case{"Arith.Add", wire::UnknownMethod::kAmbiguous,
             "service Arith is in several packages; name it with its package"},
        Case{"A\n", wire::UnknownMethod::kIllFormed,
             "malformed method name: \"A\\x0a\"; expected \"/package.Service/Method\""}}) {
    const Status status = wire::grpc_unknown_method(one.name, one.why);
    EXPECT_EQ(status.code(), Code::kUnimplemented);
    EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
    EXPECT_EQ(status.message(), one.text);
  }
}

TEST(UnknownMethod, EscapesAndCutsWhatAPeerNames) {
  EXPECT_EQ(text("S\n." + std::string(100, 'x'), wire::UnknownMethod::kService),
            "rpc server: can't find service S\\x0a");
  EXPECT_EQ(text(std::string(100, 'x'), wire::UnknownMethod::kIllFormed),
            "rpc server: service/method request ill-formed: " + std::string(64, 'x') + "...");
}

}  // namespace
}  // namespace tern
