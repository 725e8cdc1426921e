// How things of the model are called in C++.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sema/model.h"

namespace rpcgen::cpp {

using NameSet = std::set<std::string, std::less<>>;

// Writes types as they are called in the code of one file.
class Names {
 public:
  explicit Names(const model::File& file) : file_(file) {}

  // `hidden` are the names that mean something else where the type is written, as a member `Color`
  // hides the enum of that name: those are written with their namespace.
  std::string type(const model::Type& type, const NameSet& hidden) const;
  std::string declared(const model::Message& message, const NameSet& hidden) const;
  std::string declared(const model::Enum& enumeration, const NameSet& hidden) const;

  // The same from outside every namespace.
  static std::string global(const model::Type& type);
  static std::string global(const model::Message& message);
  // The same from inside any namespace: they begin with `::`.
  static std::string rooted(const model::Type& type);
  static std::string rooted(const model::Message& message);
  // As a part of an identifier, which differs for each type: "std_c_cvector_lbool_g".
  static std::string encoded(const model::Type& type);

 private:
  std::string in_scope(const model::File& file, const std::string& name,
                       const NameSet& hidden) const;

  const model::File& file_;
};

// "a::b"; every file has a package.
std::string namespace_of(const model::File& file);

// The file's path without ".rpc".
std::string stem_of(const model::File& file);
std::string messages_header(const model::File& file);
std::string service_header(const model::File& file);

// Every name that is declared in the message's struct.
NameSet members_of(const model::Message& message);

// `name`, or that with as many `suffix` behind it as it takes to differ from all of `taken`.
std::string fresh_name(std::string name, std::string_view suffix, const NameSet& taken);

// Whether values are cheap to copy, so that they go by value and are not moved.
bool is_scalar(const model::Type& type);

}  // namespace rpcgen::cpp
