#include "conformance/doctor/clinic.hpp"

#include "proto/net/forward.hpp"
#include "proto/net/stream.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <gtest/gtest.h>

namespace deskcheck::doctor {

namespace ip = boost::asio::ip;

namespace {

constexpr std::uint16_t kPort = 21116;

// Until the end of the head.
net::awaitable<std::string> request_of(net::World world, net::ByteStream* stream) {
  std::string head;
  while (head.find("\r\n\r\n") == head.npos && head.size() < 8192) {
    auto bytes = co_await net::read_some(*stream, 4096, net::in(world.clock, 30s));
    if (!bytes) break;
    head += *bytes;
  }
  co_return head;
}

net::awaitable<void> write(net::World world, net::ByteStream* stream, std::string bytes) {
  (void)co_await net::write_all(*stream, std::move(bytes), net::in(world.clock, 30s));
}

net::awaitable<void> pump(net::World world, net::ByteStream* from, net::ByteStream* to) {
  net::Forward forward(*from, *to);
  for (;;) {
    const auto moved = co_await forward.some(net::in(world.clock, 60s));
    if (!moved || *moved == 0) break;
  }
  (*to)->shutdown_send();
}

std::string without_upgrade(std::string head) {
  for (const char* name : {"Upgrade: ", "Connection: "}) {
    const auto begin = head.find(name);
    if (begin != head.npos) head.erase(begin, head.find("\r\n", begin) + 2 - begin);
  }
  return head;
}

net::awaitable<void> forward_request(net::World world, net::ByteStream client, Rules rules) {
  auto head = co_await request_of(world, &client);
  const auto path = head.substr(std::min(head.find(' '), head.size() - 1) + 1);
  const net::Endpoint* backend = nullptr;
  for (const auto& [begin, to] : rules.to)
    if (path.starts_with(begin)) backend = &to;
  if (!backend) {
    co_await write(world, &client, rules.otherwise);
    co_return;
  }
  const net::Endpoint from{ip::make_address(kFront), 0};
  auto server = co_await world.network.connect(from, *backend, net::in(world.clock, 2s));
  if (!server) {
    auto page = http_answer(502, "text/html", "<h1>Bad Gateway</h1>");
    co_await write(world, &client, std::move(page));
    co_return;
  }
  if (!rules.passes_upgrade) head = without_upgrade(head);
  co_await write(world, &*server, std::move(head));
  net::TaskGroup both(world.executor);
  both.spawn("up", pump(world, &client, &*server));
  both.spawn("down", pump(world, &*server, &client));
  co_await both.join();
}

}  // namespace

Serve says(std::string greeting) {
  return [greeting](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    if (!greeting.empty()) co_await write(world, &stream, greeting);
    for (;;) {
      const auto heard = co_await net::read_some(stream, 4096, net::in(world.clock, 60s));
      if (!heard) break;
    }
  };
}

Serve answers(std::string head_and_body) {
  return [head_and_body](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    // Whatever it is: web servers answer rubbish, too.
    const auto heard = co_await net::read_some(stream, 4096, net::in(world.clock, 60s));
    if (heard) co_await write(world, &stream, head_and_body);
  };
}

std::string http_answer(int status, std::string type, std::string body, std::string headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

Serve over_tls(net::MadeCertificate identity, Serve inner) {
  const net::TlsServing serving(identity.certificate, identity.private_key);
  return [serving, inner](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    net::TlsServing with = serving;
    auto secured =
        co_await net::tls_accept(std::move(stream), std::move(with), net::in(world.clock, 10s));
    if (secured) co_await inner(world, std::move(*secured));
  };
}

Serve proxies(Rules rules) {
  return [rules](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    co_await forward_request(world, std::move(stream), rules);
  };
}

Clinic::Clinic() {
  net::Random random(7);
  options.bind = ip::make_address(kServer);
  options.rendezvous_port = kPort;
  options.identity = wire::make_server_key_pair(random);
  options.password_cost = server::PasswordCost::minimal;
  options.licence_key = options.relay_licence_key = wire::to_text(options.identity->public_key);
  server::AccountFixture ann;
  ann.name = "ann";
  ann.password = "correct horse";
  options.accounts.push_back(ann);
  names[kName] = {kServer};
  names["front.example.com"] = {kFront};
  patient.profile.host = kName;
  patient.profile.key = options.identity->public_key;
  patient.key = options.licence_key;
  patient.identity = identity_of("the tests");
  patient.home = ip::make_address(kDoctor);
  patient.look_up = [this](std::string host,
                           net::Deadline) -> net::awaitable<net::Result<std::vector<ip::address>>> {
    boost::system::error_code error;
    const auto literal = ip::make_address(host, error);
    if (!error) co_return std::vector<ip::address>{literal};
    std::vector<ip::address> all;
    for (const auto& text : names[host]) all.push_back(ip::make_address(text));
    if (all.empty()) co_return make_error_code(boost::asio::error::host_not_found);
    co_return all;
  };
  sim.add_host(ip::make_address(kFront));
}

void Clinic::at(const char* address, std::uint16_t port, Serve serve) {
  impostors_.push_back({net::endpoint(address, port), std::move(serve)});
}

void Clinic::lose_datagrams() {
  net::Link link;
  link.loss = 1;
  sim.set_link(ip::make_address(kDoctor), ip::make_address(kServer), link);
}

net::MadeCertificate Clinic::certificate(bool believed, std::chrono::seconds until) {
  net::CertificateWish wish;
  wish.hosts = {kName, "front.example.com"};
  wish.from = std::min<std::chrono::seconds>(-24h, until - 24h);
  wish.until = until;
  auto made = net::make_certificate(wish);
  const auto other = net::make_certificate(wish);
  patient.trust = net::TlsTrust::only(believed ? made.certificate : other.certificate);
  return made;
}

net::Endpoint Clinic::api() const { return net::endpoint(kServer, kPort - 2); }

net::awaitable<void> Clinic::stand_at(net::Listener& listener, const Serve& serve,
                                      net::TaskGroup& tasks) {
  for (;;) {
    auto accepted = co_await listener.accept(net::never(sim));
    if (accepted) tasks.spawn("impostor", serve(sim.world(), std::move(*accepted)));
  }
}

net::awaitable<void> Clinic::life(Call call) {
  server::MemoryPeerStore store;
  std::unique_ptr<server::Server> server;
  if (server_runs) {
    server = std::make_unique<server::Server>(sim.world(), options, store);
    server->start();
  }
  net::TaskGroup tasks(sim.world().executor);
  std::vector<std::unique_ptr<net::Listener>> listeners;
  for (const auto& impostor : impostors_) {
    listeners.push_back(sim.listen(impostor.at));
    tasks.spawn("impostors", stand_at(*listeners.back(), impostor.serve, tasks));
  }
  co_await call(sim.world());
  tasks.cancel();
  co_await tasks.join();
  if (server) co_await server->stop();
  if (tasks.failure()) std::rethrow_exception(tasks.failure());
}

void Clinic::during(Call call) {
  const auto ending = sim.run(life(std::move(call)), 1h);
  EXPECT_EQ(ending, net::Ending::finished) << sim.stuck_report();
}

Diagnosis Clinic::examine() {
  Diagnosis diagnosis;
  during([this, &diagnosis](net::World world) -> net::awaitable<void> {
    Patient copy = patient;
    diagnosis = co_await doctor::examine(std::move(world), std::move(copy));
  });
  return diagnosis;
}

}  // namespace deskcheck::doctor
