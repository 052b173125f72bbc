"""Operations and examples out of a contract's OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from goatcheck.contract.parts import Operation, Parameter, Schema
from goatcheck.contract.references import References
from goatcheck.contract.surely import sure

METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"


@dataclass(frozen=True)
class Description:
    """An OpenAPI description as it was read, and the files that it refers to."""

    document: Mapping[str, Any]
    references: References

    def operations(self) -> Iterator[Operation]:
        """Every operation in its order, removed ones too."""
        for template, method, path_item, operation in self._all():
            body = self._body(operation)
            yield Operation(
                id=f"{method.upper()} {template}",
                method=method.upper(),
                template=template,
                parameters=tuple(self._parameters(path_item, operation)),
                body=body,
                sure_body=None if body is None else sure(body),
                makes=operation.get("x-makes", ""),
                target=operation.get("x-target", ""),
                removed=operation.get("x-removed", False),
                idempotent_by_key=operation.get("x-idempotency-key", False),
                statuses=tuple(str(status) for status in operation["responses"]),
                examples=tuple(name for _, examples in self._examples(operation) for name in examples),
            )

    def example(self, status: int, variant: str) -> tuple[Mapping[str, Any], Mapping[str, str]] | None:
        """The first example of that status that is named by the variant, with the headers that go with it, or None."""
        for _, _, _, operation in self._all():
            for response, examples in self._examples(operation, str(status)):
                if variant in examples:
                    headers = response.get("headers", {}).items()
                    belonging = {name: given for name, given in headers if given.get("x-variant", variant) == variant}
                    return examples[variant]["value"], {
                        name: str(given["example"]) for name, given in belonging.items()
                    }
        return None

    def _examples(self, operation: Mapping[str, Any], status: str = "") -> Iterator[tuple[Schema, Mapping[str, Any]]]:
        """The responses of an operation, or of one of its statuses, each with its examples by name."""
        for documented, given in operation["responses"].items():
            if status in {"", str(documented)}:
                response = self.references.inlined(given)
                yield response, response.get("content", {}).get(JSON, {}).get("examples", {})

    def _all(self) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
        for template, path_item in self.document["paths"].items():
            for method in METHODS:
                if method in path_item:
                    yield template, method, path_item, path_item[method]

    def _parameters(self, path_item: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Parameter]:
        for given in (*path_item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = self.references.inlined(given)
            schema = parameter["schema"]
            yield Parameter(
                name=parameter["name"],
                place=parameter["in"],
                required=parameter.get("required", False),
                schema=schema,
                resource=schema.get("x-resource", ""),
                sure=sure(schema),
            )

    def _body(self, operation: Mapping[str, Any]) -> Schema | None:
        if "requestBody" not in operation:
            return None
        schema: Schema = self.references.inlined(operation["requestBody"])["content"][JSON]["schema"]
        return schema
