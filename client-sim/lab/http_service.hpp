// A small HTTP/1.1 server for what stands beside a target: it carries questions to a function and
// its answers back. Decides nothing about what is right.
#pragma once

#include "client-sim/lab/query_text.hpp"
#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"

#include <functional>
#include <memory>
#include <string>

namespace deskcheck::sim {

struct HttpRequest {
  std::string method, target;  // path and query
  std::string authorization;   // the header; empty if there is none
  std::string body;

  HttpRequest() = default;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string location;  // of a redirect; empty: none
  std::string body;
  net::Duration delay{};  // before it is sent
  bool silent = false;    // not sent at all: the connection ends

  HttpResponse() = default;
};

class HttpService {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  // Listens; throws boost::system::system_error if `at` cannot be bound. Port 0 takes a free one.
  HttpService(net::World world, net::Endpoint at, Handler handler);
  ~HttpService();

  net::Endpoint local() const { return listener_->local(); }
  void start();
  net::awaitable<void> stop();

 private:
  net::awaitable<void> accept();
  net::awaitable<void> serve(net::ByteStream stream);

  net::World world_;
  std::unique_ptr<net::Listener> listener_;
  Handler handler_;
  net::TaskGroup tasks_;
};

}  // namespace deskcheck::sim
