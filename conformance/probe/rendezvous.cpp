// UDP P, TCP P and TCP P-1: what the server answers to anybody, without a device.
#include "client-sim/channel/datagram_channel.hpp"
#include "conformance/probe/ask.hpp"
#include "proto/net/stream.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

using namespace std::chrono_literals;

constexpr int kDatagrams = 3;  // before silence counts: any of them may be lost
constexpr net::Duration kDatagramPatience = 800ms;
constexpr net::Duration kGrace = 300ms;  // for what follows an answer

struct Datagrams {
  bool answered = false;
  bool pushed = false;  // a configuration
  bool nat = false;     // TestNat over UDP

  Datagrams() = default;
};

// RegisterPeer alone stores nothing: the server answers that it wants the key first.
Task<Datagrams> ask_datagrams(Tour& tour) {
  Datagrams heard;
  const auto to = tour.rendezvous;
  const sim::Recorder nobody;
  sim::DatagramChannel channel(tour.world, tour.home(to), nobody);
  hbb::RendezvousMessage question;
  question.mutable_register_peer()->set_id(tour.patient.identity.id);
  question.mutable_register_peer()->set_serial(-1);
  for (int i = 0; i < kDatagrams && !heard.answered; ++i) {
    channel.send(to, question);
    const auto answer = co_await channel.next<hbb::RegisterPeerResponse>(
        net::in(tour.world.clock, kDatagramPatience));
    heard.answered = answer.has_value();
  }
  if (!heard.answered) co_return heard;
  const auto pushed = co_await channel.next<hbb::ConfigUpdate>(net::in(tour.world.clock, kGrace));
  heard.pushed = pushed.has_value();
  const auto nat = nat_question();
  for (int i = 0; i < kTries && !heard.nat; ++i) {
    channel.send(to, nat);
    const auto answer =
        co_await channel.next<hbb::TestNatResponse>(net::in(tour.world.clock, kDatagramPatience));
    heard.nat = answer.has_value();
  }
  co_return heard;
}

void judge_datagrams(Tour& tour, const Datagrams& heard) {
  tour.udp = heard.answered;
  const auto place = to_string(tour.rendezvous);
  if (heard.answered)
    tour.present("rendezvous.udp", fmt::format("UDP {} answered RegisterPeer", place));
  else
    tour.silent("rendezvous.udp",
                fmt::format("UDP {}: no answer to {} RegisterPeer", place, kDatagrams));
}

// Both ports tell the NAT class; the second one is worth nothing without the first.
void judge_nat(Tour& tour, const Heard& first, const Heard& second) {
  const bool both = first && second;
  if (both)
    tour.present("rendezvous.nat-test", "TestNat was answered at TCP P and at P-1");
  else if (first || second)
    tour.present("rendezvous.nat-test",
                 fmt::format("TestNat was answered at TCP {} only; at {}: {}", first ? "P" : "P-1",
                             first ? "P-1" : "P", first ? second.text() : first.text()),
                 false);
  else
    say_missing(tour, "rendezvous.nat-test", "TestNat at TCP P and P-1",
                first.closed() && !second.closed() ? second : first);
}

void judge_config(Tour& tour, const Datagrams& datagrams, const Heard& first) {
  const bool over_tcp = first && first.answer->test_nat_response().has_cu();
  if (datagrams.pushed || over_tcp)
    return tour.present("rendezvous.config-push",
                        fmt::format("a client with a lower serial was sent the configuration, "
                                    "over {}",
                                    over_tcp ? "TCP" : "UDP"));
  if (!datagrams.answered && !first)
    return tour.unknown("rendezvous.config-push", "nobody answered whom it could be pushed to");
  tour.silent("rendezvous.config-push",
              "a client with serial -1 was sent no configuration, neither over UDP nor TCP");
}

// Whether a controller is answered, and which key it needs. An id that nobody has.
Task<void> ask_paths(Tour& tour) {
  std::string id = tour.patient.identity.id + "x", own = tour.patient.key;
  auto question = path_question(id, own);
  const auto heard = co_await ask_twice(tour, sim::Transport::tcp, tour.rendezvous,
                                        std::move(question), is_path_answer);
  tour.tcp |= heard.connected;
  tour.secure |= heard.offered_key;
  tour.tcp_answers |= heard.answer.has_value();
  if (!heard) {
    say_missing(tour, "rendezvous.tcp-signalling", "PunchHoleRequest at TCP P", heard);
    co_return;
  }
  const auto refused = [](const Heard& answer) {
    return answer && answer.answer->punch_hole_response().failure() ==
                         hbb::PunchHoleResponse::LICENSE_MISMATCH;
  };
  tour.findings.key_refused = refused(heard);
  tour.present("rendezvous.tcp-signalling",
               fmt::format("PunchHoleRequest for nobody's id was answered {}",
                           hbb::PunchHoleResponse::Failure_Name(
                               heard.answer->punch_hole_response().failure())));
  std::string wrong = wire::to_text(tour.patient.identity.keys.public_key);
  auto other = path_question(std::move(id), std::move(wrong));
  const auto answer = co_await ask_twice(tour, sim::Transport::tcp, tour.rendezvous,
                                         std::move(other), is_path_answer);
  if (answer) tour.findings.asks_for_key = refused(answer);
}

bool is_online_answer(const hbb::RendezvousMessage& message) {
  return message.has_online_response();
}

Task<void> ask_online(Tour& tour) {
  hbb::RendezvousMessage question;
  question.mutable_online_request()->set_id(tour.patient.identity.id);
  question.mutable_online_request()->add_peers(tour.patient.identity.id);
  const auto heard = co_await ask_twice(tour, sim::Transport::tcp, tour.nat, std::move(question),
                                        is_online_answer);
  if (heard)
    tour.present("rendezvous.online-query", "OnlineRequest was answered at TCP P-1");
  else if (heard.connected && tour.on_own_host())
    tour.unknown("rendezvous.online-query",
                 "TCP P-1 does not answer, but may be the console for its own host: probe it from "
                 "elsewhere");
  else
    say_missing(tour, "rendezvous.online-query", "OnlineRequest at TCP P-1", heard);
}

// An id that nobody has is to become that of the probe's own device: whoever does it, or takes it
// for a registration, has one device all the same.
Task<void> ask_id_change(Tour& tour) {
  using Response = hbb::RegisterPkResponse;
  constexpr char kName[] = "rendezvous.id-change";
  hbb::RendezvousMessage question;
  auto& request = *question.mutable_register_pk();
  request.set_old_id(tour.patient.identity.id + "x");
  request.set_id(tour.patient.identity.id);
  request.set_uuid(tour.patient.identity.uuid);
  const auto heard = co_await ask_twice(tour, sim::Transport::tcp, tour.rendezvous,
                                        std::move(question), is_registration_answer);
  if (!heard) co_return say_missing(tour, kName, "an id change at TCP P", heard);
  const auto result = heard.answer->register_pk_response().result();
  const auto why =
      fmt::format("a change of nobody's id was answered {}", Response::Result_Name(result));
  if (result == Response::NOT_SUPPORT) co_return tour.absent(kName, why);
  if (result == Response::TOO_FREQUENT) co_return tour.unknown(kName, why);
  tour.present(kName, why, result == Response::UUID_MISMATCH || result == Response::ID_EXISTS);
}

// "h" lists the commands of hbbs, and does nothing.
Task<std::string> console_says(Tour& tour) {
  const auto to = tour.nat;
  auto stream = co_await tour.world.network.connect(tour.home(to), to, tour.patience());
  if (!stream) co_return std::string();
  std::string question = "h\n";
  auto written = co_await net::write_all(*stream, std::move(question), tour.patience());
  if (!written) co_return std::string();
  auto text = co_await net::read_some(*stream, 2048, tour.patience());
  co_return text ? *text : std::string();
}

Task<void> ask_console(Tour& tour) {
  if (!tour.on_own_host())
    co_return tour.unknown("admin.console",
                           "it serves its own host only; run the probe there (127.0.0.1)");
  std::string text = co_await console_says(tour);
  if (text.empty()) text = co_await console_says(tour);
  const bool printable = !text.empty() && text[0] >= 0x20 && text[0] < 0x7F;
  if (printable)
    tour.present("admin.console", fmt::format("\"h\" at TCP P-1 was answered \"{}\"",
                                              in_one_line(text.substr(0, text.find('\n')))));
  else
    tour.silent("admin.console", "\"h\" at TCP P-1, asked twice: no text");
}

// Two ports that answer nothing say it of all that is asked there.
void say_nobody(Tour& tour, const Heard& tcp) {
  for (const auto& [name, finding] : tour.findings.capabilities)
    if (name.starts_with("rendezvous.") && finding.answer == Answer::unknown)
      tour.unknown(name, fmt::format("nobody answers at {}: TCP: {}", to_string(tour.rendezvous),
                                     tcp.text()));
}

}  // namespace

Task<void> see_rendezvous(Tour& tour) {
  const auto datagrams = co_await ask_datagrams(tour);
  judge_datagrams(tour, datagrams);
  auto question = nat_question(), again = nat_question();
  const auto first = co_await ask_twice(tour, sim::Transport::tcp, tour.rendezvous,
                                        std::move(question), is_nat_answer);
  const auto second =
      co_await ask_twice(tour, sim::Transport::tcp, tour.nat, std::move(again), is_nat_answer);
  tour.tcp = first.connected;
  if (!tour.tcp && !tour.udp) co_return say_nobody(tour, first);
  tour.secure = first.offered_key;
  tour.tcp_answers = first.answer.has_value();
  judge_nat(tour, first, second);
  judge_config(tour, datagrams, first);
  co_await ask_paths(tour);
  co_await ask_online(tour);
  co_await ask_id_change(tour);
  co_await ask_console(tour);
}

}  // namespace deskcheck::probe
