#include "bench/soak_pairs.hpp"

#include "bench/messages.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Nanoseconds kPatience = 10 * kSecond;
// Relays end sessions in which nothing has been said for 30 s.
constexpr double kLongestStay = 20;  // seconds

std::string uuid_of(const Load& load, std::int64_t session) {
  char uuid[40];
  std::snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012llx",
                static_cast<unsigned>(load.server_pid), static_cast<unsigned long long>(session));
  return uuid;
}

// What a party says: different in every session and from either side.
std::string words(std::int64_t session, std::size_t party, bool last) {
  std::string text = std::to_string(session) + (party == 0 ? " to " : " from ");
  if (last) text += "at last ";
  const auto size = static_cast<std::size_t>(100 + session % 16 * 100);  // bytes
  while (text.size() < size) text += text;
  text.resize(size);
  return text;
}

}  // namespace

SoakPairs::SoakPairs(const Load& load)
    : load_(load),
      relay_(to_sockaddr(load.host, load.relay)),
      stay_(static_cast<Nanoseconds>(std::min(load.interval, kLongestStay) * 1e9)),
      pairs_(static_cast<std::size_t>(load.pairs)) {
  const Nanoseconds begun = now();
  for (std::size_t number = 0; number < pairs_.size(); ++number)
    at(number).alarm = begun + stay_ * static_cast<Nanoseconds>(number) / load.pairs;
}

void SoakPairs::tick() {
  const Nanoseconds when = now();
  for (const auto& event : poll_.wait(0)) {
    Pair& pair = at(event.data.u64 >> 1);
    if (!handle(pair, event.data.u64 & 1, when)) lose(pair, when);
  }
  for (std::size_t number = 0; number < pairs_.size(); ++number) {
    Pair& pair = at(number);
    if (pair.alarm <= when && !go_on(pair, number, when)) lose(pair, when);
  }
}

// The alarm has rung. False: the pair has waited for too long.
bool SoakPairs::go_on(Pair& pair, std::size_t number, Nanoseconds when) {
  switch (pair.phase) {
    case Phase::apart:
      open(number, when);
      return true;
    case Phase::quiet:
      pair.last_words = true;
      return talk(pair, when);
    default:
      return false;
  }
}

void SoakPairs::open(std::size_t number, Nanoseconds when) {
  Pair& pair = at(number);
  pair = Pair();
  pair.session = ++sessions_;
  pair.phase = Phase::connecting;
  pair.alarm = when + kPatience;
  const auto first =
      load_.clients + static_cast<Address>(2 * load_.devices) + 2 * static_cast<Address>(number);
  for (std::size_t party = 0; party < 2; ++party) {
    auto& stream = pair.parties[party].stream;
    stream = connect_from(first + static_cast<Address>(party), relay_);
    poll_.add(stream.number(), EPOLLOUT, number << 1 | party);
  }
}

bool SoakPairs::handle(Pair& pair, std::size_t party, Nanoseconds when) {
  if (!pair.parties[party].stream) return true;  // an event of a session that is over
  if (!pair.parties[party].connected) {
    if (!enter(pair, party)) return false;
    const auto number = static_cast<std::size_t>(&pair - pairs_.data());
    poll_.change(pair.parties[party].stream.number(), EPOLLIN, number << 1 | party);
    const bool both = pair.parties[0].connected && pair.parties[1].connected;
    return !both || talk(pair, when);
  }
  if (!hear(pair, party)) {
    const bool as_it_should = pair.phase == Phase::parting && party == 1;
    if (as_it_should) {
      ++closed;
      part(pair, when);
    }
    return as_it_should;
  }
  if (pair.phase == Phase::talking && heard_all(pair)) told(pair, when);
  return true;
}

bool SoakPairs::heard_all(const Pair& pair) const {
  for (std::size_t party = 0; party < 2; ++party) {
    const auto size = words(pair.session, 1 - party, pair.last_words).size();
    if (pair.parties[party].received.size() < size) return false;
  }
  return true;
}

// Both have what the other one said.
void SoakPairs::told(Pair& pair, Nanoseconds when) {
  for (std::size_t party = 0; party < 2; ++party) {
    auto& received = pair.parties[party].received;
    if (received != words(pair.session, 1 - party, pair.last_words))
      complain(++wrong, "relay session " + std::to_string(pair.session) + ": other bytes come");
    received.clear();
  }
  if (!pair.last_words) {
    ++opened;
    pair.phase = Phase::quiet;
    pair.alarm = when + stay_;
    return;
  }
  pair.phase = Phase::parting;
  pair.alarm = when + kPatience;
  pair.parties[0].stream.close();
}

bool SoakPairs::enter(Pair& pair, std::size_t party) {
  const auto& stream = pair.parties[party].stream;
  const auto request = frame_of(request_relay(uuid_of(load_, pair.session), load_.key));
  pair.parties[party].connected = !connect_error(stream) && send_short(stream, request);
  return pair.parties[party].connected;
}

// Takes what has come; false: the end.
bool SoakPairs::hear(Pair& pair, std::size_t party) {
  char buffer[4096];
  const auto size = ::recv(pair.parties[party].stream.number(), buffer, sizeof buffer, 0);
  if (size < 0 && errno == EAGAIN) return true;
  if (size <= 0) return false;
  pair.parties[party].received.append(buffer, static_cast<std::size_t>(size));
  return true;
}

bool SoakPairs::talk(Pair& pair, Nanoseconds when) {
  pair.phase = Phase::talking;
  pair.alarm = when + kPatience;
  for (std::size_t party = 0; party < 2; ++party)
    if (!send_short(pair.parties[party].stream, words(pair.session, party, pair.last_words)))
      return false;
  return true;
}

void SoakPairs::lose(Pair& pair, Nanoseconds when) {
  constexpr const char* kPhases[] = {"apart", "connecting", "talking", "quiet", "parting"};
  complain(++lost, "relay session " + std::to_string(pair.session) + " is lost while " +
                       kPhases[static_cast<int>(pair.phase)]);
  part(pair, when);
}

// At once another session, as soon as the others have had their turn.
void SoakPairs::part(Pair& pair, Nanoseconds when) {
  for (auto& party : pair.parties) party.stream.close();
  pair.phase = Phase::apart;
  pair.alarm = when + stay_ / 10;
}

}  // namespace deskcheck::bench
