// The codecs for the values, in a source of their own as rpcgen would write it.
#include "rec.h"
#include "tern/codegen/type_ops_of.h"

template const tern::TypeOps& tern::type_ops<bench::Rec>() noexcept;
template const tern::TypeOps& tern::type_ops<bench::RecList>() noexcept;
