// A client's side of Connect's calls in the table of protocols; over_http/ serves them.
#pragma once

#include "wire/client_setup.h"

namespace tern::wire::connect {

// Over HTTP/1.1, and over HTTP/2.
Status call_connect(const ClientSetup& setup, ClientPreface& preface);
Status call_connect_h2(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::connect
