// What scripts, and devices themselves by their presets, say of a device: whose it is, in which
// group, with which options, in which address book. The same as an administrator may say. Names
// that do not exist are no names: a script is told, and nothing has changed; a preset is left out.
// Source of the rules: http-api.md chapter 9, and HTTP-SYS-07 with appendix A.4.
#pragma once

#include "reference-server/api/books.hpp"
#include "reference-server/api/strategies.hpp"

namespace deskcheck::server::api {

struct BookEntry {
  std::string book;  // of several accounts
  std::optional<std::string> tag, alias, password, note;

  BookEntry() = default;
};

// What is nothing stays as it is; an empty name takes away.
struct DeviceWords {
  std::string id;
  std::optional<std::string> user, strategy, device_group, note;
  std::optional<std::string> username, device_name;  // shown in place of what the device reports
  std::optional<BookEntry> entry;

  DeviceWords() = default;
};

// In the group and out of all others; an empty name: out of all.
boost::system::result<void> move_to_group(FleetStore& fleet, const std::string& id,
                                          const std::string& name);

class Assigner {
 public:
  // All of them outlive this.
  Assigner(ApiStore& store, Books& books, Strategies& strategies)
      : store_(store), books_(books), strategies_(strategies) {}

  // Nothing: done. Else one line for people, and nothing has changed unless the storage fails.
  std::optional<std::string> assign(const DeviceWords& words);
  // The same of a device that is seen for the first time: as far as names exist, and nobody has
  // said something else of it yet.
  void preset(DeviceWords words);

 private:
  using Problem = std::optional<std::string>;

  Problem unknown_name(const DeviceWords& words);
  void leave_out(DeviceWords& words);
  Problem carry_out(const DeviceWords& words);
  Problem put_card(const DeviceWords& words);
  // `change`: what puts the device into its book.
  Problem entry_change(const std::string& id, const BookEntry& entry, std::string& guid,
                       BookChange& change);

  ApiStore& store_;
  Books& books_;
  Strategies& strategies_;
};

}  // namespace deskcheck::server::api
