#include "client-sim/controller/failure.hpp"

#include <gtest/gtest.h>
#include <boost/asio/error.hpp>

namespace deskcheck::sim {
namespace {

hbb::PunchHoleResponse refusal(int failure) {
  hbb::PunchHoleResponse response;
  response.set_failure(static_cast<hbb::PunchHoleResponse::Failure>(failure));
  return response;
}

TEST(Failure, TextOfEachAnswer) {
  EXPECT_EQ(failure_text(refusal(0)), "ID does not exist");
  EXPECT_EQ(failure_text(refusal(2)), "Remote desktop is offline");
  EXPECT_EQ(failure_text(refusal(3)), "Key mismatch");
  EXPECT_EQ(failure_text(refusal(4)), "Key overuse");
  EXPECT_EQ(failure_text(refusal(1)), "other punch hole failure");
  EXPECT_EQ(failure_text(refusal(99)), "other punch hole failure");
  auto worded = refusal(3);
  worded.set_other_failure("Your licence has expired");
  EXPECT_EQ(failure_text(worded), "Your licence has expired");
}

TEST(Failure, WhatIsTriedAgain) {
  for (const char* text : {"Key overuse", "other punch hole failure", "Reset by the peer",
                           "Timeout", "Your licence has expired", ""}) {
    EXPECT_TRUE(is_retried(text)) << text;
  }
  for (const char* text :
       {"ID does not exist", "Remote desktop is offline", "Key mismatch", "Handshake went wrong",
        "Failed to connect", "cannot RESOLVE it", "Closed manually by the peer", "Restricted",
        "Incoming only mode", "Connection not allowed"}) {
    EXPECT_FALSE(is_retried(text)) << text;
  }
}

TEST(Failure, AdviceOnlyAfterFailed) {
  EXPECT_EQ(shown_to_user("Failed to do it"), "Failed to do it: Please try later");
  EXPECT_EQ(shown_to_user("Key mismatch"), "Key mismatch");
  EXPECT_EQ(shown_to_user("It Failed"), "It Failed");
}

TEST(Failure, ErrorsInTheWordsOfTheClient) {
  EXPECT_EQ(failure_text(boost::asio::error::eof), "Reset by the peer");
  EXPECT_EQ(failure_text(boost::asio::error::timed_out), "deadline has elapsed");
  EXPECT_EQ(failure_text(boost::asio::error::connection_reset),
            "Connection reset by peer (os error 104)");
}

}  // namespace
}  // namespace deskcheck::sim
