#include "compiler/gen/cpp/descriptor.h"

#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/gen/cpp/file_text.h"
#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/names.h"
#include "compiler/gen/printer.h"
#include "compiler/gen/proto/build.h"
#include "compiler/gen/proto/descriptor.h"

namespace rpcgen::cpp {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

// What the file's constants are called: "file_sub_2farith", which differs for each path.
std::string file_name(const model::File& file) {
  std::string out = "file_";
  for (const char c : stem_of(file)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 && byte < 0x80) {
      out += c;
    } else {
      out += {'_', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    }
  }
  return out;
}

// One byte within a literal. No byte means anything else because of those that follow it, and none
// is a part of a trigraph.
std::string escaped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') return {'\\', c};
  if (byte >= 0x20 && byte < 0x7f && c != '?') return {c};
  const auto digit = [byte](int shift) { return static_cast<char>('0' + (byte >> shift & 7)); };
  return {'\\', digit(6), digit(3), digit(0)};
}

// The lines of a literal that stands below its head.
std::vector<std::string> literal_lines(std::string_view bytes) {
  constexpr std::size_t kMost = Printer::kWidth - 5;  // 4 of indentation, and a semicolon
  std::vector<std::string> lines;
  std::string line;
  for (const char c : bytes) {
    const std::string next = escaped(c);
    if (line.size() + next.size() + 2 > kMost) lines.push_back('"' + std::exchange(line, {}) + '"');
    line += next;
  }
  lines.push_back('"' + line + '"');
  return lines;
}

void emit_bytes(Printer& printer, const std::string& name, std::string_view bytes) {
  const std::string head = "inline constexpr char " + name + "_bytes[] =";
  const std::vector<std::string> lines = literal_lines(bytes);
  if (lines.size() == 1 && printer.fits(head + " " + lines.front() + ";")) {
    return printer.line(head + " " + lines.front() + ";");
  }
  printer.line(head);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    printer.line("    " + lines[i] + (i + 1 == lines.size() ? ";" : ""));
  }
}

void emit_file(Printer& printer, const model::File& file) {
  const proto::File declared = proto::build(file);
  const std::string name = file_name(file);
  const auto bytes = [&] { emit_bytes(printer, name, proto::descriptor(declared)); };
  const auto imports = [&] {
    if (file.imports.empty()) return;
    std::vector<std::string> all;
    for (const model::File* import : file.imports) all.push_back("&" + file_name(*import));
    printer.list("inline constexpr std::array<const FileDescriptor*, " +
                     std::to_string(all.size()) + "> " + name + "_imports{",
                 all, ", ", "};");
  };
  const auto whole = [&] {
    std::vector<std::string> parts = {quoted(declared.path), name + "_bytes"};
    if (!file.imports.empty()) parts.push_back(name + "_imports");
    printer.list("inline constexpr FileDescriptor " + name + "{", parts, ", ", "};");
  };
  printer.emit({{"bytes", bytes}, {"imports", imports}, {"whole", whole}}, R"(
    namespace tern::descriptors {

    $bytes$
    $imports$
    $whole$

    }  // namespace tern::descriptors
  )");
}

void emit_services(Printer& printer, const model::File& file) {
  if (file.services.empty()) return;
  const auto declared = [&] {
    for (const auto& service : file.services) printer.line("class " + service->service_name + ";");
  };
  printer.emit({{"namespace", namespace_of(file)}, {"declared", declared}}, R"(
    namespace $namespace$ {
    $declared$
    }  // namespace $namespace$
  )");
  printer.line("");
  for (const auto& service : file.services) {
    printer.emit(
        {{"service", namespace_of(file) + "::" + service->service_name}, {"file", file_name(file)}},
        R"(
                   template <>
                   struct tern::DescriptorOf<$service$> {
                     static constexpr const tern::FileDescriptor& kFile = tern::descriptors::$file$;
                   };
                 )");
    printer.line("");
  }
}

}  // namespace

std::string descriptor_header(const model::File& file) {
  return stem_of(file) + ".descriptor.h";
}

std::string descriptor_text(const model::File& file) {
  FileText text{
      file, descriptor_header(file), "What gRPC's reflection tells of " + file.path, {}, {}};
  text.includes.tern.insert("tern/codegen/file_descriptor.h");
  if (!file.imports.empty()) text.includes.standard.insert("array");
  for (const model::File* import : file.imports) {
    text.includes.imported.insert(descriptor_header(*import));
  }
  Printer printer;
  emit_header(printer, text, {}, [&] {
    emit_file(printer, file);
    printer.line("");
    emit_services(printer, file);
  });
  return printer.take();
}

}  // namespace rpcgen::cpp
