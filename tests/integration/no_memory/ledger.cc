#include "integration/no_memory/ledger.h"

namespace tern::test {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kGood:
    case Verdict::kAllAllocationsDone:
      return "is well";
    case Verdict::kLostCall:
      return "has lost a call";
    case Verdict::kDoubledCall:
      return "has ended a call twice";
    case Verdict::kNotUsable:
      return "cannot call any more";
    case Verdict::kLeak:
      return "has leaked";
    case Verdict::kNotStopped:
      return "does not stop";
    case Verdict::kFalselyDenied:
      return "has denied a handler that has run";
    case Verdict::kFalselyComplete:
      return "has called a stream complete of which a part is missing";
    case Verdict::kHandlerLeft:
      return "has left a handler behind";
    case Verdict::kCallLeft:
      return "has left a call behind";
  }
  return "has died";
}

Verdict Ledger::verdict() const {
  Verdict verdict = handlers_ == 0 ? Verdict::kGood : Verdict::kHandlerLeft;
  for (const Call& call : calls_) {
    if (call.ended > 1) return Verdict::kDoubledCall;
    if (call.ran && call.denied) return Verdict::kFalselyDenied;
    if (call.falsely_complete) return Verdict::kFalselyComplete;
    if (call.ended == 0) verdict = Verdict::kLostCall;
  }
  return verdict;
}

}  // namespace tern::test
