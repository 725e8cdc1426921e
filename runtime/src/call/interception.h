// The interceptors of a client around one call.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "stream/message_watch.h"
#include "tern/clock.h"
#include "tern/interceptor.h"

namespace tern::call {

// Lives from the start of the call to its end. What it is made with outlives that.
class Interception final : public stream::MessageWatch {
 public:
  using Interceptors = std::vector<std::shared_ptr<Interceptor>>;

  // `deadline` is TimePoint::max() for a call without one.
  Interception(const Interceptors& interceptors, const Method& method, std::string_view peer,
               const Metadata& metadata, Clock& clock, Clock::TimePoint deadline)
      : interceptors_(interceptors),
        method_(method),
        peer_(peer),
        metadata_(metadata),
        clock_(clock),
        deadline_(deadline) {}

  // Asks them in their order; the first failure ends the call.
  Status start(Metadata& reply_metadata);
  // Tells those that let the call pass, in the opposite order.
  void finish(Metadata& reply_metadata, const Status& outcome) noexcept;

  // Whether there are some that see messages: then those of the call's stream are to come to
  // on_message(), until finish().
  bool sees_messages();
  Status on_message(const InterceptedMessage& message) override;
  // Whether on_message() has failed.
  bool refused() const noexcept { return refused_; }

  // What the request carries, with what the interceptors have added.
  const Metadata& metadata() const noexcept { return metadata_; }

 private:
  InterceptedCall view(Metadata& reply_metadata);

  const Interceptors& interceptors_;
  const Method& method_;
  std::string_view peer_;
  Metadata metadata_;
  CallValues values_;
  Clock& clock_;
  Clock::TimePoint deadline_;
  std::size_t passed_ = 0;
  std::vector<StreamInterceptor*> seeing_;
  Metadata no_reply_;  // comes with the end
  bool refused_ = false;
};

}  // namespace tern::call
