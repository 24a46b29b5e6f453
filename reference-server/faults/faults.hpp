// Every way in which the reference server can be told to be wrong, each with the requirement that
// it breaks. Named faults are wrong policies inside the logic: one documented field each, next to
// nothing else. Wire mutants change, drop, repeat or delay what leaves the server, outside its
// logic.
#pragma once

#include "reference-server/faults/policies.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

// One change of one kind of message on its way out.
struct WireMutant {
  enum class Kind { silence, delay, duplicate_message, garbage, drop_field, change_field };
  Kind kind = Kind::silence;
  std::string message;  // the union member's name, "punch_hole_response"
  std::string field;    // for the field kinds
};

// What one server does wrong.
struct FaultPlan {
  WrongPolicies policies;
  std::vector<WireMutant> mutants;  // that do not exclude each other: see combine()
};

// A fault that can be asked for by its id.
struct Fault {
  std::string id;           // "tokens-survive-logout", "wire/punch_hole_response.pk/drop"
  std::string requirement;  // the one that it breaks
  std::string text;         // what the server does, one sentence
  FaultPlan plan;
};

// The declared faults, in a fixed order.
const std::vector<Fault>& declared_faults();
const Fault* find_fault(std::string_view id);

// A server with all of these faults. Throws std::invalid_argument, with one line that names them,
// if two of them cannot be seen at once: opposite policies, or mutants of the same field or
// message.
FaultPlan combine(const std::vector<const Fault*>& faults);

}  // namespace deskcheck::server
