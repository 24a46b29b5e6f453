// Signing in with a code.
#include "reference-server/api/api_desk.hpp"
#include "reference-server/identity/totp.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kTotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr const char* kWrongCodeAnswer =
    R"(403 {"error":"The verification code is incorrect or has expired"})";

class SecondStepTest : public ApiDesk {
 protected:
  SecondStepTest() {
    auto& carol = add_account("carol", "pa55");
    carol.totp_secret = kTotpSecret;
    carol.email = "carol@example.org";
  }
  // The secret of a challenge.
  std::string challenged() {
    const auto text = login("carol", "pa55");
    const std::string begin = R"(200 {"type":"email_check","tfa_type":"tfa_check","secret":")";
    EXPECT_THAT(text, StartsWith(begin));
    EXPECT_THAT(text, HasSubstr(R"("user":{"name":"carol")"));
    EXPECT_THAT(text, Not(HasSubstr("access_token")));
    EXPECT_THAT(text, Not(HasSubstr(kTotpSecret)));
    EXPECT_THAT(text, Not(HasSubstr("example.org")));
    return text.substr(begin.size(), 43);
  }
  std::string code(int later = 0) {
    const auto time = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return identity::totp_code(kTotpSecret, time / identity::kTotpPeriod + later);
  }
  std::string second(const std::string& secret, const std::string& code,
                     const std::string& more = R"("username":"carol","id":"1","uuid":"dQ==")") {
    return said("POST", "/api/login",
                R"({"type":"email_code","autoLogin":true,"deviceInfo":{},"verificationCode":")" +
                    code + R"(","tfaCode":")" + code + R"(","secret":")" + secret + "\"," + more +
                    "}");
  }
};

TEST_F(SecondStepTest, TakesTheCode) {
  const auto secret = challenged();
  EXPECT_EQ(second(secret, "000000"), kWrongCodeAnswer);
  const auto text = second(secret, code());
  EXPECT_THAT(text, StartsWith(R"(200 {"type":"access_token","access_token":")"));
  EXPECT_THAT(text, HasSubstr(R"("user":{"name":"carol")"));
  EXPECT_EQ(second(secret, code(1)), kWrongCodeAnswer) << "the challenge is over";
  EXPECT_EQ(login("carol", "wrong"), R"(403 {"error":"Wrong credentials"})");
}

TEST_F(SecondStepTest, TakesWhatOtherClientsLeaveOut) {
  const std::string client = R"("id":"1","uuid":"dQ==")";
  EXPECT_THAT(second(challenged(), code(-1), client), StartsWith("200 "));
  EXPECT_THAT(said("POST", "/api/login",
                   R"({"type":"email_code","tfaCode":"","verificationCode":")" + code() +
                       R"(","secret":")" + challenged() + "\"," + client + "}"),
              StartsWith("200 "));
}

TEST_F(SecondStepTest, ACodeIsGoodOnce) {
  EXPECT_THAT(second(challenged(), code()), StartsWith("200 "));
  EXPECT_EQ(second(challenged(), code()), kWrongCodeAnswer);
  EXPECT_EQ(second(challenged(), code(-1)), kWrongCodeAnswer) << "one of before";
  restart();
  EXPECT_EQ(second(challenged(), code()), kWrongCodeAnswer);
  EXPECT_THAT(second(challenged(), code(1)), StartsWith("200 "));
}

TEST_F(SecondStepTest, BelongsToItsChallenge) {
  const auto secret = challenged();
  EXPECT_EQ(second("", code()), kWrongCodeAnswer);
  EXPECT_EQ(second(std::string(43, 'x'), code()), kWrongCodeAnswer);
  EXPECT_EQ(second(secret, code(), R"("username":"alice","id":"1","uuid":"dQ==")"),
            kWrongCodeAnswer);
  EXPECT_EQ(second(secret, code(), R"("username":"carol","id":"2","uuid":"dQ==")"),
            kWrongCodeAnswer);
  EXPECT_EQ(second(secret, code(), R"("username":"carol","id":"1","uuid":"dg==")"),
            kWrongCodeAnswer);
  EXPECT_THAT(second(secret, code()), StartsWith("200 "));
}

TEST_F(SecondStepTest, HasAnEnd) {
  auto secret = challenged();
  now += 301s;
  EXPECT_EQ(second(secret, code()), kWrongCodeAnswer);
  secret = challenged();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(second(secret, "abcdef"), kWrongCodeAnswer);
  EXPECT_EQ(second(secret, code()), kWrongCodeAnswer);
  EXPECT_THAT(second(challenged(), code()), StartsWith("200 "));
}

TEST_F(SecondStepTest, IsNotGuessed) {
  for (int i = 0; i < 3; ++i) {
    const auto secret = challenged();
    for (int k = 0; k < 5; ++k) EXPECT_EQ(second(secret, "abcdef"), kWrongCodeAnswer);
  }
  const auto secret = challenged();
  EXPECT_EQ(second(secret, code()), R"(429 {"error":"Please try 1 minute later"})");
  now += 15min;
  EXPECT_THAT(second(challenged(), code()), StartsWith("200 "));
}

TEST_F(SecondStepTest, EndsWithThePassword) {
  const auto secret = challenged();
  auto record = store.find_account("carol").value().value();
  record.password_hash = "another";
  EXPECT_TRUE(store.put_account(record));
  EXPECT_EQ(second(secret, code()), kWrongCodeAnswer);
}

TEST_F(SecondStepTest, ACodeComesByEMail) {
  options.accounts[0].email_code = true;
  std::vector<std::string> mails;
  options.send_mail = [&](const std::string& to, const std::string& text) {
    EXPECT_EQ(to, "alice@example.org");
    mails.push_back(text);
  };
  const auto secret = [&] {
    const auto text = login("alice", "s3cret");
    const std::string begin = R"(200 {"type":"email_check","tfa_type":"email_check","secret":")";
    EXPECT_THAT(text, StartsWith(begin));
    EXPECT_THAT(text, HasSubstr(R"("email":"a***@example.org")"));
    return text.substr(begin.size(), 43);
  };
  const auto code_in = [](const std::string& text) { return text.substr(24, 6); };
  const std::string alice = R"("username":"alice","id":"1","uuid":"dQ==")";
  const auto first = secret(), other = secret();
  EXPECT_EQ(second(first, code_in(mails.at(1)), alice), kWrongCodeAnswer) << "of another challenge";
  EXPECT_THAT(second(first, code_in(mails.at(0)), alice), StartsWith("200 "));
  EXPECT_EQ(second(first, code_in(mails.at(0)), alice), kWrongCodeAnswer) << "used";
  now += 301s;
  EXPECT_EQ(second(other, code_in(mails.at(1)), alice), kWrongCodeAnswer) << "too late";
  for (int i = 0; i < 5; ++i) secret();
  EXPECT_EQ(login("alice", "s3cret"), R"(429 {"error":"Please try 1 minute later"})");
  EXPECT_EQ(mails.size(), 7U);
}

TEST_F(SecondStepTest, NobodySignsInWithHalfOfWhatIsAskedFor) {
  options.accounts[0].email_code = true;
  EXPECT_EQ(login("alice", "s3cret"), R"(403 {"error":"This server cannot send codes by e-mail"})");
  EXPECT_EQ(login("alice", "x"), R"(403 {"error":"Wrong credentials"})");
}

}  // namespace
}  // namespace deskcheck::server::api
