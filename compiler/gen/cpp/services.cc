#include "compiler/gen/cpp/services.h"

#include <vector>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {
namespace {

// The words about a method's kind; a unary one needs none.
struct KindDoc {
  std::string_view caller;
  std::string_view handler;
};

KindDoc kind_doc(model::MethodKind kind) {
  switch (kind) {
    case model::MethodKind::kServerStream:
      return {"Returns at once: read() the stream to its end, status() tells how it ended.",
              "Writes to `out`, which ends with what the handler returns."};
    case model::MethodKind::kClientStream:
      return {"Returns at once: write() to the stream, then finish() for the result.",
              "Reads `in` to its end, where status() tells whether that is all, then returns."};
    case model::MethodKind::kBidiStream:
      return {
          "Returns at once: read() and write() go beside each other, end_writing() ends a side.",
          "Reads `in` and writes to `out`; both end with what the handler returns."};
    case model::MethodKind::kUnary:
      break;
  }
  return {};
}

std::string allow_words(const model::Allow& allow) {
  if (allow.kind == model::Allow::Kind::kPublic) return "everybody";
  if (allow.kind == model::Allow::Kind::kAuthenticated) return "everybody who is known";
  std::string roles;
  for (const std::string& role : allow.roles) roles += (roles.empty() ? "" : ", ") + role;
  if (allow.roles.size() == 1) return "who has the role " + roles;
  return (allow.kind == model::Allow::Kind::kAnyOf ? "who has one of the roles "
                                                   : "who has all of the roles ") +
         roles;
}

// The method's own words, then those about its kind, then what the caller has to expect.
void emit_method_doc(Printer& printer, const model::Method& method, std::string_view kind,
                     const Signatures& signatures) {
  if (!method.doc.empty() || !kind.empty()) printer.line("");
  emit_doc(printer, method.doc);
  emit_doc(printer, kind);
  if (!method.throws.empty()) {
    std::string errors;
    for (const model::Message* error : method.throws) {
      errors += (errors.empty() ? "" : ", ") + signatures.error(*error);
    }
    printer.line("/// Declared errors: " + errors + ".");
  }
  if (method.timeout) {
    printer.line("/// Time limit" + std::string(kind.empty() ? "" : " of the stream") + ": " +
                 duration_words(*method.timeout) + ", unless the caller sets another.");
  }
  if (method.idle_timeout) {
    printer.line("/// Limit of a silence: " + duration_words(*method.idle_timeout) +
                 ", unless the caller sets another.");
  }
  if (method.allow) printer.line("/// Allowed: " + allow_words(*method.allow) + ".");
  if (method.resume) {
    printer.line("/// Resumes after the last `" + method.resume->of_message->name + "`.");
  }
}

// The service's own words; what the class is for follows in the template.
void emit_service_doc(Printer& printer, const model::Service& service) {
  emit_doc(printer, service.doc);
  if (!service.doc.empty()) printer.line("///");
}

}  // namespace

void emit_stub(Printer& printer, const model::Service& service, const Names& names) {
  Signatures signatures(service, names);
  auto methods = [&] {
    for (const auto& method : service.methods) {
      emit_method_doc(printer, *method, kind_doc(method->kind).caller, signatures);
      printer.signature(deprecation(method->deprecated) + signatures.call(*method),
                        method->cpp_name, signatures.call_parameters(*method, true), ");");
    }
  };
  printer.emit({{"doc", [&] { emit_service_doc(printer, service); }},
                {"service", service.full_name},
                {"deprecated", deprecation(service.deprecated)},
                {"stub", service.stub_name},
                {"methods", methods}},
               R"(
                 $doc$
                 /// Calls $service$ through a channel, which must outlive this.
                 /// Its methods may be called from any thread.
                 class $deprecated$$stub$ {
                  public:
                   explicit $stub$(tern::Channel& channel) noexcept : channel_(&channel) {}

                   $methods$

                  private:
                   tern::Channel* channel_;
                 };
               )");
}

void emit_skeleton(Printer& printer, const model::Service& service, const Names& names) {
  Signatures signatures(service, names);
  auto methods = [&] {
    for (const auto& method : service.methods) {
      emit_method_doc(printer, *method, kind_doc(method->kind).handler, signatures);
      printer.signature("virtual " + signatures.reply(*method), method->cpp_name,
                        signatures.handler_parameters(*method), ") = 0;");
    }
  };
  printer.emit({{"doc", [&] { emit_service_doc(printer, service); }},
                {"service", service.full_name},
                {"deprecated", deprecation(service.deprecated)},
                {"skeleton", service.service_name},
                {"methods", methods}},
               R"(
                 $doc$
                 /// Serves $service$: derive from it.
                 /// Handlers may run at the same time on several threads.
                 class $deprecated$$skeleton$ : public tern::Service {
                  public:
                   $methods$

                   std::string_view name() const noexcept final;
                   std::span<const tern::Method> methods() const noexcept final;
                   void dispatch(std::size_t method, tern::ServerCall& call) final;
                 };
               )");
}

void include_service(const model::Service& service, Includes& includes) {
  includes.standard.insert({"cstddef", "span", "string_view"});
  includes.tern.insert({"tern/call.h", "tern/service.h"});
  for (const auto& method : service.methods) {
    if (method->kind != model::MethodKind::kUnary) includes.tern.insert("tern/stream.h");
    if (method->argument) include_type(*method->argument, *service.file, includes);
    if (method->result) include_type(*method->result, *service.file, includes);
    for (const model::Message* error : method->throws) {
      include_declared_in(*error->file, *service.file, includes);
    }
  }
}

}  // namespace rpcgen::cpp
