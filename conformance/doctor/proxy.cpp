// WebSockets below a proxy: /ws/id and /ws/relay, where clients in WebSocket mode go that know the
// server by name. client libs/hbb_common src/websocket.rs:340-401.
#include "conformance/doctor/identify.hpp"
#include "conformance/doctor/relay.hpp"
#include "proto/net/http_client.hpp"

#include <fmt/format.h>
#include <boost/beast/websocket/error.hpp>

namespace deskcheck::doctor {

namespace {

namespace ip = boost::asio::ip;

constexpr char kNginx[] =
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "
    "upgrade;";

struct Way {
  Step step = Step::proxy;
  Status severity = Status::broken;  // of what is wrong
  net::HttpPlace place;
  ip::address address;
  std::string path;  // below the base

  Way() = default;
  net::Endpoint to() const { return {address, place.port}; }
  std::string url() const {
    return fmt::format("{}://{}{}{}", place.tls ? "wss" : "ws", net::authority(place), place.base,
                       path);
  }
  std::string backend() const {
    return step == Step::proxy ? "the server's WebSocket port (P+2)"
                               : "the relay's WebSocket port (Q+2)";
  }
};

// Where clients would go; nothing: they would not use a proxy, as far as it is known.
std::optional<net::HttpPlace> place_of(const Visit& visit) {
  if (!visit.patient.proxy.empty()) return net::parse_http_url(visit.patient.proxy);
  const auto api = net::parse_http_url(visit.patient.profile.api);
  boost::system::error_code no_literal;
  (void)ip::make_address(visit.patient.profile.host, no_literal);
  if (!api || !api->tls || !no_literal || api->host != visit.patient.profile.host)
    return std::nullopt;
  net::HttpPlace place;
  place.host = api->host;
  place.tls = true;
  place.port = 443;
  return place;
}

Task<net::Result<sim::MessageStream>> open(Visit& visit, Way way) {
  const auto deadline = visit.patience();
  auto stream = co_await visit.world.network.connect(visit.home(way.to()), way.to(), deadline);
  if (!stream) co_return stream.error();
  if (way.place.tls) {
    net::TlsTrust trust = visit.patient.trust ? *visit.patient.trust : net::TlsTrust::system();
    std::string host = way.place.host;
    auto secured =
        co_await net::tls_connect(std::move(*stream), std::move(trust), std::move(host), deadline);
    if (!secured) co_return secured.error();
    stream = std::move(secured);
  }
  std::string host = net::authority(way.place), path = way.place.base + way.path;
  net::HttpHeaders headers;
  auto socket = co_await net::WebSocket::connect(
      std::move(*stream), std::move(host), std::move(path), std::move(headers),
      sim::MessageStream::kLongestWebSocketMessage, deadline);
  if (!socket) co_return socket.error();
  const sim::Recorder nobody;
  co_return sim::MessageStream(std::move(*socket), nobody);
}

// What the proxy says to the same request as HTTP: its status tells what is wrong.
Task<int> status_of(Visit& visit, Way way) {
  net::HttpCall call;
  call.target = way.path;
  call.headers = {{"Upgrade", "websocket"},
                  {"Connection", "Upgrade"},
                  {"Sec-WebSocket-Version", "13"},
                  {"Sec-WebSocket-Key", "ZGVza2NoZWNrIGRvY3Rvcg=="}};
  call.trust = visit.patient.trust;
  net::HttpPlace place = way.place;
  const auto reply = co_await net::call_http(visit.world, std::move(place), way.address,
                                             std::move(call), visit.patience());
  co_return reply ? reply->status : 0;
}

void explain_status(Visit& visit, const Way& way, int status, const std::string& why) {
  const auto find = [&](std::string what, std::string cause, std::string mend) {
    visit.find(way.step, way.severity, std::move(what), std::move(cause), std::move(mend));
  };
  if (status == 502 || status == 503 || status == 504)
    return find(fmt::format("{} is answered {}", way.url(), status),
                "the proxy does not reach " + way.backend(),
                "let the proxy forward that path to " + way.backend());
  if (status == 404 || (status >= 200 && status < 400 && status != 0))
    return find(
        fmt::format("{} is {}, no WebSocket", way.url(),
                    status == 404 ? "not there (404)" : fmt::format("a web page ({})", status)),
        "the proxy has no rule for that path, or one with another path",
        fmt::format("forward {} to {}", way.place.base + way.path, way.backend()));
  if (status >= 400)
    return find(fmt::format("{} does not become a WebSocket: the answer is {}", way.url(), status),
                "the proxy does not pass the upgrade on", std::string("with nginx: ") + kNginx);
  find(fmt::format("{} does not become a WebSocket: {}", way.url(), why),
       "what the proxy forwards to does not speak WebSocket",
       fmt::format("forward {} to {}", way.place.base + way.path, way.backend()));
}

Task<void> explain_open(Visit& visit, Way way, boost::system::error_code why) {
  namespace asio_error = boost::asio::error;
  if (why == asio_error::connection_refused || why == asio_error::host_unreachable ||
      why == asio_error::network_unreachable)
    co_return explain_connect(visit, way.step, way.severity, way.to(), why);
  const auto find = [&](std::string what, std::string cause, std::string mend) {
    visit.find(way.step, way.severity, std::move(what), std::move(cause), std::move(mend));
  };
  if (net::is_untrusted(why))
    co_return find(
        fmt::format("the certificate of {} is not believed: {}", way.url(), why.message()),
        "it has expired, is for another name, or its issuer's certificate is missing",
        "renew it, and let the proxy send the whole chain");
  const auto speaker = co_await identify(visit, way.to());
  if (way.place.tls && speaker.kind == Speaker::Kind::http)
    co_return find(fmt::format("TCP {} speaks plain HTTP, not TLS", to_string(way.to())),
                   "the proxy does not end TLS on that port",
                   "let the proxy serve TLS there, or give http:// to --proxy");
  if (!way.place.tls && speaker.kind == Speaker::Kind::tls)
    co_return find(fmt::format("TCP {} speaks TLS, not plain HTTP", to_string(way.to())),
                   "clients use TLS here only if their API server begins with https://",
                   "give https:// to --proxy, and to clients as API server");
  const int status = co_await status_of(visit, way);
  explain_status(visit, way, status, why.message());
}

// Nothing: it was said why not.
Task<std::optional<Way>> way_to(Visit& visit, Step step) {
  visit.begin(step);
  Way way;
  way.step = step;
  way.path = step == Step::proxy ? "/ws/id" : "/ws/relay";
  way.severity = visit.patient.proxy.empty() ? Status::warning : Status::broken;
  const auto place = place_of(visit);
  if (!place) {
    visit.skip(step, fmt::format("--proxy URL looks for {} below it", way.path));
    co_return std::nullopt;
  }
  way.place = *place;
  auto found = co_await visit.patient.look_up(way.place.host, visit.patience());
  if (!found || found->empty()) {
    visit.find(step, way.severity, fmt::format("the proxy {} has no address", way.place.host),
               "the name is misspelt, or its record is missing", "mend the DNS record");
    co_return std::nullopt;
  }
  way.address = found->front();
  for (const auto& address : *found)
    if (address.is_v4()) way.address = address;
  co_return way;
}

}  // namespace

Task<void> try_proxy(Visit& visit) {
  const auto way = co_await way_to(visit, Step::proxy);
  if (!way) co_return;
  auto socket = co_await open(visit, *way);
  if (!socket) {
    co_await explain_open(visit, *way, socket.error());
    co_return;
  }
  const auto answered = co_await test_nat(visit, &*socket, nullptr);
  if (answered) co_return visit.ok(Step::proxy, fmt::format("{} answers", way->url()));
  visit.find(Step::proxy, way->severity, fmt::format("{} opens, and does not answer", way->url()),
             "the path leads to another port than P+2: the relay's, or the API's",
             fmt::format("forward /ws/id to {}", way->backend()));
}

Task<void> try_relay_proxy(Visit& visit) {
  const auto way = co_await way_to(visit, Step::relay_proxy);
  if (!way) co_return;
  for (const auto step : {Step::key, Step::relay_key})
    if (visit.is(step, Status::broken)) co_return visit.block(Step::relay_proxy, step);
  Join join = [&visit, way](hbb::RequestRelay request) -> Task<net::Result<sim::MessageStream>> {
    auto socket = co_await open(visit, *way);
    if (!socket) co_return socket.error();
    const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
    auto sent = co_await socket->send(message, visit.patience());
    if (!sent) co_return sent.error();
    socket->speak(sim::Protocol::session);
    co_return std::move(*socket);
  };
  std::string which(to_string(Step::relay_proxy));
  const auto pairing = co_await pair_up(visit, std::move(which), std::move(join));
  if (pairing.kind == Pairing::Kind::paired)
    co_return visit.ok(Step::relay_proxy,
                       fmt::format("two clients hear each other at {}", way->url()));
  if (pairing.kind == Pairing::Kind::no_connection) {
    co_await explain_open(visit, *way, pairing.why);
    co_return;
  }
  visit.find(Step::relay_proxy, way->severity,
             fmt::format("two clients at {} do not hear each other", way->url()),
             "the path leads to another port than Q+2: the server's, or the API's",
             fmt::format("forward /ws/relay to {}", way->backend()));
}

}  // namespace deskcheck::doctor
