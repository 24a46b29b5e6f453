// Recordings of sessions: what devices upload piece by piece, and what the operator sees of it.
// Nobody says who he is (HTTP-REC-07), so names are checked and everything has limits. Sans-IO but
// for the store: time is handed in.
// Source of the rules: http-api.md section 7.1.
#pragma once

#include "reference-server/options.hpp"
#include "reference-server/store/recording_store.hpp"

#include <memory>

namespace deskcheck::server::api {

class Recordings {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  // In the folder of the options, or in memory: there at most 256 MiB of all. They outlive this.
  explicit Recordings(const Options& options);

  // What devices do. Each gives null, or one line: why nothing was done.
  const char* begin(const std::string& name, net::Time now);
  // Pieces overlap, but leave no gap.
  const char* part(const std::string& name, std::uint64_t offset, std::string_view bytes,
                   net::Time now);
  const char* tail(const std::string& name, std::string_view bytes, net::Time now);
  const char* discard(const std::string& name);

  // What the operator does. By name; incomplete ones, too.
  Result<std::vector<RecordingInfo>> list();
  // Nothing if there is no such recording.
  Result<std::optional<StoredBytes>> read(const std::string& name);
  // False: there is none.
  Result<bool> remove(const std::string& name);

 private:
  const char* may_begin(const std::string& name);
  const char* written(const std::string& name, std::uint64_t offset, std::string_view bytes,
                      net::Time now);
  // Nothing unless it is being uploaded.
  std::optional<RecordingInfo> growing(const std::string& name);

  const Options& options_;
  const WrongPolicies& wrong_;
  std::unique_ptr<RecordingStore> store_;
  std::uint64_t most_;       // bytes of all together
  std::uint64_t total_ = 0;  // bytes, as far as this knows; counted anew with each recording
};

}  // namespace deskcheck::server::api
