// What the generator gets to see.
#include "compiler/sema/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

using model::TypeKind;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using ::testing::ElementsAre;

template <typename Things>
std::vector<std::string> names(const Things& things) {
  std::vector<std::string> out;
  for (const auto& thing : things) out.push_back(thing->name);
  return out;
}

const model::File& file_of(const model::Schema& schema) {
  return *schema.files.back();
}

const model::Message& message(const model::Schema& schema, const std::string& name) {
  for (const auto& one : file_of(schema).messages) {
    if (one->name == name) return *one;
  }
  throw std::out_of_range(name);
}

const model::Field& field(const model::Message& message, const std::string& name) {
  for (const auto& one : message.fields) {
    if (one->name == name) return *one;
  }
  throw std::out_of_range(name);
}

TEST(Model, HasTheFile) {
  const model::Schema schema = schema_of("/// Docs.\npackage a.class.b; struct S {}");
  const model::File& file = file_of(schema);
  EXPECT_EQ(file.path, "main.rpc");
  EXPECT_EQ(file.package, "a.class.b");
  EXPECT_EQ(file.doc, "Docs.");
  EXPECT_THAT(file.cpp_namespaces, ElementsAre("a", "class_", "b"));
  EXPECT_TRUE(file.is_main);
  EXPECT_EQ(file.messages[0]->full_name, "a.class.b.S");
  EXPECT_EQ(file.messages[0]->file, &file);
}

TEST(Model, HasEveryType) {
  const model::Schema schema = schema_of(R"(
    package test;
    enum Color { Red = 0; }
    struct Point {}
    struct A {
      bool a = 1; int32 b = 2; int64 c = 3; uint32 d = 4; uint64 e = 5; float f = 6; double g = 7;
      string h = 8; bytes i = 9; timestamp j = 10; duration k = 11; Color l = 12; Point m = 13;
      list<Point> n = 14; map<string, list<Color>> o = 15;
    }
  )");
  const model::Message& a = message(schema, "A");
  std::vector<TypeKind> kinds;
  for (const auto& one : a.fields) kinds.push_back(one->type.kind);
  EXPECT_THAT(kinds,
              ElementsAre(TypeKind::kBool, TypeKind::kInt32, TypeKind::kInt64, TypeKind::kUint32,
                          TypeKind::kUint64, TypeKind::kFloat, TypeKind::kDouble, TypeKind::kString,
                          TypeKind::kBytes, TypeKind::kTimestamp, TypeKind::kDuration,
                          TypeKind::kEnum, TypeKind::kStruct, TypeKind::kList, TypeKind::kMap));
  EXPECT_EQ(field(a, "l").type.enumeration, file_of(schema).enums[0].get());
  EXPECT_EQ(field(a, "m").type.structure, &message(schema, "Point"));
  EXPECT_EQ(field(a, "n").type.element().structure, &message(schema, "Point"));
  EXPECT_EQ(field(a, "o").type.key().kind, TypeKind::kString);
  EXPECT_EQ(field(a, "o").type.value().element().enumeration, file_of(schema).enums[0].get());
}

TEST(Model, HasFieldsInOrderOfNumber) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct A {
      int32 third = 30;
      int32 first = 1;
      union body { int32 fifth = 50; int32 second = 2; }
      int32 fourth = 40;
    }
  )");
  const model::Message& a = message(schema, "A");
  EXPECT_THAT(names(a.fields), ElementsAre("first", "second", "third", "fourth", "fifth"));
  ASSERT_EQ(a.members.size(), 4u);
  EXPECT_EQ(a.members[0].field, &field(a, "first"));
  EXPECT_EQ(a.members[1].one_of, a.unions[0].get());
  EXPECT_EQ(a.members[2].field, &field(a, "third"));
  EXPECT_EQ(a.members[3].field, &field(a, "fourth"));
  EXPECT_THAT(names(a.unions[0]->members), ElementsAre("second", "fifth"));
}

TEST(Model, HasTheNamesOfFields) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct A {
      int32 class = 1 [name = "Class", deprecated];
      int32 plain = 2;
      optional int32 maybe = 3;
      union my_body { int32 big_box = 4; }
    }
  )");
  const model::Message& a = message(schema, "A");
  EXPECT_EQ(field(a, "class").cpp_name, "class_");
  EXPECT_EQ(field(a, "class").json_name, "Class");
  EXPECT_TRUE(field(a, "class").renamed);
  EXPECT_TRUE(field(a, "class").deprecated);
  EXPECT_EQ(field(a, "plain").json_name, "plain");
  EXPECT_FALSE(field(a, "plain").renamed);
  EXPECT_TRUE(field(a, "maybe").optional);
  EXPECT_EQ(field(a, "big_box").in_union, a.unions[0].get());
  EXPECT_EQ(field(a, "big_box").enumerator, "kBigBox");
  EXPECT_EQ(field(a, "big_box").setter, "set_big_box");
  EXPECT_EQ(a.unions[0]->type_name, "MyBody");
  EXPECT_EQ(a.unions[0]->case_type, "MyBodyCase");
  EXPECT_EQ(a.unions[0]->case_name, "my_body_case");
}

TEST(Model, HasConstantsAndDefaultsAsValues) {
  const model::Schema schema = schema_of(R"(
    package test;
    const uint64 kLargest = 18446744073709551615;
    const int64 kLeast = -9223372036854775808;
    const double kWhole = 3;
    enum Color { Red = 0; Green = 1; }
    struct A {
      bool a = 1 [default = true];
      int32 b = 2 [default = -7];
      string c = 3 [default = "x\n\u{20ac}"];
      duration d = 4 [default = -90s];
      Color e = 5 [default = Green];
      uint64 f = 6 [default = kLargest];
      int32 g = 7;
    }
  )");
  const model::File& file = file_of(schema);
  EXPECT_EQ(std::get<std::uint64_t>(file.constants[0]->value), 18446744073709551615u);
  EXPECT_EQ(std::get<std::int64_t>(file.constants[1]->value),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(std::get<double>(file.constants[2]->value), 3.0);
  const model::Message& a = message(schema, "A");
  EXPECT_TRUE(std::get<bool>(*field(a, "a").default_value));
  EXPECT_EQ(std::get<std::int64_t>(*field(a, "b").default_value), -7);
  EXPECT_EQ(std::get<std::string>(*field(a, "c").default_value), "x\n\xE2\x82\xAC");
  EXPECT_EQ(std::get<nanoseconds>(*field(a, "d").default_value), std::chrono::seconds(-90));
  EXPECT_EQ(std::get<const model::EnumValue*>(*field(a, "e").default_value),
            file.enums[0]->values[1].get());
  EXPECT_EQ(std::get<std::uint64_t>(*field(a, "f").default_value), 18446744073709551615u);
  EXPECT_FALSE(field(a, "g").default_value);
}

TEST(Model, DefinesWhatIsUsedFirst) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct A { list<B> b = 1; C c = 2; }
    struct B { optional D d = 1; }
    struct C {}
    struct D { map<string, C> c = 1; }
    struct E {}
  )");
  EXPECT_THAT(names(file_of(schema).messages), ElementsAre("C", "D", "B", "A", "E"));
  EXPECT_FALSE(message(schema, "A").recursive);
}

TEST(Model, DefinesInACycleWhatMustBeCompleteFirst) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct Entry { optional Folder folder = 1; union body { Link link = 2; } }
    struct Folder { list<Entry> entries = 1; }
    struct Link { map<string, Entry> targets = 1; }
  )");
  EXPECT_THAT(names(file_of(schema).messages), ElementsAre("Folder", "Link", "Entry"));
  for (const auto& one : file_of(schema).messages) EXPECT_TRUE(one->recursive) << one->name;
  EXPECT_FALSE(field(message(schema, "Entry"), "folder").boxed);
}

TEST(Model, BoxesOptionalsThatLeadBack) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct Tree { optional Tree left = 1; optional Leaf leaf = 2; list<Tree> more = 3; }
    struct Leaf { int32 number = 1; }
    struct Husband { optional Wife wife = 1; }
    struct Wife { Husband husband = 1; }
  )");
  EXPECT_TRUE(field(message(schema, "Tree"), "left").boxed);
  EXPECT_FALSE(field(message(schema, "Tree"), "leaf").boxed);
  EXPECT_FALSE(field(message(schema, "Tree"), "more").boxed);
  EXPECT_TRUE(field(message(schema, "Husband"), "wife").boxed);
  EXPECT_TRUE(message(schema, "Tree").recursive);
  EXPECT_FALSE(message(schema, "Leaf").recursive);
}

TEST(Model, BoxesMembersOfUnionsThatLeadBack) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct Expr { union kind { Expr neg = 1; Sum sum = 2; Leaf leaf = 3; list<Expr> all = 4; } }
    struct Sum { Expr left = 1; Expr right = 2; }
    struct Leaf { int64 value = 1; }
  )");
  EXPECT_THAT(names(file_of(schema).messages), ElementsAre("Leaf", "Expr", "Sum"));
  EXPECT_TRUE(field(message(schema, "Expr"), "neg").boxed);
  EXPECT_TRUE(field(message(schema, "Expr"), "sum").boxed);
  EXPECT_FALSE(field(message(schema, "Expr"), "leaf").boxed);
  EXPECT_FALSE(field(message(schema, "Expr"), "all").boxed);
  EXPECT_FALSE(field(message(schema, "Sum"), "left").boxed);
  EXPECT_TRUE(message(schema, "Expr").recursive);
}

// The optional has a box already.
TEST(Model, BoxesNoMemberOfAUnionThatLeadsBackThroughAnOptional) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct Expr { union kind { Negation negation = 1; int64 lit = 2; } }
    struct Negation { optional Expr operand = 1; }
  )");
  EXPECT_THAT(names(file_of(schema).messages), ElementsAre("Negation", "Expr"));
  EXPECT_FALSE(field(message(schema, "Expr"), "negation").boxed);
  EXPECT_TRUE(field(message(schema, "Negation"), "operand").boxed);
}

TEST(Model, HasErrorsWithTheirTextAndCode) {
  const model::Schema schema = schema_of(R"(
    package test;
    error A [message = "it is gone", code = not_found] { string name = 1; }
    error B {}
  )");
  EXPECT_TRUE(message(schema, "A").is_error);
  EXPECT_EQ(message(schema, "A").error_text, "it is gone");
  EXPECT_EQ(message(schema, "A").error_code, "not_found");
  EXPECT_EQ(message(schema, "B").error_text, "");
  EXPECT_EQ(message(schema, "B").error_code, "unknown");
}

TEST(Model, HasServicesAndMethods) {
  const model::Schema schema = schema_of(R"(
    package a.b;
    error E {}
    /// Does things.
    service Things [deprecated] {
      /// Runs.
      Run(list<int32>) -> string throws E [timeout = 500ms, idempotent];
      delete() [deprecated];
    }
  )");
  const model::Service& things = *file_of(schema).services[0];
  EXPECT_EQ(things.full_name, "a.b.Things");
  EXPECT_EQ(things.stub_name, "ThingsStub");
  EXPECT_EQ(things.service_name, "ThingsService");
  EXPECT_EQ(things.doc, "Does things.");
  EXPECT_TRUE(things.deprecated);
  const model::Method& run = *things.methods[0];
  EXPECT_EQ(run.service, &things);
  EXPECT_EQ(run.full_name, "a.b.Things/Run");
  EXPECT_EQ(run.doc, "Runs.");
  EXPECT_EQ(run.argument->kind, TypeKind::kList);
  EXPECT_EQ(run.result->kind, TypeKind::kString);
  EXPECT_THAT(run.throws, ElementsAre(&message(schema, "E")));
  EXPECT_EQ(run.timeout, milliseconds(500));
  EXPECT_TRUE(run.idempotent);
  const model::Method& erase = *things.methods[1];
  EXPECT_EQ(erase.cpp_name, "delete_");
  EXPECT_FALSE(erase.argument);
  EXPECT_FALSE(erase.result);
  EXPECT_FALSE(erase.timeout);
  EXPECT_TRUE(erase.deprecated);
}

TEST(Model, HasStreams) {
  const model::Schema schema = schema_of(R"(
    package test;
    struct Request { int64 class = 1; string key = 2; }
    struct Change { string value = 1; int64 class = 2; }
    service Store {
      Get(string) -> Change [timeout = 1s];
      Watch(Request) -> stream Change [resume = class, idle_timeout = 30s, timeout = 1h];
      Upload(stream Change) -> int64;
      Chat(stream int32) -> stream Change [idle_timeout = 500ms];
    }
  )");
  const auto& methods = file_of(schema).services[0]->methods;
  const model::Method& get = *methods[0];
  EXPECT_EQ(get.kind, model::MethodKind::kUnary);
  EXPECT_FALSE(get.client_streams());
  EXPECT_FALSE(get.server_streams());
  EXPECT_FALSE(get.idle_timeout);
  EXPECT_FALSE(get.resume);
  const model::Method& watch = *methods[1];
  EXPECT_EQ(watch.kind, model::MethodKind::kServerStream);
  EXPECT_FALSE(watch.client_streams());
  EXPECT_TRUE(watch.server_streams());
  EXPECT_EQ(watch.argument->structure, &message(schema, "Request"));
  EXPECT_EQ(watch.result->structure, &message(schema, "Change"));
  EXPECT_EQ(watch.timeout, std::chrono::hours(1));
  EXPECT_EQ(watch.idle_timeout, std::chrono::seconds(30));
  ASSERT_TRUE(watch.resume);
  EXPECT_EQ(watch.resume->of_request, &field(message(schema, "Request"), "class"));
  EXPECT_EQ(watch.resume->of_message, &field(message(schema, "Change"), "class"));
  const model::Method& upload = *methods[2];
  EXPECT_EQ(upload.kind, model::MethodKind::kClientStream);
  EXPECT_TRUE(upload.client_streams());
  EXPECT_FALSE(upload.server_streams());
  const model::Method& chat = *methods[3];
  EXPECT_EQ(chat.kind, model::MethodKind::kBidiStream);
  EXPECT_TRUE(chat.client_streams());
  EXPECT_TRUE(chat.server_streams());
  EXPECT_EQ(chat.argument->kind, TypeKind::kInt32);
  EXPECT_EQ(chat.idle_timeout, milliseconds(500));
  EXPECT_FALSE(chat.resume);
}

TEST(Model, HasDocsOfEverything) {
  const model::Schema schema = schema_of(R"(
    package test;
    /// An enum.
    enum E {
      /// A value.
      A = 0;
    }
    /**
     * A struct
     * of two lines.
     */
    struct S {
      // No doc.
      int32 bare = 1;
      /// Gone: a line was left empty behind it.

      /// A field.
      //
      int32 a = 2;
      /// A union.
      union u {
        /** A member. */ int32 m = 3;
      }
      //// A banner.
      int32 b = 4;
    }
    /// A constant.
    const int32 k = 1;
  )");
  EXPECT_EQ(file_of(schema).enums[0]->doc, "An enum.");
  EXPECT_EQ(file_of(schema).enums[0]->values[0]->doc, "A value.");
  EXPECT_EQ(file_of(schema).constants[0]->doc, "A constant.");
  const model::Message& s = message(schema, "S");
  EXPECT_EQ(s.doc, "A struct\nof two lines.");
  EXPECT_EQ(field(s, "bare").doc, "");
  EXPECT_EQ(field(s, "a").doc, "A field.");
  EXPECT_EQ(s.unions[0]->doc, "A union.");
  EXPECT_EQ(field(s, "m").doc, "A member.");
  EXPECT_EQ(field(s, "b").doc, "");
}

TEST(Model, HasDocsThatStandBehindWhatTheyAreAbout) {
  const model::Schema schema = schema_of(R"(package test;  /// Package.
    const int32 kC = 1;  /// Constant.
    enum E {  /// Enum.
      A = 0;  /// Value A.
      reserved 1;  /// Lost.
      B = 2;
    }
    /// Before.
    struct S {  /// Behind.
      /// Before a.
      int32 a = 1;  /// Behind a.
      /// Before b.
      int32 b = 2; /* no more */ /// Behind b.
      union u {  /// Union.
        int32 c = 3;  /// Member.
      }  /// End of union.
      int32 d = 4;
    }  /// End.
    service T {
      f(S)  /// Argument.
          -> S;  /// Result.
    }
  )");
  const model::File& file = file_of(schema);
  EXPECT_EQ(file.doc, "Package.");
  EXPECT_EQ(file.constants[0]->doc, "Constant.");
  EXPECT_EQ(file.enums[0]->doc, "Enum.");
  EXPECT_EQ(file.enums[0]->values[0]->doc, "Value A.");
  EXPECT_EQ(file.enums[0]->values[1]->doc, "");
  const model::Message& s = message(schema, "S");
  EXPECT_EQ(s.doc, "Before.\nBehind.\nEnd.");
  EXPECT_EQ(field(s, "a").doc, "Before a.\nBehind a.");
  EXPECT_EQ(field(s, "b").doc, "Before b.\nBehind b.");
  EXPECT_EQ(s.unions[0]->doc, "Union.\nEnd of union.");
  EXPECT_EQ(field(s, "c").doc, "Member.");
  EXPECT_EQ(field(s, "d").doc, "");
  EXPECT_EQ(file.services[0]->doc, "");
  EXPECT_EQ(file.services[0]->methods[0]->doc, "Argument.\nResult.");
}

}  // namespace
}  // namespace rpcgen
