// What the client shows.
#pragma once

#include <memory>

#include "tern/cluster.h"
#include "tern/discovery.h"
#include "tern/io_pool.h"

// The same calls with every balancer: how many went to which server.
bool show_balancers(const std::shared_ptr<tern::Discovery>& servers, tern::IoPool& pool);

// One call to all servers at once: succeeding, and then with a deadline that a slow one misses.
bool show_broadcast(const std::shared_ptr<tern::Discovery>& servers, tern::IoPool& pool);

// A thousand calls, while servers come and go; a line at every hundred.
bool show_load(const std::shared_ptr<tern::Discovery>& servers, tern::IoPool& pool);
