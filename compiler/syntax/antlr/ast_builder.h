// From ANTLR's tree to ours.
#pragma once

#include "RpcParser.h"
#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/scan.h"

namespace rpcgen {

// Of a rule that ANTLR did not finish, what could be understood.
ast::File build_ast(antlr::RpcParser::FileContext& tree, const SourceFile& file, Scan scan,
                    Diagnostics& diagnostics);

}  // namespace rpcgen
