// The HTTP port: takes requests off connections, one after the other, and hands them to the API
// object. Decides nothing about routes.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/api/api.hpp"
#include "reference-server/options.hpp"

namespace deskcheck::server {

class HttpShell {
 public:
  // All of them outlive the shell.
  HttpShell(net::World world, const Options& options, api::Api& api, net::TaskGroup& tasks)
      : world_(std::move(world)), options_(options), api_(api), tasks_(tasks) {}

  // Until cancelled.
  net::awaitable<void> serve_connections(net::Listener& listener);

 private:
  net::awaitable<void> serve(net::ByteStream stream);

  net::World world_;
  const Options& options_;
  api::Api& api_;
  net::TaskGroup& tasks_;  // owns everything that runs here
};

}  // namespace deskcheck::server
