// The tables of a server's database, and how they came about: one step per version.
#pragma once

#include "reference-server/store/sqlite.hpp"

namespace deskcheck::server {

// The database brought to the version of this program, durable, with foreign keys. Throws
// std::runtime_error, whose one line names the file and the reason.
sqlite::Database prepared(sqlite::Database database);
// The same, brought to `version` only: what an older program has left. For tests.
sqlite::Database prepared(sqlite::Database database, int version);

}  // namespace deskcheck::server
