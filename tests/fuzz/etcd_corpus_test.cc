// The corpus of one target, which needs a part of Tern that can be left out.
#include <gtest/gtest.h>

#include "fuzz/corpus.h"
#include "fuzz/targets.h"

namespace fuzz {
namespace {

TEST(Corpus, OfEtcdIsSurvived) {
  replay("etcd", &etcd);
}

}  // namespace
}  // namespace fuzz
