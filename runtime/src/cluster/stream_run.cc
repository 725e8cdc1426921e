#include "cluster/stream_run.h"

#include <fmt/format.h>

#include <new>
#include <optional>
#include <utility>

#include "call/failure_text.h"
#include "cluster/stream_place.h"
#include "cluster/stream_watch.h"

namespace tern::cluster {

namespace {

// With the context that `make` makes, if there is memory for that.
template <typename Make>
Status in_context(const Status& why, Make make) noexcept {
  try {
    return why.with_context(make());
  } catch (const std::bad_alloc&) {
    return why;
  }
}

}  // namespace

StreamRun::StreamRun(std::shared_ptr<ClusterStream> stream, const Method& method,
                     const CallOptions& options, const ClusterOptions& rules, bool one_server)
    : stream_(std::move(stream)),
      method_(method),
      rules_(rules),
      resumes_(method.resume && options.resume && !one_server),
      moves_(resumes_ &&
             options.stream_on_drain.value_or(rules.stream_on_drain) == StreamOnDrain::kMove),
      message_timeout_(options.message_timeout.value_or(method.message_timeout)) {}

StreamRun::~StreamRun() = default;

CallRef StreamRun::open(const CallRef& caller, Request& request, const SubchannelPtr& server,
                        const std::shared_ptr<call::Interception>& around) {
  if (around && around->sees_messages()) watched_by_ = around;
  auto stream = std::static_pointer_cast<stream::Stream>(server->client->make_stream(method_));
  stream->set_message_timeout(message_timeout_);
  stream->make_room_to_wait();
  CallRef place(new StreamPlace(caller, stream));
  const std::optional<std::int64_t> position = stream_->position();
  resumed_ = position.has_value();
  if (position) request.set_position(*position);
  if (watched_by_) {
    stream->add_watch(std::make_shared<StreamWatch>(watched_by_, method_, position,
                                                    rules_.client.limits.decode()));
  }
  connection_ = server->connections();
  if (moves_) {
    moving_.join(std::shared_ptr<MovableStreams>(server, &server->movable), stream, connection_);
  }
  stream_->go_to(std::move(stream));
  return place;
}

StreamRun::End StreamRun::end(CallState& reply, CallState& caller, Subchannel& server,
                              Status&& outcome) noexcept {
  auto& place = static_cast<StreamPlace&>(reply);
  moving_.leave();
  // One that has not come to a connection.
  place.its_stream()->end_with_call(outcome, place.reply_metadata());
  // One that was given up while its outcome was on the way: what had come with that is dropped.
  const Status seen = place.its_stream()->read_status();
  if (place.its_stream()->unread_dropped() && seen.code() != outcome.code()) outcome = seen;
  place.hand_over(caller);
  End end;
  end.drained = outcome.code() == Code::kUnavailable && server.has_gone_away(connection_);
  if (end.drained && outcome.handler_ran() != HandlerRan::kNo) {
    outcome =
        in_context(outcome, [&] { return call::failure_text(method_, server.address, "drained"); });
  }
  end.refused = watched_by_ && watched_by_->refused();
  end.outcome = std::move(outcome);
  return end;
}

bool StreamRun::has_lived(bool drained, Clock::Duration lived) const {
  return stream_->moved() || drained || lived >= rules_.retry.backoff.max;
}

Status StreamRun::final_outcome(Status&& why) const noexcept {
  if (!resumed_ || why.code() != Code::kOutOfRange || stream_->moved()) return std::move(why);
  try {
    return Status(Code::kDataLoss,
                  call::failure_text(method_, rules_.name,
                                     fmt::format("what comes behind position {} is lost: {}",
                                                 stream_->position().value_or(0), why.message())),
                  HandlerRan::kYes);
  } catch (const std::bad_alloc&) {
    return Status::without_memory(Code::kDataLoss, HandlerRan::kYes);
  }
}

}  // namespace tern::cluster
