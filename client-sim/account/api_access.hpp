// Where a client's HTTP API is, and who the client is there.
#pragma once

#include "client-sim/account/client_release.hpp"
#include "client-sim/session/client_facts.hpp"
#include "proto/net/http_client.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>

namespace deskcheck::sim {

struct ApiServer {
  std::string url;  // as it is configured, without a slash at its end
  net::HttpPlace place;
  boost::asio::ip::address address;    // of its host
  std::optional<net::TlsTrust> trust;  // of https; nothing: what the system trusts

  ApiServer() = default;
  // "http://10.0.0.1:21114", or https; nothing unless it is such a URL. A host that is no literal
  // address has to be given as one, too.
  static std::optional<ApiServer> at(std::string url,
                                     std::optional<boost::asio::ip::address> address = {});
};

struct ApiAccess {
  ClientRelease release = ClientRelease::head();
  std::string id;
  std::string uuid;    // machine id, opaque bytes
  net::Endpoint home;  // where its connections come from; port 0
  ApiServer api;
  // The tunnel: where the rendezvous server is, and its public key as configured (empty: the
  // built-in one). Port 0: there is no tunnel, as in WebSocket mode.
  net::Endpoint rendezvous;
  std::string key;
  // HTTP is not tried at all: the built-in setting use-raw-tcp-for-api.
  bool tunnel_only = false;

  ApiAccess() = default;
};

}  // namespace deskcheck::sim
