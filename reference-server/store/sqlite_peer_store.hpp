// Devices in an SQLite file. A put() that succeeded survives the end of the process and of the
// machine; one that failed has changed nothing.
#pragma once

#include "reference-server/store/peer_store.hpp"
#include "reference-server/store/sqlite.hpp"

namespace deskcheck::server {

class SqlitePeerStore final : public PeerStore {
 public:
  // Opens or creates `file`, and brings it to the version of this program. Throws
  // std::runtime_error, whose one line names the file and the reason.
  explicit SqlitePeerStore(const std::filesystem::path& file)
      : SqlitePeerStore(sqlite::Database(file)) {}
  explicit SqlitePeerStore(sqlite::Database database);

  boost::system::result<std::optional<PeerRecord>> find(std::string_view id) override;
  boost::system::result<void> put(const PeerRecord& record) override;
  void begin() override { batch_ = true; }
  boost::system::result<void> commit() override;
  boost::system::result<void> rename(std::string_view old_id, const PeerRecord& record) override;
  sqlite::Database& database() { return database_; }

 private:
  boost::system::result<void> remove(std::string_view id);
  boost::system::result<void> write(const PeerRecord& record);

  sqlite::Database database_;
  sqlite::Statement find_;
  sqlite::Statement put_;
  sqlite::Statement remove_;
  bool batch_ = false;           // between begin() and commit()
  bool in_transaction_ = false;  // and something has been put
};

}  // namespace deskcheck::server
