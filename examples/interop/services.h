// The four services together.
#pragma once

#include "tern/server.h"

// Adds them to a server that does not serve yet.
tern::Status add_interop_services(tern::Server& server);
