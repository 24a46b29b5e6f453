#include "conformance/probe/routes.hpp"

namespace deskcheck::probe {

namespace {

using Care = Route::Care;

constexpr char kCut[] = "{";  // no JSON: whoever wants to store it has to refuse it first

// What each of them is for: http-api.md, by the name of the capability. A guid of a book and an id
// are needed by the paths only; without a token nobody looks at them.
constexpr Route kRoutes[] = {
    {"api.auth.login-options", "GET", "/api/login-options", Care::reads, nullptr},
    {"api.auth.current-user", "POST", "/api/currentUser", Care::reads, "{}"},
    {"api.auth.logout", "POST", "/api/logout", Care::no_token, "{}"},
    {"api.oidc.auth", "POST", "/api/oidc/auth", Care::broken_body, kCut},
    {"api.oidc.auth-query", "GET",
     "/api/oidc/auth-query?code=dcprobe&id=dcprobe&uuid=ZGNwcm9iZQ%3D%3D", Care::reads, nullptr,
     true},

    {"api.ab.legacy.get", "GET", "/api/ab", Care::reads, nullptr},
    {"api.ab.legacy.set", "POST", "/api/ab", Care::no_token, kCut},
    {"api.ab.legacy.get-sciter", "POST", "/api/ab/get", Care::reads, "{}"},
    {"api.ab.personal", "POST", "/api/ab/personal", Care::reads, ""},
    {"api.ab.settings", "POST", "/api/ab/settings", Care::reads, ""},
    {"api.ab.shared.profiles", "POST", "/api/ab/shared/profiles?current=1&pageSize=1", Care::reads,
     ""},
    {"api.ab.peers", "POST", "/api/ab/peers?current=1&pageSize=1&ab={}", Care::reads, ""},
    {"api.ab.tags", "POST", "/api/ab/tags/{}", Care::reads, ""},
    {"api.ab.peer.add", "POST", "/api/ab/peer/add/{}", Care::no_token, kCut},
    {"api.ab.peer.update", "PUT", "/api/ab/peer/update/{}", Care::no_token, kCut},
    {"api.ab.peer.delete", "DELETE", "/api/ab/peer/{}", Care::no_token, kCut},
    {"api.ab.tag.add", "POST", "/api/ab/tag/add/{}", Care::no_token, kCut},
    {"api.ab.tag.rename", "PUT", "/api/ab/tag/rename/{}", Care::no_token, kCut},
    {"api.ab.tag.update", "PUT", "/api/ab/tag/update/{}", Care::no_token, kCut},
    {"api.ab.tag.delete", "DELETE", "/api/ab/tag/{}", Care::no_token, kCut},

    {"api.group.device-groups", "GET", "/api/device-group/accessible?current=1&pageSize=1",
     Care::reads, nullptr},
    {"api.group.users", "GET", "/api/users?current=1&pageSize=1&accessible&status=1", Care::reads,
     nullptr},
    {"api.group.peers", "GET", "/api/peers?current=1&pageSize=1&accessible&status=1", Care::reads,
     nullptr},

    {"api.device.sysinfo", "POST", "/api/sysinfo", Care::broken_body, kCut},
    {"api.device.sysinfo-ver", "POST", "/api/sysinfo_ver", Care::reads, ""},
    {"api.device.cli", "POST", "/api/devices/cli", Care::no_token, kCut},
    {"api.device.deploy", "POST", "/api/devices/deploy", Care::no_token, kCut},

    {"api.audit.conn", "POST", "/api/audit/conn", Care::broken_body, kCut},
    {"api.audit.file", "POST", "/api/audit/file", Care::broken_body, kCut},
    {"api.audit.alarm", "POST", "/api/audit/alarm", Care::broken_body, kCut},
    {"api.audit.conn.active", "GET", "/api/audit/conn/active?id=dcprobe&session_id=1&conn_type=0",
     Care::reads, nullptr},
    {"api.audit.note", "PUT", "/api/audit", Care::no_token, kCut},

    {"api.record.upload", "POST", "/api/record", Care::broken_body, nullptr},
    {"api.switch.grant", "POST", "/api/switch-grant", Care::broken_body, kCut},
    {"api.plugin.sign", "POST", "/lic/web/api/plugin-sign", Care::broken_body, kCut},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace deskcheck::probe
