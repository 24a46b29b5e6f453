#include "reference-server/store/sqlite.hpp"

#include <sqlite3.h>

#include <cstring>
#include <stdexcept>

namespace deskcheck::server::sqlite {

namespace {

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "sqlite"; }
  std::string message(int code) const override { return sqlite3_errstr(code); }
};

Result<void> check(int code) {
  if (code == SQLITE_OK) return {};
  return boost::system::error_code(code, category());
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw std::runtime_error("database " + file.string() + ": " + reason);
}

// The system's reason says more than SQLite's "unable to open database file".
std::string why_not_open(sqlite3* handle) {
  if (!handle) return "out of memory";
  const int system = sqlite3_system_errno(handle);
  return system != 0 ? std::strerror(system) : sqlite3_errmsg(handle);
}

}  // namespace

const boost::system::error_category& category() {
  static const Category instance;
  return instance;
}

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Database::Database(const std::filesystem::path& file) : file_(file) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
  const int opened = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (opened != SQLITE_OK) refuse(file, why_not_open(handle));
  if (sqlite3_db_readonly(handle, "main") == 1) refuse(file, "is read-only");
  // The first look into the file: now it shows whether it is a database at all.
  const auto tables = number("SELECT count(*) FROM sqlite_master");
  if (!tables) refuse(file, tables.error().message());
}

Result<void> Database::run(const std::string& sql) {
  return check(sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr));
}

Result<int> Database::number(const std::string& sql) {
  int value = 0;
  const auto take = [](void* into, int, char** columns, char**) {
    *static_cast<int*>(into) = columns[0] ? std::atoi(columns[0]) : 0;
    return 0;
  };
  const auto done = check(sqlite3_exec(handle(), sql.c_str(), take, &value, nullptr));
  if (!done) return done.error();
  return value;
}

Statement::Statement(Database& database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int prepared =
      sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (prepared != SQLITE_OK)
    throw std::logic_error(std::string(sql) + ": " + sqlite3_errmsg(database.handle()));
}

void Statement::bind_text(int number, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), number, text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

void Statement::bind_blob(int number, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), number, bytes.data(), bytes.size(), SQLITE_STATIC);
}

void Statement::bind_number(int number, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), number, value);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Result<bool>(boost::system::in_place_error, code, category());
}

std::string Statement::column(int number) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), number));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), number));
  return bytes ? std::string(bytes, size) : std::string();
}

std::int64_t Statement::number(int column) {
  return sqlite3_column_int64(statement_.get(), column);
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

void migrate(Database& database, int application, std::span<const char* const> steps) {
  const auto owner = database.number("PRAGMA application_id");
  const auto version = database.number("PRAGMA user_version");
  const auto tables = database.number("SELECT count(*) FROM sqlite_master");
  for (const auto* result : {&owner, &version, &tables})
    if (!*result) refuse(database.file(), result->error().message());
  const bool fresh = *owner == 0 && *version == 0 && *tables == 0;
  if (!fresh && *owner != application) refuse(database.file(), "belongs to another program");
  const int newest = static_cast<int>(steps.size());
  if (*version > newest)
    refuse(database.file(), "has version " + std::to_string(*version) +
                                ", which is newer than this program (version " +
                                std::to_string(newest) + ")");
  for (int next = *version; next < newest; ++next) {
    const auto done =
        database.run("BEGIN IMMEDIATE;" + std::string(steps[static_cast<std::size_t>(next)]) +
                     ";PRAGMA application_id = " + std::to_string(application) +
                     ";PRAGMA user_version = " + std::to_string(next + 1) + ";COMMIT");
    if (done) continue;
    const std::string reason = sqlite3_errmsg(database.handle());
    [[maybe_unused]] const auto undone = database.run("ROLLBACK");
    refuse(database.file(),
           "cannot be brought to version " + std::to_string(next + 1) + ": " + reason);
  }
}

}  // namespace deskcheck::server::sqlite
