#include "compiler/gen/proto/text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/gen/printer.h"

namespace rpcgen::proto {

namespace {

void print_doc(Printer& printer, const std::string& doc) {
  if (doc.empty()) return;
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = doc.find('\n', at);
    const std::string line = doc.substr(at, end - at);
    printer.line(line.empty() ? "//" : "// " + line);
    if (end == std::string::npos) return;
    at = end + 1;
  }
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// " [deprecated = true, json_name = \"x\"]".
std::string options(bool deprecated, const std::string& json_name = "") {
  std::vector<std::string> all;
  if (deprecated) all.emplace_back("deprecated = true");
  if (!json_name.empty()) all.push_back("json_name = " + quoted(json_name));
  if (all.empty()) return "";
  std::string out = " [" + all.front();
  for (std::size_t i = 1; i < all.size(); ++i) out += ", " + all[i];
  return out + "]";
}

void print_field(Printer& printer, const Field& field) {
  print_doc(printer, field.doc);
  std::string_view label;
  if (field.label == Field::Label::kOptional) label = "optional ";
  if (field.label == Field::Label::kRepeated) label = "repeated ";
  const std::string type = field.key ? "map<" + field.key->written + ", " + field.type.written + ">"
                                     : field.type.written;
  printer.line(std::string(label) + type + " " + field.name + " = " + std::to_string(field.number) +
               options(field.deprecated, field.json_name) + ";");
}

void print_fields(Printer& printer, const std::vector<Field>& fields) {
  for (std::size_t i = 0; i < fields.size();) {
    const std::string& one_of = fields[i].one_of;
    if (one_of.empty()) {
      print_field(printer, fields[i++]);
      continue;
    }
    const auto members = [&] {
      while (i < fields.size() && fields[i].one_of == one_of) print_field(printer, fields[i++]);
    };
    printer.emit({{"name", one_of}, {"members", members}}, R"(
      oneof $name$ {
        $members$
      }
    )");
  }
}

void print_message(Printer& printer, const Message& message) {
  print_doc(printer, message.doc);
  const auto body = [&] {
    if (message.deprecated) printer.line("option deprecated = true;");
    for (const Message& nested : message.nested) print_message(printer, nested);
    print_fields(printer, message.fields);
  };
  printer.emit({{"name", message.name}, {"body", body}}, R"(
    message $name$ {
      $body$
    }
  )");
}

void print_enum(Printer& printer, const Enum& one) {
  print_doc(printer, one.doc);
  const auto values = [&] {
    if (one.deprecated) printer.line("option deprecated = true;");
    for (const EnumValue& value : one.values) {
      print_doc(printer, value.doc);
      printer.line(value.name + " = " + std::to_string(value.number) + options(value.deprecated) +
                   ";");
    }
  };
  printer.emit({{"name", one.name}, {"values", values}}, R"(
    enum $name$ {
      $values$
    }
  )");
}

void print_method(Printer& printer, const Method& method) {
  print_doc(printer, method.doc);
  const auto streamed = [](bool streams, const Type& type) {
    return (streams ? "stream " : "") + type.written;
  };
  const std::string head = "rpc " + method.name + "(" +
                           streamed(method.client_streams, method.argument) + ") returns (" +
                           streamed(method.server_streams, method.result) + ")";
  if (!method.idempotent && !method.deprecated) return printer.line(head + ";");
  const auto body = [&] {
    if (method.deprecated) printer.line("option deprecated = true;");
    if (method.idempotent) printer.line("option idempotency_level = IDEMPOTENT;");
  };
  printer.emit({{"head", head}, {"body", body}}, R"(
    $head$ {
      $body$
    }
  )");
}

void print_service(Printer& printer, const Service& service) {
  print_doc(printer, service.doc);
  const auto body = [&] {
    if (service.deprecated) printer.line("option deprecated = true;");
    for (const Method& method : service.methods) print_method(printer, method);
  };
  printer.emit({{"name", service.name}, {"body", body}}, R"(
    service $name$ {
      $body$
    }
  )");
}

}  // namespace

OutputFile write(const File& file) {
  Printer printer;
  printer.line("// Written by rpcgen " + std::string(generator_version()) +
               ": do not edit it, change " + file.source + " instead.");
  printer.line("syntax = \"proto3\";");
  printer.line("");
  print_doc(printer, file.doc);
  printer.line("package " + file.package + ";");
  printer.line("");
  for (const std::string& import : file.imports) printer.line("import \"" + import + "\";");
  for (const Enum& one : file.enums) {
    printer.line("");
    print_enum(printer, one);
  }
  for (const Message& message : file.messages) {
    printer.line("");
    print_message(printer, message);
  }
  for (const Service& service : file.services) {
    printer.line("");
    print_service(printer, service);
  }
  return {file.path, printer.take()};
}

}  // namespace rpcgen::proto
