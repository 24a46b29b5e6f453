#include "client-sim/device/serve.hpp"

#include "client-sim/session/client_facts.hpp"

#include <optional>

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

constexpr net::Duration kDelayTestInterval = 1s;  // client src/server/connection.rs:389
// Sends have other limits in the client, long ones: a session that stalls ends by its silence.
constexpr net::Duration kSendTimeout = 30s;

// The state of one session between two messages.
class Serving {
 public:
  Serving(net::Clock* clock, Session session, ServeOptions options, SessionRecord* record,
          std::function<void()> changed)
      : clock_(clock),
        session_(std::move(session)),
        options_(std::move(options)),
        record_(record),
        changed_(std::move(changed)) {}

  Task<void> run() {
    record_->why_over = co_await until_over();
    record_->over = true;
    changed_();
  }

 private:
  net::Deadline soon() { return net::in(*clock_, kSendTimeout); }

  Task<net::Result<void>> send(hbb::Message message) {
    auto sent = co_await session_.send(std::move(message), soon());
    co_return sent;
  }

  Task<std::string> until_over() {
    hbb::Message hello;
    hello.mutable_hash()->set_salt(options_.salt);
    hello.mutable_hash()->set_challenge(options_.challenge);
    auto sent = co_await send(std::move(hello));
    if (!sent) co_return sent.error().message();
    net::Time next_tick = clock_->now();
    heard_ = clock_->now();
    for (;;) {
      if (clock_->now() >= next_tick) {
        if (clock_->now() - heard_ >= kSessionSilence) co_return "Timeout";
        auto asked = co_await test_delay();
        if (!asked) co_return asked.error().message();
        while (next_tick <= clock_->now()) next_tick += kDelayTestInterval;
      }
      const net::Deadline until_tick{clock_, next_tick};
      auto message = co_await session_.receive(until_tick);
      if (!message && message.error() == boost::asio::error::timed_out) continue;
      if (!message && message.error() == boost::asio::error::eof) co_return "Reset by the peer";
      if (!message && message.error() != wire::Error::not_a_message)
        co_return message.error().message();
      heard_ = clock_->now();
      if (!message) continue;
      auto over = co_await on(std::move(*message));
      if (over) co_return std::move(*over);
    }
  }

  // Only while none is outstanding.
  Task<net::Result<void>> test_delay() {
    if (delay_asked_) co_return net::Result<void>();
    delay_asked_ = clock_->now();
    hbb::Message message;
    message.mutable_test_delay()->set_last_delay(last_delay_ms_);
    auto sent = co_await send(std::move(message));
    co_return sent;
  }

  // Why the session is over, if it is.
  Task<std::optional<std::string>> on(hbb::Message message) {
    if (message.has_misc() && message.misc().has_close_reason()) co_return "Peer close";
    if (message.has_test_delay()) {
      auto over = co_await on_test_delay(std::move(message));
      co_return over;
    }
    // Repeated logins are ignored once one has succeeded.
    if (!message.has_login_request() || record_->logged_in) co_return std::nullopt;
    auto over = co_await on_login(message.login_request());
    co_return over;
  }

  Task<std::optional<std::string>> on_test_delay(hbb::Message message) {
    if (message.test_delay().from_client()) {
      auto echoed = co_await send(std::move(message));
      if (!echoed) co_return echoed.error().message();
    } else if (delay_asked_) {
      const auto took = clock_->now() - *delay_asked_;
      last_delay_ms_ = static_cast<std::uint32_t>(took / 1ms);
      delay_asked_.reset();
      ++record_->delay_tests;
      changed_();
    }
    co_return std::nullopt;
  }

  Task<std::optional<std::string>> on_login(hbb::LoginRequest request) {
    record_->controller_id = request.my_id();
    hbb::Message answer;
    auto& response = *answer.mutable_login_response();
    const bool offline = request.username() != options_.device_id;
    if (offline) {
      response.set_error("Offline");
    } else if (request.password().empty()) {
      co_return std::nullopt;  // somebody would have to accept by hand
    } else if (proves(request.password())) {
      response.mutable_peer_info()->set_username("user");
      response.mutable_peer_info()->set_hostname(options_.device_id);
      response.mutable_peer_info()->set_platform("Linux");
      response.mutable_peer_info()->set_version(options_.version);
      record_->logged_in = true;
    } else {
      response.set_error("Wrong Password");
    }
    changed_();
    auto sent = co_await send(std::move(answer));
    if (!sent) co_return sent.error().message();
    if (offline) co_return "Offline";
    co_return std::nullopt;
  }

  bool proves(const std::string& proof) const {
    return !options_.password.empty() &&
           proof == wire::password_proof(options_.password, options_.salt, options_.challenge);
  }

  net::Clock* clock_;
  Session session_;
  ServeOptions options_;
  SessionRecord* record_;
  std::function<void()> changed_;
  net::Time heard_{};
  std::optional<net::Time> delay_asked_;
  std::uint32_t last_delay_ms_ = 0;
};

}  // namespace

std::string_view to_string(Route route) {
  switch (route) {
    case Route::direct:
      return "direct";
    case Route::lan:
      return "lan";
    case Route::relay:
      return "relay";
  }
  return "unknown";
}

Task<void> serve_session(net::Clock* clock, Session session, ServeOptions options,
                         SessionRecord* record, std::function<void()> changed) {
  Serving serving(clock, std::move(session), std::move(options), record, std::move(changed));
  co_await serving.run();
}

}  // namespace deskcheck::sim
