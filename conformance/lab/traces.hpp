// What questions to the HTTP API and hooks of the target leave there, by what they ask and what is
// answered: whatever way a case goes, it is counted.
#pragma once

#include "conformance/lab/http.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace deskcheck::conformance {

// An answer that did not come may hide that the server did what was asked: what should have been
// created counts, what should have been removed does not.
void count_traces(Lab& lab, const HttpQuestion& question, const net::Result<HttpAnswer>& answer);

// Of a hook that was not refused.
void count_traces(Lab& lab, const std::string& hook, const boost::json::object& arguments);

// The hook that removes such a thing, and its argument that names it. Nothing: there is none.
struct Removal {
  std::string_view hook, argument;
};
std::optional<Removal> removal_of(Thing thing);

// How a peer or a tag of a book is called in the inventory: "dck3f9x7 in GUID".
std::string entry_name(std::string_view name, std::string_view book);

}  // namespace deskcheck::conformance
