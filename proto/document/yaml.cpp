// The only file that knows yaml-cpp: its events become a Document, its exceptions mistakes.
#include "proto/document/document.hpp"
#include "proto/document/precheck.hpp"
#include "proto/document/scalar.hpp"
#include "proto/document/utf8.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <sstream>

namespace deskcheck::document {
namespace {

namespace json = boost::json;

constexpr char kTextTag[] = "tag:yaml.org,2002:str";

Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

// yaml-cpp sometimes counts on behind the end of the text.
Place within(std::string_view text, Place place) {
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  place.line = std::min(place.line, lines);
  const auto length = static_cast<int>(line_of(text, place.line).size());
  place.column = std::min(place.column, length + 1);
  return place;
}

// yaml-cpp makes single bytes, which are no UTF-8, of two escapes; the file itself is checked
// before.
bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// Ends the reading early; never leaves this file.
struct Stop {
  Mistake mistake;
};

// A finished value with what limits need to know of it.
struct Built {
  json::value value;
  Spot spot;
  std::size_t values = 1;
  std::size_t bytes = 0;  // of texts and keys
  std::size_t depth = 0;
};

class Builder : public YAML::EventHandler {
 public:
  std::optional<Built>& root() { return root_; }
  // The last scalar stands in quotes, or is a block.
  bool ends_quoted() const { return ends_quoted_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) stop(mark, "a key is missing", "write the name before the ':'");
    count(1, mark);
    add(scalar(nullptr, mark, {}), mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      stop(mark, "an alias within the value that it names", "write the value out");
    if (wants_key()) stop(mark, "an alias as a key", "write the key out");
    count(known->second.values, mark);
    copied_ += known->second.bytes;
    if (copied_ > kLongestText)
      stop(mark, "aliases that copy more than " + std::to_string(kLongestText) + " bytes",
           "write less, or without aliases");
    add(known->second, mark, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    if (!is_utf8(value))
      stop(mark, "an escape that YAML readers disagree about: \\N or \\_",
           "write \\u0085 or \\u00a0");
    if (wants_key()) return take_key(mark, value);
    count(1, mark);
    const bool plain = tag == "?";
    ends_quoted_ = !plain;
    add(scalar(plain ? plain_scalar(value) : json::value(value), mark, value), mark, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(json::array(), mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(json::object(), mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Built built;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key;
    Place key_place;
  };

  [[noreturn]] static void stop(const YAML::Mark& mark, std::string what, std::string mend) {
    throw Stop{{{}, place_of(mark), std::move(what), std::move(mend), {}}};
  }

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    // "?" and "!" stand for no tag: plain and quoted.
    if (!tag.empty() && tag != "?" && tag != "!" && tag != kTextTag)
      stop(mark, "the tag " + tag, "leave it out");
  }

  static Built scalar(json::value value, const YAML::Mark& mark, const std::string& written) {
    Built built;
    built.value = std::move(value);
    built.spot.value = place_of(mark);
    built.spot.written = written;
    built.bytes = written.size();
    return built;
  }

  bool wants_key() const {
    return !open_.empty() && open_.back().built.value.is_object() && !open_.back().key;
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    auto& map = open_.back();
    if (key.size() > kLongestKey)
      stop(mark, "a key of " + std::to_string(key.size()) + " bytes",
           "at most " + std::to_string(kLongestKey) + " are read");
    const auto& members = map.built.value.get_object();
    if (const auto same = members.find(key); same != members.end()) {
      const auto& first = map.built.spot.children[static_cast<std::size_t>(same - members.begin())];
      stop(mark, "the key '" + key + "' is here twice",
           "it stands in line " + std::to_string(first.key.line) + " already; keep one of them");
    }
    map.key = key;
    map.key_place = place_of(mark);
  }

  void open(json::value container, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    refuse_tag(mark, tag);
    if (wants_key())
      stop(mark, "a list or a mapping as a key",
           "close every bracket, and write a name before the ':'");
    if (open_.size() >= kDeepest) too_deep(mark);
    count(1, mark);
    Open level;
    level.built.value = std::move(container);
    level.built.spot.value = place_of(mark);
    level.mark = mark;
    level.anchor = anchor;
    open_.push_back(std::move(level));
  }

  void close() {
    Open level = std::move(open_.back());
    open_.pop_back();
    add(std::move(level.built), level.mark, level.anchor);
  }

  void add(Built built, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() + built.depth > kDeepest) too_deep(mark);
    if (anchor != 0) anchors_[anchor] = built;
    if (open_.empty()) {
      root_ = std::move(built);
      return;
    }
    auto& parent = open_.back();
    parent.built.values += built.values;
    parent.built.bytes += built.bytes + (parent.key ? parent.key->size() : 0);
    parent.built.depth = std::max(parent.built.depth, built.depth + 1);
    if (auto* list = parent.built.value.if_array()) {
      list->push_back(std::move(built.value));
    } else {
      built.spot.key = parent.key_place;
      parent.built.value.get_object().emplace(*parent.key, std::move(built.value));
      parent.key.reset();
    }
    parent.built.spot.children.push_back(std::move(built.spot));
  }

  // Values in the file, and those that aliases copy.
  void count(std::size_t more, const YAML::Mark& mark) {
    values_ += more;
    if (values_ > kMostValues)
      stop(mark, "more than " + std::to_string(kMostValues) + " values",
           "split the file, or let aliases copy less");
  }

  [[noreturn]] static void too_deep(const YAML::Mark& mark) {
    stop(mark, "more than " + std::to_string(kDeepest) + " levels within each other",
         "make the file flatter");
  }

  std::vector<Open> open_;
  std::map<YAML::anchor_t, Built> anchors_;
  std::optional<Built> root_;
  std::size_t values_ = 0;
  std::size_t copied_ = 0;  // bytes
  bool ends_quoted_ = false;
};

// What yaml-cpp says, in words that help.
struct Words {
  std::string_view theirs, what, mend;
};
constexpr std::array kWords{
    Words{"illegal map value", "a ':' where no value can begin",
          "put texts that contain ': ' in quotes, and check the indentation"},
    Words{"illegal map key", "a key where none can begin", "check the indentation"},
    Words{"illegal block entry", "a '- ' where no item can begin", "check the indentation"},
    Words{"end of map not found", "this does not belong to the mapping above",
          "check the indentation"},
    Words{"end of sequence not found", "this does not belong to the list above",
          "check the indentation"},
    Words{"end of map flow not found", "the '{' has no end", "add the '}' or a ','"},
    Words{"end of sequence flow not found", "the '[' has no end", "add the ']' or a ','"},
    Words{"illegal flow end", "a closing bracket without its opening one", "remove it"},
    Words{"illegal EOF in scalar", "the quotes have no end", "add the closing quote"},
    Words{"illegal document indicator in scalar", "the quotes have no end",
          "add the closing quote"},
    Words{"illegal tab when looking for indentation", "a tab in the indentation",
          "indent with spaces"},
    Words{"unknown escape character: ", "an unknown escape in double quotes",
          "write \\\\ for a backslash, or use single quotes"},
    Words{"unknown token", "a character that cannot begin a value", "put the text in quotes"},
    Words{"the referenced anchor is not defined", "an alias of an anchor that does not exist",
          "put texts that begin with '*' in quotes"},
};

Mistake in_our_words(const YAML::Exception& error) {
  for (const auto& words : kWords)
    if (error.msg.starts_with(words.theirs))
      return {{}, place_of(error.mark), std::string(words.what), std::string(words.mend), {}};
  return {{}, place_of(error.mark), "this is not YAML: " + error.msg, {}, {}};
}

using BuildResult = boost::system::result<Built, Mistake>;

Mistake without_place(std::string what) { return {{}, {}, std::move(what), {}, {}}; }

// Throws Stop and YAML::Exception.
BuildResult read(const std::string& text, bool check_last_quotes) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Builder builder;
  if (!parser.HandleNextDocument(builder) || !builder.root())
    return without_place("the file is empty");
  if (Builder second; parser.HandleNextDocument(second))
    return Mistake{{},
                   second.root() ? second.root()->spot.value : Place(),
                   "a second document begins here",
                   "write one document for each file: remove the '---'",
                   {}};
  if (builder.root()->value.is_null()) return without_place("the file is empty");
  // yaml-cpp takes a line feed at the end of the text for the closing quote.
  const auto end = text.find_last_not_of(" \t\r\n") + 1;
  if (check_last_quotes && builder.ends_quoted() && end < text.size())
    if (auto again = read(text.substr(0, end), false); !again) return again;
  return std::move(*builder.root());
}

BuildResult build(const std::string& text) {
  try {
    return read(text, true);
  } catch (const Stop& stop) {
    return stop.mistake;
  } catch (const YAML::Exception& error) {
    return in_our_words(error);
  } catch (const std::exception& error) {
    return without_place(std::string("this is not YAML: ") + error.what());
  }
}

}  // namespace

boost::system::result<Document, Mistake> parse(std::string_view text, std::string name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (auto mistake = precheck(text, name)) return std::move(*mistake);
  Content content;
  content.name = std::move(name);
  content.text = text;
  auto built = build(content.text);
  if (!built) {
    Mistake mistake = std::move(built).error();
    mistake.file = content.name;
    if (mistake.place.line > 0) mistake.place = within(text, mistake.place);
    mistake.source = line_of(text, mistake.place.line);
    return mistake;
  }
  content.root = std::move(built->value);
  content.spot = std::move(built->spot);
  return Document(std::move(content));
}

}  // namespace deskcheck::document
