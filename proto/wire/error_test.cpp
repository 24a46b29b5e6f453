#include "proto/wire/test_support.hpp"

#include <set>

namespace deskcheck::wire {
namespace {

using boost::system::error_code;

constexpr int kErrors = static_cast<int>(Error::weak_key);

TEST(Error, EachHasItsOwnSentence) {
  std::set<std::string> sentences;
  for (int value = 1; value <= kErrors; ++value) {
    const std::string sentence = category().message(value);
    EXPECT_NE(sentence, category().message(0)) << value;
    EXPECT_GT(sentence.size(), 20U) << value;
    EXPECT_EQ(sentence.find_first_of(".\n"), std::string::npos) << sentence;
    sentences.insert(sentence);
  }
  EXPECT_EQ(sentences.size(), static_cast<std::size_t>(kErrors));
}

TEST(Error, NumbersOfNoErrorSaySo) {
  EXPECT_EQ(category().message(0), "unknown error");
  EXPECT_EQ(category().message(kErrors + 1), "unknown error");
}

TEST(Error, IsAnErrorCodeOfOneCategory) {
  const error_code code = Error::wrong_id;
  EXPECT_TRUE(code.failed());
  EXPECT_EQ(code, Error::wrong_id);
  EXPECT_NE(code, Error::bad_box);
  EXPECT_EQ(code.category(), category());
  EXPECT_STREQ(code.category().name(), "deskcheck.wire");
  EXPECT_EQ(code.message(), "the signed identity names another id");
}

}  // namespace
}  // namespace deskcheck::wire
