// Moves bytes from one connection to another without looking at them: through a pipe of the kernel
// where both ends are its sockets, through a buffer elsewhere. Decides nothing about when to end.
#pragma once

#include "proto/net/network.hpp"

#include <memory>

namespace deskcheck::net {

class Forward {
 public:
  // One direction. The streams outlive it; nobody else reads from the one or writes to the other.
  Forward(ByteStream& from, ByteStream& to);
  ~Forward();
  Forward(const Forward&) = delete;
  Forward& operator=(const Forward&) = delete;

  // At least one byte has come and all that came was handed over: how many bytes. 0: the end of
  // `from`. At most one pipe or buffer is held, and only while bytes are in it: who reads slowly
  // slows the other one down, who is silent costs nothing. timed_out loses nothing: call again.
  awaitable<Result<std::size_t>> some(Deadline deadline);

 private:
  struct Way;
  struct KernelWay;
  struct BufferWay;
  std::unique_ptr<Way> way_;
};

}  // namespace deskcheck::net
