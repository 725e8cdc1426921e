// What the language says of streams, and of the annotations that only they have.
#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Streams, AreOnEitherSideAndOfAnyType) {
  check_compile(R"(
    package test;
    struct Chunk {}
    enum Color { Red = 0; }
    error Lost {}
    service S {
      Watch(Chunk) -> stream Chunk throws Lost [timeout = 1h, idempotent, deprecated];
      Upload(stream Chunk) -> Chunk throws Lost;
      Chat(stream Chunk) -> stream Chunk;
      Drop(stream Chunk);
      All() -> stream Chunk;
      Count(int32) -> stream int64;
      Colors(stream Color) -> stream list<Color>;
      Maps(stream map<string, bytes>) -> duration;
      stream(stream string) -> stream string;
    }
  )");
}

TEST(Streams, AreOfTypesThatAreDeclared) {
  check_compile(R"(
    package test;
    struct Chunk {}
    error Lost {}                           // expected-note: "Lost" is declared here
    service S {
      Both(stream Chnk) -> stream Chunk;    // expected-error: type "Chnk" is not declared; did you mean "Chunk"?
      Watch(Chunk) -> stream Lost;          // expected-error: "Lost" is an error, not a type; it can only be thrown
    }
  )");
}

TEST(IdleTimeout, IsForEveryKindOfStream) {
  check_compile(R"(
    package test;
    service S {
      Watch() -> stream int32 [idle_timeout = 30s];
      Upload(stream int32) [idle_timeout = 1ns, timeout = 1h];
      Chat(stream int32) -> stream int32 [idle_timeout = 500ms];
    }
  )");
}

TEST(IdleTimeout, IsForStreamsAlone) {
  check_compile(R"(
    package test;
    struct A {
      int32 a = 1 [idle_timeout = 1s];  // expected-error: annotation "idle_timeout" is unknown for a field; it belongs to a method
    }
    service S {
      F(A) -> A [idle_timeout = 30s];   // expected-error: annotation "idle_timeout" expects a method with a stream; method "F" is unary, and its limit is "timeout"
      G() [timeout = 1s, idle_timeout = 30s];  // expected-error: annotation "idle_timeout" expects a method with a stream; method "G" is unary, and its limit is "timeout"
    }
  )");
}

TEST(IdleTimeout, IsADurationAboveZero) {
  check_compile(R"(
    package test;
    service S {
      F() -> stream int32 [idle_timeout = 0s];    // expected-error: annotation "idle_timeout" is not above zero; expected a duration such as 500ms
      G() -> stream int32 [idle_timeout = -1s];   // expected-error: annotation "idle_timeout" is not above zero; expected a duration such as 500ms
      H() -> stream int32 [idle_timeout = 30];    // expected-error: annotation "idle_timeout" is an integer; expected a duration such as 500ms
      I() -> stream int32 [idle_timeout];         // expected-error: annotation "idle_timeout" lacks its value; expected a duration such as 500ms
      J() -> stream int32 [idle_timeout = 1s, idle_timeout = 2s];  // expected-error: annotation "idle_timeout" is given already // expected-note: it is given here
    }
  )");
}

TEST(Resume, NamesAFieldOfRequestAndMessage) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "other.rpc";
                   struct Change { int64 class = 7 [name = "Class", default = 1]; }
                   service S {
                     Watch(other.Request) -> stream Change [resume = class, idempotent];
                     Same(Change) -> stream Change [resume = class];
                   }
                 )"},
                 {"other.rpc", "package other; struct Request { int64 class = 1 [deprecated]; }"}});
}

TEST(Resume, IsForMethodsThatStreamTheirResultAlone) {
  check_compile(R"(
    package test;
    struct A { int64 at = 1; }
    service S {
      F(A) -> A [resume = at];                // expected-error: annotation "resume" expects a method that streams its result alone; method "F" is unary
      G(stream A) -> A [resume = at];         // expected-error: annotation "resume" expects a method that streams its result alone; method "G" streams its argument
      H(stream A) -> stream A [resume = at];  // expected-error: annotation "resume" expects a method that streams its result alone; method "H" streams its argument, too
    }
  )");
}

TEST(Resume, NeedsAFieldOfThatName) {
  check_compile(R"(
    package test;
    struct Request { int64 revision = 1; }
    struct Change { int64 position = 1; }    // expected-note: "Change" is declared here
    struct Empty {}                          // expected-note: "Empty" is declared here
    service S {
      A(Request) -> stream Change [resume = revision];   // expected-error: annotation "resume" expects an int64 "revision" in request and message; struct "Change" has no such field
      B(Empty) -> stream Change [resume = position];     // expected-error: annotation "resume" expects an int64 "position" in request and message; struct "Empty" has no such field
      C(Request) -> stream Change [resume = revison];    // expected-error: annotation "resume" expects an int64 "revison" in request and message; structs "Request" and "Change" have no such field; did you mean "revision"?
      D(Request) -> stream Request [resume = revision.x];  // expected-error: annotation "resume" expects an int64 "revision.x" in request and message; struct "Request" has no such field; did you mean "revision"? // expected-note@-7: "Request" is declared here
    }
  )");
}

TEST(Resume, NeedsAnInt64) {
  check_compile(R"(
    package test;
    enum Color { Red = 0; }
    struct Good { int64 a = 1; int64 b = 2; int64 c = 3; int64 d = 4; int64 e = 5; }
    struct Bad {
      int32 a = 1;          // expected-note: "a" is declared here
      Color b = 2;          // expected-note: "b" is declared here
      Good c = 3;           // expected-note: "c" is declared here
      list<int64> d = 4;    // expected-note: "d" is declared here
      uint64 e = 5;         // expected-note: "e" is declared here
    }
    service S {
      A(Bad) -> stream Good [resume = a];  // expected-error: annotation "resume" expects an int64 "a" in request and message; in struct "Bad" it is an int32
      B(Good) -> stream Bad [resume = b];  // expected-error: annotation "resume" expects an int64 "b" in request and message; in struct "Bad" it is enum "Color"
      C(Good) -> stream Bad [resume = c];  // expected-error: annotation "resume" expects an int64 "c" in request and message; in struct "Bad" it is struct "Good"
      D(Good) -> stream Bad [resume = d];  // expected-error: annotation "resume" expects an int64 "d" in request and message; in struct "Bad" it is a list
      E(Bad) -> stream Bad [resume = e];   // expected-error: annotation "resume" expects an int64 "e" in request and message; in struct "Bad" it is a uint64
    }
  )");
}

TEST(Resume, NeedsAFieldThatIsAlwaysThere) {
  check_compile(R"(
    package test;
    struct Good { int64 a = 1; int64 b = 2; }
    struct Maybe {
      optional int64 a = 1;      // expected-note: "a" is declared here // expected-note: "a" is declared here
      union body { int64 b = 2; }  // expected-note: "b" is declared here
    }
    service S {
      A(Maybe) -> stream Good [resume = a];  // expected-error: annotation "resume" expects an int64 "a" in request and message; in struct "Maybe" it is optional
      B(Good) -> stream Maybe [resume = a];  // expected-error: annotation "resume" expects an int64 "a" in request and message; in struct "Maybe" it is optional
      C(Good) -> stream Maybe [resume = b];  // expected-error: annotation "resume" expects an int64 "b" in request and message; in struct "Maybe" it is a member of union "body"
    }
  )");
}

TEST(Resume, NeedsStructs) {
  check_compile(R"(
    package test;
    enum Color { Red = 0; }
    struct A { int64 at = 1; }
    service S {
      F(int64) -> stream A [resume = at];      // expected-error: annotation "resume" expects an int64 "at" in request and message; the request of method "F" is an int64
      G(A) -> stream int64 [resume = at];      // expected-error: annotation "resume" expects an int64 "at" in request and message; the message of method "G" is an int64
      H(A) -> stream list<A> [resume = at];    // expected-error: annotation "resume" expects an int64 "at" in request and message; the message of method "H" is a list
      I(Color) -> stream A [resume = at];      // expected-error: annotation "resume" expects an int64 "at" in request and message; the request of method "I" is enum "Color"
      J() -> stream A [resume = at];           // expected-error: annotation "resume" expects an int64 "at" in request and message; method "J" has no request
    }
  )");
}

TEST(Resume, IsOneName) {
  check_compile(R"(
    package test;
    struct A { int64 at = 1; int64 to = 2; }
    service S {
      F(A) -> stream A [resume];                    // expected-error: annotation "resume" lacks its value; expected a name
      G(A) -> stream A [resume = "at"];             // expected-error: annotation "resume" is a string; expected a name
      H(A) -> stream A [resume = 1];                // expected-error: annotation "resume" is an integer; expected a name
      I(A) -> stream A [resume = at, resume = to];  // expected-error: annotation "resume" is given already // expected-note: it is given here
      J(A) -> stream A [resum = at];                // expected-error: annotation "resum" is unknown for a method; did you mean "resume"?
    }
  )");
}

TEST(Resume, IsSilentAboutWhatCouldNotBeRead) {
  check_compile(R"(
    package test;
    struct A { int64 att 1; }         // expected-error: expected '=' in the field, got "1"
    struct B { int64 at = 1; = 5; }   // expected-error: expected a field or '}' in the struct, got "="
    struct C { Strng at = 1; }        // expected-error: type "Strng" is not declared; did you mean "string"?
    struct D { union x { int64 att 1; } }  // expected-error: expected '=' in the field, got "1"
    struct E { int64 at = 1; }
    service S {
      F(A) -> stream E [resume = at];
      G(B) -> stream E [resume = to];  // expected-error: annotation "resume" expects an int64 "to" in request and message; struct "E" has no such field // expected-note@-3: "E" is declared here
      H(C) -> stream E [resume = at];
      I(D) -> stream E [resume = at];
      J(Gone) -> stream E [resume = at];  // expected-error: type "Gone" is not declared
    }
  )");
}

}  // namespace
}  // namespace rpcgen
