// The operator's consoles: any bytes on connections to their ports are told from the protocol, any
// command leaves servers in order, and what strangers call themselves reaches no terminal.
#include "fuzz/engine/target.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "fuzz/targets/one_line.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"
#include "reference-server/console_line.hpp"
#include "reference-server/relay/relay.hpp"
#include "reference-server/rendezvous/rendezvous.hpp"
#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <algorithm>

namespace deskcheck::fuzz {

namespace {

using namespace std::chrono_literals;
using server::Opening;
template <class T>
using Task = net::awaitable<T>;

constexpr std::size_t kLongestCommand = 1024;
constexpr int kMostConnections = 2;  // they take time

server::Options options_of(const ConsoleInput& input) {
  server::Options options;
  if (input.oss()) options.profile = server::Profile::oss;
  if (input.all_of_loopback()) options.consoles = server::Consoles::all_of_loopback;
  options.relay_servers = {"relay.example"};
  return options;
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
  });
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(at);
    if (end != 0 && !text.empty()) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// One connection to a console's port in a world of its own; what its opening is.
class Connection {
 public:
  Connection(net::World world, const server::Options& options, const ConsoleStep& step)
      : world_(world),
        options_(options),
        step_(step),
        listener_(world.network.listen(net::endpoint("0.0.0.0", 21115))) {}

  Task<void> run() {
    const auto from = net::endpoint(step_.of_stranger() ? "10.0.0.1" : "127.0.0.1", 0);
    const auto to = net::endpoint(step_.of_stranger() ? "10.0.0.9" : "127.0.0.1", 21115);
    const auto soon = net::in(world_.clock, 5s);
    auto sender = co_await world_.network.connect(from, to, soon);
    auto accepted = co_await listener_->accept(soon);
    if (!sender || !accepted) throw std::runtime_error("no connection");
    auto written = co_await net::write_all(*sender, step_.opening(), soon);
    if (!written) throw std::runtime_error("cannot write");
    if (step_.ends()) (*sender)->shutdown_send();
    const net::Time begun = world_.clock.now();
    opening = co_await server::read_opening(world_.clock, *accepted, options_);
    require(world_.clock.now() - begun <= 1s, "a command comes within a second");
    check();
    if (opening.kind == Opening::Kind::protocol) co_await check_rest(*accepted);
  }

  Opening opening{Opening::Kind::nothing, {}};

 private:
  bool all_of_loopback() const { return options_.consoles == server::Consoles::all_of_loopback; }

  void check() const {
    const auto& sent = step_.opening();
    const auto& bytes = opening.bytes;
    require(sent.starts_with(bytes), "an opening is the beginning of what came");
    require(bytes.size() <= kLongestCommand, "an opening has a limit");
    if (step_.of_stranger())
      return require(opening.kind == Opening::Kind::protocol && bytes.empty(),
                     "consoles are for loopback only");
    if (opening.kind == Opening::Kind::command) {
      require(!bytes.empty() && is_text(bytes), "a command is text");
      if (!all_of_loopback())
        require(bytes.find('\n') != std::string::npos || bytes.size() == sent.size() ||
                    bytes.size() == kLongestCommand,
                "a command is a whole line");
    } else if (opening.kind == Opening::Kind::protocol) {
      require(!all_of_loopback() && !is_text(bytes), "text is no protocol");
    } else {
      require(sent.empty() || (all_of_loopback() && !is_text(sent)),
              "silence and broken text end without a word");
    }
  }

  // Nothing is lost for whoever speaks the protocol.
  Task<void> check_rest(net::ByteStream& stream) {
    std::string all = opening.bytes;
    while (all.size() < step_.opening().size()) {
      const auto soon = net::in(world_.clock, 5s);
      auto more = co_await net::read_some(stream, 4096, soon);
      if (!more) break;
      all += *more;
    }
    require(all == step_.opening(), "the protocol gets every byte");
  }

  net::World world_;
  const server::Options& options_;
  const ConsoleStep& step_;
  std::unique_ptr<net::Listener> listener_;
};

Task<void> play(Connection* connection) { co_await connection->run(); }

class Play {
 public:
  explicit Play(const ConsoleInput& input) : input_(input), options_(options_of(input)) {}

  void run() {
    int connections = 0;
    for (const auto& step : input_.steps()) {
      now_ += step.wait_ms() % 600'000 * 1ms;
      if (step.has_message()) hear(step.message(), step.party());
      if (step.has_command()) command(step.command(), step.relay());
      if (step.has_opening() && ++connections <= kMostConnections) connect(step);
    }
  }

 private:
  // What strangers do: they register, and ask for each other.
  void hear(const hbb::RendezvousMessage& message, std::uint32_t party) {
    server::Origin from;
    from.peer = {boost::asio::ip::address_v4(0x0A000001u + party % 16),
                 static_cast<std::uint16_t>(4000 + party % 256)};
    if (message.has_punch_hole_request()) {
      from.transport = server::Transport::tcp;
      from.connection = ++last_connection_;
    }
    rendezvous_.on(message, from, now_);
  }

  void connect(const ConsoleStep& step) {
    net::SimWorld sim(1);
    sim.add_host(boost::asio::ip::make_address("10.0.0.9"));
    sim.default_link().max_segment = input_.segment() % 64;
    Connection connection(sim.world(), options_, step);
    require(sim.run(play(&connection)) == net::Ending::finished, "everything comes to an end");
    if (connection.opening.kind == Opening::Kind::command)
      command(connection.opening.bytes, step.relay());
  }

  std::string say(const std::string& text, bool relay) {
    return relay ? relay_.command(text, {}) : rendezvous_.command(text, now_);
  }

  void command(const std::string& text, bool relay) {
    if (!is_text(text) || text.size() > kLongestCommand) return;
    // One line; operators see what they have typed, so no control characters in it either.
    const auto last = text.find_last_not_of('\n');
    if (text.substr(0, last + 1).find_first_of("\t\r\n") != text.npos) return;
    check_lines(say(as_typed(text), relay));
    const auto end = text.find_last_not_of(" \t\r\n");
    const auto begin = text.find_first_not_of(" \t\r\n");
    const auto words = begin == std::string::npos
                           ? std::vector<std::string>()
                           : split(std::string_view(text).substr(begin, end - begin + 1), ' ');
    if (words.size() == 2 && text.find("  ") == std::string::npos)
      relay ? check_list(words[0], words[1]) : check_change(words[0], words[1]);
    check_settings();
  }

  // Planted: a terminal passes on no more than 24 characters.
  static std::string as_typed(const std::string& text) {
    return planted() ? text.substr(0, 24) : text;
  }

  static void check_lines(std::string_view output) {
    while (!output.empty()) {
      const auto end = output.find('\n');
      require(is_one_line(output.substr(0, end)), "consoles print no control characters");
      output.remove_prefix(std::min(output.size(), end == output.npos ? end : end + 1));
    }
  }

  void check_list(const std::string& name, const std::string& entries) {
    const bool black = name == "ba" || name == "br", block = name == "Ba" || name == "Br";
    if (!black && !block) return;
    const bool added = name[1] == 'a';
    const std::string show = black ? "b" : "B";
    if (!added && entries == "all") return require(say(show, true).empty(), "'all' empties a list");
    for (const auto& entry : split(entries, '|'))
      require(say(show + ' ' + entry, true) == (added ? "true\n" : "false\n"),
              "what was added to a list is there, what was removed is not");
  }

  void check_change(const std::string& name, const std::string& word) {
    if (name == "aur") {
      const bool on = word == "Y" || word == "y";
      require(say("aur", false) == (on ? "ALWAYS_USE_RELAY: true\n" : "ALWAYS_USE_RELAY: false\n"),
              "the switch is where it was set");
    }
    if (name != "rs") return;
    std::string lines;
    for (const auto& relay : split(word, ',')) lines += relay + '\n';
    require(say("rs", false) == lines, "the relays are those that were set");
  }

  void check_settings() const {
    const auto& limits = relay_.settings().limits;
    for (const double value : {limits.session, limits.total, limits.slow, limits.downgrade_at})
      require(value > 0 && value < 1e12, "limits are numbers above 0");
    require(limits.downgrade_after > net::Duration::zero(), "times are above 0");
  }

  const ConsoleInput& input_;
  server::Options options_;
  net::Time now_{1h};
  server::MemoryPeerStore store_;
  server::MemoryApiStore accounts_;
  server::Rendezvous rendezvous_{options_, store_, accounts_, net::Random(1)};
  server::Relay relay_{options_};
  server::ConnectionId last_connection_ = 0;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<ConsoleInput>(); }

void one_input(std::string_view bytes) {
  ConsoleInput input;
  if (!parse(bytes, input)) return;
  Play(input).run();
}

}  // namespace deskcheck::fuzz
