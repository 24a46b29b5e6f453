#include "client-sim/channel/secrets.hpp"

#include "proto/net/http_client.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>

namespace deskcheck::sim {

namespace {

constexpr std::string_view kInstead = "***";

// Without its quotes.
std::string in_json(std::string_view text) {
  const auto quoted = boost::json::serialize(boost::json::string(text));
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Secrets::add(std::string_view text) {
  if (text.size() < kShortest) return;
  for (auto& form : {std::string(text), net::percent_encoded(text), in_json(text)})
    if (std::ranges::find(texts_, form) == texts_.end()) texts_.push_back(form);
  std::ranges::sort(texts_, std::ranges::greater(), &std::string::size);
}

std::string Secrets::hide(std::string text) const {
  for (const auto& secret : texts_)
    for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + kInstead.size()))
      text.replace(at, secret.size(), kInstead);
  return text;
}

}  // namespace deskcheck::sim
