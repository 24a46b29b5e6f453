// The operator's commands at the rendezvous server: rendezvous.md section 6.1. Lists are printed as
// the open-source server prints them; their order, which is any there, is that of the keys here.
#include "reference-server/rendezvous/rendezvous.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>

namespace deskcheck::server {

namespace {

constexpr std::size_t kPage = 10;          // lines per answer
constexpr int kHighestIndex = 10'000'000;  // of a list of ids: what is higher is an id

constexpr const char* kHelp =
    "relay-servers(rs) <separated by ,>\n"
    "reload-geo(rg)\n"
    "ip-blocker(ib) [<ip>|<number>] [-]\n"
    "ip-changes(ic) [<id>|<number>] [-]\n"
    "punch-requests(pr) [<number>] [-]\n"
    "always-use-relay(aur)\n"
    "test-geo(tg) <ip1> <ip2>\n";

// Nothing unless the whole word is a number from 0 on.
std::optional<std::size_t> index(std::optional<std::string_view> word) {
  if (!word) return std::nullopt;
  std::int32_t number = -1;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), number);
  if (error != std::errc() || end != word->data() + word->size() || number < 0) return std::nullopt;
  return static_cast<std::size_t>(number);
}

long seconds(net::Duration duration) {
  return static_cast<long>(duration / std::chrono::seconds(1));
}

std::string counts(const AddressLimits::Count& count, net::Time now) {
  const auto since = seconds(now - count.last);
  return fmt::format("{}/{}s {}/{}s", count.requests, since, count.ids, since);
}

// Ids are what strangers call themselves; a terminal would obey control characters, and believe
// lines that nobody printed.
std::string shown(std::string_view id) {
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const auto octet = static_cast<unsigned char>(id[i]);
    const bool c1 =
        octet == 0xC2 && i + 1 < id.size() && static_cast<unsigned char>(id[i + 1]) < 0xA0;
    text += octet < 0x20 || octet == 0x7F || c1 ? '?' : id[i];
    if (c1) ++i;
  }
  return text;
}

std::string changes(const AddressChanges::Entry& entry, net::Time now) {
  std::string addresses;
  for (const auto& [address, times] : entry.addresses)
    addresses += fmt::format("{}\"{}\": {}", addresses.empty() ? "" : ", ", address, times);
  return fmt::format("{}s {{{}}}", seconds(now - entry.since), addresses);
}

}  // namespace

std::string Rendezvous::command(std::string_view command, net::Time now) {
  if (console_stopped_) return {};
  Words words(command);
  const auto name = words.next().value_or("");
  const auto is = [&](std::string_view full, std::string_view brief) {
    return name == full || name == brief;
  };
  if (name == "h") {
    std::string help = kHelp;
    if (wrong_.console_help_cut) help.resize(help.rfind("test-geo"));
    return help;
  }
  if (is("relay-servers", "rs")) return show_relays(words);
  if (is("ip-blocker", "ib")) return show_addresses(words, now);
  if (is("ip-changes", "ic")) return show_changes(words, now);
  if (is("punch-requests", "pr")) return show_punches(words);
  if (is("always-use-relay", "aur")) return switch_relay(words);
  if (is("test-geo", "tg")) return show_next_relay(words);
  console_stopped_ = wrong_.bad_command_stops_console;
  return {};
}

std::string Rendezvous::show_relays(Words arguments) {
  if (const auto list = arguments.next()) {
    if (!wrong_.console_keeps_relays) relays_.configure(*list);
    return {};
  }
  std::string lines;
  for (const auto& relay : relays_.current()) lines += relay + '\n';
  return lines;
}

std::string Rendezvous::show_addresses(Words arguments, net::Time now) {
  address_limits_.purge(now);
  const auto all = address_limits_.counts();
  std::string lines = wrong_.console_without_counts ? "" : fmt::format("{}\n", all.size());
  const auto word = arguments.next();
  const auto start = word ? index(word) : std::optional<std::size_t>(0);
  if (start) {
    for (std::size_t i = *start; i < all.size() && i < *start + kPage; ++i)
      lines += fmt::format("{}: {}\n", all[i].address.to_string(), counts(all[i], now));
    return lines;
  }
  boost::system::error_code no_address;
  const auto wanted = boost::asio::ip::make_address(*word, no_address);
  if (no_address) return lines;
  for (const auto& count : all)
    if (count.address == wanted) lines += counts(count, now) + '\n';
  if (arguments.next() == "-") address_limits_.forget(wanted);
  return lines;
}

std::string Rendezvous::show_changes(Words arguments, net::Time now) {
  address_changes_.purge(now);
  std::vector<std::pair<std::string, AddressChanges::Entry>> all;
  for (const auto& entry : address_changes_.all())
    if (entry.second.addresses.size() > 1) all.push_back(entry);
  std::string lines = wrong_.console_without_counts ? "" : fmt::format("{}\n", all.size());
  const auto word = arguments.next();
  const auto start = word ? index(word) : std::optional<std::size_t>(0);
  if (start && *start <= kHighestIndex) {
    for (std::size_t i = *start; i < all.size() && i < *start + kPage; ++i)
      lines += fmt::format("{}: {}\n", shown(all[i].first), changes(all[i].second, now));
    return lines;
  }
  for (const auto& [id, entry] : all)
    if (id == *word) lines += changes(entry, now) + '\n';
  if (arguments.next() == "-") address_changes_.remove(std::string(*word));
  return lines;
}

std::string Rendezvous::show_punches(Words arguments) {
  const auto word = arguments.next();
  if (word == "-") {
    punches_.clear();
    return {};
  }
  const auto start = index(word).value_or(0);
  const auto wanted = index(arguments.next()).value_or(kPage);
  const auto count = wanted == 0 ? kPage : wanted;
  const auto& all = punches_.all();
  std::string lines;
  for (std::size_t i = start; i < all.size() && i - start < count; ++i) {
    const auto& punch = all[i];
    const auto at = options_.calendar
                        ? options_.calendar(punch.at)
                        : std::chrono::sys_seconds(std::chrono::floor<std::chrono::seconds>(
                              punch.at.time_since_epoch()));
    lines += fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {} -> {}@{}\n",
                         fmt::gmtime(at.time_since_epoch().count()), punch.from, shown(punch.id),
                         punch.to);
  }
  return lines;
}

std::string Rendezvous::switch_relay(Words arguments) {
  const auto word = arguments.next();
  if (!word)
    return fmt::format("{}{}\n", wrong_.console_switch_without_name ? "" : "ALWAYS_USE_RELAY: ",
                       always_use_relay_);
  always_use_relay_ = *word == "Y" || *word == "y";
  // The open-source server takes the word for a list of relays, too; no relay has such a name.
  if (options_.profile == Profile::oss || wrong_.switch_empties_relays)
    relays_.configure(std::vector<std::string>());
  return {};
}

// The addresses are for a choice by distance that nobody has built.
std::string Rendezvous::show_next_relay(Words arguments) {
  boost::system::error_code error;
  const auto first = arguments.next();
  if (!first) return {};
  boost::asio::ip::make_address(*first, error);
  if (error) return {};
  if (const auto second = arguments.next()) boost::asio::ip::make_address(*second, error);
  return error ? std::string() : fmt::format("\"{}\"", relays_.next());
}

}  // namespace deskcheck::server
