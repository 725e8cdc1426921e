#include "cluster/replay_filter.h"

#include <utility>

#include "tern/codegen/type_ops.h"

namespace tern::cluster {

class ReplayFilter::Message {
 public:
  explicit Message(const TypeOps& type) : type_(type), value_(type.create()) {}
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  ~Message() { type_.destroy(value_); }

  const TypeOps& type() const noexcept { return type_; }
  void* value() noexcept { return value_; }

 private:
  const TypeOps& type_;
  void* value_;
};

ReplayFilter::ReplayFilter(const Method& method) : method_(method) {}

ReplayFilter::~ReplayFilter() = default;

void ReplayFilter::use_positions() {
  ahead_ = std::make_unique<Message>(method_.result());
  resume_ = method_.resume;
}

void ReplayFilter::read_from(const std::shared_ptr<stream::Stream>& stream) {
  if (stream_ == stream) return;
  stream_ = stream;
  skip_to_ = position();
}

bool ReplayFilter::accept(const void* message) {
  if (!resume_) return true;
  const std::int64_t position = resume_->of_message(message);
  if (skip_to_ && position <= *skip_to_) return false;
  skip_to_.reset();
  std::lock_guard<std::mutex> lock(mutex_);
  position_ = position;
  return true;
}

bool ReplayFilter::read_ahead(stream::Stream& stream) {
  while (stream.try_read(ahead_->type(), ahead_->value()) == StreamState::Read::kMessage) {
    if (!accept(ahead_->value())) continue;
    has_ahead_ = true;
    return true;
  }
  return false;
}

void ReplayFilter::take_ahead(void* place) {
  ahead_->type().move(ahead_->value(), place);
  has_ahead_ = false;
}

std::optional<std::int64_t> ReplayFilter::position() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return position_;
}

}  // namespace tern::cluster
