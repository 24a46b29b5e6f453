// `run --spawn "CMD"`: a target that is started for a run, waited for, and stopped after it.
#pragma once

#include "conformance/lab/restart.hpp"
#include "conformance/runner/preflight.hpp"
#include "conformance/target/target_file.hpp"
#include "proto/net/real_world.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace deskcheck::cli {

// Puts free ports into the command and into the profile: six in a row, of which {rendezvous} is P,
// {port_base} the same, {api} P-2, {nat} P-1, {relay} P+1, {websocket} P+2, {relay_websocket} P+3.
// The profile takes those that the command names; of {port_base} all, and that of an API which it
// has already. Throws UsageError for a name that is none, and if no ports are free.
std::string with_free_ports(const std::string& command, conformance::TargetProfile& profile);

// A process in a group of its own. Whoever destroys this has stopped it.
class SpawnedTarget final : public conformance::SpawnedServer {
 public:
  // `seconds`: how long it may take until it answers.
  SpawnedTarget(std::string command, std::string log, int seconds);
  ~SpawnedTarget() override;
  SpawnedTarget(const SpawnedTarget&) = delete;
  SpawnedTarget& operator=(const SpawnedTarget&) = delete;

  // Runs it by /bin/sh, with its output in a new file. Throws UsageError.
  void start();
  // Waits until it answers. A problem if it ends before that or takes longer, if its key is not the
  // given one, and if the user stops the wait.
  std::optional<conformance::Problem> wait_until_ready(
      const conformance::Target& target, const std::optional<boost::asio::ip::network_v4>& sources);
  // As stop() and start(); the log goes on.
  net::awaitable<void> start_again(net::World world) override;
  // If it has ended by itself: that, and the end of its log, in one line.
  std::optional<std::string> obituary() override;
  net::Duration patience() const override { return patience_; }
  // SIGTERM, and SIGKILL if it has not ended 10 s later. What it has started ends with it.
  void stop();

 private:
  void nap();
  void launch(int log_flags);
  net::awaitable<void> end_it(net::Clock* clock);
  bool ended();
  bool some_are_left();
  std::string how_it_ended() const;
  std::string end_of_log() const;

  net::RealWorld real_{net::Random::system()};  // its clock
  std::string command_, log_;
  net::Duration patience_;
  pid_t process_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace deskcheck::cli
