// The HTTP API as a plain object: a request in, a response out. The HTTP port and the tunnel over
// the rendezvous port call the same one. Sans-IO: it knows no sockets, and no time.
// This is a part of the API that is enough for what the rendezvous protocol touches: login options,
// the legacy address book, deployment. Every other route is answered 404 with a JSON error.
// Source of the rules: http-api.md chapters 0, 2 and 13.2.
#pragma once

#include "reference-server/api/http.hpp"

#include <cstddef>
#include <functional>
#include <map>

namespace deskcheck::server::api {

// What POST /api/devices/deploy asks for.
struct Deployment {
  std::string id, uuid, pk;  // the last two as bytes
};
enum class DeployResult { ok, not_enabled, invalid_input, id_taken, failed };

// {"error": text}, as every failure is answered.
Response failure(int status, std::string_view text);

class Api {
 public:
  struct Needs {
    std::function<bool(std::string_view token)> signed_in;  // whether a token is valid
    std::function<DeployResult(const Deployment&)> deploy;
    std::size_t longest_body = 4 << 20;  // bytes; longer ones are answered 413
  };
  explicit Api(Needs needs) : needs_(std::move(needs)) {}

  Response on(const Request& request);

 private:
  Response login_options() const;
  Response get_book(const Request& request) const;
  Response put_book(const Request& request);
  Response deploy(const Request& request) const;
  bool signed_in(const Request& request) const;

  Needs needs_;
  std::map<std::string, std::string, std::less<>> books_;  // token to text, at most one per token
};

}  // namespace deskcheck::server::api
