// The calls that the client makes, a service each. Each function prints a line for every call and
// says whether every answer was right.
#pragma once

#include "tern/channel.h"

bool call_arith(tern::Channel& channel);
// One connection waits for keys while the other sets them.
bool call_kv_store(tern::Channel& channel, tern::Channel& watcher);
bool call_hello(tern::Channel& channel);
bool call_foo(tern::Channel& channel);
