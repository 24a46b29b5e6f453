// One performance of a scenario: its parties, its variables, and how far it came. Used by play()
// only.
#pragma once

#include "client-sim/scenario/members.hpp"
#include "client-sim/scenario/party.hpp"

#include <map>

namespace deskcheck::scenario {

class Player {
 public:
  Player(const Stage& stage, const Scenario& scenario);

  Task<void> perform();
  // Ends all parties.
  Task<void> clean_up();
  const Outcome& outcome() const { return outcome_; }
  // What a performance that was cut off was doing.
  void ran_out_of_time();

 private:
  // What a look at arriving things has found, beside a match.
  struct Misses {
    std::string nearest;  // the last message of the right kind, and why it does not match
    std::string other;    // the last message of another kind
    int others = 0;
  };

  // Each: true if the story goes on.
  Task<bool> steps(const std::vector<Step>& list);
  Task<bool> take(const Step& step);
  Task<bool> take_simple(const Step& step);
  Task<bool> exchange(const Step& step);
  Task<bool> expect(const Step& step);
  Task<bool> forbid(const Step& step);
  Task<bool> barrier(const Step& step);
  Task<bool> loop(const Step& step);
  Task<bool> parallel(const Step& step);
  Task<bool> connect(const Step& step);
  Task<void> branch(const std::vector<Step>& list, net::TaskGroup* group);
  bool move(const Step& step);

  bool cast_roles();
  void draw_variables();
  void learn_address(const Party& party);
  std::optional<net::Endpoint> home_for(const Role& role);

  Task<bool> change_id(const Step& step);
  // --- player_people.cpp
  bool can_cast_people();
  Task<bool> act_as_person(const Step& step);
  Task<bool> act_simply(const Step& step);
  Task<bool> log_in(const Step& step);
  Task<bool> enter_code(const Step& step);
  Task<bool> add_peer(const Step& step);
  Task<bool> operate(const Step& step);
  // Of an answer to a hook: nothing if it is not as expected, `misses` tells why then.
  std::optional<bool> take_answer(const Step& step, const HookOutcome& done, Misses& misses);
  // It could not be done, which says nothing of the server.
  bool could_not(const Step& step, const std::string& expected, const std::string& actual);
  std::int64_t target_time() const;
  void learn_token(const Step& step);
  Task<bool> open(const Step& step);
  Task<bool> send(const Step& step);
  // Sends the question of the barrier; its answer is recognised by is_barrier_answer.
  Task<void> ask_barrier(Speaker& speaker);
  static bool is_barrier_answer(const Speaker& speaker, const Heard& heard);

  bool matches(const Pattern& pattern, const Heard& heard, Knowledge& knowledge,
               bool* right_kind = nullptr) const;
  // The number of raw bytes that the patterns are about; 0: they do not say.
  std::size_t raw_length(const std::vector<Pattern>& patterns) const;
  // The next thing for this step; of raw bytes `count` (0: any number), later ones added to those
  // that were `heard` before.
  Task<net::Result<Heard>> next(const Step& step, std::size_t count, bool first, std::string* heard,
                                net::Deadline deadline);
  // A forbidden pattern that matches; null: none.
  const Pattern* forbidden_match(const Step& step, const Heard& heard) const;
  void note_miss(const Step& step, const Heard& heard, Misses& misses) const;
  std::string describe(const Pattern& pattern) const;
  std::string describe(const std::vector<Pattern>& patterns, const char* between) const;
  static std::string describe(const Heard& heard, const Pattern* as);

  bool holds(const Step& step, const std::string& expected, const std::string& actual);
  bool fails(const Step& step, const std::string& expected, const std::string& actual);
  bool broken(const Step& step, std::string why);
  bool ends(Outcome::Status status, std::string why);
  void judge(const Step& step, bool holds, const std::string& expected, const std::string& actual);

  Party& party(const Step& step) { return *parties_.at(step.role->name); }
  Speaker& speaker(const Step& step) { return static_cast<Speaker&>(party(step)); }
  net::Deadline within(net::Duration time) const { return net::in(stage_.world.clock, time); }
  sim::Recorder recorder(std::string who) const;

  const Stage& stage_;
  const Scenario& scenario_;
  net::Random random_;
  Variables variables_;
  std::map<std::string, std::unique_ptr<Party>> parties_;
  const Step* current_ = nullptr;
  Outcome outcome_;
};

}  // namespace deskcheck::scenario
