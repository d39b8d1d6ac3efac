import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AksaraError } from "../../errors.ts";

/** Where a database is, told apart from who may enter. */
export interface DatabaseAddress {
  readonly dialect: "postgresql" | "sqlite";
  /** What permission is given for: scheme, host, port and database, or the file. */
  readonly place: string;
  /** The address without its password. */
  readonly withoutPassword: string;
  /** The address as it was given. */
  readonly url: string;
}

/**
 * Reads an address: `postgresql://user:password@host/database`, `sqlite:relative.db`, `sqlite:///absolute.db`. A
 * relative file is one of `folder`.
 * @throws INVALID_REQUEST for another kind
 */
export function readDatabaseAddress(url: string, folder: string): DatabaseAddress {
  const text = url.trim();
  if (/^(?:sqlite|file):/i.test(text)) return sqliteAddress(text, folder);
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed !== null && /^postgres(?:ql)?:$/.test(parsed.protocol)) {
    const host = parsed.searchParams.get("host") ?? (parsed.hostname || "localhost");
    const place = `postgresql://${host}:${parsed.port || "5432"}${parsed.pathname}`;
    const bare = new URL(parsed);
    bare.password = "";
    bare.searchParams.delete("password");
    return { dialect: "postgresql", place, withoutPassword: bare.href, url: text };
  }
  if (/^(?:mysql|mariadb)/i.test(text))
    throw new AksaraError(
      "INVALID_REQUEST",
      "Rows of MySQL and MariaDB cannot be reached: no driver is part of this.",
      {
        hint: "PostgreSQL and SQLite can be.",
      },
    );
  throw new AksaraError("INVALID_REQUEST", "This is no address of a PostgreSQL or SQLite database.", {
    hint: "Write postgresql://user:password@host:5432/database, or sqlite:folder/file.db.",
  });
}

function sqliteAddress(text: string, folder: string): DatabaseAddress {
  const [, path = ""] = /^(?:sqlite|file):(?:\/\/(?=\/|$))?(.*)$/i.exec(text) ?? [];
  const file = /^file:\/\/\//i.test(text) ? fileURLToPath(text) : decodeURIComponent(path);
  if (file === "" || file.includes("\0") || file.includes(":memory:"))
    throw new AksaraError("INVALID_REQUEST", "The address names no file.", {
      hint: "Write sqlite:folder/file.db.",
    });
  const absolute = isAbsolute(file) ? file : resolve(folder, file);
  const place = `sqlite:${absolute}`;
  return { dialect: "sqlite", place, withoutPassword: place, url: place };
}

/** The file of a SQLite address. */
export function sqliteFile({ place }: DatabaseAddress): string {
  return place.slice("sqlite:".length);
}
