#include "reference-server/outside.hpp"

#include "proto/net/http_client.hpp"

namespace deskcheck::server {

namespace {

// At once: whoever makes the server ask must not make it ask without end.
constexpr int kMostAsking = 64;

api::Reply no_reply(std::string failure) {
  api::Reply reply;
  reply.failure = std::move(failure);
  return reply;
}

std::string words_for(const boost::system::error_code& error) {
  if (error == boost::asio::error::timed_out) return "it does not answer in time";
  return "it cannot be reached: " + error.message();
}

struct Counted {
  explicit Counted(int& number) : count(number) { ++count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --count; }
  int& count;
};

// The rest of a URL, behind scheme and host.
std::string path_of(const std::string& url) {
  const auto begin = url.find_first_of("/?#", url.find("://") + 3);
  if (begin == url.npos) return "/";
  const auto path = url.substr(begin, url.find('#') - begin);
  return path.starts_with('/') ? path : '/' + path;
}

std::string origin_of(const std::string& url) {
  return url.substr(0, url.find_first_of("/?#", url.find("://") + 3));
}

net::awaitable<net::Result<boost::asio::ip::address>> address_of(const Options& options,
                                                                 std::string host,
                                                                 net::Deadline deadline) {
  boost::system::error_code error;
  const auto literal = boost::asio::ip::make_address(host, error);
  if (!error) co_return literal;
  if (!options.resolve) co_return boost::asio::error::host_not_found;
  auto address = co_await options.resolve(host, deadline);
  co_return address;
}

}  // namespace

net::awaitable<api::Response> Outside::complete(api::Response response) {
  if (!response.elsewhere) co_return response;
  const auto deadline = net::in(world_.clock, api::kRepliesWithin);
  while (response.elsewhere) {
    const auto elsewhere = response.elsewhere;
    auto question = elsewhere->question;
    const auto reply = co_await ask(std::move(question), deadline);
    response = elsewhere->then(reply, world_.clock.now());
  }
  co_return response;
}

net::awaitable<api::Reply> Outside::ask(api::Question question, net::Deadline deadline) {
  const auto place = net::parse_http_url(origin_of(question.url));
  if (!place) co_return no_reply("its URL cannot be used: " + question.url);
  if (asking_ >= kMostAsking) co_return no_reply("too many sign-ins at once");
  const Counted counted(asking_);
  auto address = co_await address_of(options_, place->host, deadline);
  if (!address) co_return no_reply(words_for(address.error()));
  net::HttpCall call;
  call.method = question.method;
  call.target = path_of(question.url);
  call.headers = std::move(question.headers);
  call.body = std::move(question.body);
  call.longest_answer = api::kLongestReply;
  if (place->tls && !trust_) trust_ = net::TlsTrust::system();
  call.trust = trust_;
  auto answer = co_await net::call_http(world_, *place, *address, call, deadline);
  if (!answer) co_return no_reply(words_for(answer.error()));
  api::Reply reply;
  reply.status = answer->status;
  reply.body = std::move(answer->body);
  co_return reply;
}

}  // namespace deskcheck::server
