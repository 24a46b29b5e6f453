// Messages as dicts of Python, by reflection: whatever the schema holds.
#include "conformance/registry/usage_error.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"
#include "python/binding/bindings.hpp"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <memory>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::UsageError;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

py::dict to_dict(const Message& message);
void fill(Message& message, const py::dict& values);

// --- message to dict ---

// The value of a field, or of its element `index` if it is repeated.
py::object value_of(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return py::int_(many ? r.GetRepeatedInt32(message, field, index)
                           : r.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return py::int_(many ? r.GetRepeatedInt64(message, field, index)
                           : r.GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return py::int_(many ? r.GetRepeatedUInt32(message, field, index)
                           : r.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return py::int_(many ? r.GetRepeatedUInt64(message, field, index)
                           : r.GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return py::float_(many ? r.GetRepeatedDouble(message, field, index)
                             : r.GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return py::float_(many ? r.GetRepeatedFloat(message, field, index)
                             : r.GetFloat(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return py::bool_(many ? r.GetRepeatedBool(message, field, index) : r.GetBool(message, field));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          many ? r.GetRepeatedEnumValue(message, field, index) : r.GetEnumValue(message, field);
      const auto* known = field->enum_type()->FindValueByNumber(number);
      if (!known) return py::int_(number);  // of a newer schema
      return py::str(known->name());
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          many ? r.GetRepeatedString(message, field, index) : r.GetString(message, field);
      if (field->type() == FieldDescriptor::TYPE_BYTES) return py::bytes(text);
      return py::str(text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return to_dict(many ? r.GetRepeatedMessage(message, field, index)
                          : r.GetMessage(message, field));
  }
  return py::none();
}

py::dict map_of(const Message& message, const FieldDescriptor* field) {
  py::dict map;
  const auto* key = field->message_type()->map_key();
  const auto* value = field->message_type()->map_value();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, field, i);
    map[value_of(entry, key, 0)] = value_of(entry, value, 0);
  }
  return map;
}

py::dict to_dict(const Message& message) {
  py::dict dict;
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    const auto name = py::str(field->name());
    if (field->is_map()) {
      dict[name] = map_of(message, field);
    } else if (field->is_repeated()) {
      py::list list;
      for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i)
        list.append(value_of(message, field, i));
      dict[name] = list;
    } else {
      dict[name] = value_of(message, field, 0);
    }
  }
  return dict;
}

// --- dict to message ---

template <class T>
T number(const py::handle& value) {
  if (py::isinstance<py::bool_>(value) || !py::isinstance<py::int_>(value)) throw py::cast_error();
  return value.cast<T>();
}

int enum_number(const FieldDescriptor* field, const py::handle& value) {
  if (!py::isinstance<py::str>(value)) return number<int>(value);
  const auto* known = field->enum_type()->FindValueByName(value.cast<std::string>());
  if (!known) throw py::cast_error();
  return known->number();
}

// Text is str, bytes are bytes: to take one for the other would hide a mistake.
std::string text(const FieldDescriptor* field, const py::handle& value) {
  const bool bytes = field->type() == FieldDescriptor::TYPE_BYTES;
  if (bytes ? !py::isinstance<py::bytes>(value) : !py::isinstance<py::str>(value))
    throw py::cast_error();
  return value.cast<std::string>();
}

// Sets the field, or adds an element to it. Throws py::cast_error if the value does not fit.
void put(Message& message, const FieldDescriptor* field, const py::handle& value) {
  const Reflection& r = *message.GetReflection();
  const bool many = field->is_repeated();
  const auto set = [&](auto add_one, auto set_one, auto converted) {
    many ? (r.*add_one)(&message, field, converted) : (r.*set_one)(&message, field, converted);
  };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return set(&Reflection::AddInt32, &Reflection::SetInt32, number<std::int32_t>(value));
    case FieldDescriptor::CPPTYPE_INT64:
      return set(&Reflection::AddInt64, &Reflection::SetInt64, number<std::int64_t>(value));
    case FieldDescriptor::CPPTYPE_UINT32:
      return set(&Reflection::AddUInt32, &Reflection::SetUInt32, number<std::uint32_t>(value));
    case FieldDescriptor::CPPTYPE_UINT64:
      return set(&Reflection::AddUInt64, &Reflection::SetUInt64, number<std::uint64_t>(value));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&Reflection::AddDouble, &Reflection::SetDouble, value.cast<double>());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return set(&Reflection::AddFloat, &Reflection::SetFloat, value.cast<float>());
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!py::isinstance<py::bool_>(value)) throw py::cast_error();
      return set(&Reflection::AddBool, &Reflection::SetBool, value.cast<bool>());
    case FieldDescriptor::CPPTYPE_ENUM:
      return set(&Reflection::AddEnumValue, &Reflection::SetEnumValue, enum_number(field, value));
    case FieldDescriptor::CPPTYPE_STRING:
      return set(&Reflection::AddString, &Reflection::SetString, text(field, value));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!py::isinstance<py::dict>(value)) throw py::cast_error();
      return fill(*(many ? r.AddMessage(&message, field) : r.MutableMessage(&message, field)),
                  py::reinterpret_borrow<py::dict>(value));
  }
}

std::string expected(const FieldDescriptor* field) {
  if (field->is_map()) return "a dict";
  std::string one = field->type_name();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) one = "dict";
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    one = "number or one of";
    for (int i = 0; i < field->enum_type()->value_count(); ++i)
      one += (i == 0 ? " " : ", ") + field->enum_type()->value(i)->name();
  }
  return (field->is_repeated() ? "a list of " : "") + one;
}

void put_all(Message& message, const FieldDescriptor* field, const py::handle& value) {
  if (field->is_map()) {
    if (!py::isinstance<py::dict>(value)) throw py::cast_error();
    for (const auto& [key, mapped] : py::reinterpret_borrow<py::dict>(value)) {
      Message& entry = *message.GetReflection()->AddMessage(&message, field);
      put(entry, field->message_type()->map_key(), key);
      put(entry, field->message_type()->map_value(), mapped);
    }
  } else if (field->is_repeated()) {
    if (!py::isinstance<py::list>(value) && !py::isinstance<py::tuple>(value))
      throw py::cast_error();
    for (const auto& element : py::reinterpret_borrow<py::sequence>(value))
      put(message, field, element);
  } else {
    put(message, field, value);
  }
}

void fill(Message& message, const py::dict& values) {
  for (const auto& [key, value] : values) {
    const auto name = py::str(key).cast<std::string>();
    const auto* field = message.GetDescriptor()->FindFieldByName(name);
    if (!field)
      throw UsageError(fmt::format("{} has no field '{}'; proto/schema lists what there is",
                                   message.GetDescriptor()->name(), name));
    try {
      put_all(message, field, value);
    } catch (const py::cast_error&) {
      throw UsageError(fmt::format("{}.{} cannot be {}; give {}", message.GetDescriptor()->name(),
                                   name, py::repr(value).cast<std::string>(), expected(field)));
    }
  }
}

std::unique_ptr<Message> envelope(const std::string& protocol) {
  if (protocol == "rendezvous") return std::make_unique<hbb::RendezvousMessage>();
  if (protocol == "session") return std::make_unique<hbb::Message>();
  throw UsageError(fmt::format("protocol '{}': give rendezvous or session", protocol));
}

py::bytes encode(const py::dict& values, const std::string& protocol) {
  const auto message = envelope(protocol);
  fill(*message, values);
  return message->SerializeAsString();
}

py::dict decode(const py::bytes& data, const std::string& protocol) {
  const auto message = envelope(protocol);
  if (!message->ParseFromString(data))
    throw UsageError(fmt::format("{} bytes that are no {} message", py::len(data), protocol));
  return to_dict(*message);
}

}  // namespace

void bind_messages(py::module_& m) {
  m.def("encode", &encode, py::arg("message"), py::arg("protocol"));
  m.def("decode", &decode, py::arg("data"), py::arg("protocol"));
}

}  // namespace deskcheck::python
