// What the recorder hears of its uploads: it goes on after everything but an error object.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/record/upload.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {}  // namespace

CASE(record_steps, "api/record/steps",
     checks("HTTP-REC-01", "HTTP-REC-02", "HTTP-REC-03", "HTTP-REC-04", "HTTP-REC-06",
            "HTTP-REC-07", "HTTP-REC-11", "HTTP-GEN-11"),
     takes(kApiStory)) {
  ApiClient client(lab);
  const std::string name = recording_name(lab);
  RecordUpload upload(lab, client, name);
  const auto begun = co_await upload.begin();
  lab.verdict("HTTP-GEN-11", begun, IsServedWithoutToken());
  lab.verdict("HTTP-REC-07", begun, TakesRecording());
  lab.verdict("HTTP-REC-06", begun, TakesRecording());
  if (!lab.verdict("HTTP-REC-01", begun, TakesRecording())) co_return;
  // The file grows while it is read, so the second part begins before the end of the first.
  const std::string first = lab.random().bytes(40'000), second = lab.random().bytes(30'000);
  const auto part = co_await upload.part(0, first);
  lab.verdict("HTTP-REC-07", part, TakesRecording());
  lab.verdict("HTTP-REC-06", part, TakesRecording());
  lab.verdict("HTTP-REC-02", part, TakesRecording());
  const auto next = co_await upload.part(32'000, second);
  lab.verdict("HTTP-REC-02", next, TakesRecording());
  lab.verdict("HTTP-REC-11", next, TakesRecording());
  const std::string header = lab.random().bytes(1024);
  const auto tail = co_await upload.tail(header);
  lab.verdict("HTTP-REC-06", tail, TakesRecording());
  lab.verdict("HTTP-REC-03", tail, TakesRecording());
  // Names come again: the next recording replaces it.
  const auto again = co_await upload.begin();
  lab.verdict("HTTP-REC-01", again, TakesRecording());
  const std::string short_one = "less than a header";
  const auto small = co_await upload.part(0, short_one);
  lab.verdict("HTTP-REC-02", small, TakesRecording());
  const auto end = co_await upload.tail(short_one);
  lab.verdict("HTTP-REC-03", end, TakesRecording());
  const auto removed = co_await upload.remove();
  lab.verdict("HTTP-REC-06", removed, TakesRecording());
  lab.verdict("HTTP-REC-04", removed, TakesRecording());
}

// At least 1 MiB at a time, and what a busy recorder had to leave until later.
CASE(record_large, "api/record/large-part", checks("HTTP-REC-08"), after("api/record/steps"),
     takes(kApiStory), heavy()) {
  ApiClient client(lab);
  const std::string name = recording_name(lab);
  RecordUpload upload(lab, client, name);
  const auto begun = co_await upload.begin();
  lab.require("the beginning of a recording", begun, TakesRecording());
  const std::string bytes = lab.random().bytes(kLargePart);
  const auto part = co_await upload.part(0, bytes);
  lab.verdict("HTTP-REC-08", part, TakesRecording());
  const std::string rest = lab.random().bytes(100);
  const auto last = co_await upload.part(bytes.size(), rest);
  lab.verdict("HTTP-REC-08", last, TakesRecording());
}

// The recorder stops for an error object only; after a bare status it would go on for nothing.
CASE(record_malformed, "api/record/malformed",
     checks("HTTP-REC-05", "HTTP-REC-09", "HTTP-GEN-07", "HTTP-GEN-17"), takes(kApiStory)) {
  ApiClient client(lab);
  const std::string name = recording_name(lab);
  RecordUpload upload(lab, client, name);
  const std::string most = "18446744073709551615", past = "9223372036854775808";
  const std::vector<std::string> queries{
      "",
      "?",
      record_query({{"type", "new"}}),
      record_query({{"file", name}}),
      record_query({{"type", "unheard-of"}, {"file", name}}),
      record_query({{"type", "part"}, {"file", name}}),
      record_query({{"type", "part"}, {"file", name}, {"offset", "x"}, {"length", "4"}}),
      record_query({{"type", "part"}, {"file", name}, {"offset", "-1"}, {"length", "4"}}),
      record_query({{"type", "part"}, {"file", name}, {"offset", most}, {"length", "4"}}),
      record_query({{"type", "part"}, {"file", name}, {"offset", past}, {"length", "4"}}),
      record_query({{"type", "tail"}, {"file", name}, {"offset", "0"}, {"length", "y"}}),
      "?type=new&file=%ff%fe%00",
      "?type=%zz&file=%"};
  for (const auto& query : queries) {
    const auto answer = co_await upload.ask(query, "body");
    lab.verdict("HTTP-REC-05", answer, IsNoSilentFailure());
    lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
  }
  for (const std::string& file :
       {std::string(".."), std::string("."), std::string(), "../" + name, "../../../tmp/" + name,
        "/tmp/" + name, "C:\\" + name, "..\\" + name, std::string(300, 'n') + ".webm",
        std::string(5000, 'n'), "a\nb" + name, name + std::string("\0.txt", 5)}) {
    const std::string begin = record_query({{"type", "new"}, {"file", file}});
    const auto answer = co_await upload.ask(begin, "");
    lab.verdict("HTTP-REC-09", answer, IsNoServerError());
    lab.verdict("HTTP-REC-05", answer, IsNoSilentFailure());
    const std::string remove = record_query({{"type", "remove"}, {"file", file}});
    const auto removed = co_await upload.ask(remove, "");
    removed.ignore();  // what a server may have made of it
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

// Disks end. Whoever records has to be told in the one way that it understands.
CASE(record_quota, "api/record/no-room", checks("HTTP-REC-05"), after("api/record/steps"),
     takes(kApiStory), does(Effect::restarts)) {
  ServerSetup setup;
  setup.recordings = 100'000;
  co_await lab.own_server(setup);
  ApiClient client(lab);
  const std::string name = recording_name(lab), other_name = recording_name(lab);
  RecordUpload upload(lab, client, name), other(lab, client, other_name);
  const auto begun = co_await upload.begin();
  lab.require("the beginning of a recording", begun, TakesRecording());
  const std::string bytes = lab.random().bytes(80'000);
  const auto first = co_await upload.part(0, bytes);
  lab.require("a part for which there is room", first, TakesRecording());
  const auto more = co_await upload.part(bytes.size(), bytes);
  lab.verdict("HTTP-REC-05", more, StopsRecording());
  const auto second = co_await other.begin();
  second.ignore();  // an empty file needs no room, or is refused
  const auto beside = co_await other.part(0, bytes);
  lab.verdict("HTTP-REC-05", beside, StopsRecording());
  const auto removed = co_await upload.remove();
  lab.require("the removal of a recording", removed, TakesRecording());
  const auto again = co_await other.begin();
  lab.require("the beginning of another recording", again, TakesRecording());
  const auto fits = co_await other.part(0, bytes);
  lab.require("a part for which there is room again", fits, TakesRecording());
}

CASE(record_none, "api/record/not-taken", checks("HTTP-REC-05"), after("api/record/steps"),
     takes(kApiStory), does(Effect::restarts)) {
  ServerSetup setup;
  setup.recordings = 0;
  co_await lab.own_server(setup);
  ApiClient client(lab);
  const std::string name = recording_name(lab), bytes = "some bytes";
  RecordUpload upload(lab, client, name);
  const auto begun = co_await upload.begin();
  lab.verdict("HTTP-REC-05", begun, StopsRecording());
  const auto part = co_await upload.part(0, bytes);
  lab.verdict("HTTP-REC-05", part, StopsRecording());
}

}  // namespace deskcheck::conformance
