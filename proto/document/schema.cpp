// The only file that knows valijson.
#include "proto/document/schema.hpp"

#include "proto/document/explain.hpp"

#include <boost/json/parse.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace deskcheck::document {
namespace {

constexpr std::size_t kMostMistakes = 20;

void refuse_expressions(const boost::json::value& schema) {
  if (const auto* array = schema.if_array())
    for (const auto& item : *array) refuse_expressions(item);
  const auto* object = schema.if_object();
  if (!object) return;
  for (const auto& member : *object) {
    // Within `properties` the names are the document's.
    if (member.key() == "properties" || member.key() == "definitions") {
      for (const auto& property : member.value().as_object()) refuse_expressions(property.value());
      continue;
    }
    for (const std::string_view keyword : {"pattern", "patternProperties", "format"})
      if (member.key() == keyword)
        throw std::logic_error("schemas here must not use " + std::string(keyword));
    refuse_expressions(member.value());
  }
}

}  // namespace

struct Schema::Compiled {
  boost::json::value text;
  valijson::Schema schema;
};

Schema::Schema(std::string_view text) {
  auto compiled = std::make_unique<Compiled>();
  try {
    compiled->text = boost::json::parse(text);
    refuse_expressions(compiled->text);
    valijson::adapters::BoostJsonAdapter adapter(compiled->text);
    valijson::SchemaParser parser;
    parser.populateSchema(adapter, compiled->schema);
  } catch (const std::exception& error) {
    throw std::logic_error(std::string("not a schema: ") + error.what());
  }
  compiled_ = std::move(compiled);
}
Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;

Mistakes Schema::check(const Document& document) const {
  valijson::Validator validator;
  valijson::adapters::BoostJsonAdapter adapter(document.json());
  if (validator.validate(compiled_->schema, adapter, nullptr)) return {};

  Mistakes mistakes = explain(compiled_->text, document.root());
  if (mistakes.empty()) {
    // A keyword that explain() does not know: better unfriendly words than none.
    valijson::ValidationResults results;
    validator.validate(compiled_->schema, adapter, &results);
    const auto why = results.begin() == results.end() ? "" : results.begin()->description;
    mistakes.push_back(document.root().mistake("this does not match the schema: " + why));
  }
  std::ranges::sort(mistakes, {}, [](const Mistake& mistake) {
    return std::tuple(mistake.place.line, mistake.place.column, mistake.what);
  });
  if (mistakes.size() > kMostMistakes) mistakes.resize(kMostMistakes);
  return mistakes;
}

}  // namespace deskcheck::document
