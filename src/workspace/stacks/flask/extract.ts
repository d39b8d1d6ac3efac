import { dottedName } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { extractWeb, type WebReading } from "../python/extract-web.ts";
import type { WebFacts } from "../python/web-facts.ts";

const READING: WebReading = {
  entries:
    /^(register_blueprint|add_\w*(url|rule|resource|route|view)\w*|add_namespace|init_app|register_api|before_request|before_app_request|register_view|exempt)$/,
  makers: /^[A-Z]\w*[a-z]\w*$|^(as_view|namespace)$/,
  sourced: /^(as_view|route)$/,
  isKept(item: PythonClass): boolean {
    return (
      item.bases.some((base) => /(View|Resource|Config|Api|API)\w*$/.test(dottedName(base) ?? "")) ||
      item.assignments.some(({ target }) => /^(decorators|method_decorators|methods)$/.test(target)) ||
      item.methods.some(({ name }) => /^(get|post|put|patch|delete)$/.test(name))
    );
  },
};

/** Facts of one Python file. */
export function extractFlaskFacts(file: ParsedFile): WebFacts | null {
  const module = file.python();
  return module && extractWeb(file.text, module, READING);
}
