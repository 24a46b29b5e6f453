// GET /api/admin/audits/connections, /files and /alarms: the newest first.
#include "proto/api/json.hpp"
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Request;
using api::Response;

namespace {

constexpr int kMostAudits = 1000;

Response answer(json::array audits) {
  return api::json_answer(json::object{{"audits", std::move(audits)}});
}

Response connections(const Desk& desk, const std::string& device) {
  const auto conns = desk.audits.connections(device, kMostAudits);
  if (!conns) return api::storage_failure();
  json::array list;
  for (const auto& conn : *conns)
    list.push_back(json::object{{"guid", conn.guid},
                                {"device", conn.device},
                                {"conn_id", conn.conn_id},
                                {"session_id", conn.session},
                                {"authorised", conn.authorised},
                                {"peer_id", conn.peer_id},
                                {"peer_name", conn.peer_name},
                                {"ip", conn.ip},
                                {"type", conn.type},
                                {"primary_auth", conn.primary_auth},
                                {"two_factor", conn.two_factor},
                                {"reference", conn.reference},
                                {"user", conn.controller},
                                {"note", conn.note},
                                {"started", conn.opened},
                                {"ended", conn.closed}});
  return answer(std::move(list));
}

json::value member(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value ? *value : json::value();
}

// What is in the text that a device has sent; an object, if it is one.
json::value info_of(const json::object& event) {
  boost::system::error_code error;
  auto info = json::parse(http_api::text(event, "info").value_or(""), error);
  return error ? json::value() : info;
}

Response events(const Desk& desk, AuditEvent kind, const std::string& device) {
  const auto records = desk.audits.events(kind, device, kMostAudits);
  if (!records) return api::storage_failure();
  json::array list;
  for (const auto& record : *records) {
    const auto event = http_api::parse_object(record.text).value_or(json::object());
    json::object one{{"device", record.device}};
    if (kind == AuditEvent::alarm) one["kind"] = member(event, "typ");
    if (kind == AuditEvent::file)
      for (const char* name : {"peer_id", "type", "path", "is_file"})
        one[name] = member(event, name);
    one["info"] = info_of(event);
    one["at"] = record.at;
    list.push_back(std::move(one));
  }
  return answer(std::move(list));
}

}  // namespace

void add_audits(api::Router& router, const Desk& desk) {
  const auto add = [&](const char* path, auto list) {
    router.add("GET", path,
               for_administrators(desk, [list](const auto&, const Request& request, net::Time) {
                 return list(request.query("device").value_or(""));
               }));
  };
  add("/api/admin/audits/connections",
      [desk](const std::string& device) { return connections(desk, device); });
  add("/api/admin/audits/files",
      [desk](const std::string& device) { return events(desk, AuditEvent::file, device); });
  add("/api/admin/audits/alarms",
      [desk](const std::string& device) { return events(desk, AuditEvent::alarm, device); });
}

}  // namespace deskcheck::server::admin
