// Asks other servers what the API has to know of them. Carries questions and replies, within limits
// of time, size and number; decides nothing about what they mean.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/tls.hpp"
#include "reference-server/api/elsewhere.hpp"
#include "reference-server/options.hpp"

namespace deskcheck::server {

class Outside {
 public:
  // `options` outlive this.
  Outside(net::World world, const Options& options) : world_(std::move(world)), options_(options) {}

  // The response once nothing has to be asked any more.
  net::awaitable<api::Response> complete(api::Response response);

 private:
  net::awaitable<api::Reply> ask(api::Question question, net::Deadline deadline);

  net::World world_;
  const Options& options_;
  std::optional<net::TlsTrust> trust_;  // the system's, once it was needed
  int asking_ = 0;
};

}  // namespace deskcheck::server
