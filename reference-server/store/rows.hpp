// What the stores in SQLite files read and run statements with.
#pragma once

#include "reference-server/store/sqlite.hpp"

#include <optional>
#include <vector>

namespace deskcheck::server::sqlite {

// The statement's only row, as `read` takes it; nothing if there is none.
template <class T, class Read>
Result<std::optional<T>> first_row(Statement& statement, Read read) {
  const Reset reset{statement};
  const auto row = statement.step();
  if (!row) return row.error();
  if (!*row) return std::optional<T>();
  return std::optional<T>(read(statement));
}

template <class T, class Read>
Result<std::vector<T>> all_rows(Statement& statement, Read read) {
  const Reset reset{statement};
  std::vector<T> rows;
  for (;;) {
    const auto row = statement.step();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back(read(statement));
  }
}

inline Result<void> run(Statement& statement) {
  const Reset reset{statement};
  const auto done = statement.step();
  if (!done) return done.error();
  return {};
}

// What `act` does, at once or not at all.
template <class Act>
Result<void> at_once(Database& database, Act act) {
  auto done = database.run("BEGIN IMMEDIATE");
  if (!done) return done;
  done = act();
  if (done) done = database.run("COMMIT");
  if (!done) (void)database.run("ROLLBACK");
  return done;
}

}  // namespace deskcheck::server::sqlite
