#include "client-sim/agent/audits.hpp"

#include <boost/json/serialize.hpp>

#include <array>

namespace deskcheck::sim {

using namespace std::chrono_literals;

namespace {

constexpr std::array<net::Duration, 2> kPauses{10s, 30s};
constexpr net::Duration kRetryWindow = 120s;  // no attempt begins later

}  // namespace

Audits::Audits(HttpStacks* stacks, std::function<void()> changed)
    : stacks_(stacks),
      changed_(std::move(changed)),
      random_(stacks->world().random.fork("audits of " + stacks->id())),
      tasks_(stacks->world().executor) {}

void Audits::complete(boost::json::object& record) {
  record["id"] = stacks_->id();
  record["uuid"] = stacks_->uuid();
  if (stacks_->release().repeats_audits()) record["nonce"] = make_uuid(random_);
}

void Audits::connection(std::int32_t conn_id, boost::json::object record) {
  record["conn_id"] = conn_id;
  complete(record);
  auto& queue = queues_[conn_id];
  queue.push_back(boost::json::serialize(record));
  if (queue.size() == 1) tasks_.spawn("audits of a connection", drain(conn_id));
}

void Audits::event(std::string kind, boost::json::object record) {
  complete(record);
  tasks_.spawn("audit", deliver("/api/audit/" + kind, boost::json::serialize(record)));
}

Task<void> Audits::stop() {
  tasks_.cancel();
  co_await tasks_.join();
  queues_.clear();
  if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
}

Task<void> Audits::drain(std::int32_t conn_id) {
  auto& queue = queues_.at(conn_id);
  while (!queue.empty()) {
    std::string body = queue.front();
    co_await deliver("/api/audit/conn", std::move(body));
    queue.pop_front();
  }
  queues_.erase(conn_id);
}

Task<bool> Audits::attempt(std::string path, std::string body, bool* retry) {
  ++counters_.posted;
  const auto answer = co_await stacks_->post(std::move(path), std::move(body));
  if (!stacks_->release().repeats_audits()) {
    *retry = false;
    co_return answer.has_value();
  }
  const bool success = answer && answer->status >= 200 && answer->status < 300;
  const bool empty = answer && answer->body.find_first_not_of(" \t\r\n") == std::string::npos;
  *retry =
      !answer || success || answer->status >= 500 || answer->status == 408 || answer->status == 429;
  co_return success&& empty;
}

Task<void> Audits::deliver(std::string path, std::string body) {
  auto& clock = stacks_->world().clock;
  const net::Time begun = clock.now();
  for (std::size_t tries = 1;; ++tries) {
    bool retry = false;
    const bool delivered = co_await attempt(path, body, &retry);
    if (delivered) {
      ++counters_.delivered;
      changed_();
      co_return;
    }
    if (!retry || tries > kPauses.size() || clock.now() - begun >= kRetryWindow) break;
    changed_();
    co_await net::sleep_for(clock, kPauses.at(tries - 1));
    if (clock.now() - begun >= kRetryWindow) break;
  }
  ++counters_.lost;
  stacks_->recorder().note("an audit record is lost");
  changed_();
}

}  // namespace deskcheck::sim
