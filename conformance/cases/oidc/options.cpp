// The buttons of the login dialog for identity providers.
// client:flutter/lib/models/user_model.dart:240-265
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/oidc/offered.hpp"

#include <boost/json/parse.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::string_view kCommon = "common-oidc/";

std::vector<std::string> option_texts_in(const HttpAnswer& answer) {
  std::vector<std::string> texts;
  const auto list = json_in(answer);
  if (!list || !list->is_array()) return texts;
  for (const auto& one : list->get_array())
    if (one.is_string()) texts.emplace_back(one.get_string());
  return texts;
}

// client:flutter/lib/common/widgets/login.dart:906-908, :64-88
bool reads_as_common(std::string_view text) {
  boost::system::error_code error;
  const auto list = json::parse(text, error);
  if (error || !list.is_array()) return false;
  for (const auto& one : list.get_array()) {
    if (!one.is_object()) return false;
    const auto name = member_of(one.get_object(), "name");
    const auto icon = member_of(one.get_object(), "icon");
    if (!name.is_string() || name.get_string().empty()) return false;
    if (icon.is_null()) continue;
    if (!icon.is_string() || icon.get_string().find("<svg") == json::string::npos) return false;
  }
  return true;
}

MATCHER(HasReadableCommonLists,
        "a JSON array behind each common-oidc/, of objects with a text name, and icon an SVG or "
        "null") {
  if (!arg.arrived()) return false;
  for (const auto& text : option_texts_in(*arg))
    if (text.starts_with(kCommon) &&
        !reads_as_common(std::string_view(text).substr(kCommon.size())))
      return false;
  return true;
}
MATCHER_P(ShowsButton, name, "a list with the provider \"" + std::string(name) + "\"") {
  const auto buttons = arg.arrived() ? buttons_in(*arg) : std::nullopt;
  return buttons && std::find(buttons->begin(), buttons->end(), name) != buttons->end();
}
MATCHER(NamesEachAlone, "an oidc/NAME for each name behind common-oidc/") {
  if (!arg.arrived()) return false;
  const auto texts = option_texts_in(*arg);
  const bool common = std::any_of(texts.begin(), texts.end(),
                                  [](const auto& text) { return text.starts_with(kCommon); });
  const auto buttons = buttons_in(*arg);
  if (!common || !buttons) return buttons.has_value();
  return std::all_of(buttons->begin(), buttons->end(), [&](const auto& name) {
    return std::find(texts.begin(), texts.end(), "oidc/" + name) != texts.end();
  });
}
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}
// An error for this name that says something else than that nobody knows it.
MATCHER_P(IsKnown, unknown,
          "the begin of a sign-in, or another error than for a name that nobody has") {
  if (!arg.arrived()) return false;
  if (start_in(*arg)) return true;
  const auto error = error_in(*arg);
  return error && error != unknown;
}

}  // namespace

CASE(oidc_buttons, "oidc/options/buttons", checks("HTTP-LOPT-03", "HTTP-LOPT-04"),
     after("api/login-options/list"), takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login_options();
    lab.verdict("HTTP-LOPT-03", answer, HasReadableCommonLists());
    for (const auto& name : offered.names) lab.verdict("HTTP-LOPT-03", answer, ShowsButton(name));
    lab.verdict("HTTP-LOPT-04", answer, NamesEachAlone());
  }
}

// Of providers on the internet it is only asked whether their names are known: whether the target
// reaches them is another matter.
CASE(oidc_names, "oidc/options/names", checks("HTTP-LOPT-05"), after("oidc/options/buttons"),
     takes(kApiStory)) {
  lab.needs({"api.oidc.auth"});
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string nobody = "No-" + lab.fresh_id();
    const auto unknown = co_await oidc_auth(client, oidc_auth_body(lab, client, nobody));
    lab.require("an error for a name that nobody has", unknown, IsErrorText());
    const auto said = error_in(*unknown);
    for (const auto& name : offered.names) {
      const auto answer = co_await oidc_auth(client, oidc_auth_body(lab, client, name));
      if (offered.ours)
        lab.verdict("HTTP-LOPT-05", answer, BeginsSignIn());
      else
        lab.verdict("HTTP-LOPT-05", answer, IsKnown(said));
    }
  }
}

// People name their providers in all scripts.
CASE(oidc_all_scripts, "oidc/options/all-scripts", checks("HTTP-LOPT-05", "HTTP-LOPT-07"),
     after("oidc/options/buttons"), takes(kApiStory)) {
  lab.needs({"api.oidc.auth"});
  std::string name = "Zo\u00eb \u6771\u4eac " + lab.fresh_id();
  std::optional<LabProvider> ours;
  if (takes_providers(lab)) ours = co_await LabProvider::tried(lab, name);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login_options();
    if (!ours && answer.arrived() && is_ascii(answer->body))
      lab.not_applicable("the target has no provider with a name or icon beyond ASCII");
    lab.verdict("HTTP-LOPT-07", answer, IsReadAsUtf8());
    if (!ours) continue;
    lab.verdict("HTTP-LOPT-07", answer, ShowsButton(name));
    const auto begun = co_await oidc_auth(client, oidc_auth_body(lab, client, name));
    lab.verdict("HTTP-LOPT-05", begun, BeginsSignIn());
  }
}

}  // namespace deskcheck::conformance
