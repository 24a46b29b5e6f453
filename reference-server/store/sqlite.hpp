// libsqlite3 as values: a database, its statements, its errors. Knows no tables.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace deskcheck::server::sqlite {

// SQLite's extended result codes, in its words.
const boost::system::error_category& category();

template <class T>
using Result = boost::system::result<T>;

class Database {
 public:
  // Opens or creates `file` for reading and writing. Throws std::runtime_error, whose one line
  // names the file and the reason: no such folder, no permission, read-only, no database.
  explicit Database(const std::filesystem::path& file);

  // Runs statements that give nothing back.
  Result<void> run(const std::string& sql);
  // The first column of the first row of a query, as a number.
  Result<int> number(const std::string& sql);
  const std::filesystem::path& file() const { return file_; }
  sqlite3* handle() { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement: bind all parameters, step, read columns, reset.
class Statement {
 public:
  // Throws std::logic_error if the text is not right: it is part of the program.
  Statement(Database& database, std::string_view sql);

  // The bytes have to stay where they are until reset(). Numbers begin with 1.
  void bind_text(int number, std::string_view text);
  void bind_blob(int number, std::string_view bytes);
  void bind_number(int number, std::int64_t value);
  // True: there is a row. False: there is none (any more).
  Result<bool> step();
  // Text or blob of the row; numbers begin with 0.
  std::string column(int number);
  std::int64_t number(int column);
  void reset();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Ends the use of a statement, however it ended: a statement in use keeps its transaction open.
struct Reset {
  Statement& statement;
  ~Reset() { statement.reset(); }
};

// Brings a database to the version that `steps` lead to: step i makes version i + 1 of version i.
// Each step is all or nothing. `application` marks whose database it is.
// Throws std::runtime_error with one line: a newer version, another program's, a failing step.
void migrate(Database& database, int application, std::span<const char* const> steps);

}  // namespace deskcheck::server::sqlite
