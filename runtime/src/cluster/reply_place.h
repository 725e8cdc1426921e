// A place for one attempt's reply, when several attempts may get one.
#pragma once

#include <utility>

#include "tern/codegen/call_state.h"
#include "tern/codegen/type_ops.h"

namespace tern::cluster {

class ReplyPlace final : public CallState {
 public:
  explicit ReplyPlace(const TypeOps& type) : CallState(type.create()), type_(type) {}
  ~ReplyPlace() override { type_.destroy(reply_slot()); }

  // Moves what came to where the caller expects it. `value`: there is one.
  void hand_over(CallState& to, bool value) {
    if (value) type_.move(reply_slot(), to.reply_slot());
    to.reply_metadata() = std::move(reply_metadata());
  }

 private:
  const TypeOps& type_;
};

}  // namespace tern::cluster
