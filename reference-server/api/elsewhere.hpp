// What the API has to ask of another server before it can answer. The API knows no sockets: it
// hands out the question and how it goes on; whoever carries the response asks, as often as it
// takes.
#pragma once

#include "proto/net/time.hpp"
#include "reference-server/api/http.hpp"

#include <functional>

namespace deskcheck::server::api {

struct Question {
  std::string url;  // http:// or https://
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  Question() = default;
};

struct Reply {
  int status = 0;
  std::string body;
  std::string failure;  // why there is no reply: "it does not answer in time"; empty: there is one

  Reply() = default;
};

struct Elsewhere {
  Question question;
  std::function<Response(const Reply&, net::Time now)> then;

  Elsewhere() = default;
};

// The longest reply that is of use, in bytes, and how long all questions of one request may take
// together: clients wait for 12 s.
constexpr std::size_t kLongestReply = 256 * 1024;
constexpr net::Duration kRepliesWithin = std::chrono::seconds(8);

inline Response ask_elsewhere(Question question,
                              std::function<Response(const Reply&, net::Time now)> then) {
  auto elsewhere = std::make_shared<Elsewhere>();
  elsewhere->question = std::move(question);
  elsewhere->then = std::move(then);
  Response response;
  response.elsewhere = std::move(elsewhere);
  return response;
}

// The same with what is to be done to the final response, however many questions come before it.
inline Response when_final(Response response, std::function<Response(Response)> act) {
  if (!response.elsewhere) return act(std::move(response));
  const auto before = response.elsewhere;
  return ask_elsewhere(before->question, [before, act](const Reply& reply, net::Time now) {
    return when_final(before->then(reply, now), act);
  });
}

}  // namespace deskcheck::server::api
