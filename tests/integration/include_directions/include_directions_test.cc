// The include directions of runtime/README.md and compiler/README.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "integration/include_directions/include_rules.h"

namespace tern::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Key;
using ::testing::StartsWith;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Sources project() {
  std::filesystem::path root = TERN_SOURCE_DIR;
  Sources sources;
  for (const char* folder : {"compiler", "runtime", "generated"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      sources[entry.path().lexically_relative(root).generic_string()] = read(entry.path());
    }
  }
  return sources;
}

TEST(IncludeDirections, HoldInTheWholeProject) {
  EXPECT_THAT(broken_directions(project()), IsEmpty());
}

TEST(Namespaces, AreThoseOfTheFolders) {
  EXPECT_THAT(strange_namespaces(project()), IsEmpty());
}

// All that a layer of the table rests on.
void add_below(const std::map<std::string, std::set<std::string>>& layers, const std::string& name,
               std::set<std::string>& below) {
  below.insert(name + "/");
  auto layer = layers.find(name);
  if (layer == layers.end()) return;
  for (const std::string& next : layer->second) add_below(layers, next, below);
}

TEST(IncludeDirections, AreThoseOfTheTableInTheRuntimesPage) {
  const std::filesystem::path root = TERN_SOURCE_DIR;
  const auto layers = layers_in(read(root / "runtime/README.md"));
  std::set<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(root / "runtime/src")) {
    if (entry.is_directory()) folders.insert(entry.path().filename());
  }
  std::set<std::string> rows;
  for (const auto& [name, may_include] : layers) rows.insert(name);
  EXPECT_EQ(rows, folders);
  for (const auto& [name, may_include] : layers) {
    const std::set<std::string> allowed = allowed_in("runtime/src/" + name + "/");
    std::set<std::string> below = {"tern/"};
    add_below(layers, name, below);
    EXPECT_THAT(below, IsSupersetOf(allowed)) << name;
    for (const std::string& next : may_include) EXPECT_THAT(allowed, Contains(next + "/")) << name;
  }
}

TEST(IncludeDirections, KeepReadersOfBytesFreeOfSockets) {
  EXPECT_THAT(reached_sockets(project()), IsEmpty());
}

TEST(IncludeDirections, AreJudgedForEveryFolder) {
  Sources sources = project();
  for (const char* file :
       {"compiler/base/source.h", "compiler/syntax/parser.cc", "compiler/sema/model.h",
        "compiler/gen/generate.cc", "runtime/include/tern/tern.h", "runtime/src/base/clock.cc",
        "runtime/src/codec/walk.cc", "runtime/src/wire/handshake.cc", "runtime/src/net/loop.cc",
        "runtime/src/call/client.cc", "runtime/src/serve/router.h",
        "runtime/src/balance/round_robin.cc", "generated/rpcgen/arith.rpc.h",
        "runtime/src/grpc_services/health_service.cc",
        "generated/grpc_services/idl/health.rpc.h"}) {
    EXPECT_THAT(sources, Contains(Key(file)));
  }
}

// The rules themselves, on files that break them.

TEST(IncludeRules, ReadEveryKindOfInclude) {
  EXPECT_THAT(includes_of("#include \"a/b.h\"\n// #include \"no.h\"\n  #  include <vector>\n"),
              ElementsAre("a/b.h", "vector"));
}

TEST(IncludeRules, PassOverTextThatAGeneratorWrites) {
  EXPECT_THAT(includes_of("emit(R\"(\n#include \"tern/call.h\"\n)\");\n#include <map>\n"),
              ElementsAre("map"));
}

TEST(IncludeRules, RefuseTheWrongWayUp) {
  EXPECT_THAT(
      broken_directions({{"runtime/src/wire/handshake.cc", "#include \"net/loop.h\"\n"}}),
      ElementsAre("runtime/src/wire/handshake.cc includes \"net/loop.h\": a file of "
                  "runtime/src/wire/ may include tern/, base/, codec/, http/, http2/, wire/"));
}

TEST(IncludeRules, KeepTheGeneratorFromTheSyntaxTree) {
  Sources sources = {{"compiler/gen/generate.cc",
                      "#include \"compiler/sema/model.h\"\n#include \"compiler/syntax/ast.h\"\n"}};
  EXPECT_THAT(
      broken_directions(sources),
      ElementsAre(StartsWith("compiler/gen/generate.cc includes \"compiler/syntax/ast.h\"")));
}

TEST(IncludeRules, KeepCompilerAndRuntimeApart) {
  Sources sources = {{"compiler/main.cc", "#include \"tern/status.h\"\n"},
                     {"runtime/src/base/clock.cc", "#include \"compiler/base/source.h\"\n"}};
  EXPECT_THAT(broken_directions(sources),
              ElementsAre(StartsWith("compiler/main.cc includes \"tern/status.h\""),
                          StartsWith("runtime/src/base/clock.cc includes \"compiler/base/")));
}

TEST(IncludeRules, ShowTheParserGeneratorToTheParserOnly) {
  Sources sources = {
      {"compiler/sema/types.cc", "#include <antlr4-runtime.h>\n"},
      {"compiler/syntax/parser.cc", "#include \"RpcParser.h\"\n"},
      {"compiler/syntax/parser.h", "#include \"compiler/syntax/antlr/recovery.h\"\n"}};
  EXPECT_THAT(
      broken_directions(sources),
      ElementsAre(
          "compiler/sema/types.cc includes \"antlr4-runtime.h\": only the parser may",
          "compiler/syntax/parser.h includes \"compiler/syntax/antlr/recovery.h\": only the "
          "parser may"));
}

TEST(IncludeRules, RefuseAHeaderInTheNamespaceOfAnotherFolder) {
  Sources sources = {
      {"runtime/src/wire/go/frames.h",
       "namespace tern {\nstruct Limits;\n}  // namespace tern\n\n"
       "namespace tern::wire::go {\nclass Frames {};\n}  // namespace tern::wire::go\n"},
      {"runtime/src/wire/sniff.h",
       "namespace tern {\n\nclass Loop;\nint sniff();\n\n}  // namespace tern\n"}};
  EXPECT_THAT(strange_namespaces(sources),
              ElementsAre("runtime/src/wire/sniff.h defines something in tern: expected "
                          "tern::wire"));
}

TEST(IncludeRules, FollowHeadersToSockets) {
  Sources sources = {{"runtime/src/wire/sniff.cc", "#include \"wire/sniff.h\"\n"},
                     {"runtime/src/wire/sniff.h", "#include \"tern/call.h\"\n"},
                     {"runtime/include/tern/call.h", "#include <asio/dispatch.hpp>\n"}};
  EXPECT_THAT(reached_sockets(sources),
              Contains("runtime/src/wire/sniff.cc reaches <asio/dispatch.hpp> through "
                       "wire/sniff.h, tern/call.h"));
}

}  // namespace
}  // namespace tern::test
