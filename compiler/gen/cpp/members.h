// The members of a message as C++ has them: one list that the struct, its constructor and its
// accessors are printed from.
#pragma once

#include <string>
#include <vector>

#include "compiler/gen/cpp/names.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// A data member: a field on its own, or a union.
struct DataMember {
  std::string type;
  std::string name;
  std::string initializer;  // " = 0", "{}" or nothing
  std::string parameter;    // its name in the memberwise constructor
  bool by_move = false;     // whether the constructor moves it in place
  bool deprecated = false;
  const std::string* doc = nullptr;
};

// The messages of the file that others name above their definition, in a list, map or Boxed.
std::vector<const model::Message*> forward_declared(const model::File& file);

class Members {
 public:
  Members(const model::Message& message, const Names& names);

  const std::vector<DataMember>& data() const { return data_; }
  const NameSet& taken() const { return taken_; }

  // Whether the struct names types that are only declared where it is defined: then the compiler
  // must not write its constructors, assignments and comparison there.
  bool incomplete() const { return incomplete_; }

  // Whether values can be made in constant expressions: all members have types of that kind.
  bool is_literal() const { return literal_; }

  // The number or bool that the message has as its one member; null for all other messages.
  const model::Field* only_number() const { return only_number_; }

  // "Circle": the type of a field without what makes it optional.
  std::string value_type(const model::Field& field) const;

 private:
  DataMember data_member(const model::Member& member) const;
  std::string initializer(const model::Field& field) const;

  const Names& names_;
  NameSet taken_;
  std::vector<DataMember> data_;
  bool incomplete_;
  bool literal_;
  const model::Field* only_number_ = nullptr;
};

}  // namespace rpcgen::cpp
