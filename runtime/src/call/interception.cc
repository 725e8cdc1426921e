#include "call/interception.h"

#include <exception>
#include <string>

namespace tern::call {

Status Interception::start(Metadata& reply_metadata) {
  InterceptedCall call = view(reply_metadata);
  for (const std::shared_ptr<Interceptor>& interceptor : interceptors_) {
    Status status;
    try {
      status = interceptor->on_start(call);
    } catch (const std::exception& thrown) {
      status = Status(Code::kInternal, std::string("interceptor: ") + thrown.what());
    } catch (...) {
      status = Status(Code::kInternal, "interceptor: threw something that is not a std::exception");
    }
    if (!status.ok()) return status.with_handler_ran(HandlerRan::kNo);
    ++passed_;
  }
  return {};
}

void Interception::finish(Metadata& reply_metadata, const Status& outcome) noexcept {
  InterceptedCall call = view(reply_metadata);
  while (passed_ > 0) interceptors_[--passed_]->on_finish(call, outcome);
}

InterceptedCall Interception::view(Metadata& reply_metadata) {
  InterceptedCall call{
      method_,     InterceptedCall::Side::kClient, peer_, metadata_, reply_metadata, values_,
      std::nullopt};
  if (deadline_ != Clock::TimePoint::max()) call.timeout = deadline_ - clock_.now();
  return call;
}

}  // namespace tern::call
