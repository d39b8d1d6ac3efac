import type { Node, Program } from "@babel/types";
import { dottedName, type Expression } from "../expression.ts";
import type { LineIndex } from "../line-index.ts";
import { ExpressionConverter } from "./convert.ts";
import {
  classDraft,
  enumDraft,
  type FunctionDraft,
  type FunctionNode,
  functionDraft,
  isFunction,
  typeText,
} from "./declarations.ts";
import { exportedName, ModuleBoundary } from "./exports.ts";
import type {
  TypeScriptAssignment,
  TypeScriptCall,
  TypeScriptClass,
  TypeScriptEnum,
  TypeScriptModule,
} from "./module.ts";
import { documentationBefore, forEachChild, keyName, requiredModule, unwrapped } from "./nodes.ts";
import { eachOf, flattenPattern } from "./patterns.ts";
import { ReferenceList } from "./references.ts";

type Outline = Omit<TypeScriptModule, "documentation" | "errors" | "lines">;

/** What a function or class met next would be called. */
interface Naming {
  readonly path: string;
  readonly name: string;
  readonly nameNode: Node | null;
  /** The very value has this name; false for something inside of it (an argument of a wrapper). */
  readonly direct: boolean;
}

/** One pass over the syntax tree of a file. */
export class OutlineWalk {
  readonly #converter: ExpressionConverter;
  readonly #boundary: ModuleBoundary;
  readonly #classes: TypeScriptClass[] = [];
  readonly #enums: TypeScriptEnum[] = [];
  readonly #functions: FunctionDraft[] = [];
  readonly #assignments: TypeScriptAssignment[] = [];
  readonly #calls: TypeScriptCall[] = [];
  readonly #references: ReferenceList;
  #scope = -1;
  #within: string | null = null;
  #naming: Naming | null = null;
  #documentation: string | null = null;

  constructor(lines: LineIndex) {
    this.#converter = new ExpressionConverter(lines);
    this.#boundary = new ModuleBoundary(this.#converter);
    this.#references = new ReferenceList(lines, this.#converter);
  }

  visitProgram(program: Program): void {
    for (const statement of program.body) this.#visit(statement);
  }

  finish(): Outline {
    return {
      imports: this.#boundary.imports,
      exports: this.#boundary.exports,
      classes: this.#classes,
      enums: this.#enums,
      functions: this.#functions,
      assignments: this.#assignments,
      calls: this.#calls,
      references: this.#references.found,
    };
  }

  #visit(node: Node): void {
    if (isFunction(node)) {
      this.#function(node);
      return;
    }
    switch (node.type) {
      case "ImportDeclaration":
        this.#boundary.importDeclaration(node);
        return;
      case "ExportAllDeclaration":
        this.#boundary.exportAll(node);
        return;
      case "ExportNamedDeclaration":
        this.#exportNamed(node);
        return;
      case "ExportDefaultDeclaration":
        this.#exportDefault(node, node.declaration);
        return;
      case "TSExportAssignment":
        this.#commonJs("module.exports", node.expression, null);
        return;
      case "TSImportEqualsDeclaration":
        this.#boundary.importEquals(node);
        return;
      case "VariableDeclaration":
        this.#variables(node);
        return;
      case "ForOfStatement":
        for (const { name, node: at, value } of eachOf(node, this.#converter)) {
          this.#assign(name, null, value, at, node.left);
        }
        this.#children(node);
        return;
      case "AssignmentExpression":
        this.#assignment(node);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node);
        return;
      case "TSEnumDeclaration":
        this.#enums.push(enumDraft(node, this.#converter));
        return;
      case "CallExpression":
      case "OptionalCallExpression":
      case "NewExpression":
      case "ImportExpression":
      case "TaggedTemplateExpression":
        this.#call(node);
        return;
      case "ObjectExpression":
        for (const property of node.properties) this.#member(property);
        return;
      case "MemberExpression":
      case "OptionalMemberExpression":
        this.#references.member(node, this.#within);
        this.#inside(node.object);
        if (node.computed) this.#inside(node.property);
        return;
      case "ReturnStatement":
        this.#returned(node.argument ?? null);
        return;
      case "ThrowStatement":
        this.#functions[this.#scope]?.thrown.push(this.#converter.convert(node.argument));
        this.#inside(node.argument);
        return;
      case "Identifier":
        this.#references.identifier(node, this.#within);
        if (node.typeAnnotation) this.#visit(node.typeAnnotation);
        return;
      case "TSQualifiedName":
        this.#references.qualified(node, this.#within);
        return;
      default:
        this.#children(node);
        return;
    }
  }

  /** Visits what is inside of a value: a function found there does not carry the name of the value itself. */
  #inside(node: Node): void {
    const transparent = unwrapped(node) !== node || node.type === "ObjectExpression" || isFunction(node);
    const outer = this.#naming;
    if (outer?.direct && !(transparent || node.type === "ClassExpression")) {
      this.#naming = { ...outer, direct: false };
    }
    this.#visit(node);
    this.#naming = outer;
  }

  readonly #insideOne = (child: Node): void => this.#inside(child);

  #children(node: Node): void {
    forEachChild(node, this.#insideOne);
  }

  #named(node: Node, name: string, nameNode: Node | null, path = this.#qualify(name)): void {
    const outer = this.#naming;
    this.#naming = { path, name, nameNode, direct: true };
    this.#inside(node);
    this.#naming = outer;
  }

  #qualify(name: string): string {
    return this.#within === null ? name : `${this.#within}.${name}`;
  }

  #function(node: FunctionNode): void {
    const naming = this.#naming;
    const own = "id" in node && node.id ? node.id : null;
    const isDeclaration = node.type === "FunctionDeclaration";
    const hasName = !isDeclaration && naming?.direct === true;
    const name = hasName ? naming.name : (own?.name ?? (isDeclaration ? (naming?.name ?? null) : null));
    const path = hasName ? naming.path : name === null ? null : this.#qualify(name);
    const surroundings = this.#scope === -1 ? (naming?.path ?? this.#within) : this.#within;
    this.#enter(node, name, path, hasName ? naming.nameNode : own, surroundings);
  }

  #enter(
    node: FunctionNode,
    name: string | null,
    path: string | null,
    nameNode: Node | null,
    surroundings: string | null,
  ): FunctionDraft {
    const draft = functionDraft(node, this.#converter, {
      name,
      path,
      within: path ?? surroundings,
      scope: this.#scope,
      documentation: documentationBefore(node.leadingComments) ?? this.#documentation,
      nameSpan: nameNode ? this.#converter.span(nameNode) : null,
    });
    this.#documentation = null;
    const outer = { scope: this.#scope, within: this.#within, naming: this.#naming };
    this.#scope = this.#functions.push(draft) - 1;
    this.#within = draft.within;
    this.#naming = null;
    if ("decorators" in node) for (const decorator of node.decorators ?? []) this.#inside(decorator);
    for (const parameter of node.params) this.#parameter(parameter);
    if (node.returnType) this.#visit(node.returnType);
    if (node.body.type === "BlockStatement") {
      for (const statement of node.body.body) this.#visit(statement);
    } else this.#returned(node.body);
    this.#scope = outer.scope;
    this.#within = outer.within;
    this.#naming = outer.naming;
    return draft;
  }

  #parameter(node: Node): void {
    // A capitalised parameter name is not a use of a model; its type may be one.
    if (node.type === "Identifier") {
      if (node.typeAnnotation) this.#visit(node.typeAnnotation);
      for (const decorator of node.decorators ?? []) this.#inside(decorator);
    } else this.#children(node);
  }

  #returned(node: Node | null): void {
    if (!node) return;
    this.#functions[this.#scope]?.returned.push(this.#converter.convert(node));
    const outer = this.#naming;
    if (this.#within !== null) {
      this.#naming = { path: this.#within, name: this.#within, nameNode: null, direct: false };
    }
    this.#visit(node);
    this.#naming = outer;
  }

  #variables(node: Extract<Node, { type: "VariableDeclaration" }>): void {
    this.#documentation = documentationBefore(node.leadingComments) ?? this.#documentation;
    for (const declarator of node.declarations) {
      const { id, init } = declarator;
      if (id.type === "Identifier" && id.typeAnnotation) this.#visit(id.typeAnnotation);
      if (init) this.#initialised(id, init, declarator);
    }
    this.#documentation = null;
  }

  #initialised(id: Node, init: Node, declarator: Node): void {
    const module = requiredModule(init);
    const through = unwrapped(init);
    if (module !== null) this.#boundary.requiredAs(id, module, declarator);
    else if (through.type === "MemberExpression" && requiredModule(through.object) !== null) {
      const name = keyName(through.property, through.computed);
      const from = requiredModule(through.object);
      if (name !== null && from !== null && id.type === "Identifier") {
        this.#boundary.required(from, name, id.name, declarator);
      }
    } else {
      const value = this.#converter.convert(init);
      const type =
        "typeAnnotation" in id && id.typeAnnotation ? typeText(id.typeAnnotation, this.#converter) : null;
      for (const { name, node, value: part } of flattenPattern(id, value, this.#converter)) {
        this.#assign(name, type, part, node, declarator);
      }
    }
    if (id.type === "Identifier" && through.type === "AssignmentExpression") {
      this.#chain(through, id.name);
    } else if (id.type === "Identifier") this.#named(init, id.name, id);
    else {
      this.#inside(init);
      this.#children(id);
    }
  }

  #assignment(node: Extract<Node, { type: "AssignmentExpression" }>): void {
    const target = dottedName(this.#converter.convert(node.left));
    if (target === null || node.operator !== "=") {
      this.#children(node);
      return;
    }
    if (exportedName(target) !== null || target === "exports") {
      this.#chain(node, null);
      return;
    }
    this.#assign(target, null, this.#converter.convert(node.right), node.left, node);
    this.#references.member(node.left, this.#within);
    const last = target.slice(target.lastIndexOf(".") + 1);
    this.#named(node.right, last, node.left, this.#qualify(target.replace(/^this\./, "")));
  }

  /** `const app = module.exports = value`: every target of a chain stands for the same value. */
  #chain(node: Extract<Node, { type: "AssignmentExpression" }>, name: string | null): void {
    const targets: string[] = [];
    let value: Node = node;
    while (value.type === "AssignmentExpression") {
      const target = dottedName(this.#converter.convert(value.left));
      if (target !== null) targets.push(target);
      value = unwrapped(value.right);
    }
    const exported = targets.filter((target) => exportedName(target) !== null);
    const local = name ?? targets.find((target) => !target.includes(".") && target !== "exports") ?? null;
    for (const target of targets) {
      if (!exported.includes(target) && target !== "exports" && target !== name) {
        this.#assign(target, null, this.#converter.convert(value), node.left, node);
      }
    }
    if (exported.length === 0) {
      this.#named(value, local ?? "exports", node.left);
      return;
    }
    for (const target of exported) this.#commonJs(target, value, local);
    if (local !== null) this.#named(value, local, node.left);
  }

  /** `module.exports = value`, `exports.name = value`, `export = value`. */
  #commonJs(target: string, value: Node, local: string | null): void {
    const exported = unwrapped(value);
    const own =
      (exported.type === "FunctionExpression" || exported.type === "ClassExpression") && exported.id
        ? exported.id.name
        : null;
    this.#boundary.assigned(target, exported, local ?? own ?? target);
    if (local !== null) return;
    if (own === null) this.#assignExported(target, exported);
    this.#named(value, own ?? target.slice(target.lastIndexOf(".") + 1), null, own ?? target);
  }

  #assignExported(target: string, value: Node): void {
    if (value.type === "Identifier" || isFunction(value)) return;
    this.#assign(target, null, this.#converter.convert(value), value, value);
    if (value.type !== "ObjectExpression") return;
    for (const property of value.properties) {
      if (property.type !== "ObjectProperty") continue;
      const key = keyName(property.key, property.computed);
      if (key === null || property.value.type === "Identifier" || isFunction(property.value)) continue;
      this.#assign(`${target}.${key}`, null, this.#converter.convert(property.value), property.key, property);
    }
  }

  #assign(target: string, type: string | null, value: Expression, nameNode: Node, node: Node): void {
    this.#assignments.push({
      target,
      type,
      value,
      scope: this.#scope,
      nameSpan: this.#converter.span(nameNode),
      span: this.#converter.span(node),
    });
  }

  #exportNamed(node: Extract<Node, { type: "ExportNamedDeclaration" }>): void {
    this.#boundary.exportSpecifiers(node);
    const declaration = node.declaration;
    if (!declaration) return;
    this.#documentation = documentationBefore(node.leadingComments);
    if (declaration.type === "VariableDeclaration") {
      for (const { id } of declaration.declarations) {
        const nothing: Expression = { k: "name", value: "undefined", span: [0, 0, 0, 0] };
        for (const { name, node: at } of flattenPattern(id, nothing, this.#converter)) {
          this.#boundary.exportLocal(name, name, at);
        }
      }
    } else if ("id" in declaration && declaration.id?.type === "Identifier") {
      this.#boundary.exportLocal(declaration.id.name, declaration.id.name, declaration.id);
    }
    this.#visit(declaration);
    this.#documentation = null;
  }

  #exportDefault(node: Node, declaration: Node): void {
    this.#documentation = documentationBefore(node.leadingComments);
    const value = unwrapped(declaration);
    const own = "id" in value && value.id?.type === "Identifier" ? value.id.name : null;
    const local = value.type === "Identifier" ? value.name : (own ?? "default");
    this.#boundary.exportLocal("default", local, declaration);
    if (local === "default") {
      if (!isFunction(value) && value.type !== "ClassDeclaration") {
        this.#assign("default", null, this.#converter.convert(value), value, node);
      }
      this.#named(declaration, "default", null);
    } else this.#visit(declaration);
    this.#documentation = null;
  }

  #member(property: Node): void {
    if (property.type !== "ObjectProperty" && property.type !== "ObjectMethod") {
      this.#inside(property);
      return;
    }
    const key = keyName(property.key, property.computed);
    if (property.computed) this.#inside(property.key);
    const value = property.type === "ObjectMethod" ? property : property.value;
    const outer = this.#naming;
    if (key === null) this.#naming = outer ? { ...outer, direct: false } : null;
    else {
      this.#naming = {
        path: outer ? `${outer.path}.${key}` : this.#qualify(key),
        name: key,
        nameNode: property.key,
        direct: true,
      };
    }
    if (property.type === "ObjectMethod") this.#documentation = null;
    this.#inside(value);
    this.#naming = outer;
  }

  #class(node: Extract<Node, { type: "ClassDeclaration" | "ClassExpression" }>): void {
    const naming = this.#naming;
    const name = node.id?.name ?? (naming?.direct ? naming.name : "default");
    const documentation = documentationBefore(node.leadingComments) ?? this.#documentation;
    this.#documentation = null;
    const outer = { within: this.#within, naming: this.#naming };
    this.#within = name;
    this.#naming = null;
    for (const decorator of node.decorators ?? []) this.#inside(decorator);
    if (node.superClass && node.superClass.type !== "Identifier") this.#inside(node.superClass);
    const draft = classDraft(node, this.#converter, name, documentation);
    this.#classes.push(draft);
    for (const element of node.body.body) {
      if (isFunction(element)) {
        const { key } = element;
        const own = keyName(key, "computed" in element && element.computed === true) ?? "computed";
        draft.methods.push(this.#enter(element, own, `${name}.${own}`, key, name));
      } else if (element.type === "ClassProperty" || element.type === "ClassPrivateProperty") {
        for (const decorator of element.decorators ?? []) this.#inside(decorator);
        if (element.typeAnnotation) this.#visit(element.typeAnnotation);
        const key = keyName(element.key, "computed" in element && element.computed === true) ?? "computed";
        if (element.value) this.#named(element.value, key, element.key, `${name}.${key}`);
      } else this.#children(element);
    }
    this.#within = outer.within;
    this.#naming = outer.naming;
  }

  #call(node: Node): void {
    const expression = this.#converter.convert(node);
    this.#children(node);
    if (expression.k !== "call" && expression.k !== "tagged") return;
    this.#calls.push({ expression, scope: this.#scope, within: this.#within });
  }
}
