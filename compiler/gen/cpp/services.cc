#include "compiler/gen/cpp/services.h"

#include <vector>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {
namespace {

// The method's own words, then what the caller has to expect.
void emit_method_doc(Printer& printer, const model::Method& method, const Signatures& signatures) {
  if (!method.doc.empty()) printer.line("");
  emit_doc(printer, method.doc);
  if (!method.throws.empty()) {
    std::string errors;
    for (const model::Message* error : method.throws) {
      errors += (errors.empty() ? "" : ", ") + signatures.error(*error);
    }
    printer.line("/// Declared errors: " + errors + ".");
  }
  if (method.timeout) {
    printer.line("/// Time limit: " + duration_words(*method.timeout) +
                 ", unless the caller sets another.");
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
      emit_method_doc(printer, *method, signatures);
      printer.signature(
          deprecation(method->deprecated) + "tern::Call<" + signatures.result(*method) + ">",
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
      emit_method_doc(printer, *method, signatures);
      printer.signature("virtual tern::Reply<" + signatures.result(*method) + ">", method->cpp_name,
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
    if (method->argument) include_type(*method->argument, *service.file, includes);
    if (method->result) include_type(*method->result, *service.file, includes);
    for (const model::Message* error : method->throws) {
      include_declared_in(*error->file, *service.file, includes);
    }
  }
}

}  // namespace rpcgen::cpp
