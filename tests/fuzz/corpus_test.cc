// Each file of the corpora, as one input.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "targets.h"

namespace fuzz {
namespace {

struct Input {
  std::filesystem::path file;
  std::vector<char> bytes;
};

std::vector<Input> corpus(const char* folder) {
  std::vector<Input> inputs;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(TERN_FUZZ_CORPORA) / folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    inputs.push_back({entry.path(), {std::istreambuf_iterator<char>(in), {}}});
  }
  return inputs;
}

void replay(const char* folder, void (*target)(tern::ByteView)) {
  const std::vector<Input> inputs = corpus(folder);
  EXPECT_GE(inputs.size(), 20u);
  for (const Input& input : inputs) {
    SCOPED_TRACE(input.file);
    for (std::size_t size = 0; size <= input.bytes.size(); ++size) {
      const std::vector<char> part(input.bytes.begin(),
                                   input.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      target(tern::as_bytes({part.data(), part.size()}));
    }
  }
}

TEST(Corpus, OfTheNativeCodecIsSurvived) {
  replay("native", &native);
}

TEST(Corpus, OfJsonIsSurvived) {
  replay("json", &json);
}

TEST(Corpus, OfGobIsSurvived) {
  replay("gob", &gob);
}

TEST(Corpus, OfJsonRpcIsSurvived) {
  replay("json_rpc", &json_rpc);
}

TEST(Corpus, OfHttpIsSurvived) {
  replay("http", &http);
}

TEST(Corpus, OfHttpRegistriesIsSurvived) {
  replay("http_registry", &http_registry);
}

TEST(Corpus, OfDnsAnswersIsSurvived) {
  replay("dns_answer", &dns_answer);
}

TEST(Corpus, OfServerFilesIsSurvived) {
  replay("server_file", &server_file);
}

}  // namespace
}  // namespace fuzz
