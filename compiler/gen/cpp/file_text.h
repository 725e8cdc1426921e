// What every generated file has: its first lines, includes, namespace, comments.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// The includes of a file, in the order of its blocks; each block sorted.
struct Includes {
  std::set<std::string, std::less<>> standard;  // "cstdint"
  std::set<std::string, std::less<>> tern;      // "tern/field.h"
  std::set<std::string, std::less<>> imported;  // "common.rpc.h"
};

// The headers that a member of this type needs; `importer` needs none for its own types.
void include_type(const model::Type& type, const model::File& importer, Includes& includes);
void include_declared_in(const model::File& file, const model::File& importer, Includes& includes);

// `about` ends the first line: "Messages of arith.rpc".
struct FileText {
  const model::File& file;
  std::string path;  // of the generated file
  std::string about;
  Includes includes;
  std::string doc;  // what stands above the namespace; may be empty
};

// A header: the check that it fits the runtime, the includes, then `body` in the namespace, and
// what has to stand behind that, if there is something.
void emit_header(Printer& printer, const FileText& text, const std::function<void()>& body,
                 const std::function<void()>& behind = {});

// A source: `own_header` first, then the includes, then what stands `before` the namespace, then
// `body` in it. There may be none of the two.
void emit_source(Printer& printer, const FileText& text, const std::string& own_header,
                 const std::function<void()>& before, const std::function<void()>& body);

// `doc` as `///` lines; nothing for an empty one.
void emit_doc(Printer& printer, std::string_view doc);

// "[[deprecated]] " or nothing.
std::string deprecation(bool deprecated);

}  // namespace rpcgen::cpp
