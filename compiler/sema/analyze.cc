#include "compiler/sema/analyze.h"

#include <utility>

#include "compiler/sema/build.h"
#include "compiler/sema/program.h"
#include "compiler/sema/rules.h"

namespace rpcgen {

std::optional<model::Schema> analyze(Units units, Diagnostics& diagnostics) {
  Program program{std::move(units), {}};
  program.symbols = Symbols(program.units);
  check(program, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return build(program);
}

}  // namespace rpcgen
