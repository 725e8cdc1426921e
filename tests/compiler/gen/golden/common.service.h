// Services of common.rpc.
// Written by rpcgen 0.1.0: do not edit it, change common.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "common.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "common.rpc.h"

namespace tests::common {

// common.rpc declares no services.

}  // namespace tests::common
