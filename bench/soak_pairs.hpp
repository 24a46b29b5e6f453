// Relay sessions that open and close all the time: two parties meet, each sends bytes that the
// other looks at, the session stays for a while, bytes go both ways again, one party goes and the
// other has to hear of it. So many sessions side by side, their beginnings spread evenly.
#pragma once

#include "bench/measures.hpp"
#include "bench/statistics.hpp"
#include "bench/streams.hpp"

#include <array>
#include <vector>

namespace deskcheck::bench {

class SoakPairs {
 public:
  explicit SoakPairs(const Load& load);

  // Goes on with all sessions. To be called often.
  void tick();

  std::int64_t opened = 0;  // sessions in which bytes have gone both ways
  std::int64_t closed = 0;  // and that have ended as they should
  std::int64_t lost = 0;    // a party was not let in, or did not get its bytes, or not the end
  std::int64_t wrong = 0;   // other bytes came than were sent

 private:
  enum class Phase { apart, connecting, talking, quiet, parting };
  struct Party {
    Descriptor stream;
    bool connected = false;
    std::string received;
  };
  struct Pair {
    std::array<Party, 2> parties;
    Phase phase = Phase::apart;
    Nanoseconds alarm = 0;  // of `apart` and `quiet`: when to go on; else: when to give up
    std::int64_t session = 0;
    bool last_words = false;
  };
  Pair& at(std::size_t number) { return pairs_[number]; }
  void open(std::size_t number, Nanoseconds when);
  bool handle(Pair& pair, std::size_t party, Nanoseconds when);
  bool enter(Pair& pair, std::size_t party);
  bool hear(Pair& pair, std::size_t party);
  bool talk(Pair& pair, Nanoseconds when);
  bool go_on(Pair& pair, std::size_t number, Nanoseconds when);
  bool heard_all(const Pair& pair) const;
  void told(Pair& pair, Nanoseconds when);
  void lose(Pair& pair, Nanoseconds when);
  void part(Pair& pair, Nanoseconds when);

  const Load& load_;
  const sockaddr_in relay_;
  const Nanoseconds stay_;  // in a session without a word
  Poll poll_;
  std::vector<Pair> pairs_;
  std::int64_t sessions_ = 0;
};

}  // namespace deskcheck::bench
