#include "compiler/gen/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The output for the last file of `compiled`, which must be without errors.
std::vector<OutputFile> output_of(const Compiled& compiled) {
  EXPECT_TRUE(compiled.schema.has_value()) << compiled.messages();
  if (!compiled.schema) return {};
  return generate(*compiled.schema, *compiled.schema->files.back());
}

// One of the five files for a text.
enum { kMessagesHeader, kMessagesSource, kServiceHeader, kServiceSource, kDescriptorHeader };
std::string output_of(std::string_view text, std::size_t which) {
  std::vector<OutputFile> files = output_of(compile_text(text));
  return which < files.size() ? files[which].text : std::string();
}

TEST(Generate, WritesFiveFilesWhateverIsDeclared) {
  Compiled compiled = compile_files(
      MemoryFiles(std::map<std::string, std::string>{{"/i/sub/empty.rpc", "package a;"}}),
      {"/i/sub/empty.rpc"}, {"/i"});
  std::vector<std::string> paths;
  for (const OutputFile& file : output_of(compiled)) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("sub/empty.rpc.h", "sub/empty.rpc.cc", "sub/empty.service.h",
                                 "sub/empty.service.cc", "sub/empty.descriptor.h"));
  EXPECT_EQ(paths, output_paths(*compiled.schema->files.back()));
}

TEST(Generate, GivesTheSameTextForTheSameInput) {
  constexpr std::string_view kText =
      "package a; enum E { A = 0; } struct S { map<string, E> m = 1; } service T { f(S) -> E; }";
  EXPECT_EQ(output_of(compile_text(kText)), output_of(compile_text(kText)));
}

TEST(Generate, IncludesOnlyWhatTheMembersNeed) {
  std::string text = output_of("package a; struct S { bool b = 1; }", kMessagesHeader);
  EXPECT_THAT(text, HasSubstr("#include <array>"));
  EXPECT_THAT(text, Not(HasSubstr("#include <string>")));
  EXPECT_THAT(text, Not(HasSubstr("#include <vector>")));
  EXPECT_THAT(text, Not(HasSubstr("tern/status.h")));
}

TEST(Generate, IncludesOnlyTheImportsThatAreUsed) {
  Compiled compiled = compile_files(
      MemoryFiles(std::map<std::string, std::string>{
          {"/main.rpc", "package a; import \"b.rpc\"; import \"c.rpc\"; struct S { b.B b = 1; }"},
          {"/b.rpc", "package b; struct B {}"},
          {"/c.rpc", "package c; struct C {}"}}),
      {"/main.rpc"});
  std::string text = output_of(compiled)[kMessagesHeader].text;
  EXPECT_THAT(text, HasSubstr("#include \"b.rpc.h\""));
  EXPECT_THAT(text, Not(HasSubstr("c.rpc.h")));
}

TEST(Generate, NamesOtherPackagesFromTheRoot) {
  Compiled compiled =
      compile_files(MemoryFiles(std::map<std::string, std::string>{
                        {"/main.rpc", "package a; import \"b.rpc\"; struct S { x.b.B b = 1; }"},
                        {"/b.rpc", "package x.b; struct B {}"}}),
                    {"/main.rpc"});
  EXPECT_THAT(output_of(compiled)[kMessagesHeader].text, HasSubstr("  ::x::b::B b;\n"));
}

TEST(Generate, KeepsACommentThatEndsInABackslashFromSwallowingALine) {
  std::string text = output_of("package a;\n/// C:\\\nstruct S {}", kMessagesHeader);
  EXPECT_THAT(text, HasSubstr("/// C:\\.\nstruct S {"));
}

TEST(Generate, EscapesControlCharactersSoThatNoDigitBelongsToThem) {
  std::string text = output_of("package a; const string kText = \"a\\u{1}1\\r\";", kMessagesHeader);
  EXPECT_THAT(text, HasSubstr("kText = \"a\\0011\\015\";"));
}

TEST(Generate, EscapesWhatCouldBeATrigraph) {
  EXPECT_THAT(output_of(R"(package a; const string kText = "a?b ??= ???";)", kMessagesHeader),
              HasSubstr(R"(kText = "a?b ?\?= ?\?\?";)"));
  EXPECT_THAT(output_of("package a;\n/// C:?\?/\nstruct S {}", kMessagesHeader),
              HasSubstr("/// C:?\?/.\nstruct S {"));
}

TEST(Generate, EscapesWhatTurnsTheDirectionOfText) {
  std::string text =
      output_of("package a; const string kText = \"\u202E\\u{2066}\u00E9\";", kMessagesHeader);
  EXPECT_THAT(text, HasSubstr("kText = \"\\342\\200\\256\\342\\201\\246\u00E9\";"));
}

TEST(Generate, DoesNotWarnOfWhatItDeprecatesItself) {
  std::string text =
      output_of("package a; struct S { int32 x = 1 [deprecated]; }", kMessagesHeader);
  EXPECT_THAT(text, HasSubstr("[[deprecated]] std::int32_t x = 0;"));
  EXPECT_THAT(text, HasSubstr("#pragma GCC diagnostic push"));
  EXPECT_THAT(output_of("package a; struct S { int32 x = 1; }", kMessagesHeader),
              Not(HasSubstr("#pragma GCC")));
}

TEST(Generate, NamesTheConstantsOfADescriptorByThePathOfItsFile) {
  Compiled compiled = compile_files(
      MemoryFiles(std::map<std::string, std::string>{
          {"/i/sub/a_b.rpc", "package a; import \"class.rpc\";"}, {"/i/class.rpc", "package b;"}}),
      {"/i/sub/a_b.rpc"}, {"/i"});
  const std::string text = output_of(compiled)[kDescriptorHeader].text;
  EXPECT_THAT(text, HasSubstr("#include \"class.descriptor.h\"\n"));
  EXPECT_THAT(text, HasSubstr("file_sub_2fa_5fb_imports{&file_class};"));
  EXPECT_THAT(text, HasSubstr("FileDescriptor file_sub_2fa_5fb{\"sub/a_b.proto\", "));
}

TEST(Generate, EscapesEachByteOfADescriptorAlone) {
  // The length of the package's name is 63, a question mark, and its digits follow.
  const std::string text = output_of("package " + std::string(62, 'a') + "1;", kDescriptorHeader);
  EXPECT_THAT(text, HasSubstr("\\022\\077aaa"));
  EXPECT_THAT(text, Not(HasSubstr("?")));
}

TEST(Generate, KeepsDescriptorsOutOfWhatProgramsWithoutReflectionCompile) {
  constexpr std::string_view kText = "package a; service S { f() -> bool; }";
  for (std::size_t file : {kMessagesHeader, kMessagesSource, kServiceHeader, kServiceSource}) {
    EXPECT_THAT(output_of(kText, file), Not(HasSubstr("escriptor"))) << file;
  }
}

TEST(Generate, CallsAnErrorWithoutAMessageByItsName) {
  std::string text = output_of("package a.b; error Gone {}", kMessagesHeader);
  EXPECT_THAT(text, HasSubstr("kMessage = \"a.b.Gone\";"));
  EXPECT_THAT(text, HasSubstr("kCode = tern::Code::kUnknown;"));
}

TEST(Generate, LeavesTheCodecsOfScalarsToTheRuntime) {
  std::string text = output_of(
      "package a; struct S {} service T { f(int32) -> S; g() -> list<string>; }", kMessagesSource);
  EXPECT_THAT(text, HasSubstr("template const tern::TypeOps& tern::type_ops<a::S>() noexcept;"));
  EXPECT_THAT(text, HasSubstr("type_ops<std::vector<std::string>>() noexcept;"));
  EXPECT_THAT(text, Not(HasSubstr("type_ops<std::int32_t>")));
  EXPECT_THAT(text, Not(HasSubstr("Nothing")));
}

TEST(Generate, WritesTheIdOfAMethodAndChecksItAgainstTheRuntime) {
  std::string text =
      output_of("package arith; service Arith { Multiply(int64) -> int64; }", kServiceSource);
  EXPECT_THAT(text, HasSubstr(".id = 0x"));
  EXPECT_THAT(text, HasSubstr("static_assert(kTable[0].id == "
                              "tern::method_id(\"arith.Arith\", \"Multiply\"));"));
}

TEST(Generate, IncludesStreamsOnlyWhereThereAreSome) {
  EXPECT_THAT(output_of("package a; service T { f(int32) -> int32; }", kServiceHeader),
              Not(HasSubstr("tern/stream.h")));
  EXPECT_THAT(output_of("package a; service T { f(stream int32); }", kServiceHeader),
              HasSubstr("#include \"tern/stream.h\"\n"));
}

TEST(Generate, SaysNothingOfStreamsInTheEntryOfAUnaryMethod) {
  std::string text =
      output_of("package a; service T { f(int32) -> int32; g() -> stream int32; }", kServiceSource);
  EXPECT_THAT(text, HasSubstr("       .idempotent = false},\n"));
  EXPECT_THAT(text, HasSubstr("       .idempotent = false,\n"
                              "       .kind = tern::MethodKind::kServerStream,\n"
                              "       .message_timeout = std::chrono::nanoseconds(0),\n"
                              "       .resume = nullptr},\n"));
}

TEST(Generate, HasTheCodecsOfWhatIsStreamed) {
  std::string text = output_of(
      "package a; enum E { A = 0; } service T { f(stream list<E>) -> stream E; }", kMessagesSource);
  EXPECT_THAT(text, HasSubstr("tern::type_ops<std::vector<a::E>>() noexcept;"));
  EXPECT_THAT(text, HasSubstr("tern::type_ops<a::E>() noexcept;"));
}

TEST(Generate, ResumesByTheFieldsNameInCpp) {
  std::string text = output_of(
      "package a; struct R { int64 class = 1 [name = \"at\"]; } struct M { int64 class = 3; }"
      "service T { f(R) -> stream M [resume = class]; }",
      kServiceSource);
  EXPECT_THAT(text, HasSubstr("return static_cast<const ::a::M*>(message)->class_;"));
  EXPECT_THAT(text, HasSubstr("static_cast<::a::R*>(request)->class_ = position;"));
  EXPECT_THAT(text, HasSubstr(".resume = &kResume0},"));
}

TEST(Generate, SaysWhatAStreamAsksOfCallerAndHandler) {
  std::string text = output_of(
      "package a; struct S { int64 at = 1; }"
      "service T { f(S) -> stream S [resume = at, idle_timeout = 30s, timeout = 1h]; }",
      kServiceHeader);
  constexpr std::string_view kLimits =
      "  /// Time limit of the stream: 1 h, unless the caller sets another.\n"
      "  /// Limit of a silence: 30 s, unless the caller sets another.\n"
      "  /// Resumes after the last `at`.\n";
  EXPECT_THAT(text, HasSubstr("  /// Returns at once: read() the stream to its end, status() tells "
                              "how it ended.\n" +
                              std::string(kLimits) + "  tern::ServerStream<S> f("));
  EXPECT_THAT(text, HasSubstr("  /// Writes to `out`, which ends with what the handler returns.\n" +
                              std::string(kLimits) + "  virtual tern::Reply<void> f("));
}

TEST(Generate, KeepsItsTablesOutOfThePackage) {
  std::string text =
      output_of("package net; error E {} service Arith { f() throws E; }", kServiceSource);
  const std::size_t table = text.find("struct tern::MethodsOf<net::ArithStub> {");
  ASSERT_NE(table, std::string::npos);
  EXPECT_LT(table, text.find("namespace net {"));
  // tern has a namespace of that name, too.
  EXPECT_THAT(text, HasSubstr("kErrors0{&tern::type_ops<::net::E>};"));
}

TEST(Generate, GuardsTheCodecsThatOtherFilesMayHave) {
  std::string text =
      output_of("package a; struct S {} service T { f(list<S>) -> list<bool>; }", kMessagesSource);
  EXPECT_THAT(text, HasSubstr("#ifndef TERN_TYPE_OPS_std_c_cvector_lbool_g\n"
                              "#define TERN_TYPE_OPS_std_c_cvector_lbool_g\n"
                              "template const tern::TypeOps& "
                              "tern::type_ops<std::vector<bool>>() noexcept;\n#endif\n"));
  EXPECT_THAT(
      text, HasSubstr("\ntemplate const tern::TypeOps& tern::type_ops<a::S>() noexcept;\n#ifndef"));
}

}  // namespace
}  // namespace rpcgen
