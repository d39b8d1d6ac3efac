import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A Python that has these modules; null where there is none. */
export async function pythonWith(modules: string): Promise<string | null> {
  for (const python of ["python3", "/usr/bin/python3"])
    if (
      await execute(python, ["-c", `import ${modules}`]).then(
        () => true,
        () => false,
      )
    )
      return python;
  return null;
}
