#include "tern/client.h"

#include <string>
#include <utility>

#include "call/client_channel.h"
#include "call/close_with_pool.h"
#include "tern/codegen/call_state.h"
#include "tern/loop_thread.h"

namespace tern {

Client::Client(std::string_view address, ClientOptions options)
    : own_pool_(std::make_unique<IoPool>()),
      core_(std::make_shared<call::ClientChannel>(parse_endpoint(address), std::string(address),
                                                  own_pool_->next(), true, std::move(options))) {}

Client::Client(std::string_view address, IoPool& pool, ClientOptions options)
    : core_(std::make_shared<call::ClientChannel>(parse_endpoint(address), std::string(address),
                                                  pool.next(), pool.has_threads(),
                                                  std::move(options))) {}

Client::Client(const Endpoint& endpoint, IoPool& pool, ClientOptions options)
    : core_(std::make_shared<call::ClientChannel>(Result<Endpoint>(endpoint), endpoint.to_string(),
                                                  pool.next(), pool.has_threads(),
                                                  std::move(options))) {}

Client::~Client() {
  call::close_with_pool(core_, own_pool_);
}

void Client::start(const Method& method, const void* argument, const CallOptions& options,
                   CallRef call) {
  core_->start(method, argument, options, std::move(call));
}

std::shared_ptr<StreamState> Client::make_stream(const Method& method) {
  return core_->make_stream(method);
}

Status Client::connect() {
  return core_->connect();
}

void Client::close() {
  core_->close();
}

ClientStats Client::stats() const {
  return core_->stats();
}

}  // namespace tern
