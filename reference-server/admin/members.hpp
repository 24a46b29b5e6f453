// The members of the body of a request of an administrator. Strict, as nothing else in the API is:
// a member of another type, or one that nobody asks for, is a mistake of the operator, and is
// refused by name. A handler reads what it knows, and then asks whether all is well.
#pragma once

#include "reference-server/api/http.hpp"

#include <boost/json.hpp>

#include <map>
#include <set>

namespace deskcheck::server::admin {

using TextMap = std::map<std::string, std::string>;

constexpr std::size_t kLongestName = 256;   // bytes
constexpr std::size_t kLongestText = 4096;  // bytes

class Members {
 public:
  // An empty body is one without members.
  explicit Members(std::string_view body);

  // One that has to be there; a name is not empty and has no control characters.
  std::string name(const char* member);
  // Nothing if it is not there.
  std::optional<std::string> maybe_name(const char* member);
  std::optional<std::string> maybe_text(const char* member, std::size_t longest = kLongestText);
  std::optional<bool> maybe_flag(const char* member);
  std::optional<std::set<std::string>> maybe_names(const char* member);
  std::optional<std::int32_t> maybe_number(const char* member);
  std::optional<std::set<std::int32_t>> maybe_numbers(const char* member);
  std::optional<TextMap> maybe_texts(const char* member);
  // The same with values of any kind, as they are in JSON: for servers that are wrong.
  std::optional<TextMap> maybe_values(const char* member);
  std::optional<std::map<std::string, int>> maybe_rules(const char* member);

  void refuse(const std::string& text);
  // 400 with the first mistake, also a member that was not read; nothing if there is none.
  std::optional<api::Response> refusal() const;

 private:
  const boost::json::value* read(const char* member);
  std::optional<std::string> text_of(const char* member, std::size_t longest);
  bool is_name(const std::string& text, const char* member);

  boost::json::object body_;
  std::set<std::string> read_;
  std::string mistake_;
};

}  // namespace deskcheck::server::admin
