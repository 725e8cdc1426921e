// `rpcgen import`: what it makes of .proto files, and what it says of those that it cannot take.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "protobuf_types.h"
#include "support/temporary_directory.h"
#include "wire_cases.h"

namespace tern::test {
namespace {

// A .rpc file becomes a .proto file, that a .rpc file, and that a .proto file again: protobuf's
// library refuses the same bytes with both, and writes the same.
TEST(ProtoImport, OfWhatRpcgenWritesHasTheSameWire) {
  ProtobufTypes before(TERN_PROTO_TYPES);
  ProtobufTypes after(TERN_IMPORTED_TYPES);
  int cases = 0;
  for (const char* name :
       {"Scalars", "Optionals", "Lists", "Maps", "Forms", "Defaults", "Renamed", "Key", "Keywords",
        "Reserved", "Empty", "Shape", "Tree", "Husband", "Folder", "Forward", "Broken"}) {
    const std::string type = std::string("tests.everything.") + name;
    ASSERT_NE(before.find(type), nullptr) << type;
    for (const WireCase& one : wire_cases(*before.find(type))) {
      const auto was = before.pass(type, one.bytes);
      const auto is = after.pass(type, one.bytes);
      ASSERT_EQ(is.error, was.error) << type << " " << one.name;
      ASSERT_EQ(is.bytes, was.bytes) << type << " " << one.name;
      ASSERT_EQ(is.has_unknown, was.has_unknown) << type << " " << one.name;
      ++cases;
    }
  }
  EXPECT_GT(cases, 30000);
}

class ProtoImportCommand : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() / name, std::ios::binary) << text;
  }
  std::string text(const std::string& name) const {
    std::ifstream in(directory_.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  int run(const std::string& command) {
    const int status = std::system(
        ("cd '" + directory_.path().string() + "' && " + command + " >out 2>err").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  TemporaryDirectory directory_;
};

TEST_F(ProtoImportCommand, WritesARpcFileThatCompiles) {
  put("shop.proto", R"(syntax = "proto3";
// Things to buy.
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/wrappers.proto";

enum Kind {
  KIND_UNSPECIFIED = 0;
  KIND_BOOK = 1;
}

// What is bought.
message Order {
  message Item {
    string name = 1;
    sint32 change = 2;
  }
  reserved 9, 20 to 22;
  reserved "old";
  int64 id = 1;
  repeated Item items = 2;
  map<fixed32, sint64> counts = 3;
  optional string note = 4 [deprecated = true];
  oneof paid_by {
    string card = 5;
    Item goods = 6;
  }
  google.protobuf.Timestamp at = 7;
  Kind first_kind = 8;
}

service Shop {
  rpc Buy(Order) returns (google.protobuf.Int64Value);
  rpc Watch(google.protobuf.Empty) returns (stream Order) {
    option idempotency_level = IDEMPOTENT;
  }
}
)");
  ASSERT_EQ(run(RPCGEN " import shop.proto"), 0) << text("err");
  EXPECT_EQ(text("shop.rpc"), R"(/// Things to buy.
package shop;

enum Kind {
  UNSPECIFIED = 0;
  BOOK = 1;
}

struct OrderItem {
  string name = 1;
  int32 change = 2 [proto = sint32];
}

/// What is bought.
struct Order {
  int64 id = 1;
  list<OrderItem> items = 2;
  map<uint32, int64> counts = 3 [proto = sint64, proto_key = fixed32];
  optional string note = 4 [deprecated];
  union paid_by {
    string card = 5;
    OrderItem goods = 6;
  }
  optional timestamp at = 7;
  Kind first_kind = 8 [name = "firstKind"];
  reserved 9;
  reserved 20 to 22;
  reserved "old";
}

service Shop {
  Buy(Order) -> int64;
  Watch() -> stream Order [idempotent];
}
)");
  EXPECT_EQ(run(RPCGEN " --out gen shop.rpc"), 0) << text("err");
}

TEST_F(ProtoImportCommand, SaysWhereAFileHasWhatTheLanguageLacks) {
  put("bad.proto", R"(syntax = "proto3";
package bad;
import "google/protobuf/any.proto";

message Odd {
  google.protobuf.Any any = 1;
  int32 far = 1001;
  int32 __x = 2;
  message Inner {}
}
message OddInner {}

enum Twice {
  option allow_alias = true;
  A = 0;
  B = 0;
}
)");
  EXPECT_EQ(run(RPCGEN " import bad.proto"), 1);
  EXPECT_EQ(text("err"),
            "bad.proto:6:3: error: the language lacks google.protobuf.Any\n"
            "bad.proto:7:3: error: field far has the number 1001; the language has 1 to 1000\n"
            "bad.proto:8:3: error: field __x: names that begin with _ or have __ are C++'s own\n"
            "bad.proto:11:1: error: two types come to the name OddInner\n"
            "bad.proto:16:3: error: enum value B has the number 0 of another one; the language has "
            "one name for each\n");
  EXPECT_EQ(text("bad.rpc"), "") << "nothing is written";
}

TEST_F(ProtoImportCommand, TakesProto3WithAPackage) {
  put("old.proto", "syntax = \"proto2\";\npackage a;\nmessage A { required int32 n = 1; }\n");
  EXPECT_EQ(run(RPCGEN " import old.proto"), 1);
  EXPECT_EQ(text("err"), "old.proto:1:1: error: the syntax is proto2; expected proto3\n");
  put("bare.proto", "syntax = \"proto3\";\nmessage A { int32 n = 1; }\n");
  EXPECT_EQ(run(RPCGEN " import bare.proto"), 1);
  EXPECT_EQ(text("err"),
            "bare.proto:1:1: error: the file has no package, and a .rpc file has one\n");
}

TEST_F(ProtoImportCommand, LeavesMistakesToProtoc) {
  put("wrong.proto", "syntax = \"proto3\";\npackage a;\nmessage A { Nowhere n = 1; }\n");
  EXPECT_EQ(run(RPCGEN " import wrong.proto"), 1);
  EXPECT_NE(text("err").find("wrong.proto:3:13: \"Nowhere\" is not defined."), std::string::npos)
      << text("err");
}

TEST_F(ProtoImportCommand, SaysThatItNeedsProtoc) {
  put("a.proto", "syntax = \"proto3\";\npackage a;\n");
  EXPECT_EQ(run("PATH=/nowhere " RPCGEN " import a.proto"), 1);
  EXPECT_EQ(text("err"),
            "error: cannot run protoc, which reads .proto files: No such file or directory\n");
}

}  // namespace
}  // namespace tern::test
