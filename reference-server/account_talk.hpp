// What the logic says about id changes, accounts, the tunnel and questions over WebSocket: a
// conversation in which every wrong policy about them shows. Tests only.
#pragma once

#include "reference-server/rendezvous/desk.hpp"

namespace deskcheck::server {

inline std::string accounts_said(const WrongPolicies& wrong) {
  Options options;
  options.faults.policies = wrong;
  options.tokens = {"good"};
  options.feedback = 7;
  Desk desk(options);
  std::string text;
  const auto note = [&](const std::string& what) { text += what + "\n"; };
  const auto asker = host(9, 900);
  const auto path = [&](const std::string& id) {
    note(desk.tcp(9, asker, "punch_hole_request {id: '" + id + "' token: 'good'}"));
  };
  const auto change = [&](const std::string& from, const std::string& to, const std::string& uuid) {
    note(desk.tcp(1, asker,
                  "register_pk {old_id: '" + from + "' id: '" + to + "' uuid: '" + uuid + "'}"));
  };

  desk.udp(host(1, 5000), register_pk("123456789"));
  desk.udp(host(2, 5000), register_pk("987654321", "v"));
  change("123456789", "1", "u");
  change("123456789", "stolen-id", "w");
  change("123456789", "my-office", "u");
  path("my-office");
  change("my-office", "987654321", "u");
  desk.udp(host(2, 5000), register_pk("somebody", "v"));
  change("my-office", "somebody", "u");

  desk.udp(host(1, 5000), register_pk("device"));
  path("device");
  note(desk.tcp(3, host(1, 600), to(asker, "punch_hole_sent {id: 'device'}")));
  desk.tcp(8, host(9, 901), "punch_hole_request {id: 'device'}");
  note(desk.tcp(3, host(1, 600), to(host(9, 901), "punch_hole_sent {id: 'device'}")));
  note(desk.secure(5, asker, "hc {token: 'good'}"));
  desk.options.require_login = true;
  note(desk.tcp(7, asker, "punch_hole_request {id: 'device'}"));
  desk.options.require_login = false;

  const std::string token = "headers {name: 'Authorization' value: 'Bearer good'}";
  const auto tunnel = [&](const std::string& fields) {
    note(desk.secure(9, asker, "http_proxy_request {method: 'POST' " + fields + "}"));
  };
  tunnel("path: '/api/ab' " + token + " body: '{\"data\": \"" + std::string(70'000, 'x') + "\"}'");
  tunnel("path: '/nothing'");
  tunnel("path: 'http://other/api/ab' " + token);
  for (const char* route : {"sysinfo", "heartbeat"})
    tunnel("path: '/api/" + std::string(route) + R"(' body: '{"id":"tunnel","uuid":"dQ=="}')");
  note("heard from " + desk.logic().api().devices().address("tunnel"));
  note(desk.tcp(9, asker, "http_proxy_request {path: '/api/ab'}"));
  desk.options.api = false;
  tunnel("path: '/api/ab'");

  desk.options.api = true;
  desk.options.deploy_mode = true;
  const auto deploy = [&](const std::string& bytes) {
    tunnel("path: '/api/devices/deploy' " + token + R"( body: '{"id":"deployed-id","uuid":")" +
           bytes + R"(","pk":"UNhY4JhezH9gQYqvDMWrWH9CwlcKiECVqejMrND2VFw="}')");
    note(desk.udp(host(3, 5000), register_pk("deployed-id", "u")));
  };
  deploy("dQ==");
  deploy("dQ==");
  deploy("dg==");
  desk.options.deploy_mode = false;

  note(desk.udp(asker, "test_nat_request {}"));
  note(desk.web(4, asker, "test_nat_request {}"));
  note(desk.web(4, asker, "online_request {peers: 'device'}"));
  note(desk.tcp(4, asker, "online_request {peers: 'device'}"));
  note(desk.web(4, host(1, 800), "punch_hole_request {id: 'device'}"));
  note(desk.web(4, host(3, 800), register_pk("123456780")));
  return text;
}

}  // namespace deskcheck::server
