// What a server has kept of the recordings, as its operator finds it.
#include "conformance/cases/record/upload.hpp"
#include "conformance/lab/admin.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// The file as the recorder has it after all that it sent.
std::string overwritten(std::string file, std::size_t offset, const std::string& bytes) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
  return file.replace(offset, bytes.size(), bytes);
}

// A recording as a report shows it, which is not byte by byte.
struct Kept {
  std::optional<std::string> bytes;  // nothing: there is none
};
[[maybe_unused]] void PrintTo(const Kept& kept, std::ostream* out) {
  *out << (kept.bytes ? show_bytes(*kept.bytes) : "no recording");
}
Task<Kept> read_back(LabAdmin& admin, std::string file) {
  Kept kept;
  kept.bytes = co_await admin.recording(file);
  co_return std::move(kept);
}

MATCHER_P(HasTheBytes, wanted,
          "a recording of " + std::to_string(wanted.size()) + " bytes, which are those sent") {
  if (!arg.bytes) return false;
  const std::string& bytes = *arg.bytes;
  const auto first = std::mismatch(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()).first;
  *result_listener << "as sent up to " << first - bytes.begin();
  return bytes == wanted;
}
MATCHER(IsGone, negation ? "a recording" : "no recording") { return !arg.bytes; }

// The entry of a file in the operator's list; null if there is none.
json::value entry_of(const json::array& list, std::string_view file) {
  for (const auto& entry : list)
    if (entry.is_object() && member_of(entry.get_object(), "file") == json::value(file))
      return entry;
  return {};
}
MATCHER_P2(IsKept, size, complete,
           std::string(complete ? "a complete" : "an incomplete") + " recording of " +
               std::to_string(size) + " bytes") {
  if (!arg.is_object()) return false;
  const auto& entry = arg.get_object();
  return member_of(entry, "size") == json::value(size) &&
         member_of(entry, "complete") == json::value(complete);
}
MATCHER_P(NamesNoPlace, base, "names without folders, of these uploads " + std::string(base)) {
  for (const auto& entry : arg) {
    const auto name = entry.is_object() ? member_of(entry.get_object(), "file") : json::value();
    if (!name.is_string()) return false;
    const std::string_view text = name.get_string();
    if (text.empty() || text == "." || text == ".." || text.find_first_of("/\\") != text.npos)
      return false;
    if (text.find(base) != text.npos && text != base) return false;
  }
  return true;
}

Task<void> send_part(Lab& lab, RecordUpload& upload, std::size_t offset, std::string bytes,
                     std::string& file) {
  file = overwritten(std::move(file), offset, bytes);
  const auto answer = co_await upload.part(offset, std::move(bytes));
  lab.require("a part of a recording", answer, TakesRecording());
}

}  // namespace

// Parts overlap, the header comes last, and everything is where the recorder has it.
CASE(record_kept, "api/record/kept", checks("HTTP-REC-01", "HTTP-REC-02", "HTTP-REC-03"),
     after("api/record/steps"), takes(kApiStory)) {
  LabAdmin admin(lab, {"read-recording"});
  ApiClient client(lab);
  const std::string name = recording_name(lab);
  RecordUpload upload(lab, client, name);
  const auto begun = co_await upload.begin();
  lab.require("the beginning of a recording", begun, TakesRecording());
  std::string file;
  co_await send_part(lab, upload, 0, lab.random().bytes(40'000), file);
  co_await send_part(lab, upload, 32'000, lab.random().bytes(30'000), file);
  co_await send_part(lab, upload, 62'000, lab.random().bytes(5), file);
  const auto parts = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-02", parts, HasTheBytes(file));
  const std::string header = lab.random().bytes(1024);
  const auto tail = co_await upload.tail(header);
  lab.require("the end of a recording", tail, TakesRecording());
  file = overwritten(std::move(file), 0, header);
  const auto whole = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-03", whole, HasTheBytes(file));
  const auto again = co_await upload.begin();
  lab.require("the beginning of another recording", again, TakesRecording());
  const auto truncated = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-01", truncated, HasTheBytes(std::string()));
  std::string other;
  co_await send_part(lab, upload, 0, "another one", other);
  const auto replaced = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-01", replaced, HasTheBytes(other));
  // Nor does it matter whether the one before it has ended.
  const auto third = co_await upload.begin();
  lab.require("the beginning of a third recording", third, TakesRecording());
  const auto empty = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-01", empty, HasTheBytes(std::string()));
}

CASE(record_removed, "api/record/removed", checks("HTTP-REC-04"), after("api/record/steps"),
     takes(kApiStory)) {
  LabAdmin admin(lab, {"read-recording"});
  ApiClient client(lab);
  const std::string name = recording_name(lab), other_name = recording_name(lab);
  RecordUpload upload(lab, client, name), other(lab, client, other_name);
  const std::string bytes = lab.random().bytes(5000);
  co_await upload_whole(lab, upload, bytes);
  co_await upload_whole(lab, other, bytes);
  const auto there = co_await read_back(admin, name);
  lab.require("the recording", there, HasTheBytes(bytes));
  const auto removed = co_await upload.remove();
  lab.require("the removal", removed, TakesRecording());
  const auto after_it = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-04", after_it, IsGone());
  const auto neighbour = co_await read_back(admin, other_name);
  lab.verdict("HTTP-REC-04", neighbour, HasTheBytes(bytes));
}

CASE(record_large_kept, "api/record/large-part-kept", checks("HTTP-REC-08"),
     after("api/record/large-part"), takes(kApiStory), heavy()) {
  LabAdmin admin(lab, {"read-recording"});
  ApiClient client(lab);
  const std::string name = recording_name(lab);
  RecordUpload upload(lab, client, name);
  const std::string bytes = lab.random().bytes(kLargePart);
  co_await upload_whole(lab, upload, bytes);
  const auto kept = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-08", kept, HasTheBytes(bytes));
}

// Two screens are recorded at once, each in its order.
CASE(record_two, "api/record/two-at-once", checks("HTTP-REC-11"), after("api/record/steps"),
     takes(kApiStory)) {
  LabAdmin admin(lab, {"read-recording"});
  ApiClient client(lab);
  const std::string name = recording_name(lab), other_name = recording_name(lab);
  RecordUpload upload(lab, client, name), other(lab, client, other_name);
  for (RecordUpload* one : {&upload, &other}) {
    const auto begun = co_await one->begin();
    lab.require("the beginning of a recording", begun, TakesRecording());
  }
  std::string file, other_file;
  for (int i = 0; i < 5; ++i) {
    co_await send_part(lab, upload, file.size(), lab.random().bytes(700), file);
    co_await send_part(lab, other, other_file.size(), lab.random().bytes(900), other_file);
  }
  const auto kept = co_await read_back(admin, name);
  lab.verdict("HTTP-REC-11", kept, HasTheBytes(file));
  const auto beside = co_await read_back(admin, other_name);
  lab.verdict("HTTP-REC-11", beside, HasTheBytes(other_file));
}

// The device has lost its power: what there is until then is worth something.
CASE(record_incomplete, "api/record/incomplete", checks("HTTP-REC-10"), after("api/record/steps"),
     takes(kApiStory)) {
  LabAdmin admin(lab, {"read-recordings"});
  ApiClient client(lab);
  const std::string name = recording_name(lab), other_name = recording_name(lab);
  RecordUpload upload(lab, client, name), other(lab, client, other_name);
  const std::int64_t size = 3000;
  const std::string bytes = lab.random().bytes(size);
  const auto begun = co_await upload.begin();
  lab.require("the beginning of a recording", begun, TakesRecording());
  const auto part = co_await upload.part(0, bytes);
  lab.require("a part of a recording", part, TakesRecording());
  co_await upload_whole(lab, other, bytes);
  const auto list = co_await admin.recordings();
  const auto lost = entry_of(list, name), whole = entry_of(list, other_name);
  lab.verdict("HTTP-REC-10", lost, IsKept(size, false));
  lab.verdict("HTTP-REC-10", whole, IsKept(size, true));
}

// Nobody says who uploads, so a name leads nowhere but to a recording.
CASE(record_names, "api/record/names", checks("HTTP-REC-09"), after("api/record/steps"),
     takes(kApiStory)) {
  LabAdmin admin(lab, {"read-recordings"});
  ApiClient client(lab);
  const std::string name = recording_name(lab);
  std::vector<RecordUpload> uploads;
  for (const std::string& file : {"../" + name, "../../" + name, "/tmp/" + name, "C:\\" + name,
                                  "..\\" + name, "sub/" + name, std::string("..")}) {
    uploads.emplace_back(lab, client, file);
    const auto begun = co_await uploads.back().begin();
    lab.verdict("HTTP-REC-09", begun, IsNoServerError());
    const std::string bytes = "bytes";
    const auto part = co_await uploads.back().part(0, bytes);
    lab.verdict("HTTP-REC-09", part, IsNoServerError());
    const auto list = co_await admin.recordings();
    lab.verdict("HTTP-REC-09", list, NamesNoPlace(name));
  }
}

}  // namespace deskcheck::conformance
