#include "reference-server/store/sqlite_peer_store.hpp"

#include "reference-server/store/schema.hpp"

#include <utility>

namespace deskcheck::server {

SqlitePeerStore::SqlitePeerStore(sqlite::Database database)
    : database_(prepared(std::move(database))),
      find_(database_, "SELECT uuid, pk, address FROM peer WHERE id = ?1"),
      put_(database_,
           "INSERT INTO peer (id, uuid, pk, address) VALUES (?1, ?2, ?3, ?4) "
           "ON CONFLICT (id) DO UPDATE SET uuid = ?2, pk = ?3, address = ?4"),
      remove_(database_, "DELETE FROM peer WHERE id = ?1") {}

boost::system::result<std::optional<PeerRecord>> SqlitePeerStore::find(std::string_view id) {
  const sqlite::Reset reset{find_};
  find_.bind_text(1, id);
  const auto row = find_.step();
  if (!row) return row.error();
  if (!*row) return std::optional<PeerRecord>();
  return std::optional<PeerRecord>(
      PeerRecord{std::string(id), find_.column(0), find_.column(1), find_.column(2)});
}

boost::system::result<void> SqlitePeerStore::remove(std::string_view id) {
  const sqlite::Reset reset{remove_};
  remove_.bind_text(1, id);
  const auto done = remove_.step();
  if (!done) return done.error();
  return {};
}

boost::system::result<void> SqlitePeerStore::rename(std::string_view old_id,
                                                    const PeerRecord& record) {
  auto done = database_.run("BEGIN IMMEDIATE");
  if (!done) return done.error();
  auto step = remove(old_id);
  if (step) step = write(record);
  if (step) {
    done = database_.run("COMMIT");
    if (!done) step = done.error();
  }
  // After some failures SQLite has done it already.
  if (!step) (void)database_.run("ROLLBACK");
  return step;
}

boost::system::result<void> SqlitePeerStore::put(const PeerRecord& record) {
  if (batch_ && !in_transaction_) {
    const auto begun = database_.run("BEGIN IMMEDIATE");
    if (!begun) return begun.error();
    in_transaction_ = true;
  }
  return write(record);
}

boost::system::result<void> SqlitePeerStore::commit() {
  batch_ = false;
  if (!std::exchange(in_transaction_, false)) return {};
  const auto done = database_.run("COMMIT");
  if (done) return {};
  // After some failures SQLite has done it already.
  (void)database_.run("ROLLBACK");
  return done.error();
}

boost::system::result<void> SqlitePeerStore::write(const PeerRecord& record) {
  const sqlite::Reset reset{put_};
  put_.bind_text(1, record.id);
  put_.bind_blob(2, record.uuid);
  put_.bind_blob(3, record.pk);
  put_.bind_text(4, record.address);
  const auto done = put_.step();
  if (!done) return done.error();
  return {};
}

}  // namespace deskcheck::server
