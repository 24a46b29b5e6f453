// Random edits of any protobuf message by reflection: what a fuzzer needs to get beyond the parser
// and into the protocol. Knows no message type. Equal seeds give equal edits.
#pragma once

#include "proto/net/random.hpp"

#include <google/protobuf/message.h>

#include <functional>
#include <string>

namespace deskcheck::fuzz {

class MessageMutator {
 public:
  // Changes `bytes` at random, to at most `most` bytes.
  using MutateBytes = std::function<void(std::string& bytes, std::size_t most)>;

  MessageMutator(std::uint64_t seed, MutateBytes mutate_bytes)
      : random_(seed), mutate_bytes_(std::move(mutate_bytes)) {}

  // One edit: sets, clears or changes a field; duplicates, removes or swaps elements; copies a
  // value to another field; adds or drops what the schema does not know. Strings stay valid UTF-8.
  // False if the message has nothing that the chosen edit could work on.
  bool mutate(google::protobuf::Message& message);
  // Takes over a random part of `from`, which has the same type. False if there was none.
  bool cross_over(google::protobuf::Message& into, const google::protobuf::Message& from);
  // Removes one random part; false if the message is empty.
  bool shrink(google::protobuf::Message& message);

  net::Random& random() { return random_; }
  void mutate_bytes(std::string& bytes, std::size_t most) { mutate_bytes_(bytes, most); }

 private:
  // A value that is there. `index`: -1 if the field is not repeated.
  struct Place {
    google::protobuf::Message* message;
    const google::protobuf::FieldDescriptor* field;
    int index;
  };
  using Places = std::vector<Place>;
  static void collect(google::protobuf::Message& message, Places& places,
                      std::vector<google::protobuf::Message*>& messages);
  template <class List>
  const typename List::value_type* pick(const List& list) {
    return list.empty() ? nullptr : &list[random_.below(list.size())];
  }

  bool set(google::protobuf::Message& message);
  bool clear(const Place& place);
  bool change(const Place& place);
  bool duplicate(const Place& place);
  bool swap(const Place& place);
  bool copy(const Place& to, const Places& places);
  bool unknown(google::protobuf::Message& message);

  void change_text(const Place& place);
  void change_number(const Place& place);
  std::uint64_t some_number(const google::protobuf::FieldDescriptor& field, std::uint64_t old);

  net::Random random_;
  MutateBytes mutate_bytes_;
};

}  // namespace deskcheck::fuzz
