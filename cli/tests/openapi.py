"""The document proto/api/console-api.openapi.yaml, and whether an answer is as it says. Knows of
OpenAPI 3.1 what the document uses; schemas are those of JSON Schema 2020-12."""

import decimal
import json
import pathlib
import re

import jsonschema
import yaml

FILE = pathlib.Path(__file__).resolve().parents[2] / "proto/api/console-api.openapi.yaml"
METHODS = ("get", "put", "post", "delete", "head")


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """Refuses a key that comes twice; reads scalars as JSON has them, so 2026-01-01 is a text."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.constructor.ConstructorError(None, None, "a key twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def json_of(text):
    """A number with a fraction is no integer to clients, not even 5.0. ValueError: it is no JSON."""
    return json.loads(text, parse_float=decimal.Decimal)


def contents_of_texts(schema, value):
    """What is wrong with JSON within texts (contentSchema), wherever the schema has it."""
    if isinstance(value, str) and "contentSchema" in schema:
        try:
            inner = json_of(value)
        except ValueError as error:
            return [f"{value!r} is no JSON: {error}"]
        return mistakes(schema["contentSchema"], inner)
    if isinstance(value, list):
        return [one for item in value
                for one in contents_of_texts(schema.get("items", {}), item)]
    if isinstance(value, dict):
        members = schema.get("properties", {})
        return [one for name, member in value.items()
                for one in contents_of_texts(members.get(name, {}), member)]
    return []


def mistakes(schema, value):
    """Why the value is not as the schema says, a line each."""
    validator = jsonschema.Draft202012Validator(schema)
    found = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    if found:
        return found
    for variant in schema.get("oneOf", schema.get("anyOf", schema.get("allOf", [schema]))):
        if jsonschema.Draft202012Validator(variant).is_valid(value):
            found += contents_of_texts(variant, value)
    return found


class Document:
    def __init__(self):
        with open(FILE, encoding="utf-8") as file:
            self.whole = yaml.load(file, _Loader)
        self.operations = {}  # (method, path) to the operation, without any reference in it
        for path, item in self.whole["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = self.resolved(item[method])
                    shared = self.resolved(item.get("parameters", []))
                    operation["parameters"] = shared + operation.get("parameters", [])
                    self.operations[method.upper(), path] = operation

    def resolved(self, node):
        """With what references point at in their place; members beside a reference win."""
        if isinstance(node, list):
            return [self.resolved(item) for item in node]
        if not isinstance(node, dict):
            return node
        whole = {}
        if isinstance(node.get("$ref"), str):
            target = self.whole
            for name in node["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            whole = dict(self.resolved(target))
        return whole | {key: self.resolved(value) for key, value in node.items() if key != "$ref"}

    def operation(self, method, path):
        """The key of the operation that a request is for: a path may end with a parameter."""
        path = path.partition("?")[0]
        for known, template in self.operations:
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
            if known == method and re.fullmatch(pattern, path) and template.count("/") == path.count("/"):
                exact = (method, path)
                return exact if exact in self.operations else (known, template)
        raise KeyError(f"{method} {path}: no such operation")

    def wrong_answer(self, method, path, status, headers, body):
        """Why the answer is not one that the document allows, a line each. Names of headers are
        in lower case."""
        operation = self.operations[self.operation(method, path)]
        answers = operation["responses"]
        answer = answers.get(str(status), answers.get(f"{status // 100}XX"))
        if answer is None:
            return [f"the status {status} is not one of {', '.join(answers)}"]
        found = []
        for name, header in answer.get("headers", {}).items():
            value = headers.get(name.lower())
            if value is None and header.get("required"):
                found.append(f"the header {name} is missing")
            if value is not None and header["schema"]["type"] == "integer":
                value = int(value) if value.isdecimal() else value
            if value is not None:
                found += [f"header {name}: {one}" for one in mistakes(header["schema"], value)]
        if method == "HEAD" or "content" not in answer:
            return found + (["the body is not empty"] if body else [])
        return found + self._wrong_body(answer["content"], headers.get("content-type", ""), body)

    @staticmethod
    def _wrong_body(contents, content_type, body):
        media = content_type.partition(";")[0].strip().lower()
        if media not in contents:
            return [f"the type {content_type!r} is none of {', '.join(contents)}"]
        schema = contents[media].get("schema", {})
        if not media.startswith("text/") and media != "application/json":
            return []
        if "charset=utf-8" not in content_type.lower().replace(" ", ""):
            return [f"the type {content_type!r} does not say charset=utf-8"]
        try:
            text = body.decode("utf-8")
            value = json_of(text) if media == "application/json" else text
        except ValueError as error:
            return [f"the body {body[:200]!r} is no {media}: {error}"]
        return mistakes(schema, value)


def examples(media):
    """The values of the examples of a request or an answer, by name; the only one has none."""
    found = {name: example["value"] for name, example in media.get("examples", {}).items()}
    return found | ({"": media["example"]} if "example" in media else {})
