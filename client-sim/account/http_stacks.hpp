// The stacks with which a client calls its HTTP API: what each adds to a question, how long it
// waits, what it tries after a failure. Downloads have one more, which is not simulated.
// Source: http-api.md section 0.2; client:src/common.rs:1360-1661
#pragma once

#include "client-sim/account/charset.hpp"
#include "client-sim/account/http_exchange.hpp"

namespace deskcheck::sim {

// For each attempt. client:src/common.rs:1491,1591
inline constexpr net::Duration kRustPatience = std::chrono::seconds(12);
inline constexpr net::Duration kTunnelPatience = kConnectTimeout + kReadTimeout;

class HttpStacks {
 public:
  HttpStacks(net::World world, ApiAccess access, Recorder recorder);

  const ApiAccess& access() const { return access_; }
  const ClientRelease& release() const { return access_.release; }
  const Recorder& recorder() const { return recorder_; }
  net::World& world() { return world_; }
  // The device's id and uuid as the API wants them: the uuid in base64.
  std::string id() const { return access_.id; }
  std::string uuid() const;
  // Its user gave it another one.
  void change_id(std::string id) { access_.id = std::move(id); }
  // Its API is elsewhere from here on.
  void move_to(ApiServer api);

  // R-POST: what the agent sends, without a token. Whatever the status is, the caller gets it.
  Task<net::Result<HttpAnswer>> post(std::string path, std::string body);
  // R-GEN, as the background itself asks: with the headers of the question alone.
  Task<net::Result<HttpAnswer>> ask(HttpQuestion question);
  // What the user interface sends: by R-GEN or D-HTTP, as the release does it. Errors are those of
  // the transport, and illegal_byte_sequence for a body that it cannot read.
  Task<net::Result<DartAnswer>> from_dart(HttpQuestion question);
  // R-REC: no header, no fallback. Over HTTPS a probe comes before, until one call has worked.
  Task<net::Result<HttpAnswer>> upload(std::string path, std::string body);

 private:
  Task<net::Result<HttpAnswer>> with_fallback(HttpQuestion question);
  Task<net::Result<HttpAnswer>> by_rust(HttpQuestion question, net::Duration patience);
  bool may_use_tunnel() const;

  net::World world_;
  ApiAccess access_;
  Recorder recorder_;
  bool tls_worked_ = false;
};

// The headers with which the user interface asks: Authorization first if there is a token, then the
// type of what it sends.
HttpHeaders json_headers(const std::string& token);
// A POST without a body, as lists of books are asked for. client: ab_model.dart:2029
HttpQuestion empty_post(const ClientRelease& release, std::string path, const std::string& token);

}  // namespace deskcheck::sim
