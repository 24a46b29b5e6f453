#include "conformance/cases/online/online.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

Task<Answer<hbb::OnlineResponse>> ask_online(Lab& lab, net::Endpoint home, net::Endpoint port,
                                             std::vector<std::string> ids) {
  hbb::OnlineRequest question;
  question.set_id(lab.fresh_id());
  for (auto& id : ids) question.add_peers(std::move(id));
  auto connection = co_await lab.connect("list", home, port);
  // A client waits 3 s for it.
  co_return co_await ask_on<hbb::OnlineResponse>(lab, connection, question, lab.within(3s));
}

std::vector<std::string> strangers(Lab& lab, std::size_t count) {
  std::vector<std::string> ids(count);
  for (auto& id : ids) id = lab.fresh_id();
  return ids;
}

std::string bitmap(std::size_t count, const std::set<std::size_t>& online) {
  std::string states((count + 7) / 8, '\0');
  for (const std::size_t place : online)
    states[place / 8] = static_cast<char>(states[place / 8] | 0x80 >> place % 8);
  return states;
}

}  // namespace deskcheck::conformance
