import type { Node } from "@babel/types";
import type { ExpressionConverter } from "./convert.ts";
import type { TypeScriptExport, TypeScriptImport } from "./module.ts";
import { keyName, requiredModule } from "./nodes.ts";

/** Collects what a module imports and exports, in the notation of ECMAScript and of CommonJS. */
export class ModuleBoundary {
  readonly imports: TypeScriptImport[] = [];
  readonly exports: TypeScriptExport[] = [];
  readonly #converter: ExpressionConverter;

  constructor(converter: ExpressionConverter) {
    this.#converter = converter;
  }

  importDeclaration(node: Extract<Node, { type: "ImportDeclaration" }>): void {
    for (const specifier of node.specifiers) {
      const name =
        specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : specifier.type === "ImportNamespaceSpecifier"
            ? "*"
            : nameOf(specifier.imported);
      this.imports.push({
        module: node.source.value,
        name,
        alias: specifier.local.name,
        typeOnly:
          node.importKind === "type" ||
          (specifier.type === "ImportSpecifier" && specifier.importKind === "type"),
        span: this.#converter.span(specifier),
      });
    }
  }

  /** `const x = require("m")`, `const x = require("m").name`. */
  required(module: string, name: string, alias: string, node: Node): void {
    this.imports.push({ module, name, alias, typeOnly: false, span: this.#converter.span(node) });
  }

  /** `import x = require("m")`. */
  importEquals(node: Extract<Node, { type: "TSImportEqualsDeclaration" }>): void {
    if (node.moduleReference.type !== "TSExternalModuleReference") return;
    const module = node.moduleReference.expression;
    if (module.type === "StringLiteral") this.required(module.value, "*", node.id.name, node);
  }

  /** `const x = require("m")`, `const {a, b: c} = require("m")`. */
  requiredAs(id: Node, module: string, declarator: Node): void {
    if (id.type === "Identifier") this.required(module, "*", id.name, declarator);
    if (id.type !== "ObjectPattern") return;
    for (const property of id.properties) {
      if (property.type !== "ObjectProperty") continue;
      const name = keyName(property.key, property.computed);
      const local = property.value.type === "AssignmentPattern" ? property.value.left : property.value;
      if (name !== null && local.type === "Identifier") this.required(module, name, local.name, property);
    }
  }

  /** `export {a as b}`, `export {a} from "m"`; the names of an exported declaration come through `exportLocal`. */
  exportSpecifiers(node: Extract<Node, { type: "ExportNamedDeclaration" }>): void {
    const module = node.source?.value ?? null;
    for (const specifier of node.specifiers) {
      const name = nameOf(specifier.exported);
      const local = specifier.type === "ExportSpecifier" ? nameOf(specifier.local) : "*";
      this.exports.push({ name, local, module, span: this.#converter.span(specifier) });
    }
  }

  exportAll(node: Extract<Node, { type: "ExportAllDeclaration" }>): void {
    this.exports.push({
      name: "*",
      local: "*",
      module: node.source.value,
      span: this.#converter.span(node),
    });
  }

  exportLocal(name: string, local: string, node: Node): void {
    this.exports.push({ name, local, module: null, span: this.#converter.span(node) });
  }

  /**
   * `module.exports = …`, `exports.a = …`: what is exported under which local name.
   * @param local name of the value in this file, where it has one; otherwise the target as written
   */
  assigned(target: string, value: Node, local: string): void {
    const module = requiredModule(value);
    const name = exportedName(target);
    if (name === null) return;
    if (module !== null) {
      this.exports.push({ name, local: "*", module, span: this.#converter.span(value) });
      return;
    }
    this.exportLocal(name, value.type === "Identifier" ? value.name : local, value);
    if (name !== "=" || value.type !== "ObjectExpression") return;
    for (const property of value.properties) {
      if (property.type === "SpreadElement") {
        const spread = requiredModule(property.argument);
        if (spread !== null) {
          this.exports.push({ name: "*", local: "*", module: spread, span: this.#converter.span(property) });
        }
        continue;
      }
      if (property.type !== "ObjectProperty" && property.type !== "ObjectMethod") continue;
      const key = keyName(property.key, property.computed);
      if (key === null) continue;
      if (property.type === "ObjectProperty") {
        const member = requiredModule(property.value);
        if (member !== null) {
          this.exports.push({ name: key, local: "*", module: member, span: this.#converter.span(property) });
          continue;
        }
        if (property.value.type === "Identifier") {
          this.exportLocal(key, property.value.name, property);
          continue;
        }
      }
      this.exportLocal(key, `${local}.${key}`, property);
    }
  }
}

/** Exported name behind the target of a CommonJS assignment; null for an ordinary target. */
export function exportedName(target: string): string | null {
  if (target === "module.exports") return "=";
  const match = /^(?:module\.)?exports\.([\w$]+)$/.exec(target);
  return match?.[1] ?? null;
}

function nameOf(node: Node): string {
  return node.type === "StringLiteral" ? node.value : node.type === "Identifier" ? node.name : "";
}
