#include "proto/document/explain.hpp"

#include "proto/document/utf8.hpp"
#include "proto/text/nearest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>

namespace deskcheck::document {
namespace {

namespace json = boost::json;
using Names = std::vector<std::string_view>;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

bool is_whole(const json::value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::trunc(value.get_double()) == value.get_double();
}

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "integer") return is_whole(value);
  return value.is_number();
}

std::string_view words_for(std::string_view type) {
  if (type == "object") return "a mapping";
  if (type == "array") return "a list";
  if (type == "string") return "a text";
  if (type == "boolean") return "true or false";
  if (type == "null") return "nothing";
  if (type == "integer") return "a whole number";
  return "a number";
}

std::string joined(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? last : ", ";
    text += parts[i];
  }
  return text;
}

std::string shown(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(view(*text));
  return json::serialize(value);
}

std::string subject(const Cursor& at) {
  return at.key().empty() ? "this" : "'" + std::string(at.key()) + "'";
}

std::string did_you_mean(std::string_view wanted, const Names& names, std::string otherwise) {
  const auto near = text::nearest(wanted, names, 1);
  return near.empty() ? otherwise : "did you mean '" + near.front() + "'?";
}

class Explainer {
 public:
  explicit Explainer(const json::value& root) : root_(root) {}

  Mistakes all(const json::value& schema, const Cursor& at) const {
    Mistakes mistakes;
    check(schema, at, mistakes);
    return mistakes;
  }

 private:
  const json::object* resolved(const json::value& schema) const {
    const auto* object = schema.if_object();
    // A chain of references that ends nowhere is no endless loop.
    for (int hops = 0; object && hops < 10; ++hops) {
      const auto* reference = object->if_contains("$ref");
      if (!reference) return object;
      std::string pointer(view(reference->as_string()));
      pointer.erase(0, pointer.find('#') + 1);
      boost::system::error_code error;
      const auto* target = root_.find_pointer(pointer, error);
      object = target ? target->if_object() : nullptr;
    }
    return nullptr;
  }

  static std::string description(const json::object& schema) {
    const auto* text = schema.if_contains("description");
    return text && text->is_string() ? "it must be " + std::string(view(text->get_string())) : "";
  }

  void check(const json::value& any_schema, const Cursor& at, Mistakes& mistakes) const {
    const auto* schema = resolved(any_schema);
    if (!schema || !check_type(*schema, at, mistakes)) return;
    check_choice(*schema, at, mistakes);
    check_limits(*schema, at, mistakes);
    if (at.is_map()) check_map(*schema, at, mistakes);
    if (const auto* items = schema->if_contains("items"); items && at.is_list())
      for (const auto& item : at.children()) check(*items, item, mistakes);
    if (const auto* parts = schema->if_contains("allOf"))
      for (const auto& part : parts->as_array()) check(part, at, mistakes);
    for (const auto* keyword : {"anyOf", "oneOf"})
      if (const auto* branches = schema->if_contains(keyword))
        check_branches(*schema, branches->as_array(), at, mistakes);
  }

  static std::vector<std::string_view> types_of(const json::object& schema) {
    std::vector<std::string_view> types;
    const auto* type = schema.if_contains("type");
    if (!type) return types;
    if (const auto* one = type->if_string()) return {view(*one)};
    for (const auto& each : type->as_array()) types.push_back(view(each.as_string()));
    return types;
  }

  bool check_type(const json::object& schema, const Cursor& at, Mistakes& mistakes) const {
    const auto types = types_of(schema);
    const auto fits = [&](std::string_view type) { return has_type(at.json(), type); };
    if (types.empty() || std::ranges::any_of(types, fits)) return true;
    std::vector<std::string> words;
    for (const auto type : types) words.emplace_back(words_for(type));
    mistakes.push_back(at.mistake(subject(at) + " must be " + joined(words, " or ") + ", not " +
                                      std::string(kind_of(at.json())),
                                  description(schema)));
    return false;
  }

  static void check_choice(const json::object& schema, const Cursor& at, Mistakes& mistakes) {
    json::array choices;
    if (const auto* values = schema.if_contains("enum")) choices = values->as_array();
    if (const auto* value = schema.if_contains("const")) choices = {*value};
    if (choices.empty() || std::ranges::find(choices, at.json()) != choices.end()) return;
    std::vector<std::string> words;
    Names names;
    for (const auto& choice : choices) {
      words.push_back(shown(choice));
      if (const auto* name = choice.if_string()) names.push_back(view(*name));
    }
    const auto near = text::nearest(at.text(), names, 1);
    mistakes.push_back(at.mistake(subject(at) + " cannot be '" + at.written() + "'",
                                  near.empty() ? "it must be " + joined(words, " or ")
                                               : "did you mean '" + near.front() + "'?"));
  }

  static void check_limits(const json::object& schema, const Cursor& at, Mistakes& mistakes) {
    const auto limit = [&](const char* keyword) -> std::optional<double> {
      const auto* value = schema.if_contains(keyword);
      if (!value || !value->is_number()) return std::nullopt;
      return value->to_number<double>();
    };
    const auto judge = [&](double actual, const char* least, const char* most, std::string of) {
      const auto low = limit(least), high = limit(most);
      const auto number = [&](double n) { return json::serialize(json::value(std::int64_t(n))); };
      if (low && actual < *low)
        mistakes.push_back(at.mistake(subject(at) + of + " at least " + number(*low)));
      if (high && actual > *high)
        mistakes.push_back(at.mistake(subject(at) + of + " at most " + number(*high)));
    };
    if (at.json().is_number())
      judge(at.json().to_number<double>(), "minimum", "maximum", " must be");
    if (at.is_list())
      judge(double(at.json().get_array().size()), "minItems", "maxItems", " must have items:");
    if (at.is_map())
      judge(double(at.json().get_object().size()), "minProperties", "maxProperties",
            " must have keys:");
    if (at.is_text()) {
      double characters = 0;
      for (auto rest = at.text(); !rest.empty(); ++characters)
        rest.remove_prefix(std::max<std::size_t>(character_length(rest), 1));
      judge(characters, "minLength", "maxLength", " must have characters:");
    }
  }

  void check_map(const json::object& schema, const Cursor& at, Mistakes& mistakes) const {
    static const json::object kNone;
    const auto* listed = schema.if_contains("properties");
    const auto& properties = listed ? listed->as_object() : kNone;
    if (const auto* required = schema.if_contains("required"))
      for (const auto& name : required->as_array()) {
        if (at.find(view(name.as_string()))) continue;
        const auto* property = properties.if_contains(name.as_string());
        const auto* known = property ? resolved(*property) : nullptr;
        mistakes.push_back(at.mistake_at_key((at.key().empty() ? "" : subject(at) + ": ") +
                                                 "the key '" + std::string(view(name.as_string())) +
                                                 "' is missing",
                                             known ? description(*known) : ""));
      }
    const auto* others = schema.if_contains("additionalProperties");
    for (const auto& member : at.children()) {
      if (const auto* property = properties.if_contains(member.key()))
        check(*property, member, mistakes);
      else if (others && others->is_object())
        check(*others, member, mistakes);
      else if (others && others->is_bool() && !others->get_bool())
        mistakes.push_back(unknown_key(properties, member));
    }
  }

  static Mistake unknown_key(const json::object& properties, const Cursor& member) {
    Names names;
    std::vector<std::string> words;
    for (const auto& property : properties) {
      names.emplace_back(property.key().data(), property.key().size());
      words.emplace_back(names.back());
    }
    std::ranges::sort(words);
    return member.mistake_at_key(
        "unknown key '" + std::string(member.key()) + "'",
        did_you_mean(member.key(), names, "known here: " + joined(words, ", ")));
  }

  // The branch that the author most likely meant is the one of the same kind of value with the
  // fewest mistakes. If none is of that kind, all kinds are named.
  void check_branches(const json::object& schema, const json::array& branches, const Cursor& at,
                      Mistakes& mistakes) const {
    std::optional<Mistakes> best;
    std::vector<std::string> kinds;
    for (const auto& branch : branches) {
      const auto* resolved_branch = resolved(branch);
      if (!resolved_branch) continue;
      auto found = all(branch, at);
      if (found.empty()) return;
      const auto types = types_of(*resolved_branch);
      for (const auto type : types)
        if (std::ranges::find(kinds, words_for(type)) == kinds.end())
          kinds.emplace_back(words_for(type));
      const bool same_kind =
          types.empty() || std::ranges::any_of(types, [&](std::string_view type) {
            return has_type(at.json(), type);
          });
      if (same_kind && (!best || found.size() < best->size())) best = std::move(found);
    }
    if (best) {
      mistakes.insert(mistakes.end(), best->begin(), best->end());
      return;
    }
    mistakes.push_back(at.mistake(subject(at) + " must be " + joined(kinds, " or ") + ", not " +
                                      std::string(kind_of(at.json())),
                                  description(schema)));
  }

  const json::value& root_;
};

}  // namespace

Mistakes explain(const json::value& schema, const Cursor& root) {
  return Explainer(schema).all(schema, root);
}

}  // namespace deskcheck::document
