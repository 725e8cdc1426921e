#include "tern/status.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

#include "tern/codegen/type_ops.h"

namespace tern {

std::string code_name(Code code) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "ok",
      "cancelled",
      "unknown",
      "invalid_argument",
      "deadline_exceeded",
      "not_found",
      "already_exists",
      "permission_denied",
      "resource_exhausted",
      "failed_precondition",
      "aborted",
      "out_of_range",
      "unimplemented",
      "internal",
      "unavailable",
      "data_loss",
      "unauthenticated",
  };
  const auto number = static_cast<std::size_t>(code);
  if (number < kNames.size()) return std::string(kNames[number]);
  return "code_" + std::to_string(number);
}

namespace {

// The beginning of what a declared error holds; nothing of one without fields.
void append_fields(std::string_view fields, std::string& text) {
  constexpr std::size_t kShown = 1000;
  if (fields == "{}") return;
  std::size_t shown = std::min(fields.size(), kShown);
  // A character of several bytes is shown whole or not at all.
  while (shown < fields.size() && (static_cast<unsigned char>(fields[shown]) & 0xc0u) == 0x80) {
    --shown;
  }
  text.append(" ").append(fields.substr(0, shown));
  if (shown < fields.size()) text.append("...");
}

}  // namespace

// A peer can send any code, kOk among them; a failure stays a failure.
Status::Status(Code code, std::string message, HandlerRan ran) : rep_(new Rep) {
  rep_->code = code == Code::kOk ? Code::kUnknown : code;
  rep_->ran = ran;
  rep_->message = std::move(message);
}

// One for each code and each answer. Nobody destroys them.
struct Status::WithoutMemory {
  static constexpr std::size_t kCodes = 17;
  static constexpr std::size_t kAnswers = 3;

  WithoutMemory() noexcept {
    for (std::size_t i = 0; i < kCodes * kAnswers; ++i) {
      Rep& rep = *new (&reps[i]) Rep;
      rep.code = static_cast<Code>(i / kAnswers);
      rep.ran = static_cast<HandlerRan>(i % kAnswers);
      rep.message = "no memory";  // so short that it takes none
    }
  }
  Rep* find(Code code, HandlerRan ran) noexcept {
    auto number = static_cast<std::size_t>(code);
    if (number == 0 || number >= kCodes) number = static_cast<std::size_t>(Code::kUnknown);
    std::byte* place = reps[number * kAnswers + static_cast<std::size_t>(ran)].bytes;
    return std::launder(reinterpret_cast<Rep*>(place));
  }

  struct Place {
    alignas(Rep) std::byte bytes[sizeof(Rep)];
  };
  Place reps[kCodes * kAnswers];
};

Status Status::without_memory(Code code, HandlerRan ran) noexcept {
  static WithoutMemory all;
  Status status;
  status.rep_ = all.find(code, ran);
  status.retain();
  return status;
}

Status Status::with_detail(Code code, std::string message, const TypeOps& type,
                           std::shared_ptr<const void> value, HandlerRan ran) {
  Status status(code, std::move(message), ran);
  status.rep_->type = &type;
  status.rep_->detail = std::move(value);
  return status;
}

std::string Status::to_string() const {
  if (ok()) return "ok";
  std::string text = code_name(code());
  if (!rep_->message.empty()) text.append(": ").append(rep_->message);
  if (rep_->type != nullptr) {
    std::string fields;
    rep_->type->print(*rep_->type, rep_->detail.get(), fields);
    append_fields(fields, text);
  }
  return text;
}

Status Status::with_handler_ran(HandlerRan ran) const {
  if (rep_ == nullptr) return {};
  try {
    Status changed;
    changed.rep_ = clone();
    changed.rep_->ran = ran;
    return changed;
  } catch (const std::bad_alloc&) {
    return without_memory(rep_->code, ran);
  }
}

Status Status::with_cause(std::error_code cause) const {
  if (rep_ == nullptr) return {};
  try {
    Status changed;
    changed.rep_ = clone();
    changed.rep_->cause = cause;
    return changed;
  } catch (const std::bad_alloc&) {
    return *this;
  }
}

Status Status::with_context(std::string_view text) const {
  if (rep_ == nullptr) return {};
  try {
    Status changed;
    changed.rep_ = clone();
    changed.rep_->message.insert(0, std::string(text).append(": "));
    return changed;
  } catch (const std::bad_alloc&) {
    return *this;
  }
}

const void* Status::detail(std::string_view type_name) const noexcept {
  if (rep_ == nullptr || rep_->type == nullptr || rep_->type->name != type_name) return nullptr;
  return rep_->detail.get();
}

void Status::release() noexcept {
  if (rep_ && rep_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete rep_;
  rep_ = nullptr;
}

// Only of a failure: success has nothing to change.
Status::Rep* Status::clone() const {
  Status copy(rep_->code, std::string(rep_->message), rep_->ran);
  copy.rep_->cause = rep_->cause;
  copy.rep_->type = rep_->type;
  copy.rep_->detail = rep_->detail;
  return std::exchange(copy.rep_, nullptr);
}

}  // namespace tern
