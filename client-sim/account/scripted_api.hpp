// For the tests of accounts and agents: an HTTP API that answers what a test says. Tests only.
#pragma once

#include "client-sim/account/http_exchange.hpp"
#include "client-sim/test_support.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace deskcheck::sim {

inline const Endpoint kApi = net::endpoint("10.0.0.1", 21114);
inline const Endpoint kOtherApi = net::endpoint("10.0.0.2", 21114);

class ScriptedApi {
 public:
  struct Heard {
    net::Duration at;  // since the server was made
    std::string method, path;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    std::string line() const { return method + ' ' + path; }
  };
  struct Says {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    net::Duration after{};
    bool hangs_up = false;
    Says() = default;
    Says(int s, std::string b) : status(s), body(std::move(b)) {}
    Says(std::string b) : body(std::move(b)) {}
  };
  using Answer = std::function<Says(const Heard&)>;

  explicit ScriptedApi(net::World world, Endpoint at = kApi)
      : world_(world),
        begun_(world.clock.now()),
        listener_(world.network.listen(at)),
        tasks_(world.executor) {
    tasks_.spawn("api", connections());
  }
  // The first that begins with this path.
  void on(std::string path, Answer answer) {
    answers_.emplace_back(std::move(path), std::move(answer));
  }
  void on(std::string path, std::string body) {
    on(std::move(path), [body = std::move(body)](const Heard&) { return Says(body); });
  }
  std::vector<Heard> heard;
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const auto& one : heard) all.push_back(one.line());
    return all;
  }
  Task<void> stop() {
    tasks_.cancel();
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
  }

 private:
  Task<void> connections() {
    for (;;) {
      auto accepted = co_await listener_->accept(net::in(world_.clock, net::Duration::max()));
      if (accepted) tasks_.spawn("connection", serve(std::move(*accepted)));
    }
  }
  Task<void> serve(net::ByteStream stream) {
    boost::beast::flat_buffer buffer;
    boost::beast::http::request_parser<boost::beast::http::string_body> parser;
    parser.body_limit(kLongestApiAnswer);
    const auto patience = net::in(world_.clock, 60s);
    const auto read = co_await boost::beast::http::async_read(stream, buffer, parser, patience);
    if (!read) co_return;
    const Heard question = taken_apart(parser.get());
    heard.push_back(question);
    const Says says = answer_to(question);
    co_await net::sleep_for(world_.clock, says.after);
    if (says.hangs_up) co_return;
    boost::beast::http::response<boost::beast::http::string_body> response;
    response.result(static_cast<unsigned>(says.status));
    if (!says.type.empty()) response.set(boost::beast::http::field::content_type, says.type);
    response.body() = says.body;
    response.prepare_payload();
    (void)co_await boost::beast::http::async_write(stream, response, patience);
  }
  Heard taken_apart(const boost::beast::http::request<boost::beast::http::string_body>& request) {
    Heard question;
    question.at = world_.clock.now() - begun_;
    question.method = request.method_string();
    question.path = request.target();
    for (const auto& field : request) {
      std::string name(field.name_string());
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      question.headers[name] = field.value();
    }
    question.body = request.body();
    return question;
  }
  Says answer_to(const Heard& question) const {
    for (const auto& [path, answer] : answers_)
      if (question.path.starts_with(path)) return answer(question);
    return Says(404, "no such page");
  }

  net::World world_;
  net::Time begun_;
  std::unique_ptr<net::Listener> listener_;
  std::vector<std::pair<std::string, Answer>> answers_;
  net::TaskGroup tasks_;
};

inline ApiAccess access_to_scripted_api(const char* release = "1.4.9") {
  ApiAccess access;
  access.release = *ClientRelease::parse(release);
  access.id = kDeviceId;
  access.uuid = "machine";
  access.home = kControllerHome;
  access.api = *ApiServer::at("http://10.0.0.1:21114");
  return access;
}

}  // namespace deskcheck::sim
