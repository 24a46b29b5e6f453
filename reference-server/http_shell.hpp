// The HTTP and HTTPS ports: takes requests off connections, one after the other, and hands them to
// the API object. Decides nothing about routes.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "proto/net/tls.hpp"
#include "reference-server/api/api.hpp"
#include "reference-server/options.hpp"
#include "reference-server/outside.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace deskcheck::server {

class HttpShell {
 public:
  // All of them outlive the shell.
  HttpShell(net::World world, const Options& options, api::Api& api, Outside& outside,
            net::TaskGroup& tasks)
      : world_(std::move(world)), options_(options), api_(api), outside_(outside), tasks_(tasks) {}

  // Until cancelled.
  net::awaitable<void> serve_connections(net::Listener& listener);
  // The same over TLS.
  net::awaitable<void> serve_tls_connections(net::Listener& listener, net::TlsServing serving);

 private:
  net::awaitable<void> serve(net::ByteStream stream, bool over_tls);
  net::awaitable<void> serve_tls(net::ByteStream below, net::TlsServing serving);
  // False: the client takes nothing more.
  net::awaitable<bool> send(net::ByteStream& stream, api::Response& answer, bool without_body,
                            unsigned version, bool keep_alive);
  // A body that is long, or still in its file.
  net::awaitable<bool> send_pieces(net::ByteStream& stream, const api::Response& answer);
  // `peer`: the other end of the connection; the client may be behind it.
  api::Request request_of(boost::beast::http::request<boost::beast::http::string_body>&& message,
                          const boost::asio::ip::address& peer) const;

  net::World world_;
  const Options& options_;
  api::Api& api_;
  Outside& outside_;
  net::TaskGroup& tasks_;  // owns everything that runs here
};

}  // namespace deskcheck::server
