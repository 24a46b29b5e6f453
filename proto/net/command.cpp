#include "proto/net/command.hpp"

#include "proto/net/task_group.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>
#include <utility>

namespace deskcheck::net {

namespace {

using namespace std::chrono_literals;
using asio::posix::stream_descriptor;

constexpr std::size_t kLastWords = 4096;  // bytes of standard error that are kept
constexpr Duration kFarewell = 1s;        // for what is still in the pipes

error_code errno_now() { return {errno, boost::system::system_category()}; }

// glibc 2.36 declares pidfd_open() for C only.
int handle_of(pid_t process) { return static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); }

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void reset(int number) {
    close();
    number_ = number;
  }

 private:
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number_;
};

struct OutputPipe {
  Descriptor read, write;
  bool open() {
    int both[2];
    if (::pipe2(both, O_CLOEXEC) != 0) return false;
    read.reset(both[0]);
    write.reset(both[1]);
    return true;
  }
};

// Its process, which is gone when this is. It leads a group.
class Child {
 public:
  Child() = default;
  ~Child() {
    kill_all();
    if (pid_ > 0) (void)wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  error_code start(const Command& command, int output, int errors) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    if (!command.folder.empty())
      ::posix_spawn_file_actions_addchdir_np(&files, command.folder.c_str());
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<char*> words;
    for (const auto& word : command.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const int failure =
        ::posix_spawnp(&pid_, words.front(), &files, &attributes, words.data(), environ);
    if (failure != 0) pid_ = -1;
    group_ = pid_;
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return {failure, boost::system::system_category()};
  }
  pid_t pid() const { return pid_; }
  void kill_all() const {
    if (group_ > 0) ::kill(-group_, SIGKILL);
  }
  void leave_others() { group_ = -1; }
  // Blocks until it has ended.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1, group_ = -1;
};

// Reads to the end; of a text that is longer than `most` only its end is kept, and `full` is
// called.
awaitable<void> read_all(stream_descriptor& pipe, std::string& text, std::size_t most,
                         std::function<void()> full, Clock& clock) {
  std::array<char, 16384> part;
  for (;;) {
    auto got = co_await pipe.async_read_some(asio::buffer(part), never(clock));
    if (!got) co_return;
    text.append(part.data(), *got);
    if (text.size() <= most) continue;
    text.erase(0, text.size() - most);
    if (full) full();
  }
}

std::string last_line(std::string_view text) {
  const std::string_view spaces = " \t\r\n";
  const auto end = text.find_last_not_of(spaces);
  if (end == text.npos) return {};
  text = text.substr(0, end + 1);
  return std::string(text.substr(text.find_last_of("\r\n") + 1));
}

// False if it had to be cut short.
awaitable<bool> has_ended(stream_descriptor& process, Deadline deadline) {
  const auto ended = co_await process.async_wait(stream_descriptor::wait_read, deadline);
  co_return ended.has_value();
}

}  // namespace

awaitable<Result<CommandEnd>> run_command(World world, Command command, Deadline deadline) {
  if (!world.executor.target<asio::io_context::executor_type>())
    co_return error_code(asio::error::operation_not_supported);
  OutputPipe output, errors;
  if (!output.open() || !errors.open()) co_return errno_now();
  Child child;
  const error_code failure = child.start(command, output.write.number(), errors.write.number());
  if (failure) co_return failure;
  output.write.reset(-1);
  errors.write.reset(-1);
  Descriptor handle(handle_of(child.pid()));
  if (handle.number() < 0) co_return errno_now();
  // A task that is cancelled goes on to the end, which is near: the readers refer to this frame.
  const auto state = co_await asio::this_coro::cancellation_state;
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  stream_descriptor process(world.executor, handle.release());
  stream_descriptor said(world.executor, output.read.release());
  stream_descriptor complained(world.executor, errors.read.release());
  CommandEnd end;
  bool too_much = false;
  std::string complaints;
  std::function<void()> stop = [&] {
    too_much = true;
    child.kill_all();
  };
  std::function<void()> nothing;
  TaskGroup readers(world.executor);
  readers.spawn("output", read_all(said, end.output, command.longest_output, stop, world.clock));
  readers.spawn("errors", read_all(complained, complaints, kLastWords, nothing, world.clock));
  bool in_time = false;
  if (state.cancelled() == asio::cancellation_type::none)
    in_time = co_await has_ended(process, deadline);
  if (in_time && command.leaves_children)
    child.leave_others();
  else
    child.kill_all();  // whoever it has left behind, too
  const int status = child.wait();
  (void)co_await readers.join_until(in(world.clock, kFarewell));
  co_await readers.join();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (throws && state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  using How = CommandEnd::How;
  end.how = too_much            ? How::too_much
            : !in_time          ? How::late
            : WIFEXITED(status) ? How::exited
                                : How::signal;
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  end.last_words = last_line(complaints);
  co_return end;
}

}  // namespace deskcheck::net
