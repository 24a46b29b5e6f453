// For the tests of the doctor and the probe: a reference server in a simulated world, and things
// that stand in front of it or where it should be: impostors and a reverse proxy. Tests only.
#pragma once

#include "conformance/doctor/doctor.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/task_group.hpp"
#include "proto/net/tls_certificate.hpp"
#include "reference-server/server.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace deskcheck::doctor {

using namespace std::chrono_literals;

inline constexpr char kName[] = "rd.example.com";
inline constexpr char kServer[] = "203.0.113.1";  // a public address
inline constexpr char kFront[] = "203.0.113.2";   // of impostors and proxies
inline constexpr char kDoctor[] = "198.51.100.9";

// What somebody who listens at a port does with a connection.
using Serve = std::function<net::awaitable<void>(net::World world, net::ByteStream stream)>;
// Says `greeting` and waits; empty: says nothing.
Serve says(std::string greeting);
// Reads a request and answers it.
Serve answers(std::string head_and_body);
// An answer of HTTP with this status, type and body.
std::string http_answer(int status, std::string type, std::string body, std::string headers = "");
// TLS, and then that.
Serve over_tls(net::MadeCertificate identity, Serve inner);

// A proxy by the first line of the request: path -> where to.
struct Rules {
  std::map<std::string, net::Endpoint> to;  // by the begin of the path
  bool passes_upgrade = true;
  std::string otherwise = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

  Rules() = default;
};
Serve proxies(Rules rules);

// One set-up: everything is right until a test makes something wrong.
class Clinic {
 public:
  Clinic();
  Clinic(const Clinic&) = delete;
  Clinic& operator=(const Clinic&) = delete;

  net::SimWorld sim{1};
  server::Options options;  // of the server
  bool server_runs = true;
  Patient patient;
  std::map<std::string, std::vector<std::string>> names;  // as DNS has them

  // Somebody listens there during the examination.
  void at(const char* address, std::uint16_t port, Serve serve);
  // The doctor's datagrams to the server are lost.
  void lose_datagrams();
  // A certificate for kName, and whether the doctor believes it.
  net::MadeCertificate certificate(bool believed, std::chrono::seconds until = 24h);
  // The API of the server as others see it.
  net::Endpoint api() const;

  // Somebody calls on the server, in its world.
  using Call = std::function<net::awaitable<void>(net::World)>;
  void during(Call call);
  Diagnosis examine();

 private:
  struct Impostor {
    net::Endpoint at;
    Serve serve;
  };
  net::awaitable<void> life(Call call);
  net::awaitable<void> stand_at(net::Listener& listener, const Serve& serve, net::TaskGroup& tasks);

  std::vector<Impostor> impostors_;
};

}  // namespace deskcheck::doctor
