import { dottedName } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { extractWeb, type WebReading } from "../python/extract-web.ts";
import { SOUNDS_LIKE_GUARD } from "../python/refusal.ts";
import type { WebFacts } from "../python/web-facts.ts";

const SHAPE =
  /(Model|Schema|Base|SQLModel|Settings|Config|Page|Response|Request|Create|Update|Read|Public|In|Out|Form|Dict)$/;
const GUARD = /^(OAuth2|HTTP(Bearer|Basic|Digest)|APIKey|Security)|Middleware$/;

const READING: WebReading = {
  entries:
    /^(include_router|mount|add_\w*route|add_middleware|middleware|api_route|register_router|include_routers|__init__)$/,
  makers: /(FastAPI|APIRouter|Starlette|Router|App)$/,
  sourced: /^(Depends|Security|Route|Mount|Middleware|OAuth2\w*|HTTP(Bearer|Basic|Digest)|APIKey\w*)$/,
  isKept(item: PythonClass): boolean {
    const bases = item.bases.map(
      (base) => (dottedName(base.k === "subscript" ? base.of : base) ?? "").split(".").at(-1) ?? "",
    );
    return (
      bases.some((name) => SHAPE.test(name) || GUARD.test(name)) ||
      SOUNDS_LIKE_GUARD.test(item.name) ||
      item.decorators.some((each) =>
        /dataclass/.test(dottedName(each.k === "call" ? each.callee : each) ?? ""),
      ) ||
      item.assignments.some(({ annotation }) => annotation !== null)
    );
  },
};

/** Facts of one Python file. */
export function extractFastapiFacts(file: ParsedFile): WebFacts | null {
  const module = file.python();
  return module && extractWeb(file.text, module, READING);
}
