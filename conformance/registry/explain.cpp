#include "conformance/registry/explain.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace deskcheck::conformance {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kLabelWidth = 12;

// Of UTF-8 text: bytes that continue a character do not count.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Appends the words of `text` from `column` on; further lines are indented to the same column.
void append_wrapped(std::string& out, std::string_view text, std::size_t column) {
  std::size_t used = column;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const auto length = characters(word);
    if (used > column && used + 1 + length > kWidth) {
      out += '\n' + std::string(column, ' ');
      used = column;
    } else if (used > column) {
      out += ' ';
      ++used;
    }
    out += word;
    used += length;
  }
  out += '\n';
}

void append_entry(std::string& out, std::string_view label, std::string_view text) {
  if (text.empty()) return;
  out += label;
  out += std::string(kLabelWidth - label.size(), ' ');
  append_wrapped(out, text, kLabelWidth);
}

using Meaning = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
std::string_view meaning(const std::array<Meaning, N>& meanings, std::string_view word) {
  const auto found = std::ranges::find(meanings, word, &Meaning::first);
  return found == meanings.end() ? word : found->second;
}

std::string clients(const Requirement& r) {
  static constexpr std::array<Meaning, 3> kBasis{{
      {"history", "from the history of the sources"},
      {"reading", "from reading the sources"},
      {"judgement", "by judgement, not traced to the end"},
  }};
  std::string text = "every release";
  // The development head that was looked at follows this release.
  if (r.first_release == "head") {
    text += " after 1.4.9";
  } else if (!r.first_release.empty()) {
    text += " from " + r.first_release + (r.last_release.empty() ? " on" : "");
  }
  if (!r.last_release.empty()) text += " up to " + r.last_release;
  return text + " (" + std::string(meaning(kBasis, r.basis)) + ")";
}

std::string oss_server(const Requirement& r) {
  static constexpr std::array<Meaning, 3> kFollows{{
      {"yes", "follows it"},
      {"no", "does not follow it"},
      {"partial", "follows it in part"},
  }};
  if (r.oss.empty() || r.oss == "n/a") return "";
  std::string text(meaning(kFollows, r.oss));
  const std::string_view versions = r.server_versions;
  if (versions.empty()) return text + ", in every release";
  if (versions.starts_with('-')) {
    return text + ", in every release" + std::string(versions.substr(1));
  }
  if (versions.starts_with("never")) return text + ": " + std::string(versions);
  return text + " since " + std::string(versions);
}

std::string source_addresses(std::string_view testable) {
  static constexpr std::array<Meaning, 4> kPlaces{{
      {"any", "any"},
      {"non-loopback", "outside loopback"},
      {"loopback-only", "loopback of the server's own host"},
      {"needs-two-addresses", "two different ones"},
  }};
  std::string text;
  while (!testable.empty()) {
    const auto end = std::min(testable.find(' '), testable.size());
    const auto word = testable.substr(0, end);
    testable.remove_prefix(std::min(end + 1, testable.size()));
    if (word == "virtual-ok") continue;
    if (!text.empty()) text += ", ";
    text += meaning(kPlaces, word);
  }
  return text;
}

std::string_view applies_to(const Requirement& r) {
  if (r.client) return "the client: it binds the simulated one, not a server";
  if (r.full) return "servers that claim the feature";
  if (r.oss_only) return "the open-source server; others need not copy it";
  return "";
}

}  // namespace

std::string explain(const Requirement& requirement) {
  std::string out = requirement.id + "  " + std::string(to_string(requirement.level)) + "  " +
                    requirement.area + "\n\n";
  append_wrapped(out, requirement.text, 0);
  out += '\n';
  append_entry(out, "Applies to", applies_to(requirement));
  append_entry(out, "If broken", requirement.harm_class + ": " + requirement.harm);
  append_entry(out, "Clients", clients(requirement));
  append_entry(out, "Evidence", requirement.evidence);
  append_entry(out, "OSS server", oss_server(requirement));
  append_entry(out, "Capability", requirement.capability);
  append_entry(out, "Effect", requirement.effect);
  append_entry(out, "Transports", requirement.transports);
  append_entry(out, "Addresses", source_addresses(requirement.testable));
  append_entry(out, "Guide", requirement.guide);
  if (requirement.excluded_because) {
    out += '\n';
    append_wrapped(out, "Excluded, because " + *requirement.excluded_because + ".", 0);
  }
  return out;
}

}  // namespace deskcheck::conformance
