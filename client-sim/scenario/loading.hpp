// From a document that matches the schema to a scenario: what the schema cannot know. Goes on after
// a mistake, so that an author sees all of them at once.
#pragma once

#include "client-sim/scenario/members.hpp"
#include "client-sim/scenario/scenario.hpp"
#include "proto/document/document.hpp"

#include <set>

namespace deskcheck::scenario {

using document::Cursor;

class Loading {
 public:
  document::Mistakes mistakes;

  void mistake(document::Mistake found) { mistakes.push_back(std::move(found)); }

  // --- load_messages.cpp ---
  // The one message of a mapping like {register_peer: {...}}.
  std::optional<Value> sent(const Cursor& at);
  // One of them, or a list.
  std::vector<Pattern> patterns(const Cursor& at);
  Text text(const Cursor& at);

  // --- variables ---
  // False if the name is no name.
  bool define(const Cursor& at, const std::string& name);
  void define_built_in(const std::string& name) { defined_.insert(name); }
  // After everything else: what is used and never defined.
  void check_variables();

 private:
  Value value(const FieldDescriptor* field, const Cursor& at);
  Value byte_forms(const FieldDescriptor* field, const Cursor& at);
  Value number(const FieldDescriptor* field, const Cursor& at);
  std::optional<std::int64_t> whole_number(const FieldDescriptor& field, const Cursor& at);
  void check_constant(const Value& value, const Cursor& at);
  std::shared_ptr<const MessageTemplate> message(const google::protobuf::Descriptor& type,
                                                 const Cursor& at);

  Matcher matcher(const FieldDescriptor* field, const Cursor& at);
  Matcher item_matcher(const FieldDescriptor* field, const Cursor& at);
  void add_conditions(Matcher& matcher, const Cursor& at);
  void add_condition(Matcher& matcher, const Cursor& member);
  void add_range(Matcher& matcher, const Cursor& at);
  void add_fields(Matcher& matcher, const Cursor& at);
  void add_regex(Matcher& matcher, const Cursor& at);

  struct Use {
    std::string name;
    Cursor at;
  };
  std::set<std::string, std::less<>> defined_;
  std::vector<Use> uses_;
};

// Letters, digits, '-' and '_'.
bool is_name(std::string_view text);
// "500ms", "2s", "3m", "1h"; a mistake for anything else and for more than a day.
std::optional<net::Duration> duration(Loading& loading, const Cursor& at);

// --- load_people.cpp ---
// What a role of kind account or agent says of itself.
void load_person(Loading& loading, const Cursor& at, Role& role);
// The step's own words, for the kinds that are about accounts, agents and the operator.
void load_act(Loading& loading, const Cursor& at, Step& step);

// --- load_steps.cpp ---
// What the steps need in all.
struct Need {
  net::Duration time{};
  std::int64_t steps = 0;  // that are taken, turns of loops counted
};
using Roles = std::vector<std::unique_ptr<const Role>>;
std::vector<Step> load_steps(Loading& loading, const Cursor& at, const Roles& roles, Need& need);

}  // namespace deskcheck::scenario
