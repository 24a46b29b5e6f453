// GET /api/admin/recordings and .../FILE, POST .../remove.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Request;
using api::Response;

namespace {

Response list_recordings(const Desk& desk) {
  const auto recordings = desk.recordings.list();
  if (!recordings) return api::storage_failure();
  json::array list;
  for (const auto& one : *recordings)
    list.push_back(json::object{{"file", one.file},
                                {"size", one.size},
                                {"complete", one.complete},
                                {"changed", one.changed}});
  return api::json_answer(json::object{{"recordings", std::move(list)}});
}

Response show_recording(const Desk& desk, const std::string& name) {
  auto found = is_recording_name(name) ? desk.recordings.read(name) : std::optional<StoredBytes>();
  if (!found) return api::storage_failure();
  if (!*found) return no_such("recording", name);
  auto& recording = **found;
  Response response;
  response.headers = {{"Content-Type", "application/octet-stream"}};
  response.body = std::move(recording.bytes);
  if (recording.file.empty()) return response;
  response.piece.emplace();
  response.piece->file = recording.file;
  response.piece->size = recording.size;
  return response;
}

Response remove_recording(const Desk& desk, Members& body) {
  const auto name = body.name("file");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto removed =
      is_recording_name(name) ? desk.recordings.remove(name) : boost::system::result<bool>(false);
  if (!removed) return api::storage_failure();
  return *removed ? done({}) : no_such("recording", name);
}

}  // namespace

void add_recordings(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/recordings",
             for_administrators(desk, [desk](const auto&...) { return list_recordings(desk); }));
  router.add("GET", "/api/admin/recordings/{file}",
             for_administrators(desk, [desk](const auto&, const Request& request, net::Time) {
               return show_recording(desk, request.last_name());
             }));
  router.add("POST", "/api/admin/recordings/remove",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return remove_recording(desk, body);
             }));
}

}  // namespace deskcheck::server::admin
