// The codec of examples/custom_codec, on texts that a peer might send.
#include "line_codec.h"

#include <gtest/gtest.h>

#include <string>

#include "notebook.rpc.h"
#include "tern/result.h"

namespace {

using notebook::Note;

Note full_note() {
  Note note;
  note.title = "a \"b\" \\ c\nd";
  note.lines = {"", "{", "]", "two words ("};
  note.votes = {{"", 0}, {"Ada", -2147483647 - 1}, {"Grace", 2147483647}};
  note.mood = notebook::Mood::Urgent;
  note.remind_after = tern::Duration(-1);
  return note;
}

std::string encoded(const Note& note) {
  tern::Buffer text;
  tern::Status status = make_line_codec()->encode(tern::type_ops<Note>(), &note, text);
  EXPECT_TRUE(status.ok()) << status.to_string();
  return std::string(tern::as_text(text.view()));
}

tern::Result<Note> decoded(const std::string& text, std::size_t depth = 100) {
  tern::DecodeLimits limits;
  limits.depth = depth;
  Note note;
  tern::Status status =
      make_line_codec()->decode(tern::type_ops<Note>(), tern::as_bytes(text), &note, limits);
  if (!status.ok()) return status;
  return note;
}

std::string refusal(const std::string& text) {
  tern::Result<Note> note = decoded(text);
  return note.ok() ? "accepted" : std::string(note.status().message());
}

TEST(LineCodec, ReadsWhatItWrites) {
  tern::Result<Note> note = decoded(encoded(full_note()));
  ASSERT_TRUE(note.ok()) << note.status().to_string();
  EXPECT_EQ(*note, full_note());
}

TEST(LineCodec, GivesMissingFieldsTheirDefaults) {
  tern::Result<Note> note = decoded("{\n}\n");
  ASSERT_TRUE(note.ok()) << note.status().to_string();
  EXPECT_EQ(*note, Note());
}

TEST(LineCodec, TakesFieldsInAnyOrderAndEnumeratorsByNumber) {
  tern::Result<Note> note = decoded("{\nmood 7\n      title \"t\"\n}\n");
  ASSERT_TRUE(note.ok()) << note.status().to_string();
  EXPECT_EQ(note->mood, static_cast<notebook::Mood>(7));
  EXPECT_EQ(note->title, "t");
}

TEST(LineCodec, SkipsFieldsThatItDoesNotKnow) {
  tern::Result<Note> note =
      decoded("{\nnew {\na [\n\"]\"\n(\n1\n{\n}\n)\n]\nb 1\n}\nnewer \"{\"\ntitle \"t\"\n}\n");
  ASSERT_TRUE(note.ok()) << note.status().to_string();
  EXPECT_EQ(note->title, "t");
}

TEST(LineCodec, RefusesEveryTruncation) {
  const std::string text = encoded(full_note());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(refusal(text.substr(0, size)), "accepted") << size << " of " << text.size();
  }
}

TEST(LineCodec, SaysWhereATextIsWrong) {
  EXPECT_EQ(refusal("{\nvotes (\n\"Ada\"\ntrue\n)\n}\n"),
            "at votes[\"Ada\"]: expected an integer, got true");
  EXPECT_EQ(refusal("{\nlines [\n\"a\"\nb\n]\n}\n"),
            "at lines[1]: expected a string in quotes, got b");
  EXPECT_EQ(refusal("{\n}\n{\n}\n"), "text behind the end of the value");
}

TEST(LineCodec, RefusesNumbersThatDoNotFit) {
  EXPECT_NE(refusal("{\nvotes (\n\"Ada\"\n2147483648\n)\n}\n"), "accepted");
  EXPECT_NE(refusal("{\nremind_after 9223372036854775808\n}\n"), "accepted");
}

TEST(LineCodec, CountsTheDepthOfWhatItSkips) {
  const std::string text = "{\nnew [\n[\n[\n]\n]\n]\n}\n";
  EXPECT_TRUE(decoded(text, 4).ok());
  EXPECT_FALSE(decoded(text, 3).ok());
}

}  // namespace
