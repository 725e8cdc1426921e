// Rules about what only methods with a stream can have.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/spelling.h"
#include "compiler/sema/annotations.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"

namespace rpcgen {
namespace {

// What the method is, for a message: "is unary".
std::string_view what_streams(const ast::Method& method) {
  if (method.argument_stream) {
    return method.result_stream ? "streams its argument, too" : "streams its argument";
  }
  return method.result_stream ? "streams its result" : "is unary";
}

// "an int64", "a list", "struct \"Args\"".
std::string named(const ast::Type& type, const ResolvedType& resolved) {
  if (resolved.symbol == nullptr) return with_article(name_of(*resolved.kind));
  return fmt::format("{} \"{}\"", resolved.symbol->kind(), type.name.text);
}

// [resume = field] of one method.
class ResumeCheck {
 public:
  ResumeCheck(const Program& program, const Unit& unit, const ast::Method& method,
              const ast::Literal& field, Diagnostics& diagnostics)
      : program_(program),
        unit_(unit),
        method_(method),
        name_(std::get<ast::Word>(field.value).text),
        at_(field.span),
        diagnostics_(diagnostics) {}

  void run() {
    const Symbol* request = struct_of("request", method_.argument);
    const Symbol* message = struct_of("message", method_.result);
    if (request == message) message = nullptr;
    const bool request_lacks = request != nullptr && lacks_field(*request);
    const bool message_lacks = message != nullptr && lacks_field(*message);
    if (request_lacks && message_lacks) return refuse_both(*request, *message);
    if (request != nullptr) check_field(*request, request_lacks);
    if (message != nullptr) check_field(*message, message_lacks);
  }

 private:
  // The struct of one side of the method; null if there is none, and then that has been reported.
  const Symbol* struct_of(std::string_view side, const std::optional<ast::Type>& type) {
    if (!type) {
      refuse(fmt::format("method \"{}\" has no {}", method_.name.text, side));
      return nullptr;
    }
    const ResolvedType resolved = resolve(program_, unit_, *type);
    if (!resolved.kind || *resolved.kind == model::TypeKind::kStruct) return resolved.symbol;
    refuse(fmt::format("the {} of method \"{}\" is {}", side, method_.name.text,
                       named(*type, resolved)));
    return nullptr;
  }

  static const ast::Message& message_of(const Symbol& symbol) { return *symbol.as<ast::Message>(); }

  const ast::Field* find_field(const ast::Message& message) const {
    for (const ast::Field* field : fields_of(message)) {
      if (field->name.text == name_) return field;
    }
    return nullptr;
  }

  // False, too, if the field may be among what could not be read.
  bool lacks_field(const Symbol& symbol) const {
    const ast::Message& message = message_of(symbol);
    return message.complete && find_field(message) == nullptr;
  }

  void check_field(const Symbol& symbol, bool lacks) {
    const ast::Message& message = message_of(symbol);
    if (lacks) {
      refuse(fmt::format("struct \"{}\" has no such field{}", message.name.text,
                         nearest_field({&message})))
          .note(message.name.span, fmt::format("\"{}\" is declared here", message.name.text));
      return;
    }
    const ast::Field* field = find_field(message);
    if (field == nullptr) return;
    const std::optional<std::string> problem = problem_of(*symbol.unit, message, *field);
    if (!problem) return;
    refuse(fmt::format("in struct \"{}\" it is {}", message.name.text, *problem))
        .note(field->name.span, fmt::format("\"{}\" is declared here", name_));
  }

  void refuse_both(const Symbol& request, const Symbol& message) {
    const ast::Message& first = message_of(request);
    const ast::Message& second = message_of(message);
    refuse(fmt::format("structs \"{}\" and \"{}\" have no such field{}", first.name.text,
                       second.name.text, nearest_field({&first, &second})));
  }

  // What the field is instead of an int64 that is always there; nothing if it is one, or if that
  // cannot be known.
  std::optional<std::string> problem_of(const Unit& declaring, const ast::Message& message,
                                        const ast::Field& field) const {
    const ResolvedType resolved = resolve(program_, declaring, field.type);
    if (!resolved.kind) return std::nullopt;
    if (*resolved.kind != model::TypeKind::kInt64) return named(field.type, resolved);
    if (field.optional) return "optional";
    for (const ast::Union& one_of : message.unions) {
      for (const ast::Field& member : one_of.members) {
        if (&member == &field) return fmt::format("a member of union \"{}\"", one_of.name.text);
      }
    }
    return std::nullopt;
  }

  std::string nearest_field(const std::vector<const ast::Message*>& messages) const {
    if (!diagnostics_.wants_hints()) return {};
    std::vector<std::string_view> names;
    for (const ast::Message* message : messages) {
      for (const ast::Field* field : fields_of(*message)) names.push_back(field->name.text);
    }
    const auto near = nearest(name_, names);
    return near ? fmt::format("; did you mean \"{}\"?", *near) : std::string();
  }

  Diagnostic& refuse(const std::string& problem) {
    return diagnostics_.error(
        at_, fmt::format("annotation \"resume\" expects an int64 \"{}\" in request "
                         "and message; {}",
                         name_, problem));
  }

  const Program& program_;
  const Unit& unit_;
  const ast::Method& method_;
  const std::string& name_;
  Span at_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_idle_timeouts(const Program& program, Diagnostics& diagnostics) {
  each_method(program, [&](const Unit&, const ast::Service&, const ast::Method& method) {
    const ast::Annotation* annotation = find_annotation(method.annotations, "idle_timeout");
    if (annotation == nullptr || method.argument_stream || method.result_stream) return;
    diagnostics.error(annotation->name.span,
                      fmt::format("annotation \"idle_timeout\" expects a method with a stream; "
                                  "method \"{}\" is unary, and its limit is \"timeout\"",
                                  method.name.text));
  });
}

void check_resume(const Program& program, Diagnostics& diagnostics) {
  each_method(program, [&](const Unit& unit, const ast::Service&, const ast::Method& method) {
    const ast::Annotation* annotation = find_annotation(method.annotations, "resume");
    if (annotation == nullptr) return;
    if (method.argument_stream || !method.result_stream) {
      diagnostics.error(annotation->name.span,
                        fmt::format("annotation \"resume\" expects a method that streams its "
                                    "result alone; method \"{}\" {}",
                                    method.name.text, what_streams(method)));
      return;
    }
    if (annotation_value<ast::Word>(method.annotations, "resume") == nullptr) return;
    ResumeCheck(program, unit, method, *annotation->value, diagnostics).run();
  });
}

}  // namespace rpcgen
