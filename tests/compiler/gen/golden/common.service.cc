// Services of common.rpc.
// Written by rpcgen 0.1.0: do not edit it, change common.rpc instead.
#include "common.service.h"

namespace tests::common {

// common.rpc declares no services.

}  // namespace tests::common
