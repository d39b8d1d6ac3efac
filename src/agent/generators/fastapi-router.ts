import { AksaraError } from "../../errors.ts";
import type { Field, Model } from "../../workspace/ir/model.ts";
import { importOf, MODULES, moduleOf, noSibling, pythonType } from "./fastapi-parts.ts";
import {
  appended,
  fileIn,
  folderOf,
  type Generated,
  type GeneratorContext,
  insertAfterLast,
  plural,
  snake,
} from "./generator.ts";
import { groupedImports, withImport } from "./python-style.ts";

/** How the routers of the project get their session, and whether they wait for it. */
interface RouterStyle {
  readonly folder: string;
  readonly isAsync: boolean;
  readonly parameter: string;
  readonly name: string;
  readonly imports: readonly (readonly [from: string, name: string])[];
  /** A guard of a sibling, as it stands there: `Depends(require_staff)`. */
  readonly guard: { readonly text: string; readonly from: string; readonly name: string } | null;
}

async function routerStyle(context: GeneratorContext): Promise<RouterStyle> {
  const uris = [
    ...new Set(
      context.catalog.routes
        .filter(({ stack }) => stack === "fastapi")
        .flatMap(({ handlerSource }) => handlerSource?.uri ?? []),
    ),
  ];
  for (const uri of uris) {
    const source = (await context.readText(uri)) ?? "";
    if (!/=\s*APIRouter\(/.test(source)) continue;
    const [, name, type, depends] =
      /[(,]\s*(session|db)\s*:\s*(\w+)(?:\s*=\s*Depends\((\w+)\))?\s*[,)=]/.exec(source) ?? [];
    const from = type === undefined ? null : importOf(type, source);
    if (name === undefined || type === undefined || from === null) continue;
    const dependsFrom = depends === undefined ? null : importOf(depends, source);
    const [, guard] = /dependencies=\[Depends\((\w+)\)\]/.exec(source) ?? [];
    const guardFrom = guard === undefined ? null : importOf(guard, source);
    return {
      folder: folderOf(uri),
      isAsync: /\bawait \w+\.(?:scalars|scalar|execute|get|commit)\(/.test(source),
      parameter: `${name}: ${type}${depends === undefined ? "" : ` = Depends(${depends})`}`,
      name,
      imports: [
        [from, type],
        ...(depends !== undefined && dependsFrom !== null
          ? [[dependsFrom, depends] as const, ["fastapi", "Depends"] as const]
          : []),
      ],
      guard:
        guard !== undefined && guardFrom !== null
          ? { text: `Depends(${guard})`, from: guardFrom, name: guard }
          : null,
    };
  }
  throw noSibling("router with a session", "");
}

/** A router with the five usual routes, guarded as its siblings are. */
export async function fastapiRouter(target: Model, context: GeneratorContext): Promise<Generated> {
  const style = await routerStyle(context);
  const name = snake(plural(target.name));
  const uri = fileIn(style.folder, `${name}.py`);
  if ((await context.readText(uri)) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${uri} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const key = target.fields.find(({ primaryKey }) => primaryKey);
  if (!key) throw new AksaraError("TOOL_FAILED", `${target.name} has no primary key to find a row by.`);
  const wait = style.isAsync ? "await " : "";
  const def = style.isAsync ? "async def" : "def";
  const { name: session, parameter, guard } = style;
  const guarded = guard === null ? "" : `, dependencies=[${guard.text}]`;
  const one = snake(target.name);
  const id = `${one}_id: ${pythonType(key)}`;
  const fields = target.fields.filter(({ column, primaryKey }) => column !== null && !primaryKey);
  const input = fields.filter(({ generated, default: value }) => !generated && value?.kind !== "database");
  const line = (field: Field, optional: boolean) =>
    `    ${field.name}: ${pythonType(field)}${field.nullable || optional ? " | None = None" : ""}`;
  const body = `router = APIRouter(prefix="/${name.replaceAll("_", "-")}", tags=["${name.replaceAll("_", " ")}"])


class ${target.name}Input(BaseModel):
${input.map((field) => line(field, field.default !== null)).join("\n") || "    pass"}


class ${target.name}Output(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    ${key.name}: ${pythonType(key)}
${fields
  .filter(({ name: field }) => !/password|secret|token/i.test(field))
  .map((field) => line(field, false))
  .join("\n")}


${def} find_${one}(${session}, ${one}_id):
    ${one} = ${wait}${session}.get(${target.name}, ${one}_id)
    if ${one} is None:
        raise HTTPException(404)
    return ${one}


@router.get("", response_model=list[${target.name}Output])
${def} list_${name}(${parameter}, limit: int = Query(default=50, ge=1, le=200), offset: int = Query(default=0, ge=0)):
    query = select(${target.name}).order_by(${target.name}.${key.name}).limit(limit).offset(offset)
    return (${wait}${session}.scalars(query)).all()


@router.get("/{${one}_id}", response_model=${target.name}Output)
${def} get_${one}(${parameterFirst(id, parameter)}):
    return ${wait}find_${one}(${session}, ${one}_id)


@router.post("", response_model=${target.name}Output, status_code=201${guarded})
${def} create_${one}(${parameterFirst(`data: ${target.name}Input`, parameter)}):
    ${one} = ${target.name}(**data.model_dump(exclude_unset=True))
    ${session}.add(${one})
    ${wait}${session}.commit()
    ${wait}${session}.refresh(${one})
    return ${one}


@router.put("/{${one}_id}", response_model=${target.name}Output${guarded})
${def} update_${one}(${parameterFirst(`${id}, data: ${target.name}Input`, parameter)}):
    ${one} = ${wait}find_${one}(${session}, ${one}_id)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(${one}, name, value)
    ${wait}${session}.commit()
    ${wait}${session}.refresh(${one})
    return ${one}


@router.delete("/{${one}_id}", status_code=204${guarded})
${def} delete_${one}(${parameterFirst(id, parameter)}) -> None:
    ${one} = ${wait}find_${one}(${session}, ${one}_id)
    ${wait}${session}.delete(${one})
    ${wait}${session}.commit()
`;
  let text = withImport("", "fastapi", [
    "APIRouter",
    "HTTPException",
    "Query",
    ...(guard ? ["Depends"] : []),
  ]);
  text = withImport(text, "pydantic", ["BaseModel", "ConfigDict"]);
  text = withImport(text, "sqlalchemy", ["select"]);
  for (const field of [key, ...fields]) {
    const type = pythonType(field);
    const module = MODULES[type];
    if (module !== undefined) text = withImport(text, module, [type]);
  }
  const package_ = fileIn(folderOf(target.uri), "__init__.py");
  const listing = await context.readText(package_);
  const modelFrom =
    listing !== null && importOf(target.name, listing) !== null
      ? moduleOf(folderOf(target.uri))
      : moduleOf(target.uri.replace(/\.py$/, ""));
  text = withImport(text, modelFrom, [target.name]);
  for (const [from, each] of [...style.imports, ...(guard ? [[guard.from, guard.name] as const] : [])])
    text = withImport(text, from, [each]);
  const files = [{ uri, content: appended(groupedImports(text), body, 1) }];
  const mounted = await mount(name, style.folder, context);
  if (mounted) files.push(mounted);
  return {
    files,
    notes: [
      ...(guard === null
        ? ["No guard of a sibling was found to follow: everybody may change rows. Add one."]
        : []),
      ...(mounted ? [] : ["Include the router where the others are included."]),
    ],
  };
}

/** Parameters with a default follow those without. */
function parameterFirst(own: string, session: string): string {
  return session.includes("=") ? `${own}, ${session}` : `${session}, ${own}`;
}

/** The file that includes the other routers, with this one. */
async function mount(
  name: string,
  folder: string,
  { readText }: GeneratorContext,
): Promise<Generated["files"][number] | null> {
  for (const uri of [
    fileIn(folder, "__init__.py"),
    fileIn(folderOf(folder), "main.py"),
    "main.py",
    fileIn(folderOf(folder), "app.py"),
  ]) {
    const text = await readText(uri);
    const [, indent = "", hub, module] =
      /^([ \t]*)(\w+)\.include_router\((\w+)\.router\b/m.exec(text ?? "") ?? [];
    if (text === null || hub === undefined || module === undefined) continue;
    const from = importOf(module, text);
    if (from === null) continue;
    const line = `${indent}${hub}.include_router(${name}.router)\n`;
    const mounted = insertAfterLast(text, /^[ \t]*\w+\.include_router\((?:[^()]|\([^()]*\))*\)\n/m, line);
    if (mounted !== null) return { uri, content: withImport(mounted, from, [name]) };
  }
  return null;
}
