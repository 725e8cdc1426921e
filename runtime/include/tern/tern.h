// Everything that a program with generated stubs and skeletons needs.
#pragma once

#include "tern/call.h"
#include "tern/client.h"
#include "tern/result.h"
#include "tern/server.h"
#include "tern/service.h"
#include "tern/sleep.h"
#include "tern/version.h"
