// What a file says, as written: names are not looked up, numbers not judged.
//
// The tree tolerates gaps. Where the text has an error, a name is empty, a type is kMissing and an
// optional is empty; a member with a syntax error is there, but empty. The parser has reported why,
// and later passes stay silent about it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "compiler/base/source.h"

namespace rpcgen::ast {

struct Name {
  std::string text;  // dotted where the language allows a package in front
  Span span;

  bool missing() const { return text.empty(); }
};

struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

struct Number {
  Integer value;
  Span span;
};

// A name that stands for a value: `true`, `Red`, `common.kLimit`.
struct Word {
  std::string text;
};

struct Literal {
  Span span;
  std::variant<Integer, double, std::chrono::nanoseconds, std::string, Word> value;
};

struct Annotation {
  Name name;
  bool assigned = false;         // there is a `=`
  std::optional<Literal> value;  // empty without `=`, and where what follows it is no value
};

struct Type {
  enum class Kind { kMissing, kNamed, kList, kMap };

  Kind kind = Kind::kMissing;
  Name name;                    // kNamed only: a built-in type or a defined one
  std::vector<Type> arguments;  // kList: one, kMap: two
  Span span;
};

// `reserved 2, 5 to 9, "old_name";`
struct Reserved {
  struct Range {
    Number first;
    Number last;  // the same as first if there is only one
  };
  std::vector<Range> ranges;
  std::vector<Name> names;  // the span has the quotes, the text has not
};

struct Field {
  std::string doc;
  std::optional<Span> optional;  // the keyword
  Type type;
  Name name;
  std::optional<Number> number;
  std::vector<Annotation> annotations;
};

struct Union {
  std::string doc;
  Name name;
  std::vector<Field> members;
  bool complete = true;  // false: there are members that could not be read
};

// A struct or an error.
struct Message {
  std::string doc;
  bool is_error = false;
  Name name;
  std::vector<Annotation> annotations;
  std::vector<Field> fields;  // those outside of unions
  std::vector<Union> unions;
  std::vector<Reserved> reserved;
  bool complete = true;  // false: there are members that could not be read
};

struct EnumValue {
  std::string doc;
  Name name;
  std::optional<Number> number;
  std::vector<Annotation> annotations;
};

struct Enum {
  std::string doc;
  Name name;
  std::vector<Annotation> annotations;
  std::vector<EnumValue> values;
  std::vector<Reserved> reserved;
  bool complete = true;  // false: there are values that could not be read
};

struct Constant {
  std::string doc;
  Type type;
  Name name;
  std::optional<Literal> value;
};

struct Method {
  std::string doc;
  Name name;
  std::optional<Type> argument;
  std::optional<Type> result;
  std::optional<Span> argument_stream;  // the keyword
  std::optional<Span> result_stream;
  std::vector<Name> throws;
  std::vector<Annotation> annotations;
};

struct Service {
  std::string doc;
  Name name;
  std::vector<Annotation> annotations;
  std::vector<Method> methods;
  bool complete = true;  // false: there are methods that could not be read
};

struct Package {
  std::string doc;
  Name name;
  bool first = true;  // nothing stands before it
};

struct Import {
  Name path;  // the span has the quotes, the text has not
};

struct File {
  Span start;                     // where the file begins, for what is wrong with it as a whole
  bool readable = true;           // false: the parser has not seen it at all
  std::vector<Package> packages;  // as many as were written; the language wants one
  std::vector<Import> imports;
  bool begins_read = true;  // false: the first statement could not be read
  bool all_imports = true;  // false: there is one that could not be read
  // Names in what could not be read as a statement: they may have been declared there.
  std::set<std::string, std::less<>> lost_names;
  std::vector<Constant> constants;
  std::vector<Enum> enums;
  std::vector<Message> messages;
  std::vector<Service> services;
};

}  // namespace rpcgen::ast
